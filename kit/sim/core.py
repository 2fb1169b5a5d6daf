"""A core, how it executes the instructions of its thread, and what interrupts it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from kit.lang.call_instructions import CALLING, NUMBERS
from kit.lang.instructions import WORD
from kit.lang.system_calls import SYSTEM_CALLS
from kit.sim import cache, page_faults, paging
from kit.sim.calls.tables import HANDLERS
from kit.sim.clock import look_at_clock
from kit.sim.events.memory import PageFault, TlbMiss
from kit.sim.faults import Fault, HandlerCalled
from kit.sim.process import Thread
from kit.sim.recording import NO_CORE, ThreadId
from kit.sim.registers import touches
from kit.sim.termination import handle_fault

if TYPE_CHECKING:
    from kit.sim.computer import Computer

_ENTERS = frozenset(NUMBERS[n] for n, call in SYSTEM_CALLS.items() if call.kind == "system call")


@dataclass(slots=True)
class Core:
    """One core.

    Attributes
    ----------
    used : int
        Ticks of the current slice used.
    slice : int or None
        Length of the current slice; None for no limit.
    stall : int
        Ticks to pay for a switch, a system call, a fault or an interrupt.
    last : tuple or None
        (pid, tid) of the thread it ran last.
    reserved_for : Thread or None
        The blocked thread it waits for, where a core does not switch on I/O.
    forced : bool
        Whether its thread was put there whatever the policy says: it keeps the core for one
        turn.
    """

    number: int
    thread: Thread | None = None
    used: int = 0
    slice: int | None = None
    stall: int = 0
    last: ThreadId | None = None
    reserved_for: Thread | None = None
    forced: bool = False


class Executor:
    """Lets cores execute.

    Where pages can be missing or translations cost time, every instruction is looked at
    before and after; otherwise only what stops a thread is.

    Parameters
    ----------
    computer : Computer

    Attributes
    ----------
    observes : bool
        Whether every instruction is looked at.
    """

    def __init__(self, computer: Computer) -> None:
        self.computer = computer
        self._costs = computer.setup.costs
        self.observes = (
            computer.tlb is not None
            or computer.swap is not None
            or computer.caches is not None
            or computer.setup.demand
        )
        table = computer.setup.page_table
        self._loads_of_walk = table.levels if table is not None else 1
        queue = computer.dispatcher.queue
        self._tells = queue.accounts
        self._polls = not computer.setup.timer

    def advance(self, core: Core, start: int, budget: int) -> int:
        """Let a core work for up to `budget` ticks from `start`; return the ticks used."""
        thread = core.thread
        assert thread is not None, "the callers choose busy cores"
        if core.stall:
            used = min(core.stall, budget)
            core.stall -= used
            self.computer.events.overhead(core.number, start, used)
            return used
        if thread.busy:
            used = min(thread.busy, budget)
            thread.busy -= used
            self._account(core, thread, used)
            return used
        log = thread.log
        log.begin(start, core.number, thread.registers)
        if self.observes:
            used = self._retire_observed(core, thread, start, budget)
        else:
            used = self._retire(core, thread, start, budget)
        log.seal()
        return used

    def _account(self, core: Core, thread: Thread, ticks: int) -> None:
        """Let a thread's slice and those who deal out time know of its time."""
        core.used += ticks
        if self._tells:
            thread.used += ticks
            self.computer.dispatcher.queue.ran(thread, ticks)

    def _retire(self, core: Core, thread: Thread, start: int, budget: int) -> int:
        """Execute up to `budget` instructions, up to the first system call or fault."""
        code, registers, readable, writable, note, where, arrive, retired = (
            thread.context or thread.make_context()
        )
        before, pc = len(retired), thread.pc
        while True:
            try:
                for _ in repeat(None, budget - (len(retired) - before)):
                    pc = code[pc](registers, readable, writable, note, where)
                    arrive(pc)
            except Exception as stop:  # noqa: BLE001 - `stopped` raises what it does not know
                used = self.stopped(core, thread, pc, start, len(retired) - before + 1, stop)
                if used:
                    return used
                continue
            thread.pc = pc
            self._account(core, thread, budget)
            return budget

    def stopped(
        self, core: Core, thread: Thread, pc: int, start: int, used: int, stop: Exception
    ) -> int:
        """Go on where an instruction could not simply be executed.

        Parameters
        ----------
        core : Core
        thread : Thread
        pc : int
            Index of the instruction.
        start : int
            Tick at which the burst began.
        used : int
            Ticks of it that are used when the instruction is over.
        stop : Exception
            What the instruction raised.

        Returns
        -------
        int
            `used`, or 0 if the instruction can be tried again at once.
        """
        thread.pc, self.computer.now = pc, start + used
        match stop:
            case HandlerCalled():
                self._account(core, thread, used)
                self._handle(core, thread, stop)
            case KeyError():
                return 0 if self._page_fault(core, thread, used) else used
            case Fault():
                self._account(core, thread, used)
                handle_fault(self.computer, thread, stop)
            case ZeroDivisionError():
                self._account(core, thread, used)
                handle_fault(self.computer, thread, Fault("divide by zero", "divided by zero"))
            case _:
                raise stop
        if self._polls:
            look_at_clock(self.computer)
        return used

    def _handle(self, core: Core, thread: Thread, called: HandlerCalled) -> None:
        if self._costs.system_call and called.number in _ENTERS:
            core.stall += self._costs.system_call
        self.computer.executing = core.number
        try:
            result = HANDLERS[called.number](self.computer, thread, called.operand)
        except Fault as fault:
            handle_fault(self.computer, thread, fault)
            return
        finally:
            self.computer.executing = NO_CORE
        thread.pc += 1
        thread.registers[0] = value = result or 0
        thread.log.targets.open_end.append(thread.pc)
        thread.log.values.open_end.append(value)

    # Page faults

    def _page_fault(self, core: Core, thread: Thread, used: int) -> bool:
        """Handle a page fault of the next instruction; True if it can be tried at once."""
        instruction = thread.process.program.image.code[thread.pc]
        touched = touches(instruction, thread.registers, thread.process.layout.data_base)
        assert touched is not None, "only instructions that use memory get here"
        return self._bring(core, thread, used, *touched)

    def _bring(self, core: Core, thread: Thread, used: int, address: int, writing: bool) -> bool:
        """Make an address usable; True if that took no time.

        The attempt that faulted takes a tick where handling it takes time: that tick is
        part of the cost.
        """
        computer, costs, process = self.computer, self._costs, thread.process
        page, before = address // computer.page_size, len(computer.events.places)
        fault = computer.now, process.pid, thread.tid, address, writing
        computer.executing = core.number
        try:
            wait = page_faults.disk_ticks(computer, process, page)
            if wait:
                self._account(core, thread, used)
                computer.events.add(PageFault(*fault, wait))
                computer.block(thread, "page", page)
                done = computer.now + wait
                computer.at(done, "page_in", process.pid, thread.tid, address, writing)
                return False
            page_faults.resolve(computer, process, address, writing)
            computer.events.add_before(before, PageFault(*fault, costs.page_fault))
        except Fault as refused:
            self._account(core, thread, used)
            handle_fault(computer, thread, refused)
            return False
        finally:
            computer.executing = NO_CORE
        if not costs.page_fault:
            return True
        self._account(core, thread, used)
        core.stall += costs.page_fault - 1
        return False

    # Every instruction, where that matters

    def _retire_observed(self, core: Core, thread: Thread, start: int, budget: int) -> int:
        """Execute up to `budget` instructions one by one, as translation sees them."""
        process = thread.process
        code, data_base = process.program.image.code, process.layout.data_base
        log, readable = thread.log, process.memory.readable
        for done in range(budget):
            self.computer.now = start + done + 1
            if thread.pc == process.layout.code_length:
                self._retire(core, thread, start + done, 1)
                return done + 1
            fetched = process.layout.code_base + thread.pc * WORD
            missing = fetched // self.computer.page_size not in readable
            if missing and not self._bring(core, thread, 1, fetched, False):
                return done + 1
            instruction = code[thread.pc]
            touched = touches(instruction, thread.registers, data_base)
            before = len(log.targets)
            self._use(core, thread, fetched, writing=False)
            self._retire(core, thread, start + done, 1)
            if len(log.targets) == before:
                # A page fault, or the thread's last tick: what is tried again begins a new burst.
                return done + 1
            if core.thread is thread and touched is not None:
                self._use(core, thread, *touched)
            if core.thread is not thread or core.stall or instruction.op in CALLING:
                return done + 1
        return budget

    def _use(self, core: Core, thread: Thread, address: int, writing: bool) -> None:
        """Let replacement policy, TLB and cache know that a word was used."""
        computer, process = self.computer, thread.process
        page = address // computer.page_size
        if computer.swap is not None:
            computer.swap.replacer.used(process.memory.table[page])
            if writing:
                paging.write_to(computer, process, page)
        tlb = computer.tlb
        if tlb is not None and not tlb.lookup(core.number, process.pid, page):
            computer.note(TlbMiss, process.pid, thread.tid, core.number, page)
            core.stall += self._costs.tlb_miss * self._loads_of_walk
        if computer.caches is not None:
            cache.use(computer, core, process, address, writing)


def finish_page_in(computer: Computer, pid: int, tid: int, address: int, writing: bool) -> None:
    """Go on with a page fault when the disk has done its part.

    Parameters
    ----------
    computer : Computer
    pid, tid : int
    address : int
        In bytes, the one that faulted.
    writing : bool
        Whether it was to be written.
    """
    process = computer.processes[pid]
    thread, memory, page = process.threads[tid], process.memory, address // computer.page_size
    if thread.waits_for != ("page", page):
        return
    computer.dispatcher.interrupt()
    try:
        # A sibling's fault may have brought the page meanwhile.
        if page not in (memory.writable if writing else memory.readable):
            page_faults.resolve(computer, process, address, writing)
    except Fault as fault:
        handle_fault(computer, thread, fault)
        return
    computer.wake(thread, None)
