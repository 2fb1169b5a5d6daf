"""Which ticks a picture is refreshed at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.cancellation import check_cancelled
from kit.trace import Trace

MOST_SAMPLES = 5000
"""A longer run refreshes registers and variables only every few ticks."""


def step_for(end: int, most: int = MOST_SAMPLES) -> int:
    """Return every how many ticks a run of `end` ticks is looked at, so that it is `most` times."""
    return max(1, -(-end // most))


def shown_at(tick: int, step: int, last: int) -> int:
    """Return when a change at `tick` is shown, if what is shown changes every `step` ticks."""
    check_cancelled()
    return min(-(-tick // step) * step, last)


def sample_ticks(trace: Trace, start: int = 0, end: int | None = None) -> range:
    """Return the ticks from `start` to `end` at which fast-changing values are shown.

    Every tick for runs of up to `MOST_SAMPLES` ticks.
    """
    return range(start, (trace.end if end is None else end) + 1, step_for(trace.end))


def thinned(trace: Trace, ticks: Iterable[int]) -> Sequence[int]:
    """Return `ticks` in order, or every few ticks of the run where they are too many."""
    wanted = sorted(set(ticks))
    return wanted if len(wanted) <= MOST_SAMPLES else sample_ticks(trace)
