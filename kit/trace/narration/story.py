"""A whole run in words: what a picture of it would show, for those who see none."""

from __future__ import annotations

from kit.errors import plural
from kit.trace.trace import Trace

MOST = 24
"""How many moments are told unless asked otherwise."""

LATER = "The rest is told when the question about it has been answered."
"""What a story ends with that is not told to the end."""

_PASSING = frozenset(
    {"dispatch", "preempt", "tlb_miss", "flush", "area", "bump"}
    | {"cache_hit", "cache_miss", "snoop", "cache_drop", "dirty"}
)
"""Kinds of event that happen all the time; a moment with nothing else is not told."""


def moments(trace: Trace) -> list[int]:
    """Return the ticks at which something happened that is worth telling."""
    return sorted({event.tick for event in trace.events if event.kind not in _PASSING})


def story(trace: Trace, most: int = MOST, until: int | None = None) -> str:
    """Return a run in plain sentences: a line for each moment, its details indented below.

    Parameters
    ----------
    trace : Trace
    most : int
        How many moments are told; of more, those in the middle are left out.
    until : int, optional
        The last tick that is told, where the rest is not to be known yet.
    """
    last = trace.end if until is None else until
    ticks = [tick for tick in moments(trace) if tick <= last]
    if len(ticks) > most:
        ends = ticks[: most // 2], ticks[-(most - most // 2) :]
        left = plural(len(ticks) - most, "more moment")
        parts = [_lines(trace, ends[0]), [f"… {left} …"], _lines(trace, ends[1])]
    else:
        parts = [_lines(trace, ticks)]
    lines = [line for part in parts for line in part]
    ending = f"The run ends at tick {trace.end}." if last >= trace.end else LATER
    return "\n".join([*lines, ending])


def _lines(trace: Trace, ticks: list[int]) -> list[str]:
    lines = []
    for tick in ticks:
        told = trace.narration(tick)
        lines.append(f"t = {tick}: {told.first}")
        if told.details:
            lines.append(f"    {' '.join(told.details)}")
    return lines
