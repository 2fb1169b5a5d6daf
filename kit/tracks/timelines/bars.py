"""What the lanes of a timeline are filled with: who was in which state from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kit.cancellation import checked
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.switches import turnovers
from kit.tracks.timelines.lanes import Lanes

MOST_BARS = 60_000
"""With more of them, time is divided into steps."""
SWITCH, SYSTEM = "switch", "system"
"""The kinds of time in which a core works for the operating system: from a context switch
on, and for anything else."""


@dataclass(frozen=True)
class Bar:
    """One stay; ticks.

    Attributes
    ----------
    kind : str
        A state of a thread, "switch" or "system".
    key : ThreadId or None
        Whose it is; None for the system's.
    """

    lane: int
    start: int
    end: int
    kind: str
    key: ThreadId | None


def find_bars(trace: Trace, lanes: Lanes) -> tuple[list[Bar], int]:
    """Return the bars in order of lane and time, and the step of time they are drawn in.

    The step is 1 unless there are too many of them.
    """
    stays = _core_bars(trace, lanes) if lanes.kind == "core" else _thread_bars(trace, lanes)
    found = list(stays)
    if len(found) <= MOST_BARS:
        return found, 1
    looks = len({(bar.lane, bar.kind, bar.key) for bar in found})
    step = max(2, -(-trace.end * looks // MOST_BARS))
    return _merged(found, step), step


def _thread_bars(trace: Trace, lanes: Lanes) -> Iterator[Bar]:
    for (pid, tid), lane in lanes.keys.items():
        steps = trace.history.processes[pid].threads[tid].state
        ends = [*steps.ticks[1:], trace.end]
        for (start, state), end in checked(zip(steps, ends, strict=False)):
            if state not in ("", "terminated") and end > start:
                yield Bar(lane, start, end, state, (pid, tid))


def _core_bars(trace: Trace, lanes: Lanes) -> Iterator[Bar]:
    """Yield who ran on each core, and in between what the system itself took."""
    switches = switch_ticks(trace)
    for core in range(len(lanes.lanes)):
        times = iter(system_times(trace, core))
        begin, stop = next(times, (trace.end, trace.end))
        for start, end, key in checked(core_stays(trace, core)):
            now = start
            while begin < end:
                first, last = max(begin, now), min(stop, end)
                if first > now:
                    yield Bar(core, now, first, "running", key)
                if last > first:
                    kind = SWITCH if first in switches[core] else SYSTEM
                    yield Bar(core, first, last, kind, None)
                now = max(now, last)
                if stop > end:
                    break
                begin, stop = next(times, (trace.end, trace.end))
            if end > now:
                yield Bar(core, now, end, "running", key)


def core_stays(trace: Trace, core: int) -> Iterator[tuple[int, int, ThreadId]]:
    """Yield (start, end, thread) of each stay of a thread on a core."""
    steps = trace.history.cores[core]
    ends = [*steps.ticks[1:], trace.end]
    for (start, key), end in zip(steps, ends, strict=False):
        if key is not None and end > start:
            yield start, end, key


def system_times(trace: Trace, core: int) -> list[tuple[int, int]]:
    """Return from when to when a core worked for the system itself, within the run."""
    times = trace.history.overheads.get(core)
    if times is None:
        return []
    pairs = zip(times[0::2], times[1::2], strict=True)
    return [(start, min(end, trace.end)) for start, end in pairs if start < trace.end]


def switch_ticks(trace: Trace) -> dict[int, set[int]]:
    """Return for each core the ticks at which it goes over to another thread."""
    found: dict[int, set[int]] = defaultdict(set)
    for turnover in turnovers(trace.record):
        found[turnover.core].add(turnover.tick)
    return found


def _merged(found: list[Bar], step: int) -> list[Bar]:
    """Divide time into steps and put together, in each, what a lane was filled with."""
    shares: dict[tuple[int, int], dict[tuple[str, ThreadId | None], int]] = {}
    for bar in found:
        for bucket in range(bar.start // step, (bar.end - 1) // step + 1):
            share = min(bar.end, (bucket + 1) * step) - max(bar.start, bucket * step)
            inside = shares.setdefault((bar.lane, bucket), {})
            inside[bar.kind, bar.key] = inside.get((bar.kind, bar.key), 0) + share
    merged: list[Bar] = []
    for (lane, bucket), inside in sorted(shares.items()):
        begin = bucket * step
        for (kind, key), share in inside.items():
            last = merged[-1] if merged else None
            if last and (last.lane, last.end, last.kind, last.key) == (lane, begin, kind, key):
                merged[-1] = Bar(lane, last.start, begin + share, kind, key)
            else:
                merged.append(Bar(lane, begin, begin + share, kind, key))
            begin += share
    return merged
