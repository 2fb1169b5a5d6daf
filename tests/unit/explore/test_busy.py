"""Busy waiting: who goes round until another one does something is told from who blocks."""

import pytest

from kit import Program
from kit.explore import Spec, busy_waiting, check_program, explore
from kit.explore.busy import busy_threads
from tests.unit.explore import programs

WAITER = """
ready = 0
word = Atomic(0)
lock = Lock()
change = Condition(lock)
def waiter():
    global ready
    {}
def main():
    global ready
    t = spawn(waiter)
    word.store(1)
    with lock:
        ready = 1
        change.notify()
    join(t)
"""

BUSY = [
    "while ready == 0: pass",
    "while word.load() == 0: work(3)",
    "while word.compare_and_swap(1, 2) == 0: pass",
    "x = 0\n    while x == 0:\n        with lock: x = ready",
    (
        "x = 0\n    while x == 0:\n        if lock.acquire(blocking=False):\n"
        "            x = ready\n            lock.release()"
    ),
]
PATIENT = [
    "with lock:\n        while ready == 0: change.wait()",
    "for i in range(3): work(ready)",
    "while ready == 0: sleep(1)",
    "with lock:\n        while ready == 0: change.wait(timeout=4)",
    "while word.compare_and_swap(word.load(), 5) == 0: pass",
    "lock.acquire()\n    lock.release()",
]


@pytest.mark.parametrize("body", BUSY)
def test_a_thread_that_goes_round_is_found_with_its_lines(body: str):
    """Whether it only reads, changes what is shared, or takes a lock and gives it back."""
    program = Program("waiter", WAITER.format(body))
    verdict = check_program(program, Spec(busy_waiting=False, races=True))
    (breach,) = verdict.breaches
    assert breach.kind == "busy waiting"
    assert "T2 goes round at line" in breach.message
    trace = breach.witness()
    lines = {trace.at(t).processes[2].threads[2].line for t in range(trace.end - 3, trace.end)}
    (wait,) = busy_waiting(verdict.outcomes)
    assert lines <= {*wait.lines}
    assert check_program(program, Spec(races=True))


@pytest.mark.parametrize("body", PATIENT)
def test_a_thread_that_blocks_sleeps_or_comes_to_an_end_does_not_wait_busily(body: str):
    """It goes round only as often as others have done something, or gives the core away."""
    program = Program("waiter", WAITER.format(body))
    assert check_program(program, Spec(busy_waiting=False, races=True))


def test_what_nobody_can_end_is_no_waiting():
    """A loop without any way out is endless, and told as that."""
    program = Program("spin", "x = 0\ndef main():\n    while x == 0: pass")
    verdict = check_program(program, Spec(busy_waiting=False))
    assert [breach.kind for breach in verdict.breaches] == ["endless"]
    assert not busy_threads(verdict.outcomes.graph)


def test_textbook_locks_that_spin():
    """Peterson's algorithm spins in both threads; a lock of the system in none."""
    spinning = {(wait.pid, wait.tid) for wait in busy_waiting(explore(programs.PETERSON))}
    assert spinning == {(2, 2), (2, 3)}
