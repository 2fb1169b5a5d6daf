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

from typing import TYPE_CHECKING

from kit.sim.process import Thread
from kit.sim.recording import Key

if TYPE_CHECKING:
    from kit.sim.computer import Computer

Waiting = tuple[int, int, str, int]
"""(pid, tid, what it waits for, which one)."""


def find_cycle(computer: Computer, thread: Thread) -> tuple[Waiting, ...]:
    """Return the circle that a blocked thread stands in, beginning with it; empty if none."""
    found: list[Waiting] = []
    seen: set[Key] = set()
    current: Thread | None = thread
    while current is not None and current.key not in seen:
        seen.add(current.key)
        if current.state != "blocked":
            return ()
        found.append(_waiting(current))
        current = _awaited(computer, current)
    return tuple(found) if current is thread else ()


def _awaited(computer: Computer, thread: Thread) -> Thread | None:
    """Return the one thread that can let another go on, or None if there is no such one."""
    reason, detail = thread.waits_for
    if reason == "join":
        return thread.process.threads.get(detail)
    if reason == "lock":
        place = computer.location(thread.process, detail)
        holder = computer.kernel["locks"].holders.get(place)
        return computer.thread(holder) if holder else None
    if reason in ("wait", "reply"):
        return _only_thread(computer, thread, reason, detail)
    return None


def find_last_cycle(computer: Computer, thread: Thread) -> tuple[Waiting, ...]:
    """Return a circle that a thread stands in when nothing can happen any more; empty if none."""
    trail: list[Thread] = []
    seen: set[Key] = set()

    def leads_back(current: Thread) -> bool:
        trail.append(current)
        for awaited in _all_awaited(computer, current):
            if awaited is thread:
                return True
            if awaited.state == "blocked" and awaited.key not in seen:
                seen.add(awaited.key)
                if leads_back(awaited):
                    return True
        trail.pop()
        return False

    if thread.state != "blocked" or not leads_back(thread):
        return ()
    return tuple(_waiting(found) for found in trail)


def _waiting(thread: Thread) -> Waiting:
    reason, detail = thread.waits_for
    return (*thread.key, reason, detail if isinstance(detail, int) else 0)


def _all_awaited(computer: Computer, thread: Thread) -> list[Thread]:
    """Return the threads any of which could let another go on."""
    reason, detail = thread.waits_for
    if reason == "semaphore":
        place = computer.location(thread.process, detail)
        keys = computer.kernel["locks"].takers.get(place, {})
        return [taker for key in keys for taker in _alive(computer, key)]
    if reason in ("pipe_read", "pipe_write"):
        pids = computer.kernel["descriptors"].others_at(thread.process.pid, detail)
        found = [other for pid in pids for other in computer.processes[pid].alive]
        return [other for other in found if other is not thread] or found
    awaited = _awaited(computer, thread)
    return [awaited] if awaited is not None else []


def _alive(computer: Computer, key: Key) -> list[Thread]:
    found = computer.processes[key[0]].threads.get(key[1])
    return [found] if found is not None and found.state != "terminated" else []


def _only_thread(computer: Computer, thread: Thread, reason: str, detail: int) -> Thread | None:
    """Return the only thread of the only process that is waited for, or None."""
    if reason == "wait" and not detail:
        pids = [
            process.pid
            for process in computer.processes.values()
            if process.parent == thread.process.pid and not process.ended
        ]
    else:
        pids = [detail]
    if len(pids) != 1 or pids[0] not in computer.processes:
        return None
    alive = computer.processes[pids[0]].alive
    return alive[0] if len(alive) == 1 else None
