"""What threads that wait at a condition can come to, against plain enumeration."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
@example(((("mark", "while", "mark"),), (("add", "notify"), ("take", "mark"))), False)
@example(((("while", "mark"),), (("while", "mark"),), (("add", "notify"),)), True)
@given(threads(), st.booleans())
def test_outcomes_are_those_of_mesa_by_plain_enumeration(drawn, shares):
    """A notified thread gets the lock like any other thread: no result is missed or made up."""
    outcomes = explore(written(drawn, shares=shares))
    found = {(o.globals[2]["x"], o.globals[2]["order"], o.deadlock) for o in outcomes.outcomes}
    assert outcomes.complete
    assert found == results(drawn)


def test_a_notified_thread_is_ready_and_waits_for_the_lock_only_once_it_runs():
    """It is woken on the line of its wait, and queues for the lock when it runs and asks for it."""
    machine = Machine(scheduler=RoundRobin(quantum=12))
    machine.launch(Program("box", SHARED_BOX))
    trace = machine.run()
    notified = next(event.tick for event in trace.events if event.kind == "notify")
    box = next(c for c in trace.at(notified).conditions if c.name == "boxes[1]")
    woken = trace.at(notified).processes[2].threads[2]
    assert woken.state == "ready"
    assert SHARED_BOX.splitlines()[woken.line - 1].endswith(".wait()")
    assert (box.waiting, box.queued, box.holder) == ((), (), (2, 1))
    asks = next(e for e in trace.events if e.kind == "block" and e.reason == "lock")
    box = next(c for c in trace.at(asks.tick).conditions if c.name == "boxes[1]")
    assert (box.waiting, box.queued, box.holder) == ((), ((2, 2),), (2, 1))


def test_the_condition_is_worked_out_once():
    """An index with side effects is evaluated once, though a wait is two system calls."""
    machine = Machine(scheduler=RoundRobin(quantum=5))
    machine.launch(Program("box", SHARED_BOX))
    trace = machine.run()
    assert trace.at(trace.end).processes[2].globals["calls"] == 1
    assert trace.output(2) == "still mine\n"


TWO_CONDITIONS = """
slots = [0]
count = 0
seen = [0, 0]
mutex = Lock()
not_full = Condition(mutex)
not_empty = Condition(mutex)
def producer():
    global count
    for item in range(2):
        with mutex:
            while count == 1:
                not_full.wait()
            slots[count] = item
            count += 1
            not_empty.notify()
def consumer():
    global count
    with mutex:
        while count == 0:
            not_empty.wait()
        count -= 1
        seen[slots[count]] += 1
        not_full.notify()
def main():
    spawn(producer)
    spawn(consumer)
    spawn(consumer)
    thread_exit()
"""


def test_a_buffer_with_two_conditions_on_one_lock_is_right_and_with_one_it_hangs():
    """Who waits for room is not woken in place of who waits for an item: as textbooks have it."""
    right = Spec(globals={"count": 0, "seen": (1, 1)}, races=True)
    assert check_program(Program("two", TWO_CONDITIONS), right)
    one = TWO_CONDITIONS.replace("not_empty", "not_full")
    one = one.replace("not_full = Condition(mutex)\n", "", 1)
    verdict = check_program(Program("one", one), right)
    assert "deadlock" in [breach.kind for breach in verdict.breaches]


LOST = """
done = 0
lock = Lock()
ready = Condition(lock)
def child():
    global done
    done = 1
    ready.notify()
def main():
    t = spawn(child)
    with lock:
        if done == 0:
            ready.wait()
    join(t)
"""


def test_a_notification_without_the_lock_is_lost_where_a_machine_allows_it():
    """It can come between the look at `done` and the wait; usually it is a fault, as in Python."""

    def machine(*, allowed: bool, text: str = LOST) -> Machine:
        machine = Machine(notify_without_lock=allowed)
        machine.launch(Program("lost", text))
        return machine

    usual = explore(machine(allowed=False))
    assert {outcome.faults[2] for outcome in usual.outcomes} == {("invalid release",)}
    posix = explore(machine(allowed=True))
    assert {outcome.deadlock for outcome in posix.outcomes} == {True, False}
    held = LOST.replace("    done = 1\n", "    with lock:\n        done = 1\n")
    assert not any(o.deadlock for o in explore(machine(allowed=True, text=held)).outcomes)


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
