"""The question of an exam: one answer, and no word about it."""

import pytest

from kit.errors import ArgumentError
from kit.widgets.answers.exam_question import HANDED_IN, IN_ORDER, NOT_YET, ExamQuestion

TEXTS = ["one", "two", "three"]


def made(form: str = "one") -> ExamQuestion:
    """A question."""
    return ExamQuestion("k" * 16, "next_state", "What is next?", TEXTS, form)


@pytest.mark.parametrize(
    ("form", "values", "chosen"),
    [("one", [1], (1,)), ("several", [True, False, True], (0, 2)), ("order", [2, 3, 1], (2, 0, 1))],
)
def test_an_answer_is_taken_once(form: str, values: list, chosen: tuple):
    """What is chosen on the page is handed in by the button, and then stays."""
    asked = made(form)
    told = []
    asked.on_answer.append(told.append)
    for field, value in zip(asked._fields, values, strict=True):
        field.value = value
    asked._button.click()
    assert asked.given == chosen
    assert told == [asked]
    assert asked._button.disabled
    assert all(field.disabled for field in asked._fields)
    assert asked._said.value == HANDED_IN
    record = asked.record()
    assert (record["chosen"], record["tries"]) == (list(chosen), 1)
    assert record["choice"] == [TEXTS[place] for place in chosen]
    with pytest.raises(ArgumentError, match="takes one answer"):
        asked.answer(*chosen)


@pytest.mark.parametrize(
    ("form", "values", "said"),
    [("one", [None], NOT_YET), ("several", [False] * 3, NOT_YET), ("order", [1, 1, 2], IN_ORDER)],
)
def test_what_is_no_answer_yet_is_not_taken(form: str, values: list, said: str):
    """The button says what is missing."""
    asked = made(form)
    for field, value in zip(asked._fields, values, strict=True):
        field.value = value
    asked._button.click()
    assert asked.given == ()
    assert asked._said.value == said
    assert asked.record()["tries"] == 0


@pytest.mark.parametrize(
    ("form", "chosen"), [("one", [2]), ("several", [0, 1]), ("order", [1, 0, 2])]
)
def test_an_answer_that_was_kept_is_shown(form: str, chosen: list):
    """It is restored as it was, and stays handed in."""
    asked = made(form)
    assert asked.restore({"chosen": chosen})
    assert asked._marked == tuple(chosen)
    assert asked._button.disabled


@pytest.mark.parametrize("chosen", [[], [3], [-1], [0, 0], [0, 1], "0", None, [True], [[0]]])
def test_what_is_no_answer_is_not_restored(chosen: object):
    """A damaged file changes nothing."""
    asked = made()
    assert not asked.restore({"chosen": chosen})
    assert not asked.restore(chosen)
    assert asked.given == ()
    assert not asked._button.disabled


@pytest.mark.parametrize("places", [(), (3,), (True,), (1.0,), ("one",), (0, 1)])
def test_what_cannot_be_an_answer_is_refused(places: tuple):
    """It is said what can be, and the question stays open."""
    asked = made()
    with pytest.raises(ArgumentError, match="give the places of choices, each once, from 0 to 2"):
        asked.answer(*places)
    assert asked.given == ()


def test_it_knows_nothing_of_what_is_right():
    """Neither does what it says of itself."""
    asked = made()
    assert asked._kit_asks_().keys() == {"key", "kind", "prompt"}
    asked.answer(0)
    assert asked.score() == 0.0
    assert asked.judge((0,)).passed is False
    assert asked.in_words == "What is next?\n- one\n- two\n- three"


@pytest.mark.parametrize(
    ("choices", "form", "said"),
    [
        (["a"], "one", "at least two"),
        ("ab", "one", "at least two"),
        (TEXTS, "two", "form is 'two'"),
    ],
)
def test_wrong_arguments_are_told(choices: object, form: str, said: str):
    """With what to give instead."""
    with pytest.raises(ArgumentError, match=said):
        ExamQuestion("k", "own", "What?", choices, form)
