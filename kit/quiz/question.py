"""A question about a run, with its answer computed from the trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.errors import plural, require


@dataclass(frozen=True)
class Choice:
    """One possible answer.

    Attributes
    ----------
    text : str
    correct : bool
    feedback : str
        What a student who chose it is told; for a wrong one, the idea behind it.
    """

    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """A question about one run.

    Attributes
    ----------
    prompt : str
    choices : tuple of Choice
        In a fixed order; exactly one is correct, and no two read the same.
    tick : int
        The moment that shows the answer.

    Raises
    ------
    ArgumentError
        If there is not exactly one right answer among at least two.
    """

    prompt: str
    choices: tuple[Choice, ...]
    tick: int

    def __post_init__(self) -> None:
        """Refuse a question that nobody can answer, or that nobody can get wrong."""
        asked = f"The question {self.prompt!r}"
        right = sum(choice.correct for choice in self.choices)
        require(
            right == 1,
            f"{asked} has {plural(right, 'right answer')}; mark exactly one choice as correct",
        )
        texts = [choice.text for choice in self.choices]
        twice = next((text for text in texts if texts.count(text) > 1), None)
        require(
            twice is None, f"{asked} offers {twice!r} more than once; let every choice read its own"
        )
        require(
            len(texts) > 1,
            f"{asked} has only one possible answer, {texts[0]!r}; ask at another tick, or about "
            "a run with more processes or threads",
        )

    @property
    def answer(self) -> int:
        """The place of the correct choice."""
        return next(place for place, choice in enumerate(self.choices) if choice.correct)


Idea = tuple[str, str]
"""(What a student with a certain idea would answer, what to tell them)."""

MOST_CHOICES = 4


def question(prompt: str, answer: str, why: str, ideas: Iterable[Idea], tick: int) -> Question:
    """Put a question together from the right answer and wrong ideas.

    Parameters
    ----------
    prompt, answer, why : str
        `why` is told to those who chose the answer.
    ideas : iterable of (str, str)
        What wrong ideas lead to, most telling first; those that happen to give the
        right answer, or the same answer as another, are left out.
    tick : int
        The moment that shows the answer.
    """
    choices = {answer: Choice(answer, True, why)}
    for text, feedback in ideas:
        if len(choices) < MOST_CHOICES and text not in choices:
            choices[text] = Choice(text, False, feedback)
    return Question(prompt, tuple(sorted(choices.values(), key=_order)), tick)


def _order(choice: Choice) -> tuple[int, int, str]:
    """Order numbers by size and texts by the alphabet, so that no place gives a hint."""
    digits = choice.text.removeprefix("-")
    return (0, int(choice.text), "") if digits.isdecimal() else (1, 0, choice.text)
