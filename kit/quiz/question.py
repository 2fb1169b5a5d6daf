"""A question about a run, with its answer computed from the trace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kit.errors import ArgumentError, nearest, plural, require, require_whole
from kit.quiz.misconceptions import MISCONCEPTIONS

ONE, SEVERAL, ORDER, MARK = FORMS = ("one", "several", "order", "mark")
"""How a question is answered: one choice, several, all in an order, a place of the picture."""

MOST_CHOICES = 4


class Idea(NamedTuple):
    """What a student with a certain idea would answer.

    Attributes
    ----------
    text : str
        Their answer.
    feedback : str
        What they are told.
    misconception : str
        A name of `MISCONCEPTIONS`; empty for what is just wrong.
    tick : int or None
        The moment that shows why it is wrong; that of the question if None.
    """

    text: str
    feedback: str
    misconception: str = ""
    tick: int | None = None


@dataclass(frozen=True)
class Choice:
    """One possible answer, or one part of it.

    Attributes
    ----------
    text : str
    correct : bool
        Whether it is right to choose it. In an order every choice is.
    feedback : str
        What a student is told who chose it; for a right one among several, who left it out;
        in an order, who put something else in its place.
    misconception : str
        The idea behind a wrong one, a name of `MISCONCEPTIONS`; empty for none.
    tick : int or None
        The moment that shows why; that of the question if None.
    place : tuple
        In a question that is answered on the picture, which segment it is: (pid, name, tid),
        such as ``(1, "data", 0)`` or ``(1, "stack", 2)``; else empty.
    """

    text: str
    correct: bool
    feedback: str
    misconception: str = ""
    tick: int | None = None
    place: tuple[int, str, int] | tuple[()] = ()

    def __post_init__(self) -> None:
        """Refuse what is no text, and an idea that the table does not know."""
        for name in ("text", "feedback", "misconception"):
            value = getattr(self, name)
            require(isinstance(value, str), f"Choice: {name} is {value!r}; give a text")
        if self.tick is not None:
            require_whole("Choice: tick", self.tick, 0)
        if self.misconception and self.misconception not in MISCONCEPTIONS:
            raise ArgumentError(
                f"Choice: there is no misconception '{self.misconception}'; "
                f"{nearest(self.misconception, MISCONCEPTIONS)}"
            )


@dataclass(frozen=True)
class Feedback:
    """What is told to somebody who has answered.

    Attributes
    ----------
    correct : bool
    text : str
    misconception : str
        A name of `MISCONCEPTIONS`, or empty.
    tick : int
        The moment that shows it.
    about : str
        Of a wrong answer with several parts, the one that is told about; else empty.
    """

    correct: bool
    text: str
    misconception: str
    tick: int
    about: str = ""


def makes(form: str, right: Sequence[int], chosen: Sequence[int]) -> bool:
    """Tell whether chosen places make the right answer; only in an order does theirs matter."""
    listed = list(chosen) if form == ORDER else sorted(chosen)
    return listed == list(right)


@dataclass(frozen=True)
class Question:
    """A question about one run.

    Attributes
    ----------
    prompt : str
    choices : tuple of Choice
        In the order in which they are shown; no two read the same.
    tick : int
        The moment that shows the answer.
    kind : str
        A name of `KINDS`; "own" for one that was put together by hand.
    at : int or None
        The last tick at which the answer cannot be seen yet: a player stops there until the
        question is answered. None if nothing need be hidden.
    form : str
        "one", "several", "order" or "mark".
    order : tuple of int
        Of an order: the places of the choices as they should stand.
    why : str
        What is told to those who chose rightly among several, or put all into their order.
    run : str
        The digest of the run that it is about; empty if unknown.

    Raises
    ------
    ArgumentError
        If nobody can answer it, or nobody can get it wrong.
    """

    prompt: str
    choices: tuple[Choice, ...]
    tick: int
    kind: str = "own"
    at: int | None = None
    form: str = ONE
    order: tuple[int, ...] = ()
    why: str = ""
    run: str = ""

    def __post_init__(self) -> None:
        """Refuse a question that nobody can answer, or that nobody can get wrong."""
        asked = f"The question {self.prompt!r}"
        self._check_types(asked)
        texts = [choice.text for choice in self.choices]
        twice = next((text for text in texts if texts.count(text) > 1), None)
        require(
            twice is None, f"{asked} offers {twice!r} more than once; let every choice read its own"
        )
        right = sum(choice.correct for choice in self.choices)
        if self.form in (ONE, MARK):
            require(
                right == 1,
                f"{asked} has {plural(right, 'right answer')}; mark exactly one choice as correct",
            )
        elif self.form == SEVERAL:
            require(right > 0, f"{asked} has no right answer; mark at least one choice as correct")
        else:
            require(
                sorted(self.order) == list(range(len(texts))),
                f"{asked} has the order {self.order}; give each place of its choices once",
            )
        require(
            len(texts) > 1 and (self.form != SEVERAL or right < len(texts)),
            f"{asked} has only one possible answer, {texts[0] if texts else ''!r}; ask at another "
            "tick, or about a run with more processes or threads",
        )

    def _check_types(self, asked: str) -> None:
        for name in ("prompt", "kind", "form", "why", "run"):
            value = getattr(self, name)
            require(isinstance(value, str), f"Question: {name} is {value!r}; give a text")
        for name in ("tick", "at") if self.at is not None else ("tick",):
            require_whole(f"Question: {name}", getattr(self, name), 0)
        listed = isinstance(self.choices, tuple | list)
        require(
            listed and all(isinstance(choice, Choice) for choice in self.choices),
            f"{asked} has choices that are none; give Choice(text, correct, feedback) for each",
        )
        require(
            self.form in FORMS, f"{asked} has the form {self.form!r}; {nearest(self.form, FORMS)}"
        )

    @property
    def right(self) -> tuple[int, ...]:
        """The places of the choices that make the right answer; of an order, in that order."""
        if self.form == ORDER:
            return self.order
        return tuple(place for place, choice in enumerate(self.choices) if choice.correct)

    @property
    def answer(self) -> int:
        """The place of the correct choice; of several or an order, the first of them."""
        return self.right[0]

    @property
    def key(self) -> str:
        """A name of it that stays the same as long as it asks the same about the same run."""
        shown = [self.kind, self.prompt, [choice.text for choice in self.choices], self.run]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]

    def is_right(self, chosen: Sequence[int]) -> bool:
        """Tell whether the chosen places are the right answer."""
        return makes(self.form, self.right, chosen)

    def feedback(self, chosen: Sequence[int]) -> Feedback:
        """Return what to tell somebody who chose these places.

        The page does the same in JavaScript, so that it works without a kernel.
        """
        if self.is_right(chosen):
            why = self.why or self.choices[self.answer].feedback
            return Feedback(True, why, "", self.tick)
        choice = self.choices[self._mistake(chosen)]
        tick = self.tick if choice.tick is None else choice.tick
        about = choice.text if self.form in (SEVERAL, ORDER) else ""
        return Feedback(False, choice.feedback, choice.misconception, tick, about)

    def _mistake(self, chosen: Sequence[int]) -> int:
        """Return the place of the choice that is told about."""
        if self.form == ORDER:
            pairs = zip(self.order, [*chosen, *[-1] * len(self.order)], strict=False)
            return next(right for right, put in pairs if right != put)
        taken = [place for place in chosen if not self.choices[place].correct]
        left = [place for place in self.right if place not in chosen]
        # An idea that has a name says more than one that is just wrong.
        return min(taken + left, key=lambda place: not self.choices[place].misconception)


def question(
    prompt: str,
    answer: str,
    why: str,
    ideas: Iterable[Idea | tuple[str, str]],
    tick: int,
    **more: object,
) -> Question:
    """Put a question with one right answer together from it and wrong ideas.

    Parameters
    ----------
    prompt, answer, why : str
        `why` is told to those who chose the answer.
    ideas : iterable of Idea or (str, str)
        What wrong ideas lead to, most telling first; those that happen to give the
        right answer, or the same answer as another, are left out.
    tick : int
        The moment that shows the answer.
    **more
        `at`, `kind` or `run`, as for `Question`.
    """
    choices = {answer: Choice(answer, True, why)}
    for idea in map(_as_idea, ideas):
        if len(choices) < MOST_CHOICES and idea.text not in choices:
            wrong = Choice(idea.text, False, idea.feedback, idea.misconception, idea.tick)
            choices[idea.text] = wrong
    return Question(prompt, tuple(sorted(choices.values(), key=_order)), tick, **more)  # type: ignore[arg-type]


def _as_idea(idea: Idea | tuple[str, str]) -> Idea:
    return idea if isinstance(idea, Idea) else Idea(*idea)


def _order(choice: Choice) -> tuple[int, int, str]:
    """Order numbers by size and texts by the alphabet, so that no place gives a hint."""
    digits = choice.text.removeprefix("-")
    return (0, int(choice.text), "") if digits.isdecimal() else (1, 0, choice.text)
