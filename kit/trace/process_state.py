"""Processes and threads at one tick, looked up when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from kit.lang.image import Words
from kit.lang.instructions import REGISTER_NAMES, SP, WORD
from kit.lang.signals import Signal
from kit.sim.lifecycle import busiest
from kit.sim.page_table import TableSize
from kit.sim.segmentation import SegmentRegister
from kit.sim.segments import SegmentName
from kit.trace.call_stack import CallFrame, walk_stack
from kit.trace.kernel.state import TrapFrame, kernel_stack
from kit.trace.process_history import (
    PageContent,
    ProcessEnd,
    ProcessHistory,
    ThreadHistory,
    pages_of,
)
from kit.trace.resources import (
    OpenFileState,
    Resources,
)

if TYPE_CHECKING:
    from kit.trace.trace import Trace


@dataclass(frozen=True)
class SegmentState:
    """A segment of an address space; addresses in bytes.

    Attributes
    ----------
    kind : str
        "code", "data", "heap", "stack" or "shared".
    tid : int
        The thread a stack belongs to, else 0.
    """

    name: str
    kind: str
    tid: int
    start: int
    end: int


class ThreadState:
    """A thread at one tick."""

    def __init__(self, process: ProcessState, tid: int, history: ThreadHistory) -> None:
        self._process, self._history = process, history
        self._tick = process.tick
        self._record = process.trace.record.threads.get((process.pid, tid))
        self._image = history.program.image
        self.tid = tid
        self.function = history.function

    @property
    def state(self) -> str:
        """A state of `kit.sim.lifecycle.THREAD`; "" before the thread exists."""
        return self._history.state.at(self._tick)

    @property
    def core(self) -> int | None:
        """The core it runs on, or None."""
        core = self._history.core.at(self._tick)
        return None if core < 0 else core

    @property
    def waits_for(self) -> tuple[str, int] | tuple[()]:
        """Why it is blocked, as (reason, number) of `kit.sim.waits`; () if it is not."""
        return self._history.waits_for.at(self._tick)

    @property
    def index(self) -> int:
        """Index of the instruction it executes next."""
        return self._record.index_at(self._tick) if self._record else 0

    @property
    def pc(self) -> int:
        """Address of the instruction it executes next, in bytes."""
        return self._process.history.code_base + self.index * WORD

    @cached_property
    def _registers(self) -> list[int]:
        if self._record is None:
            return [0] * len(REGISTER_NAMES)
        return self._record.registers_at(self._tick, self._image)

    @property
    def registers(self) -> dict[str, int]:
        """r0 to r7, fp and sp by name."""
        return dict(zip(REGISTER_NAMES, self._registers, strict=True))

    @property
    def sp(self) -> int:
        """Stack pointer: address of the last word pushed."""
        return self._registers[SP]

    @property
    def kernel_stack(self) -> tuple[TrapFrame, ...]:
        """What a trap saved of its user registers; () while it is in user mode or has ended."""
        return kernel_stack(self._process.trace.history, (self._process.pid, self.tid), self._tick)

    @property
    def line(self) -> int:
        """Source line of the next instruction; 0 if it has none."""
        return self._image.line_of(self.index)

    @property
    def instruction(self) -> str:
        """The next instruction in assembly."""
        return self._image.describe(self.index)

    @cached_property
    def call_stack(self) -> tuple[CallFrame, ...]:
        """The functions being executed, innermost first; empty once the thread has ended."""
        if self.state == "terminated":
            return ()
        base = self._process.history.code_base
        calls = walk_stack(self._image, base, self.index, self._registers, self._word)
        return tuple(call.frame(self._word) for call in islice(calls, MOST_FRAMES))

    def _word(self, address: int) -> int | None:
        return self._process.trace.history.words.at(self._process.pid, address, self._tick)

    def __repr__(self) -> str:
        return f"<thread {self.tid}: {self.state}>"


MOST_FRAMES = 1000
"""A damaged stack may point in circles; looking stops after so many calls."""


class ProcessState:
    """A process at one tick."""

    def __init__(self, trace: Trace, pid: int, history: ProcessHistory, tick: int) -> None:
        self.trace, self.tick = trace, tick
        self.history = history
        self.program = history.programs.at(tick)
        self.pid, self.name, self.parent = pid, self.program.name, history.parents.at(tick)

    @cached_property
    def threads(self) -> dict[int, ThreadState]:
        """The threads made so far, by tid; ended ones included."""
        return {
            tid: ThreadState(self, tid, thread)
            for tid, thread in self.history.threads.items()
            if thread.state.at(self.tick)
        }

    @property
    def state(self) -> str:
        """A state of `kit.sim.lifecycle.PROCESS`."""
        exited, reaped = self.history.exit, self.history.reaped
        if reaped is not None and reaped <= self.tick:
            return "terminated"
        if exited is not None and exited[0] <= self.tick:
            return "zombie"
        return busiest([thread.state for thread in self.threads.values()])

    @property
    def exit_code(self) -> int | None:
        """What it passed to exit; None while it lives, and where a signal ended it."""
        return self.ended.exit_code if self.ended is not None else None

    @property
    def signal(self) -> Signal | None:
        """The signal that ended it, with its name and number; None if none has."""
        return self.ended.signal if self.ended is not None else None

    @property
    def ignored(self) -> tuple[Signal, ...]:
        """The signals that it ignores, by number."""
        return self.history.signals.at(self.tick).ignored

    @property
    def stopped(self) -> bool:
        """Whether a signal has stopped it, so that its threads do not run until SIGCONT comes."""
        return self.history.signals.at(self.tick).stopped

    @property
    def pending(self) -> tuple[Signal, ...]:
        """The signals that wait until it goes on, by number."""
        return self.history.signals.at(self.tick).pending

    @property
    def ended(self) -> ProcessEnd | None:
        """How it has ended; None while it lives."""
        ended = self.history.exit
        return ended if ended is not None and ended.tick <= self.tick else None

    @cached_property
    def globals(self) -> dict[str, Words]:
        """The program's globals; an array is a tuple, one with rows a tuple of tuples.

        After the end, their last values.

        Where a page of them was never touched and is still only on disk, what stands there.
        """
        image, base = self.program.image, self.history.data_base_of(self.program)
        on_disk = image.data if self.state != "new" else (0,) * len(image.data)
        found: dict[str, Words] = {}
        for name, variable in image.variables.items():
            words = tuple(
                on_disk[offset // WORD] if value is None else value
                for index in range(variable.length)
                for offset in [variable.offset + index * WORD]
                for value in [self.word(base + offset)]
            )
            found[name] = variable.value(words)
        return found

    def word(self, address: int) -> int | None:
        """Return the word at a virtual address, or None if it was never written."""
        return self.trace.history.words.at(self.pid, address, self.tick)

    @property
    def segments(self) -> tuple[SegmentState, ...]:
        """The segments of its address space, lowest address first."""
        found = []
        for name in self.history.standing.at(self.tick):
            bounds = self.history.segments[name].at(self.tick)
            if bounds is not None:
                part = SegmentName.of(name)
                found.append(SegmentState(name, part.kind, part.tid, *bounds))
        return tuple(sorted(found, key=lambda segment: segment.start))

    @property
    def segment_registers(self) -> tuple[SegmentRegister, ...]:
        """Base and limit of each segment, by number; none without segmentation."""
        settings = self.trace.settings
        size, most = settings.page_size, settings.segment_size
        if not most:
            return ()
        found = []
        for segment in self.segments:
            pages = pages_of((segment.start, segment.end), size)
            frames = [self.page_table[page] for page in pages if page in self.page_table]
            if frames:
                down = segment.kind == "stack"
                base = (frames[-1] + 1) * size if down else frames[0] * size
                number, limit = segment.start // most, len(frames) * size
                found.append(SegmentRegister(number, segment.name, base, limit, down))
        return tuple(found)

    @property
    def page_table_size(self) -> TableSize | None:
        """What its page table takes; None where the machine does not say how it is built."""
        settings = self.trace.settings
        if settings.page_table is None:
            return None
        size = settings.page_size
        return settings.page_table.size(self._holdings, size, settings.address_space)

    @property
    def page_table(self) -> dict[int, int]:
        """Virtual page -> frame, for the pages that are in RAM."""
        return {page: held.frame for page, held in self._holdings.items() if held.frame >= 0}

    @property
    def swapped(self) -> tuple[int, ...]:
        """The virtual pages that are in the swap area."""
        return tuple(page for page, held in self._holdings.items() if held.mode == "s")

    @property
    def dirty(self) -> tuple[int, ...]:
        """The virtual pages in RAM that have changed since they came: their dirty bit is set.

        Kept where the machine has a swap area, to which such a page has to be written before it
        leaves RAM.
        """
        changed = self.trace.history.memory.dirty
        return tuple(
            page
            for page, frame in self.page_table.items()
            if frame in changed and changed[frame].at(self.tick)
        )

    @property
    def copied_when_written(self) -> tuple[int, ...]:
        """The virtual pages whose next write makes a copy (copy on write)."""
        return tuple(page for page, held in self._holdings.items() if held.mode == "c")

    @cached_property
    def _holdings(self) -> dict[int, PageContent]:
        found = {}
        for page, steps in sorted(self.history.pages.items()):
            holding = steps.at(self.tick)
            if holding is not None:
                found[page] = holding
        return found

    @property
    def base(self) -> int | None:
        """Where its stretch of RAM begins, in bytes, where memory is contiguous; else None."""
        stretch = self.history.stretch.at(self.tick)
        return stretch[0] if stretch else None

    @property
    def bounds(self) -> int | None:
        """How long its stretch of RAM is, in bytes, where memory is contiguous; else None."""
        stretch = self.history.stretch.at(self.tick)
        return stretch[1] if stretch else None

    @property
    def blocks(self) -> tuple[tuple[int, int], ...]:
        """Allocated blocks of the heap as (address, words)."""
        return self.history.blocks.at(self.tick)

    @property
    def free_blocks(self) -> tuple[tuple[int, int], ...]:
        """The free list of the heap as (address, size in bytes), in its order."""
        return self.history.free_blocks.at(self.tick)

    @property
    def slots(self) -> dict[int, int]:
        """Virtual page -> slot of the swap area, for the pages that are only there."""
        return {page: held.slot for page, held in self._holdings.items() if held.mode == "s"}

    @property
    def open_files(self) -> dict[int, OpenFileState]:
        """Descriptor -> the file or the end of a pipe that it names."""
        tables = Resources(self.trace.history, self.tick).tables
        return dict(sorted(tables.get(self.pid, {}).items()))

    @property
    def output(self) -> str:
        """What it has printed."""
        return self.history.output.at(self.tick)

    def __repr__(self) -> str:
        return f"<process {self.pid} {self.name!r}: {self.state}>"
