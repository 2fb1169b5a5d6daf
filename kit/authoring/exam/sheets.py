"""What is put before a student: programs, the machine, the moment, and what is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kit.authoring.exam.pictures import picture_of
from kit.authoring.writing.linked import machine_lines
from kit.quiz.equivalent import ABOUT_SCHEDULES, Instance
from kit.quiz.question import ONE, ORDER, SEVERAL, Question

TASKS = {
    ONE: "Choose one answer.",
    SEVERAL: "Choose all that apply.",
    ORDER: "Put them into order: give each its number, 1 for the first.",
}
"""What is to be done, by the form of the question."""


@dataclass(frozen=True)
class Sheet:
    """One question of a paper.

    Attributes
    ----------
    instance : Instance
    """

    instance: Instance

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.instance.question

    @property
    def form(self) -> str:
        """How it is answered: one of several, several, or an order."""
        return self.question.form

    @property
    def task(self) -> str:
        """What is to be done."""
        return TASKS[self.form]

    @property
    def programs(self) -> list[tuple[str, str]]:
        """Name and text of each program."""
        return [(one.name, one.text.strip("\n")) for one in self.instance.trace.programs]

    @property
    def machine(self) -> str:
        """The code that makes the machine; empty where every schedule is asked about."""
        recipe = self.instance.trace.record.recipe
        if recipe is None or self.question.kind == ABOUT_SCHEDULES:
            return ""
        return "\n".join(machine_lines(recipe))

    @cached_property
    def picture(self) -> str:
        """The moment at which it is asked, as SVG."""
        return picture_of(self.instance)

    def draw(self) -> None:
        """Draw the picture now, so that it can be told how far the work is."""
        _ = self.picture

    @property
    def alternative(self) -> str:
        """The picture in a few words."""
        return f"The machine at tick {self.question.at or 0}"


class Sheets:
    """The sheets of an exam, each made once, although many papers have it."""

    def __init__(self) -> None:
        self._made: dict[str, Sheet] = {}

    def of(self, asked: Iterable[Instance]) -> list[Sheet]:
        """Return the sheets of a paper, in order."""
        return [self._made.setdefault(one.question.key, Sheet(one)) for one in asked]
