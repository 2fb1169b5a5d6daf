"""The tries of an answer: the first is never lost, and what a file says of them is looked at."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.quiz.answer_records import fault_of
from kit.quiz.history import MOST, OPTIONAL, first_of, joined, with_try

Record = dict[str, Any]


def answered(place: int, tries: int, second: int = 0, **more: Any) -> Record:
    """An answer to a question."""
    time = f"2027-01-01T10:00:{second % 60:02d}Z"
    texts = {"kind": "next_state", "prompt": "?", "choice": [str(place)]}
    return {**texts, "chosen": [place], "tries": tries, "time": time, **more}


def given_one_after_the_other(*places: int) -> Record:
    """The record after some tries."""
    record: Record = {}
    for number, place in enumerate(places, 1):
        new = answered(place, number, number)
        record = {**new, "history": with_try(record, new)}
    return record


@example([1, *[0] * (2 * MOST)])
@given(st.lists(st.integers(0, 3), min_size=1, max_size=3 * MOST))
def test_the_first_try_and_the_last_ones_are_kept(places: list[int]):
    """However often a question is answered, what was thought first can be read."""
    record = given_one_after_the_other(*places)
    assert fault_of(record) == ""
    first = first_of(record)
    assert first is not None
    assert first["chosen"] == [places[0]]
    kept = [one["chosen"][0] for one in record["history"]]
    assert kept == [places[0], *places[1:][-(MOST - 1) :]]


def test_what_was_first_before_there_was_a_history_is_not_guessed():
    """Of an answer of an older kit the first is known only if there was one."""
    assert first_of(answered(1, 1)) == {"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": [1]}
    assert first_of(answered(1, 3)) is None
    again = answered(2, 4)
    assert first_of({**again, "history": with_try(answered(1, 3), again)}) is None
    second = answered(2, 2)
    found = first_of({**second, "history": with_try(answered(1, 1), second)})
    assert found is not None
    assert found["chosen"] == [1]


def test_tries_in_two_kernels_are_joined():
    """Each is there once, in the order of the times."""
    one, other = given_one_after_the_other(0, 1), given_one_after_the_other(0, 2, 3)
    found = joined(one, other)
    assert [entry["chosen"] for entry in found] == [[0], [1], [2], [3]]


@pytest.mark.parametrize(
    "history",
    [
        "none",
        {},
        [1],
        [{}],
        [{"try": 1, "time": "now", "chosen": [0]}],
        [{"try": -1, "time": "2027-01-01T10:00:00Z", "chosen": [0]}],
        [{"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": ["0"]}],
        [{"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": [0], "more": 1}],
        [{"try": 1, "time": "2027-01-01T10:00:00Z", "passed": 1}],
        [{"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": [0], "instance": 1}],
        [{"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": [0], "idea": ["a"]}],
        [{"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": [0]}] * (MOST + 1),
    ],
)
def test_a_history_that_the_kit_has_not_written_is_told(history: object):
    """A file that was written by hand is refused in words."""
    assert fault_of(answered(0, 1, history=history)).startswith("history is ")


@pytest.mark.parametrize("name", OPTIONAL)
def test_what_an_answer_says_besides_is_a_text(name: str):
    """It is a text, or not there at all, as in files of before."""
    assert fault_of(answered(0, 1)) == fault_of(answered(0, 1, **{name: "a"})) == ""
    assert fault_of(answered(0, 1, **{name: ["a"]})) == f"{name} is ['a']"
