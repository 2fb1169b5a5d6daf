"""Rules on what works on one computer, or each time anew: installing packages, absolute paths."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kit.check.exercise_cells import solution_file, widgets_of
from kit.check.notebooks import Cell
from kit.check.programs import parse
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.magics import is_automatic
from kit.check.static.rule import StaticRule

_COMMAND = re.compile(r"^[ \t]*(?:\w+[ \t]*=[ \t]*)?(?:%%?|!!?)[ \t]*(.*)$")
_INSTALL = re.compile(
    r"\b(?:pip3?|conda|mamba|micromamba|pixi|uv|apt|apt-get|brew|npm)\b[^|;&#]*?\b(?:install|add)\b"
)
_CALL = re.compile(r"\b(?:os\.system|subprocess\.\w+)\(.*\bpip3?\b.*\binstall\b")
_SHELLS = ("%%bash", "%%sh", "%%script", "%%!", "%%sx", "%%system", "%%cmd")

_PATH = re.compile(r"(?:/|~[/\\]|[A-Za-z]:[/\\]|\\\\\w)[^\n\0]*")
_SYSTEM = "bin boot dev etc lib lib32 lib64 proc run sbin snap sys usr Library System"
_OF_EVERY_COMPUTER = tuple(f"/{name}/" for name in _SYSTEM.split())
"""Where a system keeps its own files, which a lesson on systems may show."""
_LEAST_PARTS = 3
"""Parts of a path, the root counted, of which the last is somebody's own: ``/tmp/x``."""
_WRITES = re.compile(r"[wxa]")


class Installs(StaticRule):
    """No cell installs packages: what a lesson needs is listed, and there already.

    A class whose students all install at the same time waits, and without a network it stops.
    """

    code, name = "KC118", "install"
    remedy = "name them in binder/requirements.txt, and take the line out"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which cells install packages."""
        for cell in context.notebook.run:
            line = next((line for line in _commands(cell) if _INSTALL.search(line)), "")
            if not line:
                line = next((one for one in cell.source.splitlines() if _CALL.search(one)), "")
            if line:
                found = f"the cell installs packages each time it is run: {line.strip()[:80]}"
                remedy = (
                    "name them in binder/requirements.txt, install them once in a terminal, and "
                    "take the line out"
                )
                yield cell.problem("install", found, remedy)


def _commands(cell: Cell) -> Iterator[str]:
    if is_automatic(cell.source) or cell.source.lstrip().startswith(_SHELLS):
        yield from cell.source.splitlines()
    else:
        for line in cell.source.splitlines():
            found = _COMMAND.match(line)
            if found:
                yield found[1]


class Paths(StaticRule):
    """No file is named by a path that only one computer has."""

    code, name = "KC119", "paths"
    remedy = "put the file next to the notebook, and write its path as seen from there"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which cells name a file of this computer by a path that no other one has."""
        for cell in context.notebook.run if context.is_python else ():
            for path in dict.fromkeys(_paths(cell)):
                found = f"the cell names '{path}', which is a path of one computer"
                yield cell.problem(self.name, found, self.remedy)


def _paths(cell: Cell) -> Iterator[str]:
    tree = parse(cell.source)
    if tree is not None:
        made = {id(node) for call in ast.walk(tree) for node in _made(call)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and id(node) not in made and is_of_this_computer(text):
                yield text
    for line in _commands(cell):
        yield from (word for word in line.split() if is_of_this_computer(word.strip("'\"")))
    for call in widgets_of(cell):
        solution = next((one.value for one in call.keywords if one.arg == "solution"), None)
        file = solution_file(solution) if solution is not None else ""
        if file and Path(file).is_absolute():
            yield file


def _made(call: ast.AST) -> Iterator[ast.expr]:
    """Yield the path of a file that a call writes, and so may be on every computer."""
    if not isinstance(call, ast.Call) or not call.args:
        return
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given = (*call.args[1:2], *(one.value for one in call.keywords if one.arg == "mode"))
    modes = [one.value for one in given if isinstance(one, ast.Constant)]
    if name == "open" and any(isinstance(one, str) and _WRITES.match(one) for one in modes):
        yield call.args[0]


def is_of_this_computer(path: str) -> bool:
    """Tell whether a text is the path of a file or a folder that is on this computer by chance."""
    if not _PATH.fullmatch(path) or path.startswith(_OF_EVERY_COMPUTER):
        return False
    try:
        place = Path(path).expanduser()
        shallow = len(place.parts) < _LEAST_PARTS or place == Path(tempfile.gettempdir())
        return place.is_absolute() and not shallow and place.exists()
    except (OSError, RuntimeError, ValueError):
        return False
