"""Which cells of a notebook make an exercise.

Either one that makes an `Exercise`, which has its check and its solution in itself; or three: a
starter, a check, and a solution in Markdown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kit.check.course import installed
from kit.check.notebooks import Cell

STARTER, CHECK, SOLUTION = "exercise", "exercise-check", "solution"
"""The tags of the three cells."""

ROLES = (STARTER, CHECK, SOLUTION)

_NO_PYTHON = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)


@dataclass(frozen=True)
class ExerciseCells:
    """An exercise: the starter, and what there is up to the next starter.

    Attributes
    ----------
    number : int
        From 1.
    starter : Cell
    checks, solutions : list of Cell
        There should be one of each.
    code : list of Cell
        The code cells behind the starter.
    widgets : list of ast.Call
        What makes an `Exercise` in the starter; with one of them it needs no other cells.
    """

    number: int
    starter: Cell
    checks: list[Cell] = field(default_factory=list)
    solutions: list[Cell] = field(default_factory=list)
    code: list[Cell] = field(default_factory=list)
    widgets: list[ast.Call] = field(default_factory=list)


def exercises_of(cells: Iterable[Cell]) -> tuple[list[ExerciseCells], list[Cell]]:
    """Return the exercises of a notebook, and the checks and solutions that belong to none.

    A check and a solution belong to the starter before them.
    """
    found: list[ExerciseCells] = []
    orphans: list[Cell] = []
    for cell in cells:
        roles = [role for role in ROLES if role in cell.tags]
        if STARTER in roles:
            found.append(ExerciseCells(len(found) + 1, cell, widgets=widgets_of(cell)))
            continue
        if not found:
            orphans.extend([cell] if roles else [])
            continue
        exercise = found[-1]
        if cell.type == "code":
            exercise.code.append(cell)
        if roles:
            (exercise.solutions if roles[0] == SOLUTION else exercise.checks).append(cell)
    return found, orphans


def widgets_of(cell: Cell) -> list[ast.Call]:
    """Return what makes an `Exercise` when a cell is run: calls outside any function."""
    # What a magic makes of a whole cell only the magic knows.
    widget = installed().exercise
    if not widget or cell.type != "code" or widget not in cell.source:
        return []
    if cell.source.lstrip().startswith("%%"):
        return []
    try:
        tree = ast.parse(_NO_PYTHON.sub("", cell.source))
    except SyntaxError:
        return []
    return [call for call in _calls(tree) if _name(call.func) == widget]


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call):
        yield node
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _calls(inner)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def solution_file(solution: ast.expr) -> str:
    """Return the path that is given for a solution: a text or a ``Path`` that ends in .txt.

    Empty if it is something else, such as the program itself, or cannot be seen in the text.
    """
    if isinstance(solution, ast.Call) and _name(solution.func) == "Path" and solution.args:
        solution = solution.args[0]
    value = solution.value if isinstance(solution, ast.Constant) else None
    is_path = isinstance(value, str) and value.endswith(".txt") and "\n" not in value
    return str(value) if is_path else ""
