"""Locks, semaphores and conditions for threads that give up at once, or after some time."""

import pytest

from kit import Program, RoundRobin
from kit.explore import explore
from tests.running import ended, run, told

TRYING = """
lock = Lock()
items = Semaphore(0)
ready = Condition()
got = [9, 9, 9]
def other():
    with lock:
        work(40)
    items.release()
    with ready:
        ready.notify()
def main():
    t = spawn(other)
    work(9)
    {}
    join(t)
"""


@pytest.mark.parametrize(
    ("line", "got"),
    [
        ("got[0] = lock.acquire(blocking=False)", 0),
        ("got[0] = lock.acquire(timeout=0)", 0),
        ("got[0] = lock.acquire(timeout=10)", 0),
        ("got[0] = lock.acquire(True, 100)", 1),
        ("got[0] = lock.acquire()", 1),
        ("got[0] = items.acquire(False)", 0),
        ("got[0] = items.acquire(timeout=20)", 0),
        ("got[0] = items.acquire(timeout=200)", 1),
        ("with ready: got[0] = ready.wait(timeout=20)", 0),
        ("with ready: got[0] = ready.wait(0)", 0),
        ("with ready: got[0] = ready.wait(timeout=500)", 1),
        ("with ready: got[0] = ready.wait()", 1),
        ("if not lock.acquire(False) and lock.acquire(timeout=99): got[0] = 5", 5),
        ("got[lock.acquire(False) + 1] = 2 + items.acquire(timeout=3) * 7", 9),
    ],
)
def test_a_thread_that_gives_up_is_told_0_and_one_that_gets_it_1(line: str, got: int):
    """The answer is CPython's truth value; what is waited for is over after so many ticks."""
    trace = run(TRYING.format(line), scheduler=RoundRobin(5))
    assert ended(trace).globals["got"][0] == got
    assert ended(trace).exit_code == 0


def test_giving_up_is_told_and_leaves_the_queue():
    """Who gave up is no longer handed the lock, and the moment shows nobody there."""
    trace = run(TRYING.format("got[0] = lock.acquire(timeout=10)"), scheduler=RoundRobin(5))
    ((tick, *_),) = told(trace, "give_up")
    assert "has waited long enough for the lock" in trace.narrate(tick)
    (lock,) = trace.at(tick).locks
    assert (lock.holder, lock.waiting) == ((2, 2), ())
    (lock,) = trace.at(tick - 1).locks
    assert lock.waiting == ((2, 1),)
    assert ended(trace).globals["lock"] == 0


@pytest.mark.parametrize("ticks", [0, -3])
@pytest.mark.parametrize(
    "line",
    [
        "got[0] = lock.acquire(timeout=TICKS)",
        "got[0] = items.acquire(timeout=TICKS)",
        "with ready: got[0] = ready.wait(timeout=TICKS)",
    ],
)
def test_a_thread_without_time_does_not_wait_at_all(line: str, ticks: int):
    """It keeps its core, where the number is known only when the program runs, too."""
    text = TRYING.format(line.replace("TICKS", f"got[0] - {9 - ticks}"))
    trace = run(text, scheduler=RoundRobin(5))
    assert ended(trace).globals["got"][0] == 0
    reasons = {event.reason for event in trace.events if event.kind == "block"}
    assert not reasons & {"timed_lock", "timed_semaphore", "timed_condition"}


def test_a_condition_no_longer_counts_a_thread_that_has_given_up():
    """Its second word says how many wait to be notified."""
    line = "with ready: got[0] = ready.wait(timeout=20)"
    trace = run(TRYING.format(line), scheduler=RoundRobin(5))
    ((tick, *_),) = told(trace, "give_up")
    (condition,) = trace.at(tick).conditions
    words = [trace.at(t).processes[2].word(condition.address + 8) for t in (tick - 1, tick)]
    assert words == [1, 0]


def test_a_thread_that_is_ended_while_it_waits_for_some_time_leaves_nothing_behind():
    """Its timer goes with it: the run ends when the last thread does."""
    text = """
lock = Lock()
def other():
    lock.acquire(timeout=5000)
def main():
    lock.acquire()
    spawn(other)
    work(30)
    exit(3)
"""
    trace = run(text, scheduler=RoundRobin(5))
    assert trace.end < 200
    assert ended(trace).exit_code == 3


def test_every_schedule_of_giving_up_or_not_is_explored():
    """Two threads that take two locks in opposite order hang, unless they give up and go back."""
    text = """
a = Lock()
b = Lock()
done = 0
def one():
    global done
    with a:
        {}
            done += 1
            b.release()
def main():
    t = spawn(one)
    with b:
        a.acquire()
        a.release()
    join(t)
"""
    plain = explore(Program("plain", text.format("if b.acquire():")))
    assert any(outcome.deadlock for outcome in plain.outcomes)
    for form in ("if b.acquire(blocking=False):", "if b.acquire(timeout=3):"):
        tried = explore(Program("tried", text.format(form)))
        assert tried.complete
        assert not any(outcome.deadlock for outcome in tried.outcomes)
        assert {outcome.globals[2]["done"] for outcome in tried.outcomes} == {0, 1}
