"""What the system reports of faults and ends, a line each."""

from kit import LimitExceeded, Limits, RoundRobin
from kit.trace.narration.reports import MACHINE, reports
from tests.running import launch, run

CIRCLE = """
a = Lock()
b = Lock()
def one(n):
    with a:
        work(20)
        with b: pass
def two(n):
    with b:
        work(20)
        with a: pass
def main():
    t = spawn(one, 1)
    u = spawn(two, 1)
    join(t)
    join(u)
"""


def lines(trace) -> list[tuple[int, str]]:
    """Pid and text of each report."""
    return [(report.pid, report.text) for report in reports(trace.history)]


def test_a_normal_end_is_its_exit_code():
    """One line for each process, at the tick of its end."""
    trace = run("def main(): exit(3)", "def main(): print(1)")
    assert sorted(lines(trace)) == [(2, "exit code 3"), (3, "exit code 0")]


def test_a_fault_is_told_with_the_signal_and_without_the_segments():
    """Where the segments are is for the narration; a console has one line."""
    (_, what), (pid, end) = lines(run("def main():\n    x = peek(0)\n"))
    assert what.endswith("read 0x0000, which belongs to no segment of its address space")
    assert (pid, end) == (2, "ended by SIGSEGV (11): segmentation fault")


def test_an_exception_that_nobody_catches_ends_one_thread():
    """Where the process goes on the line says that only the thread ends."""
    text = (
        "def worker(n):\n    assert n > 5\n"
        "def main():\n    t = spawn(worker, 1)\n    join(t)\n    print('on')\n"
    )
    found = lines(run(text, exceptions="thread"))
    assert (2, "no handler catches it: only T2 ends") in found
    assert found[-1] == (2, "exit code 0")


def test_a_deadlock_is_a_circle_of_names():
    """Who waits for whom, round to the first one; the others wait for what never comes."""
    found = lines(run(CIRCLE, scheduler=RoundRobin(5)))
    assert (2, "deadlock: T2 waits for T3, which waits for T2") in found or (
        2,
        "deadlock: T3 waits for T2, which waits for T3",
    ) in found
    assert (2, "waiting for something that will never happen: T1, T2, T3") in found


def test_a_run_that_is_stopped_is_reported_of_the_machine():
    """No process ended, so that the line belongs to none."""
    machine = launch("def main():\n    while True: pass\n", limits=Limits(ticks=200))
    try:
        machine.run()
    except LimitExceeded as limit:
        (line,) = lines(limit.trace)
    assert line[0] == MACHINE
    assert line[1].startswith("the run is stopped: ")
