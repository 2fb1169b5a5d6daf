"""The exercises of a notebook as they are run, and what is missing to run them.

These are the ones in three cells; a widget is asked itself, see `items.ExerciseWidgets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.check.exercise_cells import CHECK, ROLES, SOLUTION, STARTER, ExerciseCells, exercises_of
from kit.check.markdown import read_prose
from kit.check.notebooks import Cell
from kit.check.results import Problem


@dataclass(frozen=True)
class ExerciseRun:
    """One exercise.

    Attributes
    ----------
    cells : kit.check.exercise_cells.ExerciseCells
    """

    cells: ExerciseCells

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self.cells.number

    @property
    def starter(self) -> Cell:
        """What a student starts from."""
        return self.cells.starter

    @property
    def check(self) -> Cell | None:
        """The cell that leaves True or False in ``solved``."""
        return next((cell for cell in self.cells.checks if cell.type == "code"), None)

    @property
    def answer(self) -> Cell | None:
        """The cell with the solution."""
        return next((cell for cell in self.cells.solutions if cell.type == "markdown"), None)

    @property
    def steps(self) -> list[Cell]:
        """The code cells from the one behind the starter to the check."""
        last = self.check.number if self.check is not None else None
        return [cell for cell in self.cells.code if last is None or cell.number <= last]

    @property
    def solution(self) -> str | None:
        """The program text of the solution; None unless there is exactly one block of it."""
        fences = read_prose(self.answer.source).fences if self.answer is not None else []
        blocks = [fence.text for fence in fences if fence.language == "python"]
        return blocks[0] if len(blocks) == 1 else None

    @property
    def problems(self) -> Iterator[Problem]:
        """What is missing."""
        if self.starter.type != "code":
            remedy = "tag the code cell that a student starts from"
            yield self._problem(f"is a {self.starter.type} cell", remedy)
        if self.check is None:
            remedy = f"tag a code cell below it {CHECK}, and let it leave True or False in solved"
            yield self._problem("has no check", remedy)
        if self.answer is None:
            remedy = f"add a Markdown cell tagged {SOLUTION} with one block ```python"
            yield self._problem("has no solution", remedy)
        elif self.solution is None:
            found = f"the solution of exercise {self.number} is not one block ```python"
            remedy = "put the whole text of the starter's cell, solved, into one such block"
            yield self.answer.problem("exercise", found, remedy)

    def _problem(self, found: str, remedy: str) -> Problem:
        return self.starter.problem("exercise", f"exercise {self.number} {found}", remedy)


def exercises(cells: Iterable[Cell]) -> tuple[list[ExerciseRun], list[Problem]]:
    """Return the exercises of a notebook, and what is wrong with cells that belong to none."""
    grouped, orphans = exercises_of(cells)
    found = [ExerciseRun(one) for one in grouped if not one.widgets]
    others = [cell for one in grouped for cell in (*one.checks, *one.solutions)]
    taken = [cell for one in found for cell in (one.check, one.answer)]
    stray = [cell for cell in (*orphans, *others) if cell not in taken and _fits(cell)]
    return found, [_stray(cell) for cell in sorted(stray, key=lambda cell: cell.number)]


def _fits(cell: Cell) -> bool:
    """Tell whether a cell is of the kind that its tag is for; if not, the tag means nothing."""
    kind = "markdown" if SOLUTION in cell.tags else "code"
    return cell.type == kind


def _stray(cell: Cell) -> Problem:
    role = next(role for role in ROLES if role in cell.tags)
    found = f"the cell is tagged {role}, and there is no exercise before it"
    return cell.problem("exercise", found, f"tag the cell that a student starts from {STARTER}")
