"""Good moments for questions about a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kit.errors import explain_arguments, nearest, require, require_whole
from kit.quiz.kinds import KINDS, askable
from kit.quiz.looking import check_run
from kit.quiz.question import IN_PICTURE, ONE, ORDER, SEVERAL, Question
from kit.trace import Trace

MOST_DIGITS = 4
"""A longer number is an address, or nothing that anybody works out."""
MOST_COUNTED = 40
"""Nobody counts further than that."""


class Suggestion(NamedTuple):
    """A question that tells something about a run.

    Attributes
    ----------
    kind : str
    details : dict
        The arguments to ask it with: ``ask(trace, kind, **details)``.
    question : Question
    worth : int
        How much it tells: above all, how many ideas its wrong answers come from.
    """

    kind: str
    details: Mapping[str, Any]
    question: Question
    worth: int


@explain_arguments
def suggest_questions(trace: Trace, kinds: Sequence[str] = (), most: int = 3) -> list[Suggestion]:
    """Return good questions about a run, the most telling first.

    Parameters
    ----------
    trace : Trace
    kinds : sequence of str
        The kinds to look at; all if there are none.
    most : int
        How many of each kind.

    Examples
    --------
    >>> from kit.scenarios import lost_update
    >>> best = suggest_questions(lost_update())[0]
    >>> best.question.prompt == ask(lost_update(), best.kind, **best.details).prompt
    True
    """
    check_run("suggest_questions", trace)
    require_whole("suggest_questions: most", most, 1)
    given: object = kinds
    require(
        isinstance(given, Sequence) and not isinstance(given, str | bytes),
        f"suggest_questions: kinds is {kinds!r}; give a list, such as ['final_value']",
    )
    for kind in kinds:
        known = kind in list(KINDS)
        require(known, f"There is no question '{kind}'; {nearest(str(kind), KINDS)}")
    found = []
    for kind in kinds or KINDS:
        found.extend(_of_kind(trace, kind, most))
    return sorted(found, key=lambda suggestion: -suggestion.worth)


def _of_kind(trace: Trace, kind: str, most: int) -> list[Suggestion]:
    found: dict[str, Suggestion] = {}
    for details, question in askable(trace, kind):
        worth = worth_of(question)
        if worth > 0:
            found.setdefault(alike(question), Suggestion(kind, details, question, worth))
    return sorted(found.values(), key=lambda suggestion: -suggestion.worth)[:most]


def alike(question: Question) -> str:
    """Return what two questions have in common that are not worth asking both."""
    texts = [choice.text for choice in question.choices]
    return repr((texts, question.right, question.prompt.partition(":")[2]))


def worth_of(question: Question) -> int:
    """Return how much a question tells; 0 for one that nobody should be asked."""
    right = question.choices[question.answer].text.removeprefix("-")
    if question.form == ONE and right.isdecimal():
        counted = question.kind in ("how_many", "metric") and int(right) > MOST_COUNTED
        if len(right) > MOST_DIGITS or (counted and "words" not in question.prompt):
            return 0
    wrong = [choice for choice in question.choices if not choice.correct or choice.misconception]
    named = {choice.misconception for choice in wrong if choice.misconception}
    sentence = {choice.feedback for choice in question.choices}
    form = {ONE: 0, SEVERAL: 1, ORDER: 0, IN_PICTURE: 1}[question.form]
    return 4 * len(named) + min(len(sentence), 4) + min(len(question.choices), 4) + form
