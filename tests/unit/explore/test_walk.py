"""A schedule that is chosen step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Program
from kit.errors import ArgumentError
from kit.explore import explore
from kit.explore.walk import Walk
from kit.scenarios import deadlock, lost_update, messages
from tests.examples import examples
from tests.unit.explore.programs import computed, counter

WAYS = {
    "quickly": lambda: counter(1),
    "computer": lambda: computed(counter(1)),
    "locks": lambda: deadlock,
    "processes": lambda: messages,
}


@pytest.mark.parametrize("explorable", WAYS.values(), ids=list(WAYS))
@examples(8)
@given(st.lists(st.integers(0, 9), max_size=60))
def test_what_a_walk_comes_to_was_reachable_all_along(explorable, places):
    """What can still be reached gets less with each choice, and the run only longer."""
    walk = Walk(explore(explorable()))
    before, shown = dict(walk.reachable()), walk.trace
    assert before == {o: o.schedules for o in walk.explored.outcomes}
    for place in places:
        if not walk.choices:
            break
        walk.take(walk.choices[place % len(walk.choices)].word)
        reached, trace = dict(walk.reachable()), walk.trace
        assert reached.keys() <= before.keys()
        assert trace.end >= shown.end
        for tick in range(shown.end):
            assert trace.history.cores[0].at(tick) == shown.history.cores[0].at(tick)
        before, shown = reached, trace
    if walk.outcome is not None:
        assert [*before] == [walk.outcome]
        assert not walk.choices


@pytest.mark.parametrize("explorable", WAYS.values(), ids=list(WAYS))
def test_the_shortest_walk_leads_to_each_outcome(explorable):
    """Its words, chosen one by one, lead to the same end."""
    explored = explore(explorable())
    for outcome in explored.outcomes:
        words = Walk.to(explored, outcome).words
        walk = Walk(explored)
        for word in words:
            walk.take(word)
        assert walk.outcome == outcome
        assert walk.trace.digest == explored.witness(outcome).digest


def test_choices_are_taken_back_and_chosen_again():
    """After another choice there is nothing left to choose again."""
    walk = Walk(explore(lost_update))
    assert [choice.text for choice in walk.choices] == [
        "T2 reads count (line 7)",
        "T3 reads count (line 7)",
    ]
    walk.undo()
    assert not walk.can_undo
    for word in ("T2", "T3", "T3"):
        walk.take(word)
    there = walk.trace.digest, walk.reachable()
    walk.undo()
    walk.undo()
    assert walk.words == ("T2",)
    walk.redo()
    walk.redo()
    assert (walk.trace.digest, walk.reachable()) == there
    walk.begin_anew()
    assert (walk.words, walk.can_redo) == ((), True)
    walk.take("T3")
    assert not walk.can_redo


def test_what_choose_gives_is_chosen_too():
    """Each value is a choice of its own."""
    walk = Walk(explore(Program("dice", "def main():\n    print(choose(3))\n")))
    assert [choice.word for choice in walk.choices] == ["T1=0", "T1=1", "T1=2"]
    assert walk.choices[1].text == "T1 calls choose (line 2), which gives 1"
    walk.take("T1=2")
    assert walk.outcome.output[walk.outcome.first_pid] == "2\n"


def test_mistakes_are_told():
    """Who cannot go on cannot be chosen, and what was not looked at cannot be walked through."""
    walk = Walk(explore(deadlock))
    with pytest.raises(ArgumentError, match="'T9' cannot be chosen here; give one of T2, T3"):
        walk.take("T9")
    with pytest.raises(ArgumentError, match="not all schedules were looked at"):
        Walk(explore(counter(3), limit=20))
