"""What can be chosen of a question."""

import pytest

from kit.answering.choosing import can_be_chosen, tried
from kit.quiz import Choice, Question


def question(form: str, right: list[bool], order: tuple[int, ...] = ()) -> Question:
    """Return a question with as many choices, some of them right."""
    choices = tuple(
        Choice(f"{place}", correct=one, feedback="Look again.") for place, one in enumerate(right)
    )
    return Question("Which?", choices, tick=0, why="So it is.", form=form, order=order)


@pytest.mark.parametrize(
    ("form", "right", "order", "wrong"),
    [
        ("one", [False, True], (), [[0]]),
        ("mark", [False, True, False], (), [[0], [2]]),
        ("several", [True, False, True], (), [[0], [1], [2], [0, 1, 2]]),
        ("several", [False, True, False], (), [[0], [2], [0, 1, 2]]),
        ("order", [False, False, False], (2, 0, 1), [[0, 2, 1], [2, 1, 0]]),
    ],
)
def test_every_kind_of_answer_is_tried(form, right, order, wrong):
    """Every choice is in a wrong answer, the right one comes last, and each can be chosen."""
    asked = question(form, right, order)
    *bad, good = tried(asked)
    assert bad == wrong
    assert asked.is_right(good)
    assert not any(asked.is_right(one) for one in bad)
    assert all(can_be_chosen(asked, one) for one in tried(asked))
