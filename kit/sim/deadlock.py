"""Deadlock: threads that wait for each other in a circle.

A blocked thread waits for another one where only that one can let it go on: the holder
of a lock, a thread to be joined, a child to be waited for when it is the only one, a
server that has to reply. Following these edges from a thread that has just blocked leads
back to it if, and only if, it has closed a circle.

When nothing can happen any more, whoever has taken from a semaphore that is empty, or has
the other end of a pipe open, is one that others wait for too: earlier somebody else might
still have come.

Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on common
concurrency problems.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kit.sim.events.scheduling import Waiting
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.waits import WAITS, Wait

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def find_cycle(computer: Computer, thread: Thread) -> tuple[Waiting, ...]:
    """Return the circle that a blocked thread stands in, beginning with it; empty if none."""
    found: list[Waiting] = []
    seen: set[ThreadId] = set()
    current: Thread | None = thread
    while current is not None and current.key not in seen:
        seen.add(current.key)
        if current.state != "blocked":
            return ()
        found.append(wait_of(current))
        current = _awaited(computer, current)
    return tuple(found) if current is thread else ()


def _awaited(computer: Computer, thread: Thread) -> Thread | None:
    """Return the one thread that can let another go on, or None if there is no such one."""
    reason, detail = thread.waits_for
    needs = WAITS[reason].needs
    if needs == "thread":
        return thread.process.threads.get(detail)
    if needs == "holder":
        place = computer.location(thread.process, detail)
        holder = computer.kernel["locks"].holders.get(place)
        return computer.thread(holder) if holder else None
    if needs == "holders":
        holders = _holders(computer, thread)
        return holders[0] if len(holders) == 1 else None
    if needs == "process":
        return _only_thread(computer, thread, WAITS[reason], detail)
    return None


def _holders(computer: Computer, thread: Thread) -> list[Thread]:
    """Return who keeps a thread from reading or writing: writer, readers, or a writer before it."""
    reason, detail = thread.waits_for
    place = computer.location(thread.process, detail)
    locks = computer.kernel["locks"]
    if place in locks.holders:
        return [computer.thread(locks.holders[place])]
    if reason == "write_lock":
        return [t for key in sorted(locks.takers.get(place, {})) for t in _alive(computer, key)]
    queue = locks.waiting.get(place, [])
    before = queue[: queue.index(thread.key)] if thread.key in queue else queue
    ahead = [computer.thread(key) for key in before]
    return [one for one in ahead if one.waits_for[0] == "write_lock"][-1:]


def last_cycles(computer: Computer, told: set[ThreadId]) -> Iterator[tuple[Waiting, ...]]:
    """Yield the circles that threads stand in when nothing can happen any more.

    Parameters
    ----------
    computer : Computer
    told : set of (pid, tid)
        Threads of which a circle is known already; grows by those of each new one.
    """
    blocked = {
        thread.key: thread
        for process in computer.alive.values()
        for thread in process.alive
        if thread.state == "blocked"
    }
    awaited = {
        key: [other.key for other in _all_awaited(computer, thread)]
        for key, thread in blocked.items()
    }
    for cycle in circles(awaited, told):
        yield tuple(wait_of(blocked[key]) for key in cycle)


def circles(
    awaited: dict[ThreadId, list[ThreadId]], told: set[ThreadId]
) -> Iterator[tuple[ThreadId, ...]]:
    """Yield the circles in which threads wait for each other.

    Parameters
    ----------
    awaited : dict of (pid, tid) to list of (pid, tid)
        Each blocked thread -> the threads any of which could let it go on.
    told : set of (pid, tid)
        As for `last_cycles`.
    """
    edges = _without_dead_ends(awaited)
    for start in edges:
        cycle = () if start in told else _way_back(edges, start)
        if cycle:
            told.update(cycle)
            yield cycle


def _without_dead_ends(awaited: dict[ThreadId, list[ThreadId]]) -> dict[ThreadId, list[ThreadId]]:
    """Return whom each blocked thread waits for, without those from whom no way leads on."""
    edges = {
        key: [other for other in others if other in awaited] for key, others in awaited.items()
    }
    dead_ends = [key for key, others in edges.items() if not others]
    comers: dict[ThreadId, list[ThreadId]] = {}
    for key, others in edges.items():
        for other in others:
            comers.setdefault(other, []).append(key)
    while dead_ends:
        gone = dead_ends.pop()
        del edges[gone]
        for key in comers.get(gone, ()):
            if key in edges:
                edges[key].remove(gone)
                if not edges[key]:
                    dead_ends.append(key)
    return edges


def _way_back(edges: dict[ThreadId, list[ThreadId]], start: ThreadId) -> tuple[ThreadId, ...]:
    """Return the shortest way from a thread back to itself, itself first; empty if none."""
    came_from: dict[ThreadId, ThreadId] = {}
    reached = deque([start])
    while reached:
        current = reached.popleft()
        for awaited in edges[current]:
            if awaited == start:
                way = [current]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if awaited not in came_from:
                came_from[awaited] = current
                reached.append(awaited)
    return ()


def wait_of(thread: Thread) -> Waiting:
    """Return what a thread waits for; its state, where that is nothing."""
    reason, detail = thread.waits_for or (thread.state, 0)
    return (*thread.key, reason, detail if isinstance(detail, int) else 0)


def _all_awaited(computer: Computer, thread: Thread) -> list[Thread]:
    """Return the threads any of which could let another go on."""
    reason, detail = thread.waits_for
    needs = WAITS[reason].needs
    if needs == "takers":
        place = computer.location(thread.process, detail)
        keys = computer.kernel["locks"].takers.get(place, {})
        return [taker for key in sorted(keys) for taker in _alive(computer, key)]
    if needs == "holders":
        return _holders(computer, thread)
    if needs == "other end":
        pids = computer.kernel["descriptors"].others_at(thread.process.pid, detail)
        found = [other for pid in pids for other in computer.processes[pid].alive]
        return [other for other in found if other is not thread] or found
    awaited = _awaited(computer, thread)
    return [awaited] if awaited is not None else []


def _alive(computer: Computer, key: ThreadId) -> list[Thread]:
    found = computer.processes[key[0]].threads.get(key[1])
    return [found] if found is not None and found.state != "terminated" else []


def _only_thread(computer: Computer, thread: Thread, wait: Wait, detail: int) -> Thread | None:
    """Return the only thread of the only process that is waited for, or None."""
    any_child = bool(wait.any and wait.any[0] == detail)
    # A zombie among the children would have ended the waiting.
    pids = list(thread.process.children) if any_child else [detail]
    if len(pids) != 1 or pids[0] not in computer.processes:
        return None
    alive = computer.processes[pids[0]].alive
    return alive[0] if len(alive) == 1 else None
