"""What a question and an exercise have in common: something is answered, kept and restored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, Self, TypeGuard

from kit.answering.judging import Judgement
from kit.quiz.answers import AnswerRecord

Answer = str | Sequence[int]
"""A program, or the places of choices."""


class Answerable(Protocol):
    """Something that is answered: a question or an exercise.

    Attributes
    ----------
    key : str
        Stays the same as long as the same is asked.
    kind : str
        "exercise", "explanation", or the kind of the question.
    prompt : str
        What is asked, in a line.
    on_answer : list of callable
        Each is called with the item after an answer was checked.
    unsaved : str
        Said on the page beside the answer: that it is not in the file, and why; empty if it is.
    """

    on_answer: list[Callable[[Self], object]]
    unsaved: str

    @property
    def key(self) -> str: ...  # noqa: D102 - see above
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def prompt(self) -> str: ...  # noqa: D102

    def record(self) -> AnswerRecord:
        """Return the answer last given, as it is kept; ``tries`` is 0 before the first."""

    def restore(self, record: AnswerRecord) -> bool:
        """Take an answer that was kept; it is no new try, and nobody is told.

        Whatever stands in the record, it is taken as a whole and True is returned, or
        nothing changes and False is returned.
        """

    @property
    def given(self) -> Answer:
        """The answer that counts; an empty one before the first."""

    def judge(self, answer: Answer) -> Judgement:
        """Return what a check of an answer comes to; nothing changes, and nobody is told."""

    def score(self) -> float:
        """Return the points that the answer last given is worth, from 0 to 1."""

    def _kit_asks_(self) -> Mapping[str, object]:
        """Return what is asked, and what is right, for who checks and grades notebooks."""


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether a value of a record can be a number of tries or of hints."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
