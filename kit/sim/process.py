"""Processes and threads: what the operating system keeps about each."""

from __future__ import annotations

from typing import Any

from kit.lang.program import Program
from kit.sim.heap import Heap
from kit.sim.layout import Execute, Layout
from kit.sim.lifecycle import THREAD, busiest, follow
from kit.sim.memory import AddressSpace
from kit.sim.recording import REGISTERS, ThreadLog

Key = tuple[int, int]
"""(pid, tid)."""


class Thread:
    """A thread control block.

    Attributes
    ----------
    state : str
        A state of `lifecycle.THREAD`.
    pc : int
        Index of the next instruction.
    registers : list of int
        r0 to r7, fp, sp.
    busy : int
        Ticks of computing left in a `work` call.
    waits_for : tuple
        Why it is blocked: ("sleep", tick) or ("join", tid); empty if it is not.
    result : int
        What its function returned, once it has ended.
    """

    __slots__ = ("busy", "log", "pc", "process", "registers", "result", "state", "tid", "waits_for")

    def __init__(self, process: Process, tid: int, pc: int) -> None:
        self.process, self.tid, self.pc = process, tid, pc
        self.registers = [0] * REGISTERS
        self.state = "new"
        self.busy = self.result = 0
        self.waits_for: tuple[Any, ...] = ()
        self.log = ThreadLog(pc)

    @property
    def key(self) -> Key:
        """(pid, tid)."""
        return self.process.pid, self.tid

    def move(self, trigger: str) -> None:
        """Change state along the table."""
        self.state = follow(THREAD, self.state, trigger)

    def capture(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return (
            self.tid,
            self.pc,
            tuple(self.registers),
            self.state,
            self.busy,
            self.result,
            self.waits_for,
            self.log.state(),
        )

    @classmethod
    def restored(cls, process: Process, captured: tuple[Any, ...]) -> Thread:
        """Return a thread as it was when captured."""
        tid, pc, registers, state, busy, result, waits_for, log = captured
        thread = cls(process, tid, pc)
        thread.registers[:] = registers
        thread.state, thread.busy, thread.result = state, busy, result
        thread.waits_for = waits_for
        thread.log.restore(log)
        return thread


class Process:
    """A process control block.

    Attributes
    ----------
    memory : AddressSpace
    threads : dict of int to Thread
        By tid, ended ones included until the process ends.
    ended : str
        "" while it lives, then "zombie" or "terminated".
    exit_code : int or None
        What it passed to exit; minus the signal's number after a fault.
    """

    __slots__ = (
        "code",
        "ended",
        "exit_code",
        "heap",
        "layout",
        "loaded",
        "memory",
        "parent",
        "pid",
        "program",
        "threads",
    )

    def __init__(
        self,
        pid: int,
        parent: int,
        program: Program,
        memory: AddressSpace,
        layout: Layout,
        code: list[Execute],
    ) -> None:
        self.pid, self.parent, self.program = pid, parent, program
        self.memory, self.layout, self.code = memory, layout, code
        self.heap = Heap()
        self.threads: dict[int, Thread] = {}
        self.loaded = 0
        self.ended = ""
        self.exit_code: int | None = None

    @property
    def state(self) -> str:
        """State as the operating system lists it."""
        return self.ended or busiest([thread.state for thread in self.threads.values()])

    @property
    def alive(self) -> list[Thread]:
        """Threads that have not ended, in order of tid."""
        return [thread for thread in self.threads.values() if thread.state != "terminated"]

    def capture(self) -> tuple[Any, ...]:
        """Return what `restored` needs."""
        return (
            (self.pid, self.parent, self.program, self.layout, self.code),
            (self.memory.page_size, self.memory.size, self.memory.stack_size),
            self.memory.state(),
            self.heap.state(),
            tuple(thread.capture() for thread in self.threads.values()),
            (self.loaded, self.ended, self.exit_code),
        )

    @classmethod
    def restored(cls, captured: tuple[Any, ...], words: dict[int, list[int]]) -> Process:
        """Return a process as it was when captured; `words` are those of the frames."""
        (pid, parent, program, layout, code), sizes, memory, heap, threads, rest = captured
        process = cls(pid, parent, program, AddressSpace(*sizes), layout, code)
        process.memory.restore(memory, words)
        process.heap.restore(heap)
        process.loaded, process.ended, process.exit_code = rest
        for thread in threads:
            process.threads[thread[0]] = Thread.restored(process, thread)
        return process
