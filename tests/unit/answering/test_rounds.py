"""The rounds of a question: which instance is asked, and what is kept of it."""

from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.answering.rounds import Rounds
from kit.quiz import Question
from kit.quiz import question as made
from kit.quiz.answer_records import fault_of
from kit.quiz.ideas import idea_in
from tests.unit.widgets.questions import answers, questions

KEY = attrgetter("key")


@given(st.data())
def test_rounds_are_kept_and_restored(data: st.DataObject):
    """After any answers the same instance is asked, and the same one was answered."""
    question, *others = data.draw(st.lists(questions(), min_size=1, max_size=4, unique_by=KEY))
    rounds = Rounds(question, others)
    for tries in range(1, data.draw(st.integers(1, 9)) + 1):
        chosen = data.draw(answers(rounds.now))
        asked = rounds.now
        right = rounds.check(chosen)
        assert right is asked.is_right(chosen)
        assert rounds.answered is asked
        assert rounds.record(chosen).get("idea", "") == idea_in(asked, chosen)
        record: dict[str, Any] = {"chosen": chosen, **rounds.record(chosen)}
        texts = {"kind": "own", "prompt": "?", "choice": [], "time": "2027-01-01T10:00:00Z"}
        assert fault_of({**texts, "tries": tries, **record}) == ""
        again = Rounds(question, others)
        assert again.restore(record)
        assert (again.now, again.answered) == (rounds.now, rounds.answered)
        assert (again.misses, again.is_open) == (rounds.misses, rounds.is_open)


@given(st.data())
def test_only_wrong_answers_lead_on(data: st.DataObject):
    """Two of them lead to the next instance, a right one to none; a right one ends the count."""
    question, other = data.draw(st.lists(questions(), min_size=2, max_size=2, unique_by=KEY))
    right = list(question.right)
    wrong = data.draw(answers(question).filter(lambda chosen: not question.is_right(chosen)))
    rounds = Rounds(question, [other])
    for chosen in (wrong, right, wrong):
        rounds.check(chosen)
        assert rounds.now is question
    rounds.check(wrong)
    assert rounds.now is other
    assert rounds.is_open
    assert rounds.answered is question
    rounds.start_again()
    assert (rounds.now, rounds.is_open, rounds.record([])) == (question, True, {})


@pytest.mark.parametrize(
    "more",
    [
        {"instance": "of another lesson"},
        {"instance": 3},
        {"misses": [[9]]},
        {"misses": "all"},
        {"misses": [[0]] * 9},
        {"chosen": [9]},
    ],
)
def test_what_does_not_fit_changes_nothing(more: dict[str, Any]):
    """A record of another question, or one that was tampered with, is refused as a whole."""
    question, other = (_asked(text) for text in ("first", "second"))
    rounds = Rounds(question, [other])
    assert not rounds.restore({"chosen": [0], **more})
    assert (rounds.misses, rounds.now, rounds.is_open) == ([], question, True)


@pytest.mark.parametrize("misses", [None, "all", [[9], [9]], [[0]] * 9, [[0], "b"]])
def test_a_page_that_tells_of_no_wrong_answers_is_not_caught_up_with(misses: object):
    """What cannot have been answered leads to no other instance."""
    question, other = (_asked(text) for text in ("first", "second"))
    rounds = Rounds(question, [other])
    rounds.catch_up({"misses": misses, "correct": True})
    assert (rounds.misses, rounds.now) == ([], question)
    rounds.catch_up({"misses": [[1], [1]], "correct": True})
    assert rounds.now is other


def _asked(prompt: str) -> Question:
    return made(prompt, "a", "", [("b", "")], 0)
