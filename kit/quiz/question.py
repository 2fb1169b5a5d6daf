"""A question about a run, with its answer computed from the trace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from kit.errors import (
    ArgumentError,
    explain_arguments,
    explained,
    nearest,
    plural,
    require,
    require_whole,
)
from kit.quiz.misconceptions import MISCONCEPTIONS, Misconception, name_of

ONE, SEVERAL, ORDER, IN_PICTURE = FORMS = ("one", "several", "order", "mark")
"""How a question is answered: one choice, several, all in an order, a place of the picture."""

CLICK = " Click it."
"""How a question ends that is answered on the picture."""

MOST_CHOICES = 4


@explained
@dataclass(frozen=True)
class Idea:
    """What a student with a certain idea would answer.

    Attributes
    ----------
    text : str
        Their answer.
    feedback : str
        What they are told.
    misconception : str or Misconception
        A name of `MISCONCEPTIONS`, or one of your own; empty for what is just wrong.
    tick : int or None
        The moment that shows why it is wrong; that of the question if None.

    Raises
    ------
    ArgumentError
        If one of them does not fit.
    """

    text: str
    feedback: str
    misconception: str | Misconception = ""
    tick: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no text, and an idea that the table does not know."""
        _check_choice("Idea", self)


@explained
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
    misconception : str or Misconception
        The idea behind a wrong one, a name of `MISCONCEPTIONS` or one of your own; empty for
        none.
    tick : int or None
        The moment that shows why; that of the question if None.
    place : tuple
        In a question that is answered on the picture, which segment it is: (pid, name, tid),
        such as ``(1, "data", 0)`` or ``(1, "stack", 2)``; else empty.
    """

    text: str
    correct: bool
    feedback: str
    misconception: str | Misconception = ""
    tick: int | None = None
    place: tuple[int, str, int] | tuple[()] = ()

    def __post_init__(self) -> None:
        """Refuse what is no text, and an idea that the table does not know."""
        _check_choice("Choice", self)
        require(bool(self.text.strip()), f"Choice: text is {self.text!r}; say what can be chosen")
        require(
            isinstance(self.correct, bool),
            f"Choice: correct is {self.correct!r}; give True or False",
        )

    @property
    def met(self) -> Misconception | None:
        """The misconception itself; None for none."""
        known = self.misconception
        return MISCONCEPTIONS.get(known) if isinstance(known, str) else known


def _check_choice(who: str, given: Idea | Choice) -> None:
    for name in ("text", "feedback"):
        value = getattr(given, name)
        require(isinstance(value, str), f"{who}: {name} is {value!r}; give a text")
    if given.tick is not None:
        require_whole(f"{who}: tick", given.tick, 0)
    idea: object = given.misconception
    if isinstance(idea, Misconception):
        return
    require(
        isinstance(idea, str),
        f"{who}: misconception is {idea!r}; give a name, or Misconception(idea, instead)",
    )
    if idea and idea not in MISCONCEPTIONS:
        raise ArgumentError(
            f"{who}: there is no misconception '{idea}'; {nearest(str(idea), MISCONCEPTIONS)}; "
            "or give your own, as Misconception(idea, instead)"
        )


@dataclass(frozen=True)
class Feedback:
    """What is told to somebody who has answered.

    Attributes
    ----------
    correct : bool
    text : str
    misconception : str
        A name of `MISCONCEPTIONS`, the idea of one that is not in it, or empty.
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


@explained
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
        if self.form in (ONE, IN_PICTURE):
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
        require(bool(self.prompt.strip()), "Question: the prompt is empty; write what is asked")
        for name in ("tick", "at") if self.at is not None else ("tick",):
            require_whole(f"Question: {name}", getattr(self, name), 0)
        require(
            self.at is None or self.at <= self.tick,
            f"{asked}: at is {self.at}, and the answer is shown at tick {self.tick}; let the "
            "player stop earlier, at the last tick at which the answer cannot be seen yet",
        )
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
        return tuple(index for index, choice in enumerate(self.choices) if choice.correct)

    @property
    def answer(self) -> int:
        """The place of the correct choice; of several or an order, the first of them."""
        return self.right[0]

    @property
    def answers(self) -> list[str]:
        """The texts of the choices that make the right answer; of an order, in that order."""
        return [self.choices[place].text for place in self.right]

    @property
    def ideas(self) -> frozenset[str]:
        """The ideas that wrong answers come from, by name."""
        return frozenset(name_of(choice.misconception) for choice in self.choices) - {""}

    @property
    def key(self) -> str:
        """A name of it that stays the same as long as it asks the same about the same run."""
        shown = [self.kind, self.prompt, [choice.text for choice in self.choices], self.run]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]

    @property
    def texts(self) -> str:
        """The choices in one line."""
        return ", ".join(choice.text for choice in self.choices)

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
        met = name_of(choice.misconception)
        return Feedback(False, choice.feedback, met, tick, about)

    def _mistake(self, chosen: Sequence[int]) -> int:
        """Return the place of the choice that is told about."""
        if self.form == ORDER:
            pairs = zip(self.order, [*chosen, *[-1] * len(self.order)], strict=False)
            return next(right for right, put in pairs if right != put)
        taken = [place for place in chosen if not self.choices[place].correct]
        left = [place for place in self.right if place not in chosen]
        # An idea that has a name says more than one that is just wrong.
        return min(taken + left, key=lambda place: not self.choices[place].misconception)


def without_picture(asked: Question) -> Question:
    """Return a question that is answered on the picture as one that needs none."""
    if asked.form != IN_PICTURE:
        return asked
    return replace(asked, form=ONE, prompt=asked.prompt.removesuffix(CLICK))


@explain_arguments
def question(
    prompt: str,
    answer: str,
    why: str,
    ideas: Iterable[Idea | tuple[str, str]],
    tick: int,
    *,
    at: int | None = None,
    kind: str = "own",
    run: str = "",
) -> Question:
    """Put a question with one right answer together from it and wrong ideas.

    Parameters
    ----------
    prompt, answer, why : str
        `why` is told to those who chose the answer.
    ideas : iterable of Idea or (str, str)
        What wrong ideas lead to, and what is told then, most telling first; those that happen
        to give the right answer, or the same answer as another, are left out.
    tick : int
        The moment that shows the answer.
    at, kind, run
        As for `Question`: `at` is the tick at which players stop until it is answered.

    Raises
    ------
    ArgumentError
        If an argument does not fit, or nobody can get it wrong.

    Examples
    --------
    >>> question("How many?", "6", "3 and 3.", [("5", "Count again.")], tick=164).answer
    1
    """
    for name, value in (("prompt", prompt), ("answer", answer), ("why", why)):
        require(isinstance(value, str), f"question: {name} is {value!r}; give a text")
    require(bool(prompt.strip()), "question: the prompt is empty; write what is asked")
    choices = {answer: Choice(answer, True, why)}
    for idea in _checked_ideas(ideas):
        if len(choices) < MOST_CHOICES and idea.text not in choices:
            wrong = Choice(idea.text, False, idea.feedback, idea.misconception, idea.tick)
            choices[idea.text] = wrong
    listed = tuple(sorted(choices.values(), key=_order))
    return Question(prompt, listed, tick, kind=kind, at=at, run=run)


def _checked_ideas(ideas: object) -> list[Idea]:
    """Return wrong ideas, each an `Idea`."""
    example = '[("5", "Count again.")], or Idea(…)'
    require(
        isinstance(ideas, Iterable) and not isinstance(ideas, str),
        f"question: ideas is {ideas!r}; give a list of wrong answers with what is told, as in "
        f"{example}",
    )
    found = []
    for idea in list(ideas):  # type: ignore[call-overload]
        pair = isinstance(idea, tuple | list) and 2 <= len(idea) <= len(fields(Idea))
        require(
            isinstance(idea, Idea) or pair,
            f"question: the idea {idea!r} is no answer with its feedback; write {example}",
        )
        found.append(idea if isinstance(idea, Idea) else Idea(*idea))
    return found


def _order(choice: Choice) -> tuple[int, int, str]:
    """Order numbers by size and texts by the alphabet, so that no place gives a hint."""
    digits = choice.text.removeprefix("-")
    return (0, int(choice.text), "") if digits.isdecimal() else (1, 0, choice.text)
