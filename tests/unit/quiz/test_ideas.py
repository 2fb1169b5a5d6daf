"""Which mistaken ideas answers show."""

from hypothesis import given
from hypothesis import strategies as st

from kit.quiz.ideas import DROPPED, HELD, SHAKEN, idea_of, shown_by, states_of
from kit.quiz.question import ORDER, SEVERAL

NAMES = st.sampled_from(["", "own_data", "shares_memory", "worked_once"])
SHOWN = st.lists(st.tuples(NAMES, NAMES), max_size=6)


def test_the_three_states():
    """Held at the end, dropped at the end, and both at once are told apart."""
    shown = [("a", "a"), ("b", ""), ("c", ""), ("c", "c"), ("", "d"), ("e", "f"), ("", "")]
    states = {"a": HELD, "b": DROPPED, "c": SHAKEN, "d": HELD, "e": DROPPED, "f": HELD}
    assert states_of(shown) == states


@given(SHOWN)
def test_a_state_says_what_answers_show(shown: list[tuple[str, str]]):
    """What a last answer shows is held or shaken, what only first ones showed is dropped."""
    states = states_of(shown)
    last = {idea for _, idea in shown} - {""}
    first = {idea for idea, _ in shown} - {""}
    assert {idea for idea, state in states.items() if state != DROPPED} == last
    assert set(states) == last | first
    assert list(states) == sorted(states)


def test_right_answers_and_orders_show_none():
    """Only a wrong choice that an idea leads to shows that idea; the first of several counts."""
    ideas = ["", "a", "", "b"]
    assert idea_of(SEVERAL, [0, 2], ideas, [2, 0]) == ""
    assert idea_of(SEVERAL, [0, 2], ideas, [0]) == ""
    assert idea_of(SEVERAL, [0, 2], ideas, [0, 3, 1]) == "b"
    assert idea_of(ORDER, [0, 1, 2, 3], ideas, [1, 0, 2, 3]) == ""


def test_first_and_last_answers_are_read_from_records():
    """A first answer that is no longer known shows nothing."""
    tried = {"try": 1, "time": "2027-01-01T10:00:00Z", "chosen": [1], "idea": "a"}
    later = {**tried, "try": 2, "chosen": [0]}
    once = {"tries": 1, "time": tried["time"], "chosen": [1], "idea": "a"}
    twice = {"tries": 2, "time": tried["time"], "chosen": [0], "history": [tried, later]}
    unknown = {**once, "tries": 3}
    assert shown_by([once, twice, unknown]) == [("a", "a"), ("a", ""), ("", "a")]
