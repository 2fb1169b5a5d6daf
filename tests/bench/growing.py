"""How much more a tick costs late in a long run than in a short one."""

import statistics
import time
from collections.abc import Iterator

from tests.growing import machine

SHORT, LONG = 1_000, 100_000
"""Ticks."""

ROUNDS = 9
NAMES = ("fork", "exec", "spawn", "alloc", "open", "send")


def growing() -> Iterator[tuple[str, str]]:
    """Measure the cost of a tick of runs that do one thing over and over."""
    for name in NAMES:
        short = statistics.median(_tick(name, SHORT) for _ in range(ROUNDS))
        ratio = _tick(name, LONG) / short
        yield f"cost of a tick of {LONG:,} relative to one of {SHORT:,}: {name}", f"{ratio:.2f}"


def _tick(name: str, ticks: int) -> float:
    """Return the seconds that a tick takes in a run of so many."""
    made = machine(name)
    start = time.perf_counter()
    made.run(until=ticks)
    return (time.perf_counter() - start) / ticks
