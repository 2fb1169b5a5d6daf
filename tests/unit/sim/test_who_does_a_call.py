"""What is a system call, what the library does, and what is an instruction."""

from __future__ import annotations

import pytest

from kit import Costs, Machine, Program, RoundRobin
from kit.errors import LanguageError
from kit.explore import explore
from kit.lang.system_calls import LIBRARY_ASKS, SYSTEM_CALLS
from kit.trace import Trace


def run(text: str, cost: int = 0, quantum: int = 50) -> Trace:
    """Run a program, with system calls that cost something or nothing."""
    machine = Machine(scheduler=RoundRobin(quantum), costs=Costs(system_call=cost))
    machine.launch(Program("a", text))
    return machine.run()


def calls(text: str, quantum: int = 50) -> int:
    """Return how many system calls a program makes besides its end."""
    return run(text, quantum=quantum).metrics().totals["system_calls"] - 1


def asked(text: str, quantum: int = 50) -> list[str]:
    """Return the system calls that the library makes."""
    return [event.call for event in run(text, quantum=quantum).happened("system_call")]


@pytest.mark.parametrize(
    "line", ["work(9)", "test_and_set(address(x))", "fetch_and_add(address(x), 2)", "x += 1"]
)
def test_an_instruction_asks_nobody(line: str):
    """It makes no system call, and costs the same whatever these cost."""
    text = f"x = 0\ndef main():\n    global x\n    {line}\n    {line}"
    assert calls(text) == 0
    assert run(text).end == run(text, cost=7).end


def test_the_heap_asks_only_when_it_has_to_grow():
    """The first allocation makes the heap longer; those that fit behind it, and free, do not."""
    text = "def main():\n    p = alloc(2)\n    q = alloc(2)\n    free(p)\n    r = alloc(1)"
    assert asked(text) == ["brk"]
    assert calls(text) == 1
    assert asked(f"{text}\n    s = alloc(5000)") == ["brk", "brk"]


LOCKED = """
lock = Lock()

def worker():
    with lock:
        work({held})

def main():
    t = spawn(worker)
    with lock:
        work({held})
    join(t)
"""


def test_a_free_lock_is_taken_without_the_system():
    """Nobody waits for it: only the join sleeps, and that is all that is asked."""
    assert asked(LOCKED.format(held=1), quantum=50) == ["futex_wait"]


def test_who_waits_for_a_lock_sleeps_and_is_woken():
    """The first one who waits asks to sleep, and who holds the lock asks to wake it."""
    trace = run(LOCKED.format(held=9), quantum=6)
    slept, woke = trace.happened("system_call")
    assert (slept.call, slept.tid, woke.call, woke.tid) == ("futex_wait", 1, "futex_wake", 2)
    assert trace.happened("block")[0].tick == slept.tick
    assert trace.happened("wake")[0].tick == woke.tick


def test_a_library_call_costs_only_when_it_asks():
    """What a lock costs is paid by who finds it held, and by who has to wake somebody."""
    free, held = LOCKED.format(held=1), LOCKED.format(held=9)
    for text, quantum, asks in ((free, 50, 1), (held, 6, 2)):
        trace = run(text, cost=5, quantum=quantum)
        entered = trace.metrics().totals["system_calls"]
        assert len(trace.happened("system_call")) >= asks
        assert trace.metrics().totals["overhead"] == 5 * (entered - 1)


METHODS = {
    "Lock()": ("x.acquire()", "x.release()"),
    "Semaphore(1)": ("x.acquire()", "x.release()"),
    "Condition()": ("x.acquire()", "x.notify()", "x.notify_all()", "x.release()"),
    "Barrier(1)": ("x.wait()",),
    "RWLock()": ("x.acquire_read()", "x.release_read()", "x.acquire_write()", "x.release_write()"),
}


@pytest.mark.parametrize("made", METHODS)
def test_whoever_meets_nobody_asks_nobody(made: str):
    """A lock or its kin that is free, or at which nobody waits, is a matter of memory."""
    body = "\n    ".join(METHODS[made])
    assert asked(f"x = {made}\ndef main():\n    {body}") == []


MET = {
    "a semaphore": ("Semaphore(0)", "pass", "x.acquire()", "x.release()"),
    "a condition": ("Condition()", "pass", "with x: x.wait()", "with x: x.notify()"),
    "all at a condition": ("Condition()", "pass", "with x: x.wait()", "with x: x.notify_all()"),
    "a barrier": ("Barrier(2)", "pass", "x.wait()", "x.wait()"),
    "a reader": ("RWLock()", "x.acquire_write()", "x.acquire_read()", "x.release_write()"),
    "a writer": ("RWLock()", "x.acquire_read()", "x.acquire_write()", "x.release_read()"),
    "a lock for some time": ("Lock()", "x.acquire()", "x.acquire(timeout=900)", "x.release()"),
    "a semaphore for some time": ("Semaphore(0)", "pass", "x.acquire(timeout=900)", "x.release()"),
    "a condition for some time": (
        "Condition()", "pass", "with x: x.wait(timeout=900)", "with x: x.notify()"),
}  # fmt: skip


@pytest.mark.parametrize("case", MET)
def test_who_waits_asks_to_sleep_and_who_lets_it_go_on_asks_to_wake(case: str):
    """Once each: the join finds a thread that has ended."""
    made, first, waits, wakes = MET[case]
    text = (
        f"x = {made}\ndef worker():\n    {waits}\ndef main():\n    {first}\n"
        f"    t = spawn(worker)\n    work(40)\n    {wakes}\n    work(40)\n    join(t)\n"
    )
    assert asked(text, quantum=30) == ["futex_wait", "futex_wake"]


def test_an_abort_is_a_signal_to_oneself():
    """The library sends it, as `abort` and `assert` do in C."""
    assert asked("def main():\n    abort()") == ["kill"]
    assert asked("def main():\n    assert 1 == 2") == ["kill"]


@pytest.mark.parametrize("name", SYSTEM_CALLS)
def test_the_listing_tells_who_does_it(name: str):
    """SYS enters the system, LIB the library, the others are instructions; all can be read back."""
    op = SYSTEM_CALLS[name].op
    begins = f"{op} {name}" if op in ("SYS", "LIB") else op
    texts = ".print " + ", ".join(['"text"'] * max(1, SYSTEM_CALLS[name].texts))
    program = Program.from_assembly("a", f".data\nx 0\n{texts}\n.code\nSYS {name} 0")
    assert program.image.describe(0).startswith(begins)
    again = Program.from_assembly("a", program.disassemble())
    assert again.image.code == program.image.code


def test_registers_of_an_atomic_instruction_may_be_written():
    """They are always the same, so that another one is refused."""
    written = Program.from_assembly("a", ".code\nCAS r0, [r0], r1, r2\nFAA")
    assert [i.op for i in written.image.code] == ["CAS", "FAA"]
    with pytest.raises(LanguageError, match="write FAA r0, \\[r0\\], r1"):
        Program.from_assembly("a", ".code\nFAA r1, [r0], r1")


def test_every_question_to_the_system_is_told():
    """What the library asks for stands in the table and in the narration."""
    trace = run(LOCKED.format(held=9), quantum=6)
    for event in trace.happened("system_call"):
        assert event.call in LIBRARY_ASKS
        assert event.call in trace.narrate(event.tick)


def test_all_schedules_are_the_same_as_before():
    """Who does a call changes no outcome: a lock protects, and both ways come to the end."""
    text = LOCKED.format(held=1).replace("lock = Lock()", "lock = Lock()\nn = 0")
    assert len(explore(Program("a", text)).outcomes) == 1
