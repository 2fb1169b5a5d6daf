"""From events and thread logs to step functions: all that a run was, for every tick."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import cached_property
from typing import TypeVar

from kit.sim.recording import ThreadId
from kit.trace.kernel.crossings import Crossings, followed
from kit.trace.memory_waits import MemoryWaits, memory_waits
from kit.trace.record import Record
from kit.trace.state.caches import CacheHistory, Caches
from kit.trace.state.devices import Devices
from kit.trace.state.files import Files
from kit.trace.state.heap import Heaps
from kit.trace.state.memory import Memory
from kit.trace.state.messages import Mail
from kit.trace.state.pipes import Pipes
from kit.trace.state.processes import Processes
from kit.trace.state.reducer import Reducer, replay
from kit.trace.state.scheduling import Scheduling
from kit.trace.state.synchronisation import Synchronisation
from kit.trace.words import Words

Subject = TypeVar("Subject", bound=Reducer)


class History:
    """All step functions of a run.

    Parameters
    ----------
    record : Record

    Attributes
    ----------
    processes : dict of int to ProcessHistory
    births : dict of (pid, tid) to Birth
        The threads in order of creation.
    cores : list of Steps
        (pid, tid) of the running thread, or None.
    blocks : dict
        (pid, tid) and tick at which a thread blocked -> what it waits for: reason and detail.
    living : Steps of tuple of (pid, tid)
        The threads that have not ended.
    faults : list of Fault
    prints : list of Printed
    interventions : list of Intervention
    memory : Memory
    frames : dict of int to Steps
        Frame -> the pages mapped to it as (pid, page), in order; empty while it is
        free. Pid 0 stands for an area of shared memory.
    heaps : Heaps
    words : Words
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.page_size = record.settings.page_size
        made = Processes(record)
        self.processes, self.births, self.living = made.processes, made.births, made.living
        self.faults, self.prints, self.interventions = made.faults, made.prints, made.interventions
        scheduling = Scheduling(self.processes, record.settings.cores)
        self.cores, self.blocks = scheduling.cores, scheduling.blocks
        self.memory = Memory(self.processes, self.page_size)
        self.frames = self.memory.frames
        self.heaps = Heaps(self.processes)
        replay(record.events, made, self.memory, self.heaps, scheduling)
        self.words = Words(record, self.processes, self.memory.fills, self.memory.origins)

    @cached_property
    def caches(self) -> list[CacheHistory]:
        """What the cache of each core has been; none where the machine has no caches."""
        settings = self.record.settings
        if settings.cache is None:
            return []
        return self._followed(Caches(settings.cores, settings.cache)).cores

    @cached_property
    def memory_waits(self) -> MemoryWaits:
        """When cores wait for RAM, where caches and TLBs do not have what is needed."""
        return memory_waits(self.record)

    @property
    def overheads(self) -> dict[int, array[int]]:
        """Core -> start and end of each time in which it worked for the system itself."""
        return self.record.events.overheads

    @cached_property
    def files(self) -> Files:
        """Files of the simulated disk, and who has them open."""
        return self._followed(Files())

    @cached_property
    def synchronisation(self) -> Synchronisation:
        """Who holds locks, and has taken from semaphores."""
        return self._followed(Synchronisation())

    @cached_property
    def pipes(self) -> Pipes:
        """What is in pipes."""
        return self._followed(Pipes())

    @cached_property
    def mail(self) -> Mail:
        """Messages and calls that nobody has taken yet, and who serves whom."""
        return self._followed(Mail())

    @cached_property
    def devices(self) -> Devices:
        """For whom devices work."""
        return self._followed(Devices())

    @cached_property
    def crossings(self) -> Crossings:
        """What each core did in kernel mode, and what is on the kernel stacks."""
        return followed(self.record, self.processes)

    def _followed(self, reducer: Subject) -> Subject:
        replay(self.record.events.others, reducer)
        return reducer

    def last_on(self, core: int, tick: int) -> ThreadId | None:
        """Return the thread that a core ran before the one it runs at a tick; None if none."""
        steps = self.cores[core]
        index = bisect_right(steps.ticks, tick) - 2
        while index >= 0 and steps.values[index] is None:
            index -= 1
        return steps.values[index] if index >= 0 else None
