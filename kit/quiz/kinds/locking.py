"""What locks and conditions do in a run, and what they do not do: a lock stops no access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kit.explore import ExplorationResult
from kit.lang.call_instructions import call_of
from kit.quiz.looking import Use, replay
from kit.sim.recording import ThreadId
from kit.trace import Trace

CONDITIONS = frozenset({"condition", "timed_condition"})
"""Reasons of a wait that a notify ends."""
_NOTIFIES = frozenset({"notify", "notify_all"})


class Hold(NamedTuple):
    """A thread holds a lock.

    Attributes
    ----------
    key : ThreadId
    start, end : int
        The ticks at which it acquires and releases it; the end of the run if it never does.
    """

    key: ThreadId
    start: int
    end: int


def holds(trace: Trace, pid: int) -> Iterator[Hold]:
    """Yield how the locks in the private memory of a process are held, lock by lock.

    Parameters
    ----------
    trace : Trace
    pid : int
    """
    for place, holder in trace.history.synchronisation.holders.items():
        if place[0] != pid:
            continue
        steps = list(holder)
        ends = [tick for tick, _ in steps[1:]]
        for (start, key), end in zip(steps, [*ends, trace.end + 1], strict=True):
            if key is not None:
                yield Hold(key, start, end)


def value_after_release(trace: Trace, found: list[Use], reader: Use) -> tuple[int, int] | None:
    """Return the value that a lock would make a thread wait for that does not acquire it.

    Parameters
    ----------
    trace : Trace
    found : list of Use
        All uses of the variable.
    reader : Use
        It has no lock, and another thread changes the variable under one at that moment.

    Returns
    -------
    (int, int) or None
        The value, and the tick at which the other thread acquired its lock; None if it is not so.
    """
    current = [hold for hold in holds(trace, reader.pid) if hold.start <= reader.tick < hold.end]
    if any(hold.key == (reader.pid, reader.tid) for hold in current):
        return None
    for hold in current:
        under = [use for use in found if hold.start <= use.tick <= hold.end]
        mine = [use for use in under if (use.pid, use.tid) == hold.key]
        if any(use.writes for use in mine) and hold.end <= trace.end:
            before = [use.value for use in found if use.tick < hold.start] or [mine[0].value]
            return replay(before[-1], mine), hold.start
    return None


def lone_locker(explored: ExplorationResult, name: str) -> bool:
    """Tell whether a variable is raced for by a thread that has a lock and one that has none.

    Parameters
    ----------
    explored : ExplorationResult
    name : str
        The variable.
    """
    for race in explored.races:
        if race.name == name:
            run = explored.witness(race)
            having = {hold.key for hold in holds(run, race.first.pid) if hold.end > run.end}
            both = {(race.first.pid, race.first.tid), (race.second.pid, race.second.tid)}
            if len(both & having) == 1:
                return True
    return False


def lost_notify(trace: Trace, key: ThreadId, at: int) -> int | None:
    """Return when a condition was notified last while no thread waited at it.

    Parameters
    ----------
    trace : Trace
    key : ThreadId
        Of a thread that waits at the condition at a tick, and began to after that.
    at : int

    Returns
    -------
    int or None
        None if it waits for something else, or no notify came too early.
    """
    waits_for = trace.history.processes[key[0]].threads[key[1]].waits_for
    reason = waits_for.at(at)
    if not reason or reason[0] not in CONDITIONS:
        return None
    since = waits_for.since(at)
    woke = {(event.tick, event.key) for event in trace.happened("notify", pid=key[0])}
    early = [
        tick
        for tick, by, address in _notifies(trace, key[0])
        if address == reason[1] and tick < since and (tick, by) not in woke
    ]
    return max(early, default=None)


def _notifies(trace: Trace, pid: int) -> Iterator[tuple[int, ThreadId, int]]:
    """Yield tick, thread and condition of each notify of a process, whoever it wakes."""
    for key, record in trace.record.threads.items():
        if key[0] != pid:
            continue
        image = trace.history.processes[pid].threads[key[1]].program.image
        calls = [call_of(instruction) in _NOTIFIES for instruction in image.code]
        for tick, _, _, index in record.executed():
            if calls[index]:
                yield tick, key, record.registers_at(tick - 1, image)[0]
