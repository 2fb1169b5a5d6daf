"""What a question and an exercise have in common: something is answered, kept and restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeGuard

from kit.answering.judging import Judgement
from kit.quiz import Question
from kit.quiz.answers import EXERCISE, Record


class Item(Protocol):
    """Something that is answered: a question or an exercise.

    Attributes
    ----------
    key : str
        Stays the same as long as the same is asked.
    kind : str
        "exercise", or the kind of the question.
    prompt : str
        What is asked, in a line.
    on_answer : list of callable
        Each is called with the item after an answer was checked.
    unsaved : str
        Said on the page beside the answer: that it is not in the file, and why; empty if it is.
    """

    on_answer: list[Callable[[Any], object]]
    unsaved: str

    @property
    def key(self) -> str: ...  # noqa: D102 - see above
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def prompt(self) -> str: ...  # noqa: D102

    def record(self) -> Record:
        """Return the answer last given, as it is kept; ``tries`` is 0 before the first."""

    def restore(self, record: Record) -> bool:
        """Take an answer that was kept; it is no new try, and nobody is told.

        Whatever stands in the record, it is taken as a whole and True is returned, or
        nothing changes and False is returned.
        """

    def score(self) -> float:
        """Return the points that the answer last given is worth, from 0 to 1."""


class AskedQuestion(Item, Protocol):
    """An item that is answered by choices."""

    question: Question


class AskedProgram(Item, Protocol):
    """An item that is answered by a program, which can be checked again at any time."""

    def judge(self, text: str) -> Judgement:
        """Return what a check of a program comes to; the item stays as it is."""


def is_program(item: Item) -> TypeGuard[AskedProgram]:
    """Tell whether an item is answered by a program; all others are answered by choices."""
    return item.kind == EXERCISE


def is_question(item: Item) -> TypeGuard[AskedQuestion]:
    """Tell whether an item is answered by choices."""
    return item.kind != EXERCISE


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether a value of a record can be a number of tries or of hints."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
