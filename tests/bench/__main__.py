"""Speed and memory of the machine, as ratios measured in one run: `make bench`."""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from kit import Limits, Machine, Program, RoundRobin, Trace

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
MEMORY = """
import resource
from tests.bench.__main__ import counter
counter(54_550)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes, once."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median(action: Callable[[], object]) -> float:
    """Return how long something takes, in the middle of several times."""
    return statistics.median(seconds(action) for _ in range(ROUNDS))


def counter(loops: int) -> Trace:
    """Run the counter program with two threads on one core, quantum 5, with full trace."""
    machine = Machine(scheduler=RoundRobin(quantum=5), limits=Limits(ticks=10**8))
    machine.launch(Program("counter", COUNTER.replace("LOOPS", str(loops))))
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


def copying() -> tuple[float, float]:
    """Return the time of a snapshot with its restore, and that of 1,000 instructions."""
    machine = Machine(scheduler=RoundRobin(quantum=5), limits=Limits(ticks=10**8))
    machine.launch(Program("counter", COUNTER.replace("LOOPS", "100000")))
    machine.run(until=1000)
    copy = median(lambda: [machine.restore(machine.snapshot()) for _ in range(100)]) / 100
    start = machine.snapshot()

    def run() -> None:
        machine.restore(start)
        machine._computer.run(until=machine.now + 1000)

    return copy, median(run)


def main() -> None:
    """Measure and print a table."""
    rows: list[tuple[str, str]] = []
    short, long = counter(550), counter(54_550)
    bare = BARE_ROUNDS / median(bare_loop)
    rate = long.end / median(lambda: counter(54_550))
    rows.append(("instructions a second, full trace, two threads, quantum 5", f"{rate:,.0f}"))
    rows.append(("  relative to a bare loop of a closure and two appends", f"{rate / bare:.2f}"))
    small = short.end / median(lambda: counter(550))
    rows.append((f"  cost at {long.end:,} relative to {short.end:,}", f"{small / rate:.2f}"))
    chance = random.Random(0)
    first = seconds(lambda: long.at(0).processes[1].globals)
    ticks = [chance.randrange(long.end) for _ in range(200)]
    looks = [
        seconds(lambda t=tick: [x.call_stack for x in long.at(t).processes[1].threads.values()])
        for tick in ticks
    ]
    rows.append(
        ("state at a random tick of it, median", f"{statistics.median(looks) * 1e3:.2f} ms")
    )
    rows.append(("  the first look, which makes step functions", f"{first:.2f} s"))
    copy, thousand = copying()
    rows.append(("snapshot and restore relative to 1,000 instructions", f"{copy / thousand:.2f}"))
    peak = subprocess.run(
        [sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True
    ).stdout.strip()
    rows.append(("peak memory of that run, the whole process", f"{peak} MB"))
    bare_start, kit_start = median(python("-c", "pass")), median(python("-c", "import kit"))
    rows.append(
        ("import kit, beyond a bare start of Python", f"{(kit_start - bare_start) * 1e3:.0f} ms")
    )
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        print(f"{label:<{width}}  {value:>12}")  # noqa: T201 - the table is what it is for


if __name__ == "__main__":
    main()
