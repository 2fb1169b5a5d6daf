"""Speed and memory of the machine, as ratios measured in one run: `make bench`."""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from kit import LimitExceeded, Limits, Machine, MiB, Program, RoundRobin, Trace
from tests.bench.dispatching import dispatches, run_machine, run_simpy
from tests.bench.exploring import exploring
from tests.bench.growing import growing
from tests.bench.real import real_runs
from tests.bench.reference import ReferenceMachine

ROUNDS = 5
BARE_ROUNDS = 500_000
COUNTER = """
count = 0
def worker(n):
    global count
    for i in range(n):
        count += 1
def main():
    a = spawn(worker, LOOPS)
    b = spawn(worker, LOOPS)
    join(a)
    join(b)
"""
MANY = """
count = 0
def worker():
    global count
    for i in range(20): count += 1
def main():
    for i in range(1000): spawn(worker)
    thread_exit()
"""
BOMB = "def main():\n    while True: fork()\n"
LONG, SHORT = 54_550, 550
"""Loops of the counter program for 1,091,040 and for 11,040 instructions."""

PEAK = """
import resource
from tests.bench.__main__ import LONG, counter
trace = counter(LONG)
{then}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
LOOK = "trace.at(trace.end // 2).processes[2].globals, trace.metrics(), trace.digest"

IMPORTED = ("kit", "ipywidgets")

Row = tuple[str, str]


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes, once."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median(action: Callable[[], object]) -> float:
    """Return how long something takes, in the middle of several times."""
    return statistics.median(seconds(action) for _ in range(ROUNDS))


def program(loops: int) -> Program:
    """Return the counter program."""
    return Program("counter", COUNTER.replace("LOOPS", str(loops)))


def counter(loops: int) -> Trace:
    """Run the counter program with two threads on one core, quantum 5, with full trace."""
    machine = Machine(scheduler=RoundRobin(quantum=5), limits=Limits(ticks=10**8))
    machine.launch(program(loops))
    return machine.run()


def bare_loop() -> None:
    """Call a closure that does nothing and append to two lists, over and over."""

    def closure(value: int) -> int:
        return value

    first: list[int] = []
    second: list[int] = []
    for number in range(BARE_ROUNDS):
        closure(number)
        first.append(number)
        second.append(number)


def python(*arguments: str) -> Callable[[], object]:
    """Return an action that starts a Python process."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True)


def peak(then: str) -> str:
    """Return the most memory that a process took for the long run and what comes then."""
    code = PEAK.format(then=then)
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return f"{found.stdout.strip()} MB"


def memory() -> Iterator[Row]:
    """Measure peaks; first of all, because a child's begins with what its parent takes."""
    yield "peak memory of a run of 1,091,040 instructions, the whole process", peak("")
    yield "  with step functions, a look at a tick, metrics and digest", peak(LOOK)


def speed() -> Iterator[Row]:
    """Measure instructions a second."""
    rate = counter(LONG).end / median(lambda: counter(LONG))
    yield "instructions a second, full trace, two threads, quantum 5", f"{rate:,.0f}"
    bare = BARE_ROUNDS / median(bare_loop)
    yield "  relative to a bare loop of a closure and two appends", f"{rate / bare:.2f}"
    plain = ReferenceMachine(program(LONG // 20), quantum=5)
    plain_rate = 1 / (seconds(plain.run) / plain.tick)
    yield "  relative to a plain interpreter that formats lines", f"{rate / plain_rate:.1f}"
    short = counter(SHORT).end / median(lambda: counter(SHORT))
    yield "  cost of one in 1,091,040 relative to one in 11,040", f"{short / rate:.2f}"


def dispatching() -> Iterator[Row]:
    """Measure turns a second."""
    ticks = 100_000
    ours = dispatches(run_machine(ticks)) / median(lambda: run_machine(ticks))
    yield "dispatches a second, 100 threads, quantum 1", f"{ours:,.0f}"
    theirs = run_simpy(ticks) / median(lambda: run_simpy(ticks))
    yield "  relative to SimPy", f"{ours / theirs:.1f}"


def looking() -> Iterator[Row]:
    """Measure how long it takes to see the machine at some tick of the long run."""
    trace, chance = counter(LONG), random.Random(0)
    first = seconds(lambda: trace.at(0).processes[2].globals)
    ticks = [chance.randrange(trace.end) for _ in range(200)]

    def look(tick: int) -> None:
        process = trace.at(tick).processes[2]
        assert process.globals
        assert all(thread.call_stack is not None for thread in process.threads.values())

    middle = statistics.median(seconds(lambda t=tick: look(t)) for tick in ticks)
    yield "state at a random tick of 1,091,040, median", f"{middle * 1e3:.2f} ms"
    yield "  the first look, which makes step functions", f"{first:.2f} s"


def copying() -> Iterator[Row]:
    """Measure a snapshot with its restore."""
    machine = Machine(scheduler=RoundRobin(quantum=5), limits=Limits(ticks=10**8))
    machine.launch(program(100_000))
    machine.run(until=1000)
    copy = median(lambda: [machine.restore(machine.snapshot()) for _ in range(100)]) / 100
    start = machine.snapshot()

    def run() -> None:
        machine.restore(start)
        machine._computer.run(until=machine.now + 1000)

    yield "snapshot and restore relative to 1,000 instructions", f"{copy / median(run):.2f}"


def extremes() -> Iterator[Row]:
    """Measure the largest machine, and a program that never stops to fork."""

    def many() -> None:
        machine = Machine(cores=64, ram=4 * MiB, scheduler=RoundRobin(quantum=5))
        machine.launch(Program("many", MANY))
        machine.run()

    def bomb() -> None:
        machine = Machine()
        machine.launch(Program("bomb", BOMB))
        try:
            machine.run()
        except LimitExceeded as limit:
            limit.trace.metrics()

    yield "64 cores and 1,000 threads, 197,007 instructions", f"{seconds(many):.2f} s"
    yield "fork bomb on default limits, with its metrics", f"{seconds(bomb):.2f} s"


def cpu_seconds(code: str) -> float:
    """Return how much CPU time a process takes that runs some code."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True)
    after = os.times()
    return (
        after.children_user
        - before.children_user
        + (after.children_system - before.children_system)
    )


def starting() -> Iterator[Row]:
    """Measure what `import kit` costs."""
    bare, kit = median(python("-c", "pass")), median(python("-c", "import kit"))
    yield "import kit, beyond a bare start of Python", f"{(kit - bare) * 1e3:.0f} ms"
    ours, theirs = ([cpu_seconds(f"import {name}") for _ in range(ROUNDS)] for name in IMPORTED)
    ratio = statistics.median(ours) / statistics.median(theirs)
    yield "import kit relative to import ipywidgets, CPU time of a process", f"{ratio:.2f}"


def main() -> None:
    """Measure and print a table, a row as soon as it is known."""
    machine = memory, speed, dispatching, growing, looking, copying, exploring, extremes
    for part in (*machine, starting, real_runs):
        for label, value in part():
            print(f"{label:<70}  {value:>12}", flush=True)  # noqa: T201 - the table is what it is for


if __name__ == "__main__":
    main()
