"""What can be chosen of a question, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.quiz import Question
from kit.quiz.question import IN_PICTURE, ONE, ORDER, SEVERAL


def can_be_chosen(question: Question, places: object) -> bool:
    """Tell whether these places can be an answer to a question, right or wrong."""
    return can_be_places(question.form, len(question.choices), places)


def can_be_places(form: str, count: int, places: object) -> bool:
    """Tell whether these places can be chosen of so many choices; none can be."""
    if not isinstance(places, list | tuple):
        return False
    whole = all(isinstance(place, int) and not isinstance(place, bool) for place in places)
    if not whole or len(set(places)) != len(places) or not set(places) <= set(range(count)):
        return False
    if form == ORDER:
        return len(places) in (0, count)
    return form not in (ONE, IN_PICTURE) or len(places) <= 1


def choice_record(
    kind: str, prompt: str, texts: Sequence[str], chosen: Sequence[int], tries: int
) -> dict[str, Any]:
    """Return what there is to keep of an answer by choices, as JSON has it.

    Parameters
    ----------
    kind, prompt : str
        Of the question that was answered.
    texts : sequence of str
        Of its choices.
    chosen : sequence of int
        Places of choices.
    tries : int
        How many answers there are by now.
    """
    return {
        "kind": kind,
        "prompt": prompt,
        "choice": [texts[place] for place in chosen],
        "chosen": list(chosen),
        "tries": tries,
    }


def tried(question: Question) -> list[list[int]]:
    """Return answers to a question, as places of its choices: wrong ones, the right one last.

    Each choice is among them: alone or, in an order, at a place that is not its own.
    """
    places, right = list(range(len(question.choices))), list(question.right)
    wrong = [[place] for place in places]
    if question.form == ORDER:
        wrong = [_swapped(right, place) for place in places[1:]]
    elif question.form == SEVERAL:
        wrong.append(places)
    return [*(one for one in wrong if one != right), *([right] if right else [])]


def _swapped(order: list[int], place: int) -> list[int]:
    """Return an order in which two neighbours have changed their places."""
    return [*order[: place - 1], order[place], order[place - 1], *order[place + 1 :]]
