"""Whatever is written, the answer is a program or a refusal."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from kit import KitError, LanguageError, Limits, Machine, Program
from tests.strategies import damaged_programs, strange_programs


def compile_or_refuse(text: str) -> Program | None:
    """Compile a text; nothing but a refusal may come instead."""
    try:
        return Program("any", text)
    except LanguageError as error:
        refusal = error
    assert refusal.line >= 1
    assert refusal.column >= 1
    assert "\n" not in str(refusal)
    return None


def run_if_it_compiles(text: str) -> None:
    """What compiles also runs, and can be told."""
    program = compile_or_refuse(text)
    if program is None:
        return
    machine = Machine(limits=Limits(ticks=300))
    machine.launch(program)
    with contextlib.suppress(KitError):
        trace = machine.run()
        assert trace.narrate(trace.end)
    assert program.disassemble()


@given(st.text())
def test_random_text(text: str):
    """Random characters are refused."""
    compile_or_refuse(text)


@given(st.binary(max_size=60))
def test_random_bytes(data: bytes):
    """Random bytes read as text are refused."""
    compile_or_refuse("def main():\n    " + data.decode("latin-1"))


@given(strange_programs())
def test_random_syntax(text: str):
    """Statements drawn from all of Python's syntax are compiled or refused."""
    run_if_it_compiles(text)


@given(damaged_programs())
def test_damaged_programs(text: str):
    """A program with a few characters changed is compiled or refused."""
    run_if_it_compiles(text)


@given(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=90)))
def test_names(text: str, name: object):
    """Any name is taken or refused, never anything else."""
    with contextlib.suppress(KitError):
        Program(name, text)  # type: ignore[arg-type]
