"""``%%program counter``: a cell of a notebook whose text is a program.

JupyterLab and Notebook colour a cell that begins with ``%%`` as Python, of which the lesson
language is a part. Nothing here needs IPython but what is handed in, so that the pages of a site,
whose Python has none, read such a cell in the same way.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import Any

from kit.errors import ArgumentError, KitError, LanguageError, require
from kit.lang import Program

NAME = "program"
"""What the cell magic is called."""
USAGE = "write %%program counter, or %%program counter N=3, and the program below it"

_WORD = re.compile(r"\s*,?\s*(?:(\w+)\s*=\s*([^\s,]+)|([^\s,]+))")


def program_of(line: str, text: str, above: int = 1) -> tuple[str, Program]:
    """Return the name that a cell binds, and its program.

    Parameters
    ----------
    line : str
        The rest of the line ``%%program``: a name, and ``N=3`` for each global that begins with
        another number than the text says, or ``language=assembly``.
    text : str
        The lines below it.
    above : int
        How many lines of the cell stand above the text, so that an error counts as the cell does.

    Raises
    ------
    ArgumentError
        If the line is none of these.
    LanguageError
        If the text is no program, with the line of the cell.
    """
    name, options = _read(line)
    try:
        # A line of a program is then the same line of the cell, wherever it is told.
        return name, Program(name, "\n" * above + text, **options)
    except LanguageError as error:
        lines = text.split("\n")
        if above < error.line <= above + len(lines):
            error.add_note(f"  line {error.line}: {lines[error.line - above - 1].strip()}")
        raise


def run(shell: Any, line: str, text: str) -> None:
    """Bind a name of a notebook to the program in a cell.

    Parameters
    ----------
    shell : InteractiveShell
        It has the names of the notebook.
    line, text : str
        See `program_of`.
    """
    try:
        name, program = program_of(line, text, _above(shell))
    except KitError as error:
        # What led here is IPython's and ours, and tells a reader nothing.
        raise error.with_traceback(None) from None
    shell.push({name: program})


def _read(line: str) -> tuple[str, dict[str, Any]]:
    """Return the name in the line of a magic, and its options."""
    names: list[str] = []
    options: dict[str, Any] = {}
    for key, value, word in _WORD.findall(line):
        if word:
            names.append(word)
        else:
            options[key] = value if key == "language" else _number(key, value)
    found = " ".join(names)
    require(len(names) == 1, f"%%program: the name is {found!r}; {USAGE}")
    good = found.isidentifier() and not keyword.iskeyword(found)
    require(good, f"%%program: {found!r} is no name that Python could give to a program; {USAGE}")
    # So Python itself reads a name.
    return unicodedata.normalize("NFKC", found), options


def _number(key: str, value: str) -> int:
    try:
        return int(value, 0)
    except ValueError:
        raise ArgumentError(
            f"%%program: {key} is {value!r}; give a whole number, as in {key}=3, or make another "
            "program of this one's text in a cell below: Program(name, counter.text, "
            f"{key}=…)"
        ) from None


def _above(shell: Any) -> int:
    """Return how many lines of the running cell stand above its program."""
    asked: dict[str, Any] = getattr(shell, "get_parent", dict)() or {}
    code = str(asked.get("content", {}).get("code", ""))
    before = code[: len(code) - len(code.lstrip())]
    return before.count("\n") + 1 if code.lstrip().startswith(f"%%{NAME}") else 1
