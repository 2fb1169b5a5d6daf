"""The whole machine at one tick, looked up when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kit.lang.image import Routine
from kit.lang.instructions import FP, REGISTER_NAMES, SP, WORD
from kit.sim.lifecycle import busiest
from kit.sim.recording import Key
from kit.sim.segments import SegmentName
from kit.trace.histories import Holding, ProcessHistory, ThreadHistory
from kit.trace.resources import (
    MailboxState,
    OpenFileState,
    PipeState,
    Resources,
    SynchronisationState,
)

if TYPE_CHECKING:
    from kit.trace.trace import Trace


@dataclass(frozen=True)
class CallFrame:
    """One function call on a thread's stack.

    Attributes
    ----------
    function : str
    variables : dict of str to int
        Parameters and locals that have been written.
    """

    function: str
    variables: dict[str, int]


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
        frames = []
        index, fp, sp = self.index, self._registers[FP], self._registers[SP]
        image, base = self._image, self._process.history.code_base
        seen = 0
        while (routine := image.routine_at(index)) is not None and seen < MOST_FRAMES:
            entered = index != routine.start and image.code[index].op != "RET"
            frames.append(CallFrame(routine.name, self._variables(routine, fp, sp, entered)))
            back = self._word(fp + WORD if entered else sp)
            caller = self._word(fp) if entered else fp
            if back is None or caller is None:
                break
            index, sp = (back - base) // WORD, 0
            fp = caller
            seen += 1
        return tuple(frames)

    def _variables(self, routine: Routine, fp: int, sp: int, entered: bool) -> dict[str, int]:
        """Read a function's variables; before ENTER and after LEAVE only its arguments."""
        base = fp if entered else sp - WORD
        found = {}
        for name, offset in routine.slots.items():
            if "@" in name or (offset < 0 and not entered):
                continue
            value = self._word(base + offset)
            if value is not None:
                found[name] = value
        return found

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
        """What it passed to exit, minus a signal's number after a fault; None while it lives."""
        exited = self.history.exit
        return exited[1] if exited is not None and exited[0] <= self.tick else None

    @cached_property
    def globals(self) -> dict[str, int | tuple[int, ...]]:
        """The program's globals; an array is a tuple. After the end, their last values.

        Where a page of them was never touched and is still only on disk, what stands there.
        """
        image, base = self.program.image, self.history.data_base_of(self.program)
        on_disk = image.data if self.state != "new" else (0,) * len(image.data)
        found: dict[str, int | tuple[int, ...]] = {}
        for name, variable in image.variables.items():
            words = tuple(
                on_disk[offset // WORD] if value is None else value
                for place in range(variable.length)
                for offset in [variable.offset + place * WORD]
                for value in [self.word(base + offset)]
            )
            found[name] = words if variable.length > 1 or variable.is_array else words[0]
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
    def page_table(self) -> dict[int, int]:
        """Virtual page -> frame, for the pages that are in RAM."""
        return {page: held.frame for page, held in self._holdings.items() if held.frame >= 0}

    @property
    def swapped(self) -> tuple[int, ...]:
        """The virtual pages that are in the swap area."""
        return tuple(page for page, held in self._holdings.items() if held.mode == "s")

    @property
    def copied_when_written(self) -> tuple[int, ...]:
        """The virtual pages whose next write makes a copy (copy on write)."""
        return tuple(page for page, held in self._holdings.items() if held.mode == "c")

    @cached_property
    def _holdings(self) -> dict[int, Holding]:
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
        """Virtual page -> slot of the swap area, for the pages that are in it."""
        return {page: held.slot for page, held in self._holdings.items() if held.slot >= 0}

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

    @property
    def cores(self) -> tuple[Key | None, ...]:
        """(pid, tid) of the thread running on each core, or None."""
        return tuple(core.at(self.tick) for core in self._trace.history.cores)

    @property
    def ready(self) -> tuple[Key, ...]:
        """(pid, tid) of the threads in the ready queue, in the order in which they came."""
        waiting = [
            (thread.queued.at(self.tick), (pid, tid))
            for pid, process in self._trace.history.processes.items()
            for tid, thread in process.threads.items()
            if thread.state.at(self.tick) == "ready"
        ]
        return tuple(key for _, key in sorted(waiting))

    @property
    def blocked(self) -> dict[Key, tuple[str, int] | tuple[()]]:
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
        """Used frame -> (pid, virtual page) of every page behind which it stands.

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
    def pipes(self) -> dict[int, PipeState]:
        """The pipes that were made, by number; also those that have no end any more."""
        return self._resources.pipes

    @property
    def mailboxes(self) -> dict[int, MailboxState]:
        """Pid -> messages and calls for a process that lives, and who waits for that."""
        return self._resources.mailboxes

    @property
    def served(self) -> dict[Key, tuple[Key, ...]]:
        """(pid, tid) that serves calls -> the callers that wait for its reply, in order."""
        return self._resources.served

    @property
    def devices(self) -> dict[int, Key]:
        """Device that works -> (pid, tid) of whose request, which may have ended."""
        return self._resources.devices

    @property
    def device_queue(self) -> tuple[Key, ...]:
        """(pid, tid) of the threads whose requests wait for a free device, longest first."""
        return self._resources.device_queue

    def __repr__(self) -> str:
        return f"<tick {self.tick}: {len(self.processes)} processes>"
