"""The whole machine at one tick, looked up when asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kit.sim.recording import ThreadId
from kit.trace.kernel.state import CoreState
from kit.trace.process_state import ProcessState
from kit.trace.resources import (
    MailboxState,
    PipeState,
    Resources,
    SynchronisationState,
)

if TYPE_CHECKING:
    from kit.trace.trace import Trace


class Moment:
    """The machine at one tick; made by `Trace.at`."""

    def __init__(self, trace: Trace, tick: int) -> None:
        self._trace = trace
        self.tick = tick

    @cached_property
    def processes(self) -> dict[int, ProcessState]:
        """Processes launched so far, by pid; ended ones included."""
        return {
            pid: ProcessState(self._trace, pid, history, self.tick)
            for pid, history in self._trace.history.processes.items()
            if history.launched <= self.tick
        }

    @cached_property
    def cores(self) -> tuple[CoreState, ...]:
        """The cores by number: which thread each has, its mode, the handler that runs."""
        history = self._trace.history
        return tuple(CoreState(history, core, self.tick) for core in range(len(history.cores)))

    @property
    def running(self) -> tuple[ThreadId | None, ...]:
        """(pid, tid) of the thread running on each core, or None."""
        return tuple(core.at(self.tick) for core in self._trace.history.cores)

    @property
    def ready(self) -> tuple[ThreadId, ...]:
        """(pid, tid) of the threads in the ready queue, in the order in which they came."""
        waiting = [
            (thread.queued.at(self.tick), (pid, tid))
            for pid, process in self._trace.history.processes.items()
            for tid, thread in process.threads.items()
            if thread.state.at(self.tick) == "ready"
        ]
        return tuple(key for _, key in sorted(waiting))

    @property
    def blocked(self) -> dict[ThreadId, tuple[str, int] | tuple[()]]:
        """(pid, tid) of each blocked thread -> why, as (reason, number) of `kit.sim.waits`."""
        return {
            (pid, tid): thread.waits_for.at(self.tick)
            for pid, process in self._trace.history.processes.items()
            for tid, thread in process.threads.items()
            if thread.state.at(self.tick) == "blocked"
        }

    @property
    def frames(self) -> dict[int, tuple[int, int]]:
        """Used frame -> (pid, virtual page); the first of them if several share it."""
        return {frame: users[0] for frame, users in self.frame_users.items()}

    @property
    def frame_users(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Used frame -> (pid, virtual page) of every page that is mapped to it.

        Pid 0 stands for an area of shared memory itself.
        """
        found = {}
        for frame, steps in sorted(self._trace.history.frames.items()):
            users = steps.at(self.tick)
            if users:
                found[frame] = users
        return found

    @property
    def holes(self) -> tuple[tuple[int, int], ...]:
        """The stretches of RAM that belong to nobody, as (address, size), both in bytes."""
        settings = self._trace.settings
        size, used = settings.page_size, self.frame_users
        found: list[tuple[int, int]] = []
        for frame in range(settings.reserved_frames, settings.ram // size):
            if frame in used:
                continue
            if found and sum(found[-1]) == frame * size:
                found[-1] = found[-1][0], found[-1][1] + size
            else:
                found.append((frame * size, size))
        return tuple(found)

    @property
    def slots(self) -> dict[int, tuple[int, int]]:
        """Used slot of the swap area -> (pid, virtual page)."""
        slots = sorted(self._trace.history.memory.slots.items())
        found = ((slot, steps.at(self.tick)) for slot, steps in slots)
        return {slot: page for slot, page in found if page is not None}

    # What the system keeps besides

    @cached_property
    def _resources(self) -> Resources:
        return Resources(self._trace.history, self.tick)

    @property
    def files(self) -> dict[str, tuple[int, ...]]:
        """Words of each file on the disk, by name."""
        return self._resources.files

    def _synchronisation(self, kind: str) -> tuple[SynchronisationState, ...]:
        return tuple(one for one in self._resources.synchronisation if one.kind == kind)

    @property
    def locks(self) -> tuple[SynchronisationState, ...]:
        """The locks that exist, with their holders and who waits for them."""
        return self._synchronisation("Lock")

    @property
    def semaphores(self) -> tuple[SynchronisationState, ...]:
        """The semaphores that exist; `word` is the count."""
        return self._synchronisation("Semaphore")

    @property
    def conditions(self) -> tuple[SynchronisationState, ...]:
        """The conditions that exist, with the holders of their locks."""
        return self._synchronisation("Condition")

    @property
    def barriers(self) -> tuple[SynchronisationState, ...]:
        """The barriers that exist; `word` is how many threads meet there."""
        return self._synchronisation("Barrier")

    @property
    def rwlocks(self) -> tuple[SynchronisationState, ...]:
        """The locks for readers and writers: `holder` writes, `taken` is who reads."""
        return self._synchronisation("RWLock")

    @property
    def pipes(self) -> dict[int, PipeState]:
        """The pipes of which an end is open, by number."""
        return self._resources.pipes

    @property
    def mailboxes(self) -> dict[int, MailboxState]:
        """Pid -> messages and calls for a process that lives, and who waits for that."""
        return self._resources.mailboxes

    @property
    def served(self) -> dict[ThreadId, tuple[ThreadId, ...]]:
        """(pid, tid) that serves calls -> the callers that wait for its reply, in order."""
        return self._resources.served

    @property
    def devices(self) -> dict[int, ThreadId]:
        """Device that works -> (pid, tid) of whose request, which may have ended."""
        return self._resources.devices

    @property
    def device_queue(self) -> tuple[ThreadId, ...]:
        """(pid, tid) of the threads whose requests wait for a free device, longest first."""
        return self._resources.device_queue

    def __repr__(self) -> str:
        return f"<tick {self.tick}: {len(self.processes)} processes>"
