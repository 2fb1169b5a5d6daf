"""Finding the questions that tell most about a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.quiz import Suggestion, suggest_questions
from kit.trace import Trace


def best_details(trace: Trace, kind: str) -> Mapping[str, Any] | None:
    """Return the arguments of the most telling question of a kind; None if it has none.

    What tells most is what most wrong ideas have an answer to.
    """
    found = suggest_questions(trace, [kind], most=1)
    return found[0].details if found else None


def best_questions(trace: Trace, most: int) -> list[Suggestion]:
    """Return the most telling questions about a run, at most one of a kind.

    Questions that meet no wrong idea are only taken where there is no other.
    """
    found = suggest_questions(trace, most=1)
    telling = [one for one in found if any(c.misconception for c in one.question.choices)]
    return telling[:most] or found[:1]
