"""Conditions that share a lock: what it is called, who holds it, and which one a call means."""

from kit import Machine, Program, RoundRobin, Trace

SHARED = """
locks = [Lock(), Lock()]
full = Condition(locks[1])
empty = [Condition(), Condition(locks[1])]
turn = 0
def waiter(condition: Condition):
    with condition:
        while turn == 0:
            condition.wait()
        print(gettid())
def main():
    global turn
    a = spawn(waiter, full)
    b = spawn(waiter, empty[1])
    work(100)
    locks[1].acquire()
    turn = 1
    full.notify()
    empty[-1].notify_all()
    work(50)
    locks[1].release()
    join(a)
    join(b)
"""


def run(text: str, quantum: int = 10) -> Trace:
    """Return the run of a program whose threads take turns."""
    machine = Machine(scheduler=RoundRobin(quantum))
    machine.launch(Program("shared", text))
    return machine.run()


def test_conditions_of_one_lock_are_that_lock_whoever_names_it():
    """What takes the condition takes the lock: events, holders and words are those of the lock."""
    trace = run(SHARED)
    assert sorted(trace.output(2).split()) == ["2", "3"]
    used = [event for event in trace.events if event.kind in ("acquire", "release")]
    (address,) = {event.address for event in used}
    assert {lock.name: lock.address for lock in trace.at(used[0].tick).locks}["locks[1]"] == address


def test_a_moment_shows_the_holder_and_queue_of_the_lock_at_each_of_its_conditions():
    """Woken threads queue at the lock; a condition with its own lock shows nothing of them."""
    trace = run(SHARED)
    asks = [e for e in trace.events if e.kind == "block" and e.reason == "lock"][-1]
    shown = {c.name: c for c in trace.at(asks.tick).conditions}
    assert shown["full"].holder == shown["empty[1]"].holder == (2, 1)
    assert set(shown["full"].queued) == {(2, 2), (2, 3)}
    assert (shown["empty[0]"].holder, shown["empty[0]"].queued) == (None, ())
    assert shown["full"].word == 0


def test_a_condition_with_a_lock_of_its_own_may_stand_after_one_that_shares_one():
    """Each takes its own lock: the lock is one word, a condition two."""
    trace = run("""
lock = Lock()
pair = [Condition(lock), Condition()]
def main():
    with pair[0]:
        with pair[1]:
            pair[1].notify()
""")
    first, second = (event.address for event in trace.events if event.kind == "acquire")
    assert second - first == 3 * 8


def test_a_child_has_conditions_on_its_own_lock():
    """After fork the lock of a condition is the copy in the memory of the child."""
    text = """
lock = Lock()
ready = Condition(lock)
def main():
    lock.acquire()
    if fork() == 0:
        ready.notify()
        ready.release()
        print(lock.locked())
        exit(0)
    wait()
    print(lock.locked())
"""
    trace = run(text)
    assert (trace.output(3), trace.output(2)) == ("0\n", "1\n")


def test_waiting_at_a_condition_needs_its_own_lock_and_no_other():
    """Who holds another lock does not hold this one."""
    text = SHARED.replace("with condition:", "with locks[0]:")
    faults = [event for event in run(text).events if event.kind == "fault"]
    assert [fault.fault for fault in faults] == ["invalid release"]
