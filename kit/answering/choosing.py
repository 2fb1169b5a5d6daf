"""What can be chosen of a question."""

from __future__ import annotations

from kit.quiz import Question
from kit.quiz.question import IN_PICTURE, ONE, ORDER, SEVERAL


def can_be_chosen(question: Question, places: object) -> bool:
    """Tell whether these places can be an answer to a question, right or wrong."""
    if not isinstance(places, list | tuple):
        return False
    whole = all(isinstance(place, int) and not isinstance(place, bool) for place in places)
    count = len(question.choices)
    if not whole or len(set(places)) != len(places) or not set(places) <= set(range(count)):
        return False
    if question.form == ORDER:
        return len(places) in (0, count)
    return question.form not in (ONE, IN_PICTURE) or len(places) <= 1


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
