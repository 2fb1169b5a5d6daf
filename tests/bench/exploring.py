"""How fast every schedule of a program is gone through, alone and by two processes."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from kit import Program
from kit.explore import Outcomes, explore

COUNTER = """
count = 0
def worker():
    global count
    for i in range(ROUNDS):
        count += 1
def main():
SPAWNS
    thread_exit()
"""


def counter(threads: int, rounds: int) -> Program:
    """Return threads that each read and write one variable so many times."""
    spawns = "\n".join("    spawn(worker)" for _ in range(threads))
    text = COUNTER.replace("ROUNDS", str(rounds)).replace("SPAWNS", spawns)
    return Program("counter", text)


def timed(action: Callable[[], Outcomes]) -> tuple[float, Outcomes]:
    """Return how long an exploration takes, and what it found."""
    start = time.perf_counter()
    found = action()
    return time.perf_counter() - start, found


def exploring() -> Iterator[tuple[str, str]]:
    """Measure two threads with ten shared accesses each, then three threads by two processes."""
    ten = counter(2, 5)
    taken, found = timed(lambda: explore(ten))
    assert found.complete
    assert found.schedules is not None
    yield "every schedule of two threads with ten shared accesses each", f"{taken:.2f} s"
    yield "  schedules, and states looked at", f"{found.schedules:,}; {found.states:,}"
    # One schedule takes each thread through its accesses and its end, and main through two
    # calls of spawn and its end.
    each = found.schedules * (2 * (10 + 1) + 3)
    yield "  steps taken relative to running every schedule", f"{found.moves / each:.1e}"
    large = counter(3, 2)
    alone, one = timed(lambda: explore(large))
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        explore(counter(2, 2), executor=executor)  # so that both processes are there
        together, other = timed(lambda: explore(large, executor=executor))
    assert one.outcomes == other.outcomes
    yield f"two processes relative to one, {one.states:,} states", f"{alone / together:.2f}"
