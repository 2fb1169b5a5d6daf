"""Programs with one thread do what CPython does with the same text."""

import warnings
from typing import Any

from hypothesis import assume, given

from kit import Limits, Machine, Program
from kit.errors import LimitExceeded
from tests.strategies import sequential_programs

EXIT_CODES = {ZeroDivisionError: -8, IndexError: -6, ValueError: -8}
"""What CPython raises -> how the simulated process ends."""


def run_in_cpython(text: str) -> tuple[str, dict[str, Any], int]:
    """Return output, final globals and end of a program; truth values as 0 and 1.

    The end is told as Python's subprocess does: an exit code, or minus a signal.
    """
    output: list[str] = []

    def show(*values: int | str, sep: str | None = None, end: str | None = None) -> None:
        parts = (value if isinstance(value, str) else str(int(value)) for value in values)
        between, behind = " " if sep is None else sep, "\n" if end is None else end
        output.append(between.join(parts) + behind)

    names: dict[str, Any] = {"print": show}
    code = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as: ~True is deprecated
        try:
            exec(compile(text, "program", "exec"), names)  # noqa: S102 - drawn from our own grammar
            if not text.endswith("\nmain()\n"):
                names["main"]()
        except tuple(EXIT_CODES) as error:
            code = -6 if "range" in str(error) else EXIT_CODES[type(error)]
    found = {
        name: _counted(value) for name, value in names.items() if isinstance(value, (int, list))
    }
    return "".join(output), found, code


def _counted(value: Any) -> Any:
    return tuple(map(_counted, value)) if isinstance(value, list) else int(value)


def run_in_the_kit(text: str) -> tuple[str, dict[str, Any], int | None]:
    """Return the same of the simulated machine."""
    machine = Machine(limits=Limits(ticks=60_000))
    machine.launch(Program("program", text))
    try:
        trace = machine.run()
    except LimitExceeded:
        assume(False)
    process = trace.at(trace.end).processes[2]
    code = process.exit_code if process.signal is None else -process.signal
    return process.output, process.globals, code


@given(sequential_programs())
def test_same_output_globals_and_end(text: str):
    """Output, final globals and the way it ends are those of CPython."""
    ours = run_in_the_kit(text)
    assert ours == run_in_cpython(text)
