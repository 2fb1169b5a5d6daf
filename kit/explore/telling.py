"""A schedule in words: who ran from which line to which, what changed, and where everybody is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

from kit.errors import plural
from kit.lang.objects import VALUES
from kit.sim.events.processes import Faulted
from kit.sim.events.scheduling import Stuck, Waiting
from kit.sim.waits import Reason
from kit.trace import Trace
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import awaited

MOST_TURNS = 24
"""Turns that are told; of more, the first and the last ones."""
MOST_CHANGES = 4
"""Globals whose changes are told of a turn."""


def thread_name(pid: int, tid: int, *, several: bool) -> str:
    """Return how a thread is called.

    Parameters
    ----------
    pid, tid : int
    several : bool
        Whether there are several processes, so that its own is named as well.
    """
    return f"T{tid} of pid {pid}" if several else f"T{tid}"


def name_of(trace: Trace, pid: int, tid: int) -> str:
    """Return how a thread of a run is called.

    Parameters
    ----------
    trace : Trace
    pid, tid : int
    """
    return thread_name(pid, tid, several=len(trace.history.processes) > 1)


def schedule_of(trace: Trace) -> tuple[str, ...]:
    """Return a run as sentences, one for each turn of a thread, and one for its end.

    Parameters
    ----------
    trace : Trace
        A witness.
    """
    begun = [(event.tick, event.key) for event in trace.happened("dispatch")]
    turns = [*begun, (trace.end, (0, 0))]
    told = [_turn(trace, *who, start, end) for (start, who), (end, _) in pairwise(turns)]
    told = [sentence for sentence in told if sentence]
    if len(told) > MOST_TURNS:
        half = MOST_TURNS // 2
        told[half:-half] = [f"… {plural(len(told) - MOST_TURNS, 'more turn')} …"]
    return (*told, *filter(None, [" ".join([*faults_of(trace), *waits_of(trace)])]))


def _turn(trace: Trace, pid: int, tid: int, start: int, end: int) -> str:
    """Return what a thread did in a turn; "" for one in which no line of the program ran."""
    # Where it is at a tick is what it does next.
    lines = [line for tick in range(start, end) if (line := _line(trace, pid, tid, tick))]
    if not lines:
        return ""
    where = _where(lines)
    changes = list(_changes(trace, pid, start, end))
    more = len(changes) - MOST_CHANGES
    told = changes[:MOST_CHANGES] + ([f"and {more} more"] if more > 0 else [])
    return f"{name_of(trace, pid, tid)} runs {where}{': ' if told else ''}{', '.join(told)}."


def _where(lines: list[int]) -> str:
    first, last = lines[0], lines[-1]
    if len({*lines}) == 1:
        return f"line {first}"
    if first == last:
        return f"from line {first} round to line {first}"
    return f"from line {first} {'' if first < last else 'back '}to line {last}"


def _line(trace: Trace, pid: int, tid: int, tick: int) -> int:
    thread = trace.at(tick).processes[pid].threads.get(tid)
    return thread.line if thread is not None else 0


def _changes(trace: Trace, pid: int, start: int, end: int) -> Iterator[str]:
    before, after = (trace.at(tick).processes[pid].globals for tick in (start, end))
    variables = trace.at(end).processes[pid].program.image.variables
    for name, value in after.items():
        if name in before and before[name] != value and variables[name].kind in VALUES:
            yield from _changed(name, before[name], value)


def _changed(name: str, before: Any, after: Any) -> Iterator[str]:
    if not isinstance(after, tuple):
        yield f"{name} {before} → {after}"
        return
    for place, (one, other) in enumerate(zip(before, after, strict=True)):
        if one != other:
            yield from _changed(f"{name}[{place}]", one, other)


def faults_of(trace: Trace) -> Iterator[str]:
    """Yield for each fault which thread had it at which line, and what it did there."""
    for event in trace.events:
        if isinstance(event, Faulted):
            line = _line(trace, event.pid, event.tid, max(0, event.tick - 1))
            did = event.message.partition(") ")[2]
            yield f"{name_of(trace, event.pid, event.tid)} at line {line} {did}."


def stuck_in(trace: Trace) -> tuple[Waiting, ...]:
    """Return the threads that wait for ever at the end of a run."""
    found = [event.waiting for event in trace.events if isinstance(event, Stuck)]
    return found[-1] if found else ()


def briefly_waiting(trace: Trace) -> Iterator[str]:
    """Yield for each thread that waits for ever what it waits for: "T2 for lock a"."""
    names = Names(trace.history, trace.end)
    for pid, tid, reason, detail in stuck_in(trace):
        what = awaited(names, pid, cast("Reason", reason), detail)
        yield f"{name_of(trace, pid, tid)} for {what}"


def waits_of(trace: Trace) -> Iterator[str]:
    """Yield for each thread that waits for ever at which line, for what, and who has that."""
    moment, names = trace.at(trace.end), Names(trace.history, trace.end)
    holders = {(lock.pid, lock.address): lock.holder for lock in moment.locks}
    holders |= {(lock.pid, lock.address): lock.holder for lock in moment.conditions}
    for pid, tid, reason, detail in stuck_in(trace):
        line = _line(trace, pid, tid, trace.end)
        text = f"{name_of(trace, pid, tid)} waits at line {line} for "
        text += awaited(names, pid, cast("Reason", reason), detail)
        holder = holders.get((pid, detail)) if reason == "lock" else None
        if holder is not None:
            text += (
                ", which it holds itself"
                if holder == (pid, tid)
                else f", held by {name_of(trace, *holder)}"
            )
        yield f"{text}."
