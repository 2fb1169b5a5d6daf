"""The Python of a notebook: its code cells, and the solutions of its exercises."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from IPython.core.inputtransformer2 import TransformerManager

from kit.authoring.notebooks import Cell

ROLES = ("exercise", "exercise-check", "solution")
"""The tags of the cells that make an exercise."""

_IPYTHON = TransformerManager()  # type: ignore[no-untyped-call]

# The rest of a cell that begins with one of these is Python.
_PYTHON_MAGICS = ("%%capture", "%%prun", "%%time", "%%timeit")


@dataclass(frozen=True)
class Exercise:
    """An exercise: the starter, and the checks and solutions up to the next starter."""

    starter: Cell
    checks: list[Cell] = field(default_factory=list)
    solutions: list[Cell] = field(default_factory=list)


def exercises_of(cells: Iterable[Cell]) -> tuple[list[Exercise], list[Cell]]:
    """Return the exercises of a notebook, and the checks and solutions that belong to none."""
    found: list[Exercise] = []
    orphans: list[Cell] = []
    for cell in cells:
        roles = [role for role in ROLES if role in cell.tags]
        if "exercise" in roles:
            found.append(Exercise(cell))
        elif roles and not found:
            orphans.append(cell)
        elif roles:
            exercise = found[-1]
            (exercise.solutions if roles[0] == "solution" else exercise.checks).append(cell)
    return found, orphans


@dataclass(frozen=True)
class Piece:
    """A piece of Python.

    Attributes
    ----------
    cell : Cell
        Where it stands.
    source : str
    is_solution : bool
        Whether it is what a solution puts in the place of the starter before it.
    """

    cell: Cell
    source: str
    is_solution: bool = False

    @cached_property
    def tree(self) -> ast.Module | None:
        """Its syntax tree, or None if it has none."""
        return parse(self.source)

    @property
    def may_raise(self) -> bool:
        """Whether it is there to show an error."""
        return "raises-exception" in self.cell.tags


def pieces_of(code: Iterable[Cell], solutions: dict[int, tuple[Cell, str]]) -> Iterator[Piece]:
    """Yield the Python of a notebook in order.

    Parameters
    ----------
    code : iterable of Cell
    solutions : dict
        Number of a starter's cell -> the cell of its solution, and its code.
    """
    for cell in code:
        yield Piece(cell, cell.source)
        if cell.number in solutions:
            yield Piece(*solutions[cell.number], is_solution=True)


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, IPython's commands in it turned into calls.

    None stands for what is no Python: broken, or in another language such as ``%%html``.
    """
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        if first.split()[0] not in _PYTHON_MAGICS:
            return None
        source = "\n" + rest
    with warnings.catch_warnings():
        # What Python only warns about, such as a wrong escape, is ruff's to report.
        warnings.simplefilter("ignore")
        return _parse(source) or _parse(_without_magics(source))


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_magics(source: str) -> str:
    try:
        return str(_IPYTHON.transform_cell(source))
    except (SyntaxError, ValueError, RuntimeError):
        return source
