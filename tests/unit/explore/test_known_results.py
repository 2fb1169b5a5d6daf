"""What textbooks say of concurrent programs, found by exploring them."""

import pytest

from kit.explore import explore
from kit.scenarios import counter_with_lock, deadlock, dining_philosophers
from tests.unit.explore import programs


def values(program, name):
    """The values that a global can end with."""
    return {outcome.globals[2][name] for outcome in explore(program).outcomes}


@pytest.mark.parametrize("rounds", [2, 3, pytest.param(4, marks=pytest.mark.slow)])
def test_unlocked_counter_gives_everything_from_2_to_twice_n(rounds):
    """Two threads that add n times each can end with 2 to 2n, and with nothing else."""
    assert values(programs.counter(rounds), "count") == set(range(2, 2 * rounds + 1))


@pytest.mark.parametrize("rounds", [1, 3])
def test_locked_counter_loses_nothing(rounds):
    """With a lock the count is always 2n, and there is no race."""
    outcomes = explore(programs.counter(rounds, programs.LOCKED))
    assert {outcome.globals[2]["count"] for outcome in outcomes.outcomes} == {2 * rounds}
    assert outcomes.complete
    assert outcomes.races == ()


@pytest.mark.parametrize(
    "program",
    [programs.PETERSON, programs.TEST_AND_SET, programs.TICKET],
    ids=["Peterson", "test and set", "ticket"],
)
def test_correct_locks_keep_threads_apart(program):
    """On no schedule are two threads in the critical section, and every one comes to an end."""
    outcomes = explore(program)
    assert outcomes.complete
    assert {outcome.globals[2]["together"] for outcome in outcomes.outcomes} == {0}
    assert not any(outcome.endless or outcome.deadlock for outcome in outcomes.outcomes)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(programs.PETERSON_TURN_FIRST, marks=pytest.mark.slow),
        pytest.param(programs.PETERSON_ONE_FLAG_FORGOTTEN, marks=pytest.mark.slow),
        programs.TEST_THEN_SET,
    ],
    ids=["turn before flag", "flag forgotten", "test, then set"],
)
def test_broken_locks_let_both_in(program):
    """Some schedule has both threads in the critical section, and its witness shows it."""
    outcomes = explore(program)
    trace = outcomes.witness(lambda outcome: outcome.globals[2]["together"] == 1)
    assert trace.at(trace.end).processes[2].globals["together"] == 1


def test_flags_alone_can_spin_for_ever():
    """Without the turn of Peterson's algorithm both threads can wait for each other, spinning."""
    outcomes = explore(programs.PETERSON_WITHOUT_TURN)
    endless = next(outcome for outcome in outcomes.outcomes if outcome.endless)
    trace = outcomes.witness(endless)
    threads = trace.at(trace.end).processes[2].threads
    assert threads[2].state in ("ready", "running")
    assert threads[3].state in ("ready", "running")
    assert {outcome.globals[2]["together"] for outcome in outcomes.outcomes if outcome.globals} == {
        0
    }


@pytest.mark.slow
def test_condition_needs_while():
    """A consumer that tests with `if` can take what is gone; with `while` it cannot."""
    assert values(programs.buffer("if"), "wrong") == {0, 1}
    assert values(programs.buffer("while"), "wrong") == {0}


def test_lost_wake_up_is_found():
    """A thread that looks before it takes the lock can sleep through its notification."""
    outcomes = explore(programs.LOST_WAKE_UP)
    stuck = next(outcome for outcome in outcomes.outcomes if outcome.deadlock)
    trace = outcomes.witness(stuck)
    waiting = trace.at(trace.end).processes[2].threads[2]
    assert waiting.state == "blocked"
    assert trace.at(trace.end).processes[2].globals["ready"] == 1


@pytest.mark.slow
def test_philosophers_deadlock_unless_they_reach_in_order():
    """Philosophers who all reach for the left fork first can starve; ordered ones cannot."""
    greedy = explore(dining_philosophers)
    assert greedy.deadlocks
    cycle = greedy.deadlocks[0]
    assert len(cycle) == 3
    assert {reason for _, _, reason, _ in cycle} == {"lock"}
    ordered = explore(lambda: dining_philosophers.machine(ordered=True))
    assert ordered.complete
    assert ordered.deadlocks == ()
    assert not any(outcome.deadlock for outcome in ordered.outcomes)


def test_two_locks_in_two_orders():
    """The deadlock of two locks is found with its circle; the witness ends in it."""
    outcomes = explore(deadlock)
    trace = outcomes.witness(lambda outcome: outcome.deadlock)
    assert [cycle for _, cycle in trace.deadlocks] == list(outcomes.deadlocks)
    assert explore(counter_with_lock).deadlocks == ()
