"""What the operating system knows of processes and threads, as step functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

from kit.cancellation import checked
from kit.sim.lifecycle import busiest
from kit.sim.recording import ThreadId
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import awaited
from kit.trace.process_history import ProcessHistory, ThreadHistory
from kit.trace.steps import Steps
from kit.tracks.palette import QUIET, thread_colors

KINDS = ("code", "data", "heap", "stack", "shared", "unused")
"""What frames of a process are for; "unused" is in no segment, where memory is contiguous."""


def waiting(trace: Trace, key: ThreadId, tick: int) -> str:
    """Return what a blocked thread waits for, in a few words: "lock m"; "" if it does not."""
    pid, tid = key
    waits = trace.history.processes[pid].threads[tid].waits_for.at(tick)
    if not waits:
        return ""
    return awaited(Names(trace.history, tick), pid, *waits)


def all_colors(trace: Trace) -> dict[ThreadId, str]:
    """Return a colour for each thread, by process and tid; also for those not loaded in time."""
    known = thread_colors(trace)
    return {
        (pid, tid): known.get((pid, tid), QUIET)
        for pid, process in trace.history.processes.items()
        for tid in process.threads
    }


def process_states(process: ProcessHistory) -> Steps[str]:
    """Return the state of a process over time; "" before it exists."""
    threads = process.threads.items()
    moves = sorted((tick, tid, state) for tid, thread in threads for tick, state in thread.state)
    now: dict[int, str] = {}
    counts: Counter[str] = Counter()
    steps: Steps[str] = Steps("")
    for tick, tid, state in checked(moves):
        if tid in now:
            counts[now[tid]] -= 1
        now[tid] = state
        counts[state] += 1
        steps.add(tick, busiest([known for known, count in counts.items() if count]))
    if process.exit is not None:
        steps.add(process.exit[0], "zombie")
    if process.reaped is not None:
        steps.add(process.reaped, "terminated")
    return steps


def thread_ticks(thread: ThreadHistory) -> list[int]:
    """Return when anything changes that a control block says of a thread."""
    return sorted({*thread.state.ticks, *thread.core.ticks, *thread.waits_for.ticks})


def frame_counts(process: ProcessHistory) -> Steps[tuple[int, ...]]:
    """Return how many frames a process's pages are mapped to over time, for each of `KINDS`."""
    changed: dict[int, list[int]] = defaultdict(list)
    for page, held in process.pages.items():
        for tick in held.ticks:
            changed[tick].append(page)
    if len(process.stretch):
        # Without paging a page is there before its segment, and stays when that goes.
        for tick in merged_ticks(process.segments.values()):
            changed[tick] = list(process.pages)
    kinds: dict[int, str] = {}
    steps: Steps[tuple[int, ...]] = Steps((0,) * len(KINDS))
    counts = dict.fromkeys(KINDS, 0)
    for tick in sorted(changed):
        for page in changed[tick]:
            holding = process.pages[page].at(tick)
            if page in kinds:
                counts[kinds.pop(page)] -= 1
            if holding is not None and holding.frame >= 0:
                kinds[page] = SegmentName.of(process.segment_of(page, tick)).kind or "unused"
                counts[kinds[page]] += 1
        steps.add(tick, tuple(counts.values()))
    return steps


def open_files(trace: Trace) -> dict[int, Steps[tuple[str, ...]]]:
    """Return for each process what it has open over time: "3 log (r)", "4 pipe 1 (read end)"."""
    found: dict[int, Steps[tuple[str, ...]]] = {}
    for pid in trace.history.processes:
        found[pid] = Steps(())
        for tick, table in trace.history.files.tables[pid]:
            found[pid].add(tick, tuple(f"{descriptor} {opened}" for descriptor, opened in table))
    return found


def merged_ticks(steps: Iterable[Steps[Any]]) -> list[int]:
    """Return, in order, when any of some step functions changes."""
    return sorted(set(chain.from_iterable(each.ticks for each in steps)))
