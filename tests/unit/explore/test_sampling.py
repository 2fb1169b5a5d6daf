"""How often the runs of a scheduler come to each outcome, beside the shares of schedules."""

import pytest

from kit import FIFO, ArgumentError, Lottery, Program, RoundRobin
from kit.explore import explore, told_apart
from kit.scenarios import lost_update


def test_a_rare_schedule_can_be_what_a_scheduler_nearly_always_does():
    """The racy counter is right on 4.8 % of the schedules, and on 40 of 50 quanta."""
    outcomes = explore(lost_update)
    right = outcomes.find(lambda outcome: outcome.output[2] == "count 6\n")
    assert outcomes.share(right) == "4.8%"
    sampled = outcomes.sampled(lambda number: RoundRobin(1 + number), runs=50)
    assert (sampled.share(right), sampled.runs) == (0.8, 50)
    assert str(sampled).splitlines()[2] == "40 (80.0%): prints 'count 6'"
    assert "shares of the schedules, not likelihoods" in str(outcomes)


def test_a_policy_draws_anew_in_each_run_and_alike_each_time():
    """The number of the run is the seed; every run comes to an outcome that was found."""
    outcomes = explore(lost_update)
    sampled = outcomes.sampled(Lottery(1), runs=60)
    assert sampled == outcomes.sampled(Lottery(1), runs=60)
    assert len(sampled.counts) > 1
    assert {outcome for outcome, _ in sampled.counts} <= {*outcomes.outcomes}
    assert sum(number for _, number in sampled.counts) == 60
    assert len(outcomes.sampled(FIFO(), runs=3).counts) == 1


def test_runs_that_do_not_end_and_deadlocks_are_counted():
    """A run that hangs has its outcome; one that a limit stops has none."""
    stuck = Program("stuck", "l = Lock()\ndef main():\n    l.acquire()\n    l.acquire()")
    ((outcome, number),) = explore(stuck).sampled(FIFO(), runs=2).counts
    assert (outcome.deadlock, number) == (True, 2)
    spin = Program("spin", "x = 0\ndef main():\n    while x == 0: pass")
    sampled = explore(spin).sampled(RoundRobin(3), runs=1)
    assert sampled.counts == ((None, 1),)
    assert "no end, or no outcome that was found" in str(sampled)
    waits = Program(
        "waits",
        "x = 0\ndef f():\n    global x\n    x = 1\ndef main():\n"
        "    t = spawn(f)\n    while x == 0: pass",
    )
    ((outcome, _),) = explore(waits).sampled(RoundRobin(2), runs=1).counts
    assert outcome.globals[2] == {"x": 1}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((FIFO(), 0), "runs is 0"),
        ((3, 1), "the scheduler is 3; give one such as"),
        ((FIFO, 1), "give one such as|the scheduler is"),
        ((lambda number: number, 1), "the scheduler is 0; give one such as"),
    ],
)
def test_what_is_no_scheduler_is_refused(arguments: tuple[object, int], says: str):
    """The message says what to give."""
    with pytest.raises(ArgumentError, match=says):
        explore(lost_update).sampled(*arguments)


WAITS = """
guard = Lock()
def one():
    guard.acquire()
def main():
    a = spawn(one)
    b = spawn(one)
    join(a)
    join(b)
"""
HIDDEN = """
x = 0
def one():
    global x
    x = 1
def main():
    global x
    spawn(one)
    x = 2
    print("same")
"""


def test_outcomes_that_read_alike_are_told_with_what_differs():
    """Who waits for what, or globals that are not told beside an output."""
    outcomes = explore(Program("waits", WAITS))
    told = [outcomes.words(outcome) for outcome in outcomes.outcomes]
    assert len({str(outcome) for outcome in outcomes.outcomes}) < len(set(told)) == len(told)
    assert any("T1 for T2 to end, T2 for lock guard" in text for text in told)
    assert all(text in str(outcomes) for text in told)
    hidden = explore(Program("hidden", HIDDEN))
    told = [hidden.words(outcome) for outcome in hidden.outcomes]
    assert sorted(told) == ["prints 'same' with x = 1", "prints 'same' with x = 2"]


def test_two_outcomes_are_told_apart_by_the_access_and_the_switch_that_decide():
    """The last access that could still have led to the other one, and what it follows."""
    outcomes = explore(lost_update)
    worst = outcomes.find(lambda outcome: outcome.output[2] == "count 2\n")
    right = outcomes.find(lambda outcome: outcome.output[2] == "count 6\n")
    text = told_apart(outcomes, worst, right)
    assert text.startswith("This run ends with: prints 'count 2'. Up to tick ")
    assert "it could still end with: prints 'count 6'. Then T" in text
    assert "reads count (line 7), which T" in text
    assert "in the middle of line 7, decided it" in text
    order = explore(Program("order", HIDDEN.replace("x = 1", "print(1)")))
    assert "calls print" in told_apart(order, 0, 1)
    with pytest.raises(ArgumentError, match="both are prints 'count 2'; give two outcomes"):
        told_apart(outcomes, worst, worst)
    with pytest.raises(ArgumentError, match="not all schedules were looked at"):
        told_apart(explore(lost_update, limit=150), 0, 1)
