"""The Python of a notebook: its code cells, and the solutions of its exercises."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from IPython.core.inputtransformer2 import TransformerManager

from kit.check.notebooks import Cell

_IPYTHON = TransformerManager()  # type: ignore[no-untyped-call]

# The rest of a cell that begins with one of these is Python.
_PYTHON_MAGICS = ("%%capture", "%%prun", "%%time", "%%timeit")


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
        return self.cell.may_raise


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
