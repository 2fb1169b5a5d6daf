from itertools import pairwise

import pytest

from kit import SJF, ArgumentError, Lottery, Machine, Program, RoundRobin, Trace
from kit.quiz import ask
from kit.scenarios import (
    deadlock,
    dining_philosophers,
    fault_in_a_thread,
    lock_held_at_death,
    lost_update,
    three_jobs,
)
from tests.asking import choice, ideas, right

BLOCKED_ONE = """
def worker():
    work(30)
def main():
    t = spawn(worker)
    join(t)
"""


def before(trace: Trace, kind: str, **details: object) -> tuple[int, int, int]:
    """Return (pid, tid, tick before it) of the first such event."""
    event = next(
        e
        for e in trace.events
        if e.kind == kind and e.tick and details.items() <= e.details.items()
    )
    return event.pid, event.tid, event.tick - 1


def test_ideas_about_the_queue():
    """Who runs, who is blocked and who came last are wrong, each for its own reason."""
    question = ask(lost_update(), "next_thread", at=30)
    assert right(question) == ["T3"]
    assert ideas(question) == {
        "blocked_uses_cpu": "T1",
        "keeps_the_core": "T2",
    }


def test_who_came_last_is_not_next():
    """With three in the queue the last one is what a stack would give."""
    trace = dining_philosophers()
    at = next(t for t in range(trace.end) if len(trace.at(t).ready) > 2)
    question = ask(trace, "next_thread", at=at)
    assert right(question) == [f"T{trace.at(at).ready[0][1]}"]
    assert ideas(question)["queue_is_a_stack"] == f"T{trace.at(at).ready[-1][1]}"


def test_not_every_policy_is_a_queue():
    """Shortest job first passes over who came first."""
    machine = Machine(scheduler=SJF())
    for name, ticks in (("now", 9), ("long", 20), ("short", 4)):
        program = Program(name, f"def main(): work({ticks})")
        machine.launch(program, at=0 if name == "now" else 2, expected=ticks)
    question = ask(machine.run(), "next_thread", at=4)
    assert right(question) == ["T1 of short (pid 4)"]
    assert ideas(question)["always_a_queue"] == "T1 of long (pid 3)"


def test_a_slice_that_is_used_up_makes_ready():
    """The running thread neither ends nor blocks."""
    trace = lost_update()
    pid, tid, at = before(trace, "preempt")
    question = ask(trace, "next_state", pid=pid, tid=tid, at=at)
    assert right(question) == ["ready: could run, and waits for a core"]
    assert {"keeps_the_core", "blocked_uses_cpu"} == ideas(question).keys()


def test_who_is_woken_queues():
    """From blocked nobody goes straight to running."""
    trace = lost_update()
    event = next(
        e
        for e in trace.events
        if e.kind == "wake"
        and trace.history.processes[e.pid].threads[e.tid].state.at(e.tick) == "ready"
    )
    question = ask(trace, "next_state", tid=event.tid, at=event.tick - 1)
    assert right(question) == ["ready: could run, and waits for a core"]
    assert ideas(question)["woken_runs_at_once"].startswith("running")


def test_a_crash_releases_no_lock():
    """The waiter stays blocked; who thinks otherwise is shown when the holder died."""
    trace = lock_held_at_death()
    died = next(e.tick for e in trace.events if e.kind == "lock_left_held")
    waits = next(
        e.tick for e in trace.events if e.kind == "block" and e.details["reason"] == "lock"
    )
    question = ask(trace, "next_state", tid=1, at=waits)
    assert right(question) == ["it stays blocked until the run ends"]
    assert choice(question, "ready").misconception == "crash_releases_locks"
    assert choice(question, "ready").tick == died


def test_a_deadlock_is_for_ever():
    """A thread of the circle is never woken."""
    trace = deadlock()
    key = max(trace.at(trace.end).blocked)
    since = trace.history.processes[key[0]].threads[key[1]].state.since(trace.end)
    question = ask(trace, "next_state", tid=key[1], at=since)
    assert right(question) == ["it stays blocked until the run ends"]


def test_a_sibling_ends_with_its_process():
    """Who thinks that a fault ends one thread expects the others to go on."""
    trace = fault_in_a_thread()
    question = ask(trace, "next_state", tid=1, at=94)
    assert right(question) == ["terminated: it has ended"]
    assert "thread_dies_alone" in ideas(question)


def test_states_passed_within_a_tick_are_not_offered():
    """A thread that is woken and gets an idle core at once was ready for no time."""
    machine = Machine()
    machine.launch(Program("alone", "def main():\n    sleep(5)\n    work(3)"))
    trace = machine.run()
    slept = before(trace, "wake")[2]
    question = ask(trace, "next_state", tid=1, at=slept)
    texts = [one.text for one in question.choices]
    assert right(question) == ["running: on a core"]
    assert not any(text.startswith("ready") for text in texts)


def test_an_ended_thread_has_no_next_state():
    """What is over is told with the last tick that works."""
    trace = three_jobs()
    with pytest.raises(ArgumentError, match="ask at an earlier tick"):
        ask(trace, "next_state", tid=1, at=trace.end)
    with pytest.raises(ArgumentError, match="process 2 has no thread 9"):
        ask(trace, "next_state", tid=9, at=3)


def test_a_policy_may_choose_who_has_just_used_up_a_slice():
    """A lottery can be won twice: the reason names both the slice and the policy."""
    machine = Machine(scheduler=Lottery())
    for name in "ab":
        machine.launch(Program(name, "def main(): work(60)"))
    trace = machine.run()
    turns = trace.happened("dispatch")
    again = next(b for a, b in pairwise(turns) if a.key == b.key)
    question = ask(trace, "next_thread", at=again.tick - 1)
    assert right(question) == [f"T1 of {'ab'[again.pid - 2]} (pid {again.pid})"]
    assert (
        "its quantum is used up before that, and the policy ("
        in question.feedback(question.right).text
    )


def test_a_deadlock_is_neither_resolved_nor_noticed():
    """Whoever thinks that the circle opens, or that the system opens it, is told otherwise."""
    trace = deadlock()
    *_, at = before(trace, "deadlock")
    stuck = next(key for key in trace.at(trace.end).blocked if key[1] > 1)
    question = ask(trace, "next_state", tid=stuck[1], at=at)
    assert right(question) == ["it stays blocked until the run ends"]
    found = ideas(question)
    assert found["deadlock_resolves"].startswith("ready")
    assert found["deadlock_is_noticed"].startswith("terminated")


SPIN = """
held = 0
def worker():
    global held
    while test_and_set(address(held)) == 1: pass
    work(30)
    held = 0
def main():
    a = spawn(worker)
    worker()
    join(a)
"""


def test_a_thread_that_waits_in_a_loop_is_not_blocked():
    """It uses up its quantum on the core."""
    machine = Machine(scheduler=RoundRobin(10))
    machine.launch(Program("spin", SPIN))
    trace = machine.run()
    quanta = [e for e in trace.happened("preempt", tid=2) if e.tick > 20]
    question = ask(trace, "next_state", tid=2, at=quanta[0].tick - 8)
    assert right(question) == ["ready: could run, and waits for a core"]
    assert ideas(question)["spinning_is_waiting"].startswith("blocked")


def test_calls_that_need_not_wait_change_no_state():
    """A thread that prints twice, and ends, neither blocks nor leaves the core before that."""
    machine = Machine()
    machine.launch(Program("talks", "def main():\n    print(1)\n    print(2)\n"))
    trace = machine.run()
    question = ask(trace, "next_state", tid=1, at=trace.happened("dispatch")[0].tick)
    assert right(question) == ["terminated: it has ended"]
    found = ideas(question)
    assert found["calls_block"].startswith("blocked")
    assert found["call_is_a_switch"].startswith("ready")
