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


RARELY_TWO = """
def main():
    if choose(9) == 8 and fork() == 0:
        exit(3)
"""


def test_threads_are_named_with_their_processes_though_most_schedules_make_only_one():
    """Else a choice would be of two threads, T1 of the parent and T1 of the child."""
    explored = explore(Program("rarely", RARELY_TWO))
    assert not explored.outcomes[0].final.several_processes
    walk = Walk.to(explored, explored.find(lambda outcome: 3 in outcome.exit_codes))
    walk.undo()
    assert [choice.word for choice in walk.choices] == ["2:T1", "3:T1"]
    assert [choice.text for choice in walk.choices] == [
        "T1 of pid 2 calls exit",
        "T1 of pid 3 calls exit (line 4)",
    ]


STUCK = """
go = 0
stop = 0
def worker():
    global go
    if stop == 0:
        go = 1
def main():
    global stop
    t = spawn(worker)
    stop = 1
    while go == 0:
        pass
    print("done")
"""


def test_a_walk_that_can_no_longer_end_has_come_to_that():
    """Nothing is left to be chosen, since whatever is chosen it goes round for ever."""
    explored = explore(Program("stuck", STUCK))
    endless = explored.find(lambda outcome: outcome.endless)
    walk = Walk.to(explored, endless)
    assert walk.outcome == endless
    assert walk.choices == ()
    assert walk.reachable() == ((endless, None),)
    walk.undo()
    assert walk.outcome is None
    assert len(walk.choices) == 2


def test_a_choice_says_which_word_of_a_heap_or_of_shared_memory_is_used():
    """In shared memory by its area, under whatever address a process has it."""
    text = "def add(a):\n    a[0] += 1\n"
    heap = Program("heap", f"{text}def main():\n    a = alloc(1)\n    spawn(add, a)\n    add(a)\n")
    assert [choice.text for choice in Walk(explore(heap)).choices] == [
        "T1 reads the word at 0x0808 (line 2)",
        "T2 reads the word at 0x0808 (line 2)",
    ]
    area = Program(
        "area", f'{text}def main():\n    a = shared("n", 2)\n    fork()\n    add(a + 8)\n'
    )
    assert [choice.text for choice in Walk(explore(area)).choices] == [
        "T1 of pid 2 reads word 1 of the shared memory 'n' (line 2)",
        "T1 of pid 3 reads word 1 of the shared memory 'n' (line 2)",
    ]


def test_a_number_that_happens_to_be_an_address_is_none():
    """What a call is told besides an address, such as how long to sleep, names no variable."""
    text = "x = 0\ndef worker():\n    sleep({base})\ndef main():\n    spawn(worker)\n    sleep(1)\n"
    explored = explore(Program("sleeps", text.format(base=1)))
    base = explored.witness(0).history.processes[2].data_base
    walk = Walk(explore(Program("sleeps", text.format(base=base))))
    assert "T2 calls sleep (line 3)" in [choice.text for choice in walk.choices]
