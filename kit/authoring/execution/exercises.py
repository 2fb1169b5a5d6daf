"""The exercises of a notebook: a starter, a check, and a solution that stands in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from kit.authoring.notebooks import Cell
from kit.authoring.results import Problem

STARTER, CHECK, SOLUTION = "exercise", "exercise-check", "solution"
"""The tags of the three cells."""


@dataclass
class Exercise:
    """One exercise.

    Attributes
    ----------
    number : int
        From 1.
    starter : Cell
    steps : list of Cell
        The code cells from the one after the starter to the check.
    check, answer : Cell or None
        The cell that leaves True or False in ``solved``, and the one with the solution.
    """

    number: int
    starter: Cell
    steps: list[Cell] = field(default_factory=list)
    check: Cell | None = None
    answer: Cell | None = None

    @property
    def solution(self) -> str | None:
        """The program text of the solution; None unless there is exactly one block of it."""
        blocks = list(_python_blocks(self.answer.source)) if self.answer else []
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


def exercises(cells: Iterable[Cell]) -> tuple[list[Exercise], list[Problem]]:
    """Return the exercises of a notebook, and what is wrong with cells that belong to none.

    A check and a solution belong to the starter before them.
    """
    found: list[Exercise] = []
    stray: list[Problem] = []
    for cell in cells:
        if STARTER in cell.tags:
            found.append(Exercise(len(found) + 1, cell))
            continue
        last = found[-1] if found else None
        if cell.type == "code" and last is not None and last.check is None:
            last.steps.append(cell)
        for tag, kind, attribute in ((CHECK, "code", "check"), (SOLUTION, "markdown", "answer")):
            if tag in cell.tags and cell.type == kind:
                if last is None or getattr(last, attribute) is not None:
                    remedy = f"tag the cell that a student starts from {STARTER}"
                    told = f"the cell is tagged {tag}, and there is no exercise before it"
                    stray.append(cell.problem("exercise", told, remedy))
                else:
                    setattr(last, attribute, cell)
    return found, stray


def _python_blocks(markdown: str) -> Iterator[str]:
    for token in MarkdownIt().parse(markdown):
        if token.type == "fence" and token.info.strip().split(" ")[0] == "python":
            yield token.content
