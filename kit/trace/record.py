"""The raw content of a trace, as the machine wrote it and as a file holds it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from kit.cancellation import checked
from kit.lang.image import Image
from kit.lang.instructions import MEMORY_WRITERS
from kit.lang.program import Program
from kit.sim.cache import Cache
from kit.sim.journal import Recipe
from kit.sim.page_table import PageTable
from kit.sim.recording import REGISTERS, Events, ThreadId, ThreadLog
from kit.sim.registers import after
from kit.sim.segmentation import Segmentation
from kit.sim.settings import Costs
from kit.sim.setup import Setup


@dataclass(frozen=True)
class Settings:
    """What the machine was, in words where it is an object; see `kit.Machine`. Sizes in bytes."""

    cores: int
    ram: int
    page_size: int
    reserved_frames: int
    scheduler: str
    quantum: int | None
    seed: int
    costs: Costs
    contiguous: bool
    demand: bool
    swap: int
    tlb: int
    asid: bool
    timer: bool = True
    cache: Cache | None = None
    page_table: PageTable | None = None
    address_space: int = 0
    segmentation: Segmentation | None = None

    @property
    def paged(self) -> bool:
        """Whether pages stand anywhere in RAM, and not in stretches."""
        return not self.contiguous and self.segmentation is None

    @property
    def code_base(self) -> int:
        """Address at which code begins."""
        return self.page_size if self.paged else 0

    @property
    def segment_size(self) -> int:
        """How large a segment may be, in bytes; 0 without segmentation."""
        segments = self.segmentation
        return self.address_space >> segments.bits if segments is not None else 0

    @classmethod
    def of(cls, setup: Setup, reserved_frames: int) -> Settings:
        """Return what a machine was that was set up like this."""
        quantum = setup.scheduler.quantum
        sized = setup.page_table is not None or setup.segmentation is not None
        own: dict[str, Any] = {
            "reserved_frames": reserved_frames,
            "scheduler": setup.scheduler.name,
            "quantum": quantum if isinstance(quantum, int) and setup.timer else None,
            "contiguous": setup.contiguous is not None,
            # Where it says how long a page table or a segment is; else nobody asks.
            "address_space": setup.address_space if sized else 0,
        }
        same = (option.name for option in fields(cls) if option.name not in own)
        return cls(**own, **{name: getattr(setup, name) for name in same})


@dataclass(frozen=True)
class ThreadRecord:
    """What one thread did; the fields of `kit.sim.recording.ThreadLog`, complete.

    The instruction that retires as number k started as the k-th entry of `targets`
    with `entry` put in front.
    """

    entry: int
    targets: array[int]
    values: array[int]
    addresses: array[int]
    bursts: array[int]
    checkpoints: tuple[tuple[int, int, tuple[int, ...]], ...]

    @classmethod
    def of(cls, log: ThreadLog) -> ThreadRecord:
        """Return a copy of a log that later running does not change."""
        return cls(
            log.entry,
            log.targets.whole(),
            log.values.whole(),
            log.addresses.whole(),
            log.bursts[:],
            tuple(log.checkpoints),
        )

    @cached_property
    def _burst_ticks(self) -> array[int]:
        return self.bursts[0::3]

    @cached_property
    def _burst_indexes(self) -> array[int]:
        return self.bursts[2::3]

    @cached_property
    def _checkpoint_ticks(self) -> array[int]:
        return array("q", (tick for tick, _, _ in self.checkpoints))

    @cached_property
    def _replayed(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """The last registers that were asked for: index of the checkpoint, retired, registers.

        Who lays out pictures asks tick by tick, and goes on from there.
        """
        return [(-1, 0, ())]

    def retired(self, tick: int) -> int:
        """Return how many instructions have retired at `tick`."""
        ticks, indexes = self._burst_ticks, self._burst_indexes
        index = bisect_right(ticks, tick) - 1
        if index < 0:
            return 0
        last = indexes[index + 1] if index + 1 < len(indexes) else len(self.targets)
        return min(indexes[index] + tick - ticks[index], last)

    def started(self, number: int) -> int:
        """Return the index of the instruction that retired as `number`, or comes next."""
        return self.targets[number - 1] if number else self.entry

    def index_at(self, tick: int) -> int:
        """Return the index of the next instruction at `tick`."""
        return self.started(self.retired(tick))

    def registers_at(self, tick: int, image: Image) -> list[int]:
        """Return r0 to r7, fp and sp at `tick`; zeros until the thread gets its stack."""
        index = bisect_right(self._checkpoint_ticks, tick) - 1
        if index < 0:
            return [0] * REGISTERS
        retired = self.retired(tick)
        of, first, saved = self._replayed[0]
        if of != index or first > retired:
            _, first, saved = self.checkpoints[index]
        registers = list(saved)
        for number in range(first, retired):
            after(image.code[self.started(number)], registers, self.values[number])
        self._replayed[0] = index, retired, tuple(registers)
        return registers

    def executed_at(self, number: int) -> tuple[int, int]:
        """Return tick and core of retired instruction `number`."""
        index = 3 * (bisect_right(self._burst_indexes, number) - 1)
        tick, core, first = self.bursts[index : index + 3]
        return tick + number - first + 1, core

    def executed(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (tick, core, number, instruction index) of each retired instruction."""
        return checked(
            (start + number - first + 1, core, number, self.started(number))
            for start, core, first, last in self.spans()
            for number in range(first, last)
        )

    def spans(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (tick, core, first, last) of each burst; `last` is the first one behind it.

        None for a thread that never ran.
        """
        bursts, last = self.bursts, len(self.targets)
        for index in range(0, len(bursts), 3):
            end = bursts[index + 5] if index + 5 < len(bursts) else last
            yield bursts[index], bursts[index + 1], bursts[index + 2], end

    def stores(self, image: Image) -> Iterator[tuple[int, int, int, int]]:
        """Yield (tick, core, address, value) of each store, in order."""
        writes = [instruction.op in MEMORY_WRITERS for instruction in image.code]
        addresses = iter(self.addresses)
        for tick, core, number, index in self.executed():
            if writes[index]:
                yield tick, core, next(addresses), self.values[number]


@dataclass(frozen=True)
class Record:
    """Everything a trace is made of.

    Attributes
    ----------
    end : int
        Last tick.
    programs : tuple of Program
        By order of first launch.
    events : Events
        See `kit.sim.events`.
    threads : dict
        (pid, tid) -> what the thread did.
    recipe : Recipe or None
        How to do it again, for `Trace.branch`; None if a file could not hold it.
    """

    settings: Settings
    end: int
    programs: tuple[Program, ...]
    events: Events
    threads: dict[ThreadId, ThreadRecord]
    recipe: Recipe | None = field(default=None, compare=False)
