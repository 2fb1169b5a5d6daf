"""The computer: cores, RAM, processes, and the loop that moves time on.

Order within one tick: timers due (launches, loads, wake-ups) in the order in which
they were set; then threads whose slice is used up, by core number; then free cores
are filled, by core number; then every busy core executes, by core number.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from kit.errors import LimitExceeded
from kit.lang.instructions import WORD
from kit.lang.program import Program
from kit.sim import loader
from kit.sim.calls import HANDLERS, KERNEL, LATER, ON_THREAD_END
from kit.sim.faults import Fault, SystemCallTrap
from kit.sim.layout import Execute
from kit.sim.memory import PhysicalMemory
from kit.sim.process import Key, Process, Thread
from kit.sim.recording import Event
from kit.sim.registers import touches
from kit.sim.schedulers import Scheduler
from kit.sim.settings import Costs, Limits

LONGEST_BURST = 1024
"""Most ticks between two looks at the clock: bounds how far apart checkpoints are."""


@dataclass
class Core:
    """One core.

    Attributes
    ----------
    used : int
        Ticks of the current slice used.
    stall : int
        Ticks of a context switch still to pay.
    last : tuple or None
        (pid, tid) of the thread it ran last.
    """

    number: int
    thread: Thread | None = None
    used: int = 0
    stall: int = 0
    last: Key | None = None


class Computer:
    """A simulated computer; `kit.Machine` is how users meet it.

    All sizes are in bytes, all times in ticks. The caller has checked them.
    """

    def __init__(
        self,
        cores: int,
        ram: int,
        page_size: int,
        scheduler: Scheduler,
        seed: int,
        costs: Costs,
        limits: Limits,
        address_space: int,
        stack_size: int,
    ) -> None:
        self.page_size, self.address_space, self.stack_size = page_size, address_space, stack_size
        self._words = page_size // WORD
        self.scheduler, self.costs, self.limits = scheduler, costs, limits
        frames = ram // page_size
        self.physical = PhysicalMemory(frames, page_size, reserved=max(1, frames // 10))
        self.cores = [Core(number) for number in range(cores)]
        self.queue = scheduler.start()
        self.random = random.Random(seed)
        self.now = 0
        self.printed = 0
        self.processes: dict[int, Process] = {}
        self.pending: dict[int, Program] = {}
        self.decoded: dict[Program, list[Execute]] = {}
        self.timers: list[tuple[int, int, tuple[Any, ...]]] = []
        self.timer_count = 0
        self.events: list[Event] = []
        self.kernel: dict[str, Any] = {name: make() for name, make in KERNEL.items()}

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs launched or to be launched, each once, in that order."""
        launched = {pid: process.program for pid, process in self.processes.items()} | self.pending
        return tuple(dict.fromkeys(program for _, program in sorted(launched.items())))

    def thread(self, key: Key) -> Thread:
        """Return the thread with a pid and a tid."""
        return self.processes[key[0]].threads[key[1]]

    # Recording and timers

    def note(self, kind: str, pid: int, tid: int, *details: Any) -> None:
        """Write down an event at the current tick."""
        self.events.append((self.now, kind, pid, tid, *details))

    def at(self, tick: int, *action: Any) -> None:
        """Let something happen at a tick: an action and its arguments."""
        self.timer_count += 1
        heapq.heappush(self.timers, (tick, self.timer_count, action))

    def launch(self, program: Program, at: int) -> int:
        """Let a process of `program` be made at tick `at`; return its pid."""
        pid = len(self.processes) + len(self.pending) + 1
        self.pending[pid] = program
        self.at(at, "launch", pid)
        return pid

    def _deliver_due(self) -> None:
        while self.timers and self.timers[0][0] <= self.now:
            _, _, (action, pid, *rest) = heapq.heappop(self.timers)
            if action == "launch":
                self._start_loading(pid)
            elif action == "load":
                self._load(self.processes[pid])
            elif action == "do":
                LATER[pid](self, *rest)
            else:
                self._time_out(pid, *rest)

    def _start_loading(self, pid: int) -> None:
        process = loader.create_process(self, pid, self.pending[pid])
        del self.pending[pid]
        if self.costs.load_page:
            self.at(self.now + self.costs.load_page, "load", pid)
        else:
            self._load(process)

    def _load(self, process: Process) -> None:
        """Load one page, or all at once where loading costs nothing."""
        try:
            while process.loaded < loader.pages_to_load(process):
                loader.load_next_page(self, process)
                if self.costs.load_page and process.loaded < loader.pages_to_load(process):
                    self.at(self.now + self.costs.load_page, "load", process.pid)
                    return
            loader.start_main(self, process)
        except Fault as fault:
            loader.fail(self, process.threads[1], fault)

    def _time_out(self, pid: int, tid: int) -> None:
        thread = self.processes[pid].threads[tid]
        if thread.state == "blocked" and thread.waits_for == ("sleep", self.now):
            self.wake(thread, 0)

    # Threads

    def admit(self, thread: Thread) -> None:
        """Let a new thread queue for a core."""
        thread.move("admit")
        self.note("admit", thread.process.pid, thread.tid)
        self.queue.add(thread)

    def block(self, thread: Thread, reason: str, detail: Any) -> None:
        """Take the calling thread off its core until something happens."""
        core = self._leave_core(thread)
        thread.move("block")
        thread.waits_for = (reason, detail)
        self.note("block", thread.process.pid, thread.tid, core, reason, detail)

    def wake(self, thread: Thread, result: int) -> None:
        """Let a blocked thread queue again, with the result of its system call."""
        thread.move("wake")
        thread.waits_for = ()
        thread.registers[0] = result
        thread.log.checkpoint(self.now, thread.registers)
        self.note("wake", thread.process.pid, thread.tid, result)
        self.queue.add(thread)

    def end_thread(self, thread: Thread, how: str) -> None:
        """End a thread and free its stack."""
        core = -1
        if thread.state == "ready":
            self.queue.remove(thread)
        elif thread.state == "running":
            core = self._leave_core(thread)
        thread.move(how if thread.state == "running" else "kill")
        thread.waits_for = ()
        self.note("end", thread.process.pid, thread.tid, core, how, thread.result)
        loader.take_stack_back(self, thread.process, thread.tid)
        for also in ON_THREAD_END:
            also(self, thread)

    def wake_joining(self, thread: Thread) -> None:
        """Wake the threads that waited for one that has ended."""
        for waiting in thread.process.alive:
            if waiting.waits_for == ("join", thread.tid):
                self.wake(waiting, thread.result)

    # Memory, as the operating system uses it

    def read_word(self, process: Process, address: int) -> int:
        """Return a word of a process's memory.

        Raises
        ------
        Fault
            If the process itself could not read there.
        """
        return loader.reach(self, process, address, writing=False)[address // WORD % self._words]

    def write_word(self, process: Process, address: int, value: int) -> None:
        """Write a word into a process's memory.

        Raises
        ------
        Fault
            If the process itself could not write there.
        """
        loader.reach(self, process, address, writing=True)
        page, byte = divmod(address, self.page_size)
        loader.fill(self, process, page, byte // WORD, (value,))

    def location(self, process: Process, address: int) -> tuple[Any, ...]:
        """Return what names a word of memory whichever process speaks of it."""
        segment = process.memory.segment_at(address)
        if segment is not None and segment.kind == "shared":
            return segment.name, address - segment.start
        return process.pid, address

    def _leave_core(self, thread: Thread) -> int:
        core = next(core for core in self.cores if core.thread is thread)
        core.thread, core.stall = None, 0
        return core.number

    def _fill_cores(self) -> None:
        for core in self.cores:
            if core.thread is None and len(self.queue):
                thread = self.queue.take()
                thread.move("dispatch")
                core.thread, core.used = thread, 0
                if core.last != thread.key:
                    core.stall, core.last = self.costs.context_switch, thread.key
                self.note("dispatch", thread.process.pid, thread.tid, core.number)

    def _expire_slices(self) -> None:
        quantum = self.scheduler.quantum
        if quantum is None:
            return
        for core in self.cores:
            thread = core.thread
            if thread is None:
                continue
            if core.used > quantum:  # slices that ended with nobody waiting began anew
                core.used = (core.used - 1) % quantum + 1
            if core.used < quantum:
                continue
            if not len(self.queue):
                core.used = 0
                continue
            core.thread = None
            thread.move("preempt")
            self.note("preempt", thread.process.pid, thread.tid, core.number)
            self.queue.add(thread)

    # Time

    def run(self, until: int | None = None) -> None:
        """Move time on to `until`, or until nothing can happen any more.

        Raises
        ------
        LimitExceeded
            If the run reaches one of its limits.
        """
        while True:
            self._deliver_due()
            self._expire_slices()
            self._fill_cores()
            if until is not None and self.now >= until:
                return
            busy = [core for core in self.cores if core.thread is not None]
            if busy:
                self._advance(busy, until)
            elif self.timers:
                self.now = self._horizon(until)
            else:
                self._finish()
                return

    def _horizon(self, until: int | None) -> int:
        """Return the next tick at which something happens by itself."""
        ticks = [self.limits.ticks]
        if self.timers:
            ticks.append(self.timers[0][0])
        if until is not None:
            ticks.append(until)
        if self.now >= self.limits.ticks:
            running = [core.thread for core in self.cores if core.thread is not None]
            who = running[0].process if running else None
            name = f"'{who.program.name}' (pid {who.pid})" if who else "a sleeping thread"
            raise LimitExceeded(
                f"tick {self.now}: {name} was still not finished when the run reached its limit "
                f"of {self.limits.ticks} ticks; look for an endless loop, or raise Limits(ticks=…)"
            )
        return min(ticks)

    def _finish(self) -> None:
        if any(process.alive for process in self.processes.values()):
            last = self.events[-1] if self.events else None
            if last is None or last[1] != "stuck":
                self.note("stuck", 0, 0)

    def _advance(self, busy: list[Core], until: int | None) -> None:
        budget = self._horizon(until) - self.now
        if len(busy) > 1:
            self._tick_together(busy)
            return
        core = busy[0]
        quantum = self.scheduler.quantum
        if quantum is not None and len(self.queue):
            budget = min(budget, quantum - core.used)
        start = self.now
        used = self._execute(core, start, min(budget, LONGEST_BURST))
        self.now = start + used

    def _tick_together(self, busy: list[Core]) -> None:
        """Let several cores execute one tick; memory is shared, so by core number."""
        start = self.now
        for core in busy:
            if core.thread is not None:
                self._execute(core, start, 1)
        self.now = start + 1

    def _execute(self, core: Core, start: int, budget: int) -> int:
        """Let a core run for up to `budget` ticks from `start`; return the ticks used."""
        thread = core.thread
        assert thread is not None, "the callers choose busy cores"
        if core.stall:
            used = min(core.stall, budget)
            core.stall -= used
            return used
        if thread.busy:
            used = min(thread.busy, budget)
            thread.busy -= used
            core.used += used
            return used
        thread.log.begin(start, core.number, thread.registers)
        used = self._retire(thread, start, budget)
        core.used += used
        thread.log.seal()
        return used

    def _retire(self, thread: Thread, start: int, budget: int) -> int:
        """Execute up to `budget` instructions, up to the first system call or fault."""
        log, process = thread.log, thread.process
        code, registers = process.code, thread.registers
        readable, writable = process.memory.readable, process.memory.writable
        arrive, note, where = log.targets.append, log.values.append, log.addresses.append
        retired = log.targets.open_end
        before, pc = len(retired), thread.pc
        while True:
            try:
                for _ in repeat(None, budget - (len(retired) - before)):
                    pc = code[pc](registers, readable, writable, note, where)
                    arrive(pc)
                thread.pc = pc
                return len(retired) - before
            except KeyError:
                thread.pc = pc
                try:
                    self.now = start + len(retired) - before + 1
                    self._page_fault(thread)
                    continue
                except Fault as fault:
                    loader.fail(self, thread, fault)
            except SystemCallTrap as trap:
                thread.pc = pc
                self.now = start + len(retired) - before + 1
                self._enter_system(thread, trap)
            except Fault as fault:
                thread.pc = pc
                self.now = start + len(retired) - before + 1
                loader.fail(self, thread, fault)
            except ZeroDivisionError:
                thread.pc = pc
                self.now = start + len(retired) - before + 1
                loader.fail(self, thread, Fault("divide by zero", "divided by zero"))
            return self.now - start

    def _page_fault(self, thread: Thread) -> None:
        instruction = thread.process.program.image.code[thread.pc]
        touched = touches(instruction, thread.registers, thread.process.layout.data_base)
        assert touched is not None, "only instructions that use memory get here"
        loader.handle_page_fault(self, thread.process, *touched)

    def _enter_system(self, thread: Thread, trap: SystemCallTrap) -> None:
        try:
            result = HANDLERS[trap.number](self, thread, trap.operand)
        except Fault as fault:
            loader.fail(self, thread, fault)
            return
        thread.pc += 1
        thread.registers[0] = value = result or 0
        thread.log.targets.append(thread.pc)
        thread.log.values.append(value)
