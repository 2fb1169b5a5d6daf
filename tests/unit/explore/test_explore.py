import multiprocessing
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, Kill, Limits, Machine, Program, Trace
from kit.explore import ExplorationResult, explore, search, work
from kit.scenarios import SCENARIOS, lost_update
from tests.examples import examples
from tests.unit.explore import programs
from tests.unit.explore.oracle import NAMES, results, rows, written

REFUSED = {"base_and_bounds", "segments"}
ENDLESS = {"fork_bomb", "getting_the_core_back"}
SMALL = sorted(set(SCENARIOS) - REFUSED - ENDLESS - {"kill_a_process"})
LONGEST = ("dining_philosophers", "threads_share")


def same(one: ExplorationResult, other: ExplorationResult) -> bool:
    """Whether two explorations found the same."""
    return (one.outcomes, one.races, one.states) == (other.outcomes, other.races, other.states)


@examples(40)
@given(st.lists(rows(), min_size=2, max_size=2).map(tuple))
def test_outcomes_are_those_of_plain_enumeration(threads):
    """The results of random programs are exactly those of going through all interleavings."""
    outcomes = explore(written(threads))
    found = {tuple(o.globals[2][name] for name in NAMES) for o in outcomes.outcomes}
    assert outcomes.complete
    assert found == results(threads)


@examples(10)
@given(rows(), rows())
def test_every_witness_shows_its_outcome(first, second):
    """A witness ends as its outcome says, and the same schedule can be saved and loaded."""
    outcomes = explore(written((first, second)))
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        assert (
            dict(trace.at(trace.end).processes[2].globals).items()
            >= dict(outcome.globals[2]).items()
        )
        assert trace.at(trace.end).processes[2].exit_code == outcome.exit_codes[2]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in LONGEST)) for name in SMALL],
)
def test_scenario_is_explored_and_shown(name):
    """Every scenario can be explored; each outcome's witness prints and ends as it says."""
    outcomes = explore(SCENARIOS[name])
    assert outcomes.complete
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        assert {pid: trace.output(pid) for pid in outcome.output} == outcome.output
        end = trace.at(trace.end)
        assert {pid: end.processes[pid].exit_code for pid in outcome.exit_codes} == dict(
            outcome.exit_codes
        )


def test_own_run_of_a_scenario_is_among_its_outcomes():
    """What round robin gives for any quantum is one of the outcomes."""
    printed = {outcome.output[2] for outcome in explore(lost_update).outcomes}
    assert {lost_update(quantum=quantum).output(2) for quantum in range(1, 13)} <= printed


def test_number_of_schedules_is_counted():
    """Two steps of one thread and two of another have the six orders that there are."""
    alone = Program("alone", "x = 0\ndef main():\n    global x\n    x = 1\n    print(x)")
    assert explore(alone).schedules == 1
    # Each thread stores, then the spawned one ends and the other one begins to wait for it.
    two = Program(
        "two",
        "x = 0\ndef other():\n    global x\n    x = 1\n"
        "def main():\n    global x\n    t = spawn(other)\n    x = 2\n    join(t)",
    )
    outcomes = explore(two)
    assert {o.globals[2]["x"]: o.schedules for o in outcomes.outcomes} == {1: 3, 2: 3}
    assert outcomes.schedules == 6


def test_race_has_its_lines_and_its_witness():
    """A race names the variable and both lines; its witness brings both accesses together."""
    outcomes = explore(programs.counter(2))
    kinds = {(r.name, r.first.writes, r.second.writes) for r in outcomes.races}
    assert ("count", True, True) in kinds
    race = outcomes.races[0]
    assert race.first.line == race.second.line == 8
    trace = outcomes.witness(race)
    assert isinstance(trace, Trace)
    assert {race.first.tid, race.second.tid} == {2, 3}


@pytest.mark.slow
def test_watch_says_which_globals_count():
    """Globals that nobody asked for do not make results different."""
    every = explore(programs.PETERSON)
    watched = explore(programs.PETERSON, watch=["together"])
    assert len(every.outcomes) == 2
    assert [dict(o.globals[2]) for o in watched.outcomes] == [{"together": 0}]


def test_limit_is_admitted():
    """A limit that is reached is said, with how far it came; nothing is claimed to be complete."""
    outcomes = explore(programs.counter(3), limit=100)
    assert not outcomes.complete
    assert outcomes.states == 100
    assert outcomes.left > 0
    assert "Not all schedules" in str(outcomes)
    assert len(outcomes.outcomes) >= 1


def test_limit_of_the_machine_is_an_outcome():
    """A schedule that reaches a limit of its machine ends there, and its outcome says so."""
    machine = Machine(limits=Limits(threads=2))
    machine.launch(programs.counter(1))
    outcomes = explore(machine)
    stopped = next(outcome for outcome in outcomes.outcomes if outcome.final.limit)
    assert "at most 2 may be alive" in str(stopped)
    assert any(not outcome.final.limit for outcome in outcomes.outcomes)


def test_spinning_alone_never_ends():
    """A loop that nobody can end is an outcome, and the number of schedules is infinite."""
    outcomes = explore(Program("spin", "x = 0\ndef main():\n    while x == 0:\n        pass"))
    assert [outcome.endless for outcome in outcomes.outcomes] == [True]
    assert outcomes.schedules is None
    assert outcomes.witness(0).end > 0


def test_every_schedule_can_be_stopped_at_a_tick():
    """Programs that go on in ever new states are explored up to a tick, where their runs end."""
    forever = "x = 0\ndef main():\n    global x\n    while True:\n        x += 1"
    assert not explore(Program("on", forever), limit=50).complete
    outcomes = explore(Program("on", forever), until=40)
    assert outcomes.complete
    assert [outcome.final.limit for outcome in outcomes.outcomes] == ["stopped at tick 40"]
    trace = outcomes.witness(0)
    assert trace.end == 40
    assert trace.at(40).processes[2].globals["x"] == outcomes.outcomes[0].globals[2]["x"]
    short = explore(programs.counter(1), until=10**6)
    assert short.outcomes == explore(programs.counter(1)).outcomes


def test_sleepers_are_stopped_at_the_tick_as_well():
    """A schedule that is stopped while its thread sleeps ends at that tick, not when it wakes."""
    program = Program("sleeps", "x = 0\ndef main():\n    global x\n    sleep(100)\n    x = 1")
    outcomes = explore(program, until=40)
    assert [outcome.final.limit for outcome in outcomes.outcomes] == ["stopped at tick 40"]
    assert outcomes.witness(0).end == 40


def test_invariant_may_name_what_is_not_watched():
    """An invariant looks at all globals, up to the last values, whichever count as a result."""
    counter = programs.counter(1)
    outcomes = explore(counter, watch=[], invariant="count <= 1")
    assert not outcomes.invariant_holds
    trace = outcomes.broken_invariant()
    assert trace.at(trace.end).processes[2].globals["count"] == 2
    assert explore(counter, watch=[], invariant="count <= 2").invariant_holds


def test_invariant_is_looked_at_before_the_first_step():
    """An invariant that does not hold at the very beginning is broken there."""
    program = Program("begins", "x = 0\ndef main():\n    global x\n    x = 1\n    print(x)")
    assert explore(program, invariant="x == 1").broken_invariant().end == 0


class Apart(Executor):
    """An executor whose every task runs where nothing is known of the others."""

    def submit(self, function, /, *args, **kwargs):
        """Do it in a transition system of its own."""
        work._worker.cache_clear()
        future: Future[bytes] = Future()
        future.set_result(function(*args, **kwargs))
        return future


def test_words_are_shared_though_no_worker_sees_both_users(monkeypatch):
    """Who shares a word is put together from what all workers have seen."""
    monkeypatch.setattr(search, "_first_guess", lambda plan: plan)
    monkeypatch.setattr(work.Spread, "least", 1)
    monkeypatch.setattr(work.Spread, "size", 1)
    machine = programs.computed(programs.counter(1, programs.LOCKED))
    spread = explore(machine, executor=Apart())
    assert same(spread, explore(machine))
    assert spread._found.plan.shared == explore(machine)._found.plan.shared


def test_equal_input_gives_equal_results():
    """Two explorations of one program find the same in the same order."""
    assert same(explore(programs.counter(2)), explore(programs.counter(2)))


@pytest.mark.slow
def test_processes_find_the_same():
    """With two worker processes the result is that of one, state by state."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        spread = explore(programs.computed(programs.counter(3)), executor=executor)
    assert same(spread, explore(programs.computed(programs.counter(3))))


class Unreliable(Executor):
    """An executor that loses every second task, and breaks after a while."""

    def __init__(self, last: int) -> None:
        self.number, self.last = 0, last

    def submit(self, function, /, *args, **kwargs):
        """Do it, or lose it."""
        self.number += 1
        if self.number > self.last:
            raise RuntimeError("no more work is taken")
        future: Future[bytes] = Future()
        if self.number % 2:
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(function(*args, **kwargs))
        return future


@pytest.mark.slow
@pytest.mark.parametrize("last", [0, 3, 1000])
def test_lost_work_is_done_again(last):
    """What an executor loses is not lost for the result."""
    machine = programs.computed(programs.counter(2))
    assert same(explore(machine, executor=Unreliable(last)), explore(machine))


def test_executor_changes_nothing_where_the_engine_is_at_work():
    """A program that the engine takes is explored here, whatever executor there is."""
    spread = explore(programs.counter(2), executor=Unreliable(0))
    assert same(spread, explore(programs.counter(2)))


def test_progress_is_told():
    """A function is told how many states were looked at, and how many are known."""
    told = []
    explore(programs.counter(2), progress=lambda looked, known: told.append((looked, known)))
    assert told[-1][0] == told[-1][1] == explore(programs.counter(2)).states
    assert told == sorted(told)


def test_exploration_can_be_interrupted():
    """An exception of whoever watches, such as an interrupt, ends it at once."""

    def stop(looked: int, known: int) -> None:
        if looked >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explore(programs.counter(3), progress=stop)


def test_bar_is_shown(capsys):
    """With progress=True a bar shows the states."""
    explore(programs.counter(2), progress=True)
    assert "states" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: explore("counter"), "give a scenario, a program"),
        (lambda: explore(lambda: 3), "returns a machine"),
        (lambda: explore(programs.PETERSON, limit=0), "give a whole number"),
        (
            lambda: explore(programs.PETERSON, watch="together"),
            r"give a list such as \['together'\]",
        ),
        (lambda: explore(programs.PETERSON, limits=3), "did you mean 'limit'"),
        (lambda: explore(programs.PETERSON).witness(7), "give 0 to 1"),
        (lambda: explore(programs.PETERSON).witness("x"), "lambda outcome"),
        (lambda: explore(programs.PETERSON).witness(lambda _: False), "no schedule"),
        (lambda: explore(programs.PETERSON).witness(lambda o: o.globals[2]["trun"]), "'turn'"),
        (lambda: explore(programs.PETERSON).witness(lambda o: o.deadlok), "deadlock and endless"),
        (lambda: explore(programs.PETERSON, executor=3), "get_executor"),
        (lambda: explore(_ran()), "has run already"),
        (lambda: explore(_killed()), "on which nothing was done"),
    ],
)
def test_mistakes_are_explained(make, says):
    """What cannot be explored or found is one sentence that says what to give."""
    with pytest.raises(ArgumentError, match=says):
        make()


def _ran() -> Machine:
    machine = Machine()
    machine.launch(programs.PETERSON)
    machine.run(until=5)
    return machine


def _killed() -> Machine:
    machine = Machine()
    machine.launch(programs.PETERSON)
    machine.run(until=0)
    machine.intervene(Kill(2))
    return machine


def test_words_are_told():
    """The text of an exploration names results, their number, and the races."""
    text = str(explore(programs.counter(2)))
    assert text.startswith("All schedules were covered")
    assert "count = 4" in text
    assert "count: T2 reads it at line 8, T3 writes it at line 8" in text


@pytest.mark.slow
def test_what_is_rare_is_not_told_as_never():
    """A deadlock on few of very many schedules has a share, and the rest is not all of them."""
    outcomes = explore(SCENARIOS["dining_philosophers"])
    finished, stuck = outcomes.outcomes
    assert stuck.schedules / outcomes.schedules < 0.0005
    assert outcomes.share(stuck) == "less than 0.1%"
    assert outcomes.share(finished) == "more than 99.9%"
    assert f"{stuck.schedules:,} (less than 0.1%)" in str(outcomes)
    locked = explore(programs.counter(1, programs.LOCKED))
    assert locked.share(locked.outcomes[0]) == "100.0%"


def test_states_can_be_sent():
    """A state survives being pickled: looking at the copy leads to the same states."""
    outcomes = explore(programs.counter(2))
    plan = pickle.loads(pickle.dumps(outcomes._found.plan))
    assert plan.shared == outcomes._found.plan.shared
