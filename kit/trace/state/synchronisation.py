"""Locks, semaphores, conditions and barriers: who holds what, whichever process speaks of it."""

from __future__ import annotations

from collections import defaultdict

from kit.sim.events import calls, memory, processes, scheduling
from kit.sim.recording import ThreadId
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps

Location = tuple[int | str, int]
"""What names a word whichever process speaks of it: (pid, address), or in shared memory (name
of the area, bytes from its start)."""

_KINDS = {
    "acquire": "Lock",
    "release": "Lock",
    "lock": "Lock",
    "down": "Semaphore",
    "up": "Semaphore",
    "semaphore": "Semaphore",
    "notify": "Condition",
    "condition": "Condition",
    "timed_lock": "Lock",
    "timed_semaphore": "Semaphore",
    "timed_condition": "Condition",
    "barrier": "Barrier",
    "acquire_read": "RWLock",
    "release_read": "RWLock",
    "read_lock": "RWLock",
    "acquire_write": "RWLock",
    "release_write": "RWLock",
    "write_lock": "RWLock",
}
"""Kind of event, or reason of a wait, at an address -> what stands there."""


class Synchronisation(Reducer):
    """Follows them.

    Attributes
    ----------
    kinds : dict of Location to dict of str to int
        What a word was used as -> when for the first time.
    speakers : dict of Location to (pid, address)
        Who used it last, and by which address.
    holders : dict of Location to Steps
        (pid, tid) of who holds a lock, or writes under one, or None; also when that thread
        has ended.
    takers : dict of Location to Steps
        Who has taken how much from a semaphore and not given it back, or how often who reads
        under a lock: ((pid, tid), count).
    left_held : list of LockLeftHeld
        The locks that threads held when they ended.
    """

    def __init__(self) -> None:
        self.kinds: dict[Location, dict[str, int]] = defaultdict(dict)
        self.speakers: dict[Location, tuple[int, int]] = {}
        self.holders: dict[Location, Steps[ThreadId | None]] = defaultdict(lambda: Steps(None))
        self.takers: dict[Location, Steps[tuple[tuple[ThreadId, int], ...]]] = defaultdict(
            lambda: Steps(())
        )
        self.left_held: list[calls.LockLeftHeld] = []
        self._areas: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)

    def _on_segment(self, event: memory.SegmentSet) -> None:
        if event.part.kind == "shared":
            self._areas[event.pid][event.part.area] = event.start, event.end

    def _place(self, pid: int, address: int) -> Location:
        for area, (start, end) in self._areas[pid].items():
            if start <= address < end:
                return area, address - start
        return pid, address

    def _used(self, tick: int, pid: int, address: int, how: str) -> Location:
        place = self._place(pid, address)
        self.kinds[place].setdefault(_KINDS[how], tick)
        self.speakers[place] = pid, address
        return place

    def _on_block(self, event: scheduling.Block | scheduling.Await) -> None:
        if event.reason in _KINDS:
            self._used(event.tick, event.pid, event.detail, event.reason)

    def _on_await(self, event: scheduling.Await) -> None:
        self._on_block(event)

    def _on_acquire_write(self, event: calls.AcquireWrite) -> None:
        self._on_acquire(event)

    def _on_release_write(self, event: calls.ReleaseWrite) -> None:
        self._on_release(event)

    def _on_acquire_read(self, event: calls.AcquireRead) -> None:
        self._take(event, 1)

    def _on_release_read(self, event: calls.ReleaseRead) -> None:
        self._take(event, -1)

    def _on_acquire(self, event: calls.Acquire | calls.AcquireWrite) -> None:
        place = self._used(event.tick, event.pid, event.address, event.kind)
        self.holders[place].add(event.tick, event.key)

    def _on_release(self, event: calls.Release | calls.ReleaseWrite) -> None:
        place = self._used(event.tick, event.pid, event.address, event.kind)
        self.holders[place].add(event.tick, None)

    def _on_lock_left_held(self, event: calls.LockLeftHeld) -> None:
        self.left_held.append(event)

    def _on_down(self, event: calls.Down) -> None:
        self._take(event, 1)

    def _on_up(self, event: calls.Up) -> None:
        self._take(event, -1)

    def _take(
        self, event: calls.Down | calls.Up | calls.AcquireRead | calls.ReleaseRead, change: int
    ) -> None:
        place = self._used(event.tick, event.pid, event.address, event.kind)
        counts = dict(self.takers[place].at(event.tick))
        counts[event.key] = counts.get(event.key, 0) + change
        taken = tuple((key, count) for key, count in counts.items() if count > 0)
        self.takers[place].add(event.tick, taken)

    def _on_notify(self, event: calls.Notify) -> None:
        self._used(event.tick, event.pid, event.address, event.kind)

    def _on_barrier(self, event: calls.BarrierFull) -> None:
        self._used(event.tick, event.pid, event.address, event.kind)

    def _on_fork(self, event: processes.Fork) -> None:
        """Let the thread of a child hold what the calling thread holds in private memory."""
        for (owner, address), holder in list(self.holders.items()):
            if owner == event.parent and holder.at(event.tick) == (event.parent, event.tid):
                place = self._used(event.tick, event.pid, address, "acquire")
                self.holders[place].add(event.tick, event.key)

    def _on_exit(self, event: processes.Exit | processes.Exec) -> None:
        """Forget the private memory of a process that has ended, or begins anew."""
        self._areas.pop(event.pid, None)
        for place in [place for place in self.kinds if place[0] == event.pid]:
            del self.kinds[place]
            if place in self.holders:
                self.holders[place].add(event.tick, None)
            if place in self.takers:
                self.takers[place].add(event.tick, ())

    def _on_exec(self, event: processes.Exec) -> None:
        self._on_exit(event)
