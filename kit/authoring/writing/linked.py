"""Links to runs from files, and notebooks from links."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from kit.authoring.writing.cells import Block, as_python, notebook_of
from kit.authoring.writing.own_program import read_program
from kit.errors import KitError, LimitExceeded
from kit.files import check_writable, read_text, write_text
from kit.lang.program import Program
from kit.scenarios import SCENARIOS
from kit.sim.journal import Install, Launch, PutFile, Recipe, Run, Step
from kit.trace import Machine, Trace
from kit.trace.codec import BEGINNING, is_trace
from kit.trace.link import followed, read_recipe

ASSEMBLY = (".asm", ".s")
"""How files of assembly end."""
NAME = "run"
"""What a notebook of a link is called."""
INTRO = """# A run

This notebook was made from a link. Change a program or the machine, and run all cells."""
_TAKEN = frozenset({"machine", "trace", "limit", "print"})
"""Names that the notebook gives to something else."""


def run_in(what: str) -> Trace:
    """Return the run that a file has, or leads to, or that a scenario is.

    Parameters
    ----------
    what : str
        Path of a trace or of a program, or the name of a scenario.

    Raises
    ------
    KitError
        If there is no such thing, or it cannot be run.
    """
    if what in SCENARIOS and not Path(what).exists():
        return SCENARIOS[what]()
    path = Path(what)
    if _is_trace(path):
        return Trace.load(path)
    machine = Machine()
    machine.launch(_program(path))
    try:
        return machine.run()
    except LimitExceeded as limit:
        if not isinstance(limit.trace, Trace):
            raise
        return limit.trace


def _is_trace(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_trace(file.read(BEGINNING))
    except OSError:
        return False  # reading it as a text says why


def _program(path: Path) -> Program:
    if path.suffix in ASSEMBLY:
        return Program.from_assembly(path.stem, read_text(path))
    return read_program(str(path))


def notebook_of_link(link: str) -> str:
    """Return the text of a notebook with the program, the machine and the moment of a link.

    Raises
    ------
    TraceError
        If it is no link to a run, or damaged.
    """
    recipe, tick = read_recipe(link)
    trace = followed(recipe)
    at = min(tick, trace.end)
    made = "\n".join(_machine(recipe, limited=bool(trace.happened("limit"))))
    shown = "Stage(trace)" if at == 0 else f"Stage(trace, tick={at})"
    blocks = [
        Block("markdown", "intro", INTRO),
        *(
            Block("code", f"program-{number}", text)
            for number, text in enumerate(_program_cells(recipe), 1)
        ),
        Block("code", "machine", made),
        Block("code", "stage", shown),
    ]
    return notebook_of(blocks, {"title": "A run"})


def write_linked(link: str, path: str | None) -> Path:
    """Write the notebook of a link, and return where it is.

    Parameters
    ----------
    link : str
    path : str or None
        Where to; a free name in the current folder if none is given.

    Raises
    ------
    KitError
        If the link cannot be read, or there is such a file already, or it cannot be written.
    """
    text = notebook_of_link(link)
    target = _free() if path is None else Path(path)
    if target.suffix != ".ipynb":
        raise KitError(f"{target}: a notebook ends in .ipynb; name it {target.stem}.ipynb")
    if target.exists():
        raise KitError(f"{target}: there is such a file already; name another")
    check_writable(target)
    write_text(target, text)
    return target


def _free() -> Path:
    names = (f"{NAME}.ipynb", *(f"{NAME}-{number}.ipynb" for number in range(2, 1000)))
    return next(path for path in map(Path, names) if not path.exists())


def _programs(recipe: Recipe) -> dict[Program, str]:
    """Return what the notebook calls each program."""
    named: dict[Program, str] = {}
    for step in recipe.steps:
        if isinstance(step, Launch | Install) and step.program not in named:
            plain = re.sub(r"\W+", "_", step.program.name, flags=re.ASCII).strip("_").lower()
            free = plain not in _TAKEN and plain not in named.values()
            good = plain.isidentifier() and not keyword.iskeyword(plain) and free
            named[step.program] = plain if good else f"program_{len(named) + 1}"
    return named


def _program_cells(recipe: Recipe) -> Iterator[str]:
    for program, name in _programs(recipe).items():
        language = "" if program.language == "python" else f", language={program.language!r}"
        yield f"{name} = Program({as_python(program.name)}, {_quoted(program.text)}{language})"


def _quoted(text: str) -> str:
    """Return the literal of a program's text, in lines where that can be read as it is."""
    plain = all(char.isprintable() or char == "\n" for char in text)
    if not plain or "\\" in text or '"""' in text or text.endswith('"'):
        return repr(text)
    # What follows a backslash is the text's own first line.
    begin = "" if text.startswith("\n") else "\\\n"
    return f'"""{begin}{text}"""'


def machine_lines(recipe: Recipe) -> list[str]:
    """Return the code that makes a machine and runs on it what a recipe says.

    Parameters
    ----------
    recipe : Recipe
    """
    return list(_machine(recipe, limited=False))


def _machine(recipe: Recipe, *, limited: bool) -> Iterator[str]:
    """Yield the lines that make the machine and do with it what was done."""
    named = _programs(recipe)
    yield f"machine = {_code(recipe.setup, 'Machine')}"
    last = len(recipe.steps) - 1
    for number, step in enumerate(recipe.steps):
        line = _line(step, named)
        line = f"trace = {line}" if number == last else line
        if isinstance(step, Run) and limited:
            yield from ("try:", f"    {line}", "except LimitExceeded as limit:")
            yield "    trace = limit.trace"
        else:
            yield line


def _line(step: Step, named: dict[Program, str]) -> str:
    if isinstance(step, Launch):
        options = _unusual(step.share)
        given = [named[step.program], *([f"at={step.at}"] if step.at else []), *options]
        return f"machine.launch({', '.join(given)})"
    if isinstance(step, Install):
        return f"machine.install({named[step.program]})"
    if isinstance(step, PutFile):
        return f"machine.put_file({as_python(step.name)}, {list(step.words)})"
    if isinstance(step, Run):
        return f"machine.run({'' if step.until is None else f'until={step.until}'})"
    return f"machine.intervene({_code(step)})"


def _code(value: Any, name: str = "") -> str:
    if not is_dataclass(value):
        return as_python(value)
    return f"{name or type(value).__name__}({', '.join(_unusual(value))})"


def _unusual(value: Any) -> list[str]:
    """Return as arguments what is not as it usually is."""
    return [
        f"{field.name}={_code(getattr(value, field.name))}"
        for field in fields(value)
        if field.default is MISSING or getattr(value, field.name) != field.default
    ]
