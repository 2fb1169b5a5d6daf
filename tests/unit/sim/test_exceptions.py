"""What an uncaught exception ends, where a machine treats it as Python does."""

from __future__ import annotations

import pytest

from kit import Machine, Program, RoundRobin
from kit.lang.signals import Signal

FAILURES = {
    "divide by zero": "print(1 // zero)",
    "failed assert": "assert zero == 1",
    "index out of range": "print(a[zero + 9])",
}


def program(failure: str) -> Program:
    """Return a program whose first worker fails while the second one goes on."""
    return Program(
        "failing",
        "zero = 0\na = [0] * 3\ndone = 0\n"
        f"def bad():\n    {failure}\n"
        "def good():\n    global done\n    for i in range(20):\n        done = done + 1\n"
        "def main():\n    t = spawn(bad)\n    u = spawn(good)\n"
        "    join(t)\n    join(u)\n    print(done)\n",
    )


@pytest.mark.parametrize("kind", FAILURES)
def test_ends_only_its_thread(kind: str) -> None:
    """The sibling works on, the joiner is woken, the process ends well."""
    machine = Machine(scheduler=RoundRobin(quantum=3), exceptions="thread")
    pid = machine.launch(program(FAILURES[kind]))
    trace = machine.run()
    assert trace.output(pid) == "20\n"
    process = trace.at(trace.end).processes[pid]
    assert process.exit_code == 0
    fault = next(event for event in trace.events if event.kind == "fault")
    assert fault.details["fault"] == kind
    assert trace.at(fault.tick).processes[pid].threads[fault.tid].state == "terminated"


@pytest.mark.parametrize("kind", FAILURES)
def test_ends_the_process_where_not_asked_otherwise(kind: str) -> None:
    """By default the same failure takes the sibling down."""
    machine = Machine(scheduler=RoundRobin(quantum=3))
    pid = machine.launch(program(FAILURES[kind]))
    trace = machine.run()
    assert trace.output(pid) == ""
    assert trace.at(trace.end).processes[pid].signal is not None


def test_the_last_thread_gives_exit_code_1() -> None:
    """A main thread that fails alone ends the process with 1, as the python command does."""
    machine = Machine(exceptions="thread")
    pid = machine.launch(Program("one", "def main():\n    assert 1 == 2\n"))
    trace = machine.run()
    assert trace.at(trace.end).processes[pid].exit_code == 1


def test_a_bad_address_still_ends_the_process() -> None:
    """What the processor refuses is a signal whatever the language says."""
    machine = Machine(scheduler=RoundRobin(quantum=3), exceptions="thread")
    pid = machine.launch(program("p = 8\n    print(p[0])"))
    trace = machine.run()
    assert trace.at(trace.end).processes[pid].signal == Signal.SIGSEGV
