"""The computer: its cores, RAM and processes, and what its parts ask of it."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from kit.lang.instructions import WORD
from kit.lang.program import Program
from kit.sim import cache, loader, page_faults, paging, round_robin_fast_path, segmentation
from kit.sim.cache import Caches
from kit.sim.calls.atomic_blocks import blocks_of
from kit.sim.calls.tables import KERNEL, LATER
from kit.sim.clock import time_out
from kit.sim.contiguous import Regions, queue_for_place
from kit.sim.core import Core, Executor, finish_page_in
from kit.sim.deadlock import find_cycle
from kit.sim.dispatcher import Dispatcher
from kit.sim.events.calls import SystemCall
from kit.sim.events.event import Event
from kit.sim.events.memory import Fill
from kit.sim.events.scheduling import Admit, Await, Block, Deadlock, Wake
from kit.sim.faults import Fault
from kit.sim.layout import Execute
from kit.sim.memory import PhysicalMemory, reserved_frames
from kit.sim.process import FIRST_PID, LaunchOptions, Process, Thread
from kit.sim.recording import NO_CORE, Events, ThreadId
from kit.sim.segmentation import Stretches
from kit.sim.setup import Setup
from kit.sim.swap import SwapArea
from kit.sim.termination import handle_fault
from kit.sim.time_loop import run
from kit.sim.tlb import Tlb
from kit.sim.waits import Reason

Details = ParamSpec("Details")


class Computer:
    """A simulated computer; `kit.Machine` is how users meet it.

    Parameters
    ----------
    setup : Setup
        Checked by the caller.

    Attributes
    ----------
    disk : dict of str to Program
        The programs that can be run, by name.
    processes : dict of int to Process
        All that ever were, by pid.
    alive : dict of int to Process
        Those that have not ended.
    stopped : set of int
        The pids of those that a signal has stopped.
    areas : dict of str to (int, tuple of int)
        Shared memory by name: words, frames.
    pinned : set of int
        Frames that must not be swapped out.
    executing : int
        The core whose instruction is being carried out by the system; `NO_CORE` for none.
    journal : list
        What was done to it from outside; see `kit.sim.journal`.
    blocks : AtomicBlocks
        Who is in an atomic block.
    rotates : bool
        Whether turns of round robin may be carried out many at once.
    kernel : dict
        What the parts of the system keep, by the names of `kit.sim.calls.tables.KERNEL`.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup, self.limits, self.page_size = setup, setup.limits, setup.page_size
        self._words = setup.page_size // WORD
        frames = setup.ram // setup.page_size
        self.physical = PhysicalMemory(frames, setup.page_size, reserved_frames(frames))
        self.swap: SwapArea | None = None
        if setup.replacement is not None:
            slots = setup.swap // setup.page_size
            self.swap = SwapArea(slots, setup.replacement.start())
        self.regions: Regions | None = None
        if setup.contiguous is not None:
            start = self.physical.reserved * setup.page_size
            self.regions = Regions(setup.contiguous, start, setup.ram - start)
        self.stretches: Stretches | None = None
        if setup.segmentation is not None:
            start = self.physical.reserved * setup.page_size
            self.stretches = Stretches(setup.segmentation.fit, start, setup.ram - start)
        self.tlb = Tlb(setup.cores, setup.tlb, setup.asid) if setup.tlb else None
        self.caches = Caches(setup.cores, setup.cache) if setup.cache is not None else None
        self.random = random.Random(setup.seed)
        self.now = self.printed = self.timer_count = 0
        self.executing = NO_CORE
        self.disk: dict[str, Program] = {}
        self.processes: dict[int, Process] = {}
        self.alive: dict[int, Process] = {}
        self.stopped: set[int] = set()
        self.pending: dict[int, tuple[Program, LaunchOptions]] = {}
        self.decoded: dict[Program, list[Execute]] = {}
        self.areas: dict[str, tuple[int, tuple[int, ...]]] = {}
        self.pinned: set[int] = set()
        self.timers: list[tuple[int, int, tuple[Any, ...]]] = []
        self.events = Events()
        self.journal: list[Any] = []
        self.kernel: dict[str, Any] = {name: make() for name, make in KERNEL.items()}
        self.blocks = blocks_of(self)
        queue = setup.scheduler.start(self.random.randrange)
        self.dispatcher = Dispatcher(self, setup.cores, queue)
        self.executor = Executor(self)
        self.rotates = round_robin_fast_path.is_possible(self)

    @property
    def address_space(self) -> int:
        """Bytes each process can address."""
        return self.setup.address_space

    @property
    def stack_size(self) -> int:
        """Most bytes a stack may grow to."""
        return self.setup.stack_size

    @property
    def cores(self) -> list[Core]:
        """The cores, by number."""
        return self.dispatcher.cores

    def thread(self, key: ThreadId) -> Thread:
        """Return the thread with a pid and a tid."""
        return self.processes[key[0]].threads[key[1]]

    # Recording and timers

    if TYPE_CHECKING:

        def note(
            self,
            kind: Callable[Concatenate[int, int, int, Details], Event],
            pid: int,
            tid: int,
            *details: Details.args,
            **_: Details.kwargs,
        ) -> None:
            """Write down an event of a kind at the current tick."""
    else:

        def note(self, kind, pid, tid, *details) -> None:
            """Write down an event of a kind at the current tick."""
            # That the details are those of the kind is checked by mypy, not again for each event.
            events = self.events
            events.places.append(len(events.turn_ticks))
            events.written.append((self.now, kind.kind, pid, tid, *details))

    def ask(self, thread: Thread, call: str) -> None:
        """Let the library make a system call for a thread, and pay for it.

        Parameters
        ----------
        thread : Thread
            The one that executes.
        call : str
            A key of `kit.lang.system_calls.LIBRARY_ASKS`.
        """
        self.note(SystemCall, thread.process.pid, thread.tid, call)
        if self.executing != NO_CORE:
            self.cores[self.executing].stall += self.setup.costs.system_call

    def at(self, tick: int, *action: Any) -> None:
        """Let something happen at a tick: an action and its arguments."""
        self.timer_count += 1
        heapq.heappush(self.timers, (tick, self.timer_count, action))

    def forget(self, *action: Any) -> None:
        """Let something not happen that was set for later."""
        self.timers = [timer for timer in self.timers if timer[2] != action]
        heapq.heapify(self.timers)

    def launch(self, program: Program, at: int, share: LaunchOptions | None = None) -> int:
        """Let a process of `program` be made at tick `at`; return its pid."""
        pid = self.next_pid()
        self.disk.setdefault(program.name, program)
        self.pending[pid] = program, share or LaunchOptions()
        self.at(at, "launch", pid)
        return pid

    def next_pid(self) -> int:
        """Return the pid of the next process."""
        return FIRST_PID + len(self.processes) + len(self.pending)

    def enter(self, process: Process) -> None:
        """Enter a new process into the table of processes."""
        self.processes[process.pid] = self.alive[process.pid] = process
        parent = self.processes.get(process.parent)
        if parent is not None:
            parent.children[process.pid] = process

    def deliver_due(self) -> None:
        """Do what is due by now: launches, loads, wake-ups, what devices have finished."""
        while self.timers and self.timers[0][0] <= self.now:
            _, _, (action, pid, *rest) = heapq.heappop(self.timers)
            if action == "launch":
                self._start_loading(pid)
            elif action == "load":
                self._load(self.processes[pid])
            elif action == "do":
                LATER[pid](self, *rest)
            elif action == "page_in":
                finish_page_in(self, pid, *rest)
            else:
                time_out(self, pid, *rest)

    def _start_loading(self, pid: int) -> None:
        process = loader.create_process(self, pid, *self.pending[pid])
        del self.pending[pid]
        self.begin_loading(process)

    def begin_loading(self, process: Process) -> None:
        """Bring a process's program into RAM, a page after the other, and start it."""
        if self.regions is not None and not process.memory.table:
            queue_for_place(self, process)
            return
        if self.setup.demand:
            process.loaded = loader.pages_to_load(process)
        waits = self.setup.costs.load_page and not self.setup.demand
        if waits and loader.comes_from_disk(self, process):
            self.at(self.now + self.setup.costs.load_page, "load", process.pid)
        else:
            self._load(process)

    def _load(self, process: Process) -> None:
        """Load one page, or all at once where loading costs nothing."""
        cost = self.setup.costs.load_page
        if process.ended:
            return
        try:
            if self.stretches is not None and not process.loaded:
                segmentation.place_program(self, process)
            while process.loaded < loader.pages_to_load(process):
                loader.load_next_page(self, process)
                left = process.loaded < loader.pages_to_load(process)
                if cost and left and loader.comes_from_disk(self, process):
                    self.at(self.now + cost, "load", process.pid)
                    return
            loader.start_main(self, process)
        except Fault as fault:
            handle_fault(self, process.alive[0], fault)

    # Threads

    def admit(self, thread: Thread) -> None:
        """Let a new thread queue for a core."""
        thread.serial = len(self.events.keys)
        self.events.keys.append(thread.key)
        thread.move("admit")
        self.note(Admit, thread.process.pid, thread.tid)
        self.dispatcher.queue.add(thread, "admit")

    def block(self, thread: Thread, reason: Reason, detail: int) -> None:
        """Take the calling thread off its core until something happens."""
        self.blocks.give_up(thread.key)
        core = self.dispatcher.leave(thread, "block", reason)
        thread.move("block")
        thread.waits_for = (reason, detail)
        self.note(Block, thread.process.pid, thread.tid, core, reason, detail)
        self._look_for_deadlock(thread)

    def wait_for(self, thread: Thread, reason: Reason, detail: int) -> None:
        """Let a blocked thread wait for something else."""
        thread.waits_for = (reason, detail)
        self.note(Await, thread.process.pid, thread.tid, reason, detail)
        self._look_for_deadlock(thread)

    def _look_for_deadlock(self, thread: Thread) -> None:
        cycle = find_cycle(self, thread)
        if cycle:
            self.note(Deadlock, thread.process.pid, thread.tid, cycle)

    def wake(self, thread: Thread, result: int | None) -> None:
        """Let a blocked thread queue again.

        Parameters
        ----------
        thread : Thread
        result : int or None
            Of its system call; None for a thread that was not in one.
        """
        thread.move("wake")
        thread.waits_for = ()
        if result is not None:
            thread.registers[0] = result
            thread.log.checkpoint(self.now, thread.registers)
        self.note(Wake, thread.process.pid, thread.tid, result)
        self.dispatcher.queue.add(thread, "wake")

    def io_done(self, thread: Thread) -> None:
        """Wake a thread whose device has finished, by an interrupt."""
        self.dispatcher.interrupt()
        self.wake(thread, 0)
        if self.setup.io_completion == "run":
            self.dispatcher.urgent.append(thread)

    # Memory, as the operating system uses it

    def read_word(self, process: Process, address: int) -> int:
        """Return a word of a process's memory.

        Raises
        ------
        Fault
            If the process itself could not read there.
        """
        words = page_faults.reach(self, process, address, writing=False)
        if self.caches is not None:
            self._through_cache(process, address, writing=False)
        return words[address // WORD % self._words]

    def write_word(self, process: Process, address: int, value: int) -> None:
        """Write a word into a process's memory.

        Raises
        ------
        Fault
            If the process itself could not write there.
        """
        page, byte = divmod(address, self.page_size)
        word = byte // WORD
        page_faults.reach(self, process, address, writing=True)[word] = value
        if self.caches is not None:
            self._through_cache(process, address, writing=True)
        self.note(Fill, process.pid, 0, page, word, (value,), self.executing)
        if self.swap is not None:
            paging.write_to(self, process, page)

    def _through_cache(self, process: Process, address: int, writing: bool) -> None:
        """Let what a core does for a thread's call go through its cache, as the thread does."""
        if self.executing != NO_CORE:
            cache.use(self, self.cores[self.executing], process, address, writing)

    def location(self, process: Process, address: int) -> tuple[Any, ...]:
        """Return what names a word of memory whichever process speaks of it."""
        segment = process.memory.segment_at(address)
        if segment is not None and segment.kind == "shared":
            return segment.name, address - segment.start
        return process.pid, address

    # Time

    def run(self, until: int | None = None) -> None:
        """Move time on to `until`, or until nothing can happen any more.

        Raises
        ------
        LimitExceeded
            If the run reaches one of its limits.
        Cancelled
            If it is no longer wanted; it stands between two ticks then, and can go on.
        """
        run(self, until)
