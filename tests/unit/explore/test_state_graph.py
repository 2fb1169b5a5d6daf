"""The graph of states as it is drawn and told."""

import pytest

from kit import ArgumentError, Program
from kit.explore import explore
from kit.explore.no_return import point_of_no_return
from kit.explore.state_graph import is_small, state_graph
from kit.scenarios import deadlock, lost_update
from tests.unit.explore.programs import computed, counter

SPIN = Program("spin", "x = 0\ndef main():\n    while x == 0:\n        pass")
SLEEPER = Program(
    "sleeper",
    """
x = 0
def child():
    global x
    x = x + 1
def main():
    global x
    t = spawn(child)
    sleep(3)
    x = x + 1
    join(t)
    print(x)
""",
)
FORKS = Program(
    "forks",
    """
n = 0
def main():
    global n
    pid = fork()
    n = n + 1
    if pid == 0:
        exit(n)
    print(wait())
""",
)


@pytest.fixture(scope="module")
def explored():
    """Two threads that lock in opposite order."""
    return explore(deadlock)


PROGRAMS = {
    "deadlock": deadlock,
    "by the computer": computed(counter(1)),
    "lost update": lost_update,
    "endless": SPIN,
    "asleep": SLEEPER,
    "processes": FORKS,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_all_states_and_steps_are_in_it(program):
    """Each state has a place and words, each step names its thread; ways lead to their ends."""
    explored = explore(program)
    graph = state_graph(explored)
    assert len(graph.states) == explored.states
    assert len(graph.steps) == sum(map(len, explored.graph.edges.values()))
    places = [(state.layer, state.across) for state in graph.states]
    assert places == sorted(set(places))
    assert all(state.words and state.outcomes for state in graph.states)
    assert all(step.words.does.startswith("T") for step in graph.steps)
    for place, way in enumerate(graph.ways):
        at = 0
        for number in way:
            assert graph.steps[number].source == at
            at = graph.steps[number].target
        if not explored.outcomes[place].endless:
            assert graph.states[at].outcome == place


def test_what_can_be_reached_is_what_steps_lead_to(explored):
    """The outcomes of a state are its own, or those of the states after it."""
    graph = state_graph(explored)
    for number, state in enumerate(graph.states):
        after = {
            outcome
            for step in graph.steps
            if step.source == number
            for outcome in graph.states[step.target].outcomes
        }
        assert set(state.outcomes) == (after or {state.outcome})


def test_words_are_those_of_the_run_that_comes_by(explored):
    """On the way to the deadlock the words are what the witness shows at its ticks."""
    graph = state_graph(explored)
    bad = graph.good.index(False)
    told = [graph.steps[step].words for step in graph.ways[bad]]
    assert [words.does for words in told] == [
        "T2 calls acquire on first (line 8)",
        "T3 calls acquire on second (line 15)",
        "T3 calls acquire on first (line 17)",
        "T2 calls acquire on second (line 10)",
    ]
    assert told[0].changes == ("lock first: held by T2",)
    end = graph.states[graph.steps[graph.ways[bad][-1]].target]
    waits = [words for words in end.words if "waits" in words]
    assert waits == [
        "T1 waits at line 24 for T2 to end",
        "T2 waits at line 11 for lock second",
        "T3 waits at line 18 for lock first",
    ]
    assert {"lock first: held by T2", "lock second: held by T3", "moved = 0"} < set(end.words)


def test_values_along_ways_are_those_of_the_machine():
    """A step says what its variable holds afterwards, as the machine has it at that tick."""
    explored = explore(lost_update)
    graph = state_graph(explored)
    for outcome, way in zip(explored.outcomes, graph.ways, strict=True):
        steps = explored.way_to(outcome)
        trace, ticks = explored.run_of(steps), explored.ticks_along(steps)
        assert ticks == [explored.ticks_of(steps[:n]) for n in range(1, len(steps) + 1)]
        for number, tick in zip(way, ticks, strict=True):
            state = graph.states[graph.steps[number].target]
            assert f"count = {trace.at(tick).processes[2].globals['count']}" in state.words


def test_the_point_of_no_return_is_that_of_the_run(explored):
    """Up to the state that is marked the run takes as many ticks as up to the point itself."""
    graph = state_graph(explored)
    bad = graph.good.index(False)
    states = [0, *(graph.steps[step].target for step in graph.ways[bad])]
    turning = graph.no_return(bad)
    assert turning is not None
    assert graph.can_end_well(turning)
    after = states.index(turning) + 1
    assert not any(map(graph.can_end_well, states[after:]))
    way = explored.way_to(explored.outcomes[bad])
    point = point_of_no_return(explored, bad)
    assert explored.ticks_of(way[:after]) - 1 == point.tick
    assert graph.no_return(graph.good.index(True)) is None


def test_what_is_good_can_be_said():
    """Without it, wrong numbers count as good, because the run ends; with it they do not."""
    explored = explore(lost_update)
    assert all(state_graph(explored).good)
    graph = state_graph(explored, lambda outcome: outcome.output[2] == "count 6\n")
    assert graph.good.count(True) == 1
    ends = [state.outcome for state in graph.states if state.outcome is not None]
    assert sorted(ends) == list(range(len(explored.outcomes)))


def test_several_processes_are_told_apart():
    """Threads and variables are named with their process."""
    graph = state_graph(explore(FORKS))
    words = {words for state in graph.states for words in state.words}
    assert "pid 3: n = 1" in words
    assert any(step.words.does.startswith("T1 of pid 3") for step in graph.steps)


def test_only_what_can_be_read_is_drawn():
    """A graph with more states than that, or of which only a part is known, is refused."""
    assert is_small(explore(lost_update))
    part = explore(lost_update, limit=20)
    large = explore(lost_update.machine(loops=5))
    assert not is_small(part)
    assert not is_small(large)
    with pytest.raises(ArgumentError, match="higher limit"):
        state_graph(part)
    with pytest.raises(ArgumentError, match="at most 250 can be drawn"):
        state_graph(large)
