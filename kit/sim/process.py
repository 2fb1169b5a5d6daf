"""Processes and threads: what the operating system keeps about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.lang.program import Program
from kit.lang.signals import Signal
from kit.sim.free_list import FreeList
from kit.sim.layout import Execute, Layout, Note, Pages
from kit.sim.lifecycle import PROCESS, THREAD, busiest, follow
from kit.sim.memory import AddressSpace
from kit.sim.recording import REGISTERS, ThreadId, ThreadLog

Context = tuple[list[Execute], list[int], Pages, Pages, Note, Note, Note, list[int]]
"""What executing takes: code, registers, pages, and where to log."""


INIT = 1
"""The pid of init, the ancestor of all processes. What it does, adopting orphans and waiting for
them, the machine does itself, so that it has neither memory nor threads here."""

FIRST_PID = INIT + 1
"""The pid of the first program that a user starts."""


_EXIT_CODE_SHIFT = 8
_SIGNAL_MASK = 0x7F
"""Where `wait(2)` has the exit code, and the signal, of a process that has ended."""


def exit_code_in(wait_status: int) -> int:
    """Return the exit code in what `wait(2)` tells; -1 if there is none."""
    return -1 if signal_in(wait_status) else wait_status >> _EXIT_CODE_SHIFT


def signal_in(wait_status: int) -> int:
    """Return the number of the signal in what `wait(2)` tells; 0 if there is none."""
    return wait_status & _SIGNAL_MASK


@dataclass(frozen=True)
class LaunchOptions:
    """What a process was promised when it was launched; its children inherit it.

    Attributes
    ----------
    priority : int
        Higher runs first, where the scheduler looks at it.
    tickets : int
        Its share, where the scheduler deals out shares.
    expected : int or None
        Ticks of computing it is said to need, for schedulers that must know; None if
        nobody said.
    cores : tuple of int
        The cores its threads may use; empty for all.
    size : int
        Bytes of RAM, where it gets them in one stretch; 0 if nobody said.
    """

    priority: int = 0
    tickets: int = 100
    expected: int | None = None
    cores: tuple[int, ...] = ()
    size: int = 0


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
    core : int
        The core it runs on; -1 for none.
    serial : int
        Its number among all threads of the machine.
    used : int
        Ticks it has been on a core, where the scheduler wants to know.
    waits_for : tuple
        Why it is blocked, as (reason, number) of `kit.sim.waits`; empty if it is not.
    result : int
        What its function returned, once it has ended.
    status : int
        Exit code of the child it last waited for.
    """

    __slots__ = (
        "busy",
        "context",
        "core",
        "key",
        "log",
        "pc",
        "process",
        "registers",
        "result",
        "serial",
        "state",
        "status",
        "tid",
        "used",
        "waits_for",
    )

    def __init__(self, process: Process, tid: int, pc: int) -> None:
        self.process, self.tid, self.pc = process, tid, pc
        self.registers = [0] * REGISTERS
        self.state = "new"
        self.key: ThreadId = (process.pid, tid)
        self.busy = self.result = self.used = self.status = 0
        self.core = self.serial = -1
        self.context: Context | None = None
        self.waits_for: tuple[Any, ...] = ()
        self.log = ThreadLog(pc)

    def move(self, trigger: str) -> None:
        """Change state along the table."""
        self.state = follow(THREAD, self.state, trigger)

    def make_context(self) -> Context:
        """Return what executing takes, from now on kept in `context`."""
        memory, log = self.process.memory, self.log
        self.context = (
            self.process.code,
            self.registers,
            memory.readable,
            memory.writable,
            log.values.open_end.append,
            log.addresses.open_end.append,
            log.targets.open_end.append,
            log.targets.open_end,
        )
        return self.context

    def capture(self) -> tuple[Any, ...]:
        """Return what `restored` needs."""
        return (
            self.tid,
            self.pc,
            tuple(self.registers),
            self.state,
            self.busy,
            self.result,
            self.waits_for,
            (self.core, self.used, self.serial, self.status),
            self.log.state(),
        )

    @classmethod
    def restored(cls, process: Process, captured: tuple[Any, ...]) -> Thread:
        """Return a thread as it was when captured."""
        tid, pc, registers, state, busy, result, waits_for, rest, log = captured
        thread = cls(process, tid, pc)
        thread.registers[:] = registers
        thread.state, thread.busy, thread.result = state, busy, result
        thread.waits_for = waits_for
        thread.core, thread.used, thread.serial, thread.status = rest
        thread.log.restore(log)
        return thread


class Process:
    """A process control block.

    Attributes
    ----------
    memory : AddressSpace
    threads : dict of int to Thread
        By tid, in the order in which they came; those that have ended are among them.
    living : dict of int to Thread
        Those that have not ended.
    children : dict of int to Process
        Its children that nobody has waited for yet, by pid.
    ended : str
        "" while it lives, then "zombie" or "terminated".
    main : int
        The tid of the thread that begins in main.
    main_failed : bool
        Whether that one was ended by an exception or by force: the exit code is 1 then, if
        nobody calls exit.
    exit_code : int or None
        What it passed to exit; None while it lives, and where a signal ended it.
    signal : Signal or None
        The one that ended it.
    ignored : int
        The signals that it ignores: a bit for each number, from 1 on, as in `SigIgn` of Linux.
    stopped : bool
        Whether a signal has stopped it.
    pending : int
        The signals that wait until it goes on, as `ignored`.
    """

    __slots__ = (
        "children",
        "code",
        "ended",
        "exit_code",
        "heap",
        "ignored",
        "layout",
        "living",
        "loaded",
        "main",
        "main_failed",
        "memory",
        "parent",
        "pending",
        "pid",
        "program",
        "share",
        "signal",
        "stopped",
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
        heap: FreeList,
    ) -> None:
        self.pid, self.parent, self.program = pid, parent, program
        self.memory, self.layout, self.code = memory, layout, code
        self.heap = heap
        self.share = LaunchOptions()
        self.threads: dict[int, Thread] = {}
        self.living: dict[int, Thread] = {}
        self.children: dict[int, Process] = {}
        self.loaded, self.main = 0, 1
        self.ended, self.main_failed = "", False
        self.exit_code: int | None = None
        self.signal: Signal | None = None
        self.ignored = self.pending = 0
        self.stopped = False

    @property
    def _sizes(self) -> tuple[int, int, int, int, int]:
        memory = self.memory
        return memory.page_size, memory.size, memory.stack_size, memory.guard, memory.bits

    def fork_child(self, pid: int) -> Process:
        """Return a child of the same program and with the same heap; without memory or threads."""
        memory = AddressSpace(*self._sizes)
        heap = FreeList.restored(self.heap.policy, self.heap.state())
        child = Process(pid, self.pid, self.program, memory, self.layout, self.code, heap)
        child.share, child.loaded, child.main = self.share, self.loaded, self.main
        child.ignored = self.ignored
        return child

    def enter(self, thread: Thread) -> Thread:
        """Enter a new thread, whose tid is larger than those before it; return it."""
        self.threads[thread.tid] = self.living[thread.tid] = thread
        return thread

    def withdraw(self, thread: Thread) -> None:
        """Forget a thread that could not begin."""
        del self.threads[thread.tid], self.living[thread.tid]

    @property
    def next_tid(self) -> int:
        """The tid of the next thread: one that no thread or stack here has had."""
        stacks = (segment.tid for segment in self.memory.segments.values())
        return max(next(reversed(self.threads), 0), *stacks, 0) + 1

    def ignores(self, signal: Signal) -> bool:
        """Tell whether it ignores a signal."""
        return bool(self.ignored >> (signal - 1) & 1)

    def ignore(self, signal: Signal) -> None:
        """Ignore a signal from now on."""
        self.ignored |= 1 << (signal - 1)

    @property
    def wait_status(self) -> int:
        """How it ended as `wait(2)` tells a parent: see `exit_code_in` and `signal_in`."""
        if self.signal is not None:
            return self.signal.value
        return (self.exit_code or 0) << _EXIT_CODE_SHIFT

    @property
    def state(self) -> str:
        """State as the operating system lists it."""
        return self.ended or busiest([thread.state for thread in self.living.values()])

    def move(self, trigger: str) -> None:
        """Change state along the table, when it ends or has been waited for."""
        self.ended = follow(PROCESS, self.state, trigger)

    @property
    def alive(self) -> list[Thread]:
        """Threads that have not ended, in order of tid."""
        return list(self.living.values())

    def capture(self) -> tuple[Any, ...]:
        """Return what `restored` needs."""
        # A plain number is packed several times faster.
        signal = 0 if self.signal is None else self.signal.value
        return (
            (self.pid, self.parent, self.program, self.layout, self.code, self.share),
            self._sizes,
            self.memory.state(),
            (self.heap.policy, self.heap.state()),
            tuple(thread.capture() for thread in self.threads.values()),
            (
                self.loaded,
                self.ended,
                self.exit_code,
                self.main,
                self.main_failed,
                signal,
                self.ignored,
                self.pending,
                self.stopped,
            ),
        )

    @classmethod
    def restored(cls, captured: tuple[Any, ...], words: dict[int, list[int]]) -> Process:
        """Return a process as it was when captured; `words` are those of the frames."""
        identity, sizes, memory, (policy, heap), threads, rest = captured
        pid, parent, program, layout, code, share = identity
        free_list = FreeList.restored(policy, heap)
        process = cls(pid, parent, program, AddressSpace(*sizes), layout, code, free_list)
        process.share = share
        process.memory.restore(memory, words)
        process.loaded, process.ended, process.exit_code, process.main = rest[:4]
        process.main_failed = rest[4]
        process.signal = Signal(rest[5]) if rest[5] else None
        process.ignored, process.pending, process.stopped = rest[6:]
        for captured_thread in threads:
            thread = process.enter(Thread.restored(process, captured_thread))
            if thread.state == "terminated":
                del process.living[thread.tid]
        return process
