"""Which cells of a notebook make an exercise: a starter, a check, and a solution in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kit.authoring.notebooks import Cell

STARTER, CHECK, SOLUTION = "exercise", "exercise-check", "solution"
"""The tags of the three cells."""

ROLES = (STARTER, CHECK, SOLUTION)


@dataclass(frozen=True)
class Exercise:
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
    """

    number: int
    starter: Cell
    checks: list[Cell] = field(default_factory=list)
    solutions: list[Cell] = field(default_factory=list)
    code: list[Cell] = field(default_factory=list)


def exercises_of(cells: Iterable[Cell]) -> tuple[list[Exercise], list[Cell]]:
    """Return the exercises of a notebook, and the checks and solutions that belong to none.

    A check and a solution belong to the starter before them.
    """
    found: list[Exercise] = []
    orphans: list[Cell] = []
    for cell in cells:
        roles = [role for role in ROLES if role in cell.tags]
        if STARTER in roles:
            found.append(Exercise(len(found) + 1, cell))
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
