"""Deadlock: threads that wait for each other in a circle.

A blocked thread waits for another one where only that one can let it go on: the holder
of a lock, a thread to be joined, a child to be waited for when it is the only one, a
server that has to reply. Following these edges from a thread that has just blocked leads
back to it if, and only if, it has closed a circle.

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
        reason, detail = current.waits_for
        found.append((*current.key, reason, detail if isinstance(detail, int) else 0))
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
