"""What threads that wait at a condition can come to, against plain enumeration."""

from pathlib import Path

import pytest
from hypothesis import example, given

from kit import ArgumentError, Machine, Program, RoundRobin
from kit.explore import Spec, check_program, explore
from tests.examples import examples
from tests.unit.explore.conditions import results, threads, written

SHARED_BOX = """
calls = 0
full = 0
boxes = [Condition(), Condition()]
def which():
    global calls
    calls += 1
    return 1
def taker():
    boxes[1].acquire()
    while full == 0:
        boxes[which()].wait()
    boxes[1].release()
def main():
    global full
    t = spawn(taker)
    sleep(50)
    with boxes[1]:
        full = 1
        boxes[1].notify()
        work(20)
        print("still mine")
    join(t)
"""


@examples(7)
@example(((("mark", "while", "mark"),), (("add", "notify"), ("take", "mark"))))
@given(threads())
def test_outcomes_are_those_of_mesa_by_plain_enumeration(drawn):
    """A notified thread gets the lock like any other thread: no result is missed or made up."""
    outcomes = explore(written(drawn))
    found = {(o.globals[1]["x"], o.globals[1]["order"], o.deadlock) for o in outcomes.outcomes}
    assert outcomes.complete
    assert found == results(drawn)


def test_a_notified_thread_is_ready_and_waits_for_the_lock_only_once_it_runs():
    """It is woken on the line of its wait, and queues for the lock when it runs and asks for it."""
    machine = Machine(scheduler=RoundRobin(quantum=12))
    machine.launch(Program("box", SHARED_BOX))
    trace = machine.run()
    notified = next(event.tick for event in trace.events if event.kind == "notify")
    box = next(c for c in trace.at(notified).conditions if c.name == "boxes[1]")
    woken = trace.at(notified).processes[1].threads[2]
    assert woken.state == "ready"
    assert SHARED_BOX.splitlines()[woken.line - 1].endswith(".wait()")
    assert (box.waiting, box.queued, box.holder) == ((), (), (1, 1))
    asks = next(e for e in trace.events if e.kind == "block" and e.reason == "lock")
    box = next(c for c in trace.at(asks.tick).conditions if c.name == "boxes[1]")
    assert (box.waiting, box.queued, box.holder) == ((), ((1, 2),), (1, 1))


def test_the_condition_is_worked_out_once():
    """An index with side effects is evaluated once, though a wait is two system calls."""
    machine = Machine(scheduler=RoundRobin(quantum=5))
    machine.launch(Program("box", SHARED_BOX))
    trace = machine.run()
    assert trace.at(trace.end).processes[1].globals["calls"] == 1
    assert trace.output(1) == "still mine\n"


CASES = Path(__file__).parents[2] / "data" / "concurrency_cases"


def test_a_thread_may_wake_without_a_notification_if_asked_for():
    """With `if` a waking that nobody caused goes on too early; with `while` it waits again."""
    text = (CASES / "spurious_wakeup.kit").read_text(encoding="utf-8")
    hasty = Program("hasty", text)
    assert check_program(hasty, Spec())
    verdict = check_program(hasty, Spec(), spurious=True)
    assert [breach.kind for breach in verdict.breaches] == ["fault"]
    trace = verdict.breaches[0].witness()
    assert [event.fault for event in trace.events if event.kind == "fault"] == ["failed assert"]
    careful = Program("careful", text.replace("if ready == 0", "while ready == 0"))
    assert check_program(careful, Spec(), spurious=True)
    with pytest.raises(ArgumentError, match="spurious is 1; give True or False"):
        explore(careful, spurious=1)
