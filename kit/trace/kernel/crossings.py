"""Each time a core goes from user to kernel mode or back, and what it does in between.

Nothing of it is recorded while a machine runs: a system call, a fault, an interrupt and a switch
each leave an event or a retired instruction, and everything else follows from these.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on limited direct
execution, figures 6.2 and 6.3.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kit.cancellation import checked
from kit.sim.events import calls, memory, processes, scheduling
from kit.sim.events.event import Event
from kit.sim.recording import ThreadId
from kit.trace.kernel.traps import BOOT, IDLE, START, Trap, system_calls, trap_of_fault
from kit.trace.process_history import ProcessHistory
from kit.trace.record import Record
from kit.trace.state.reducer import Reducer, handlers_of
from kit.trace.steps import Steps

KINDS = ("boot", "create", "trap", "interrupt", "switch", "return")


class Crossing(NamedTuple):
    """A step of the protocol between operating system, hardware and program.

    Attributes
    ----------
    tick : int
    core : int
    kind : str
        "boot", a core starts in kernel mode; "create", the system makes a process; "trap", from
        user to kernel mode; "interrupt", one that finds the core in kernel mode already;
        "switch", the system goes on with another thread, or with none; "return", from kernel to
        user mode.
    thread : (pid, tid) or None
        Of a trap the one whose registers are saved, of a switch the one that gets the core (None
        if the core is idle then), of a return the one whose registers are restored.
    trap : Trap
        What brought the core into kernel mode.
    leaving : (pid, tid) or None
        Of a switch the thread that had the core; None if the core was idle.
    saved : bool
        Whether the kernel's registers of that thread are saved, because it has not ended.
    address_space : int or None
        Of a switch the pid whose page table is used from now on, if that is another one.
    """

    tick: int
    core: int
    kind: str
    thread: ThreadId | None
    trap: Trap
    leaving: ThreadId | None = None
    saved: bool = False
    address_space: int | None = None


@dataclass
class _Core:
    """A core at the tick that is looked at; `trap`, at tick `since`, is None in user mode."""

    number: int
    trap: Trap | None = BOOT
    since: int = 0
    thread: ThreadId | None = None
    left: ThreadId | None = None
    space: int | None = None
    due: int | None = None


class Crossings(Reducer):
    """Finds them.

    Parameters
    ----------
    record : Record
    history : dict of int to ProcessHistory
        Of the same run.

    Attributes
    ----------
    kernel : list of Steps
        For each core what brought it into kernel mode; None while it is in user mode. As far as
        the crossings have been gone through.
    stacks : dict of (pid, tid) to Steps
        Which trap saved the registers that are on a thread's kernel stack; None while it is empty.
    """

    def __init__(self, record: Record, history: dict[int, ProcessHistory]) -> None:
        self._record, self._history = record, history
        count = record.settings.cores
        self._cores = [_Core(number) for number in range(count)]
        self.kernel: list[Steps[Trap | None]] = [Steps(BOOT) for _ in range(count)]
        self.stacks: dict[ThreadId, Steps[Trap | None]] = defaultdict(lambda: Steps(None))
        self._running: dict[ThreadId, _Core] = {}
        self._reasons: dict[ThreadId, str] = {}
        self._called: dict[ThreadId, str] = {}
        self._bumped: set[ThreadId] = set()
        self._acted = False
        self._found: list[Crossing] = []
        self._tick = 0

    def __iter__(self) -> Iterator[Crossing]:
        """Yield all crossings, in order; only once."""
        handlers = handlers_of(self)
        for core in self._cores:
            self._add("boot", core, None, BOOT)
        for tick, events, called in checked(self._ticks()):
            self._return_due(tick)
            self._tick, self._called = tick, called
            self._bumped = {event.key for event in events if event.kind == "bump"}
            self._acted = any(event.kind == "intervene" for event in events)
            for event in events:
                for handler in handlers[event.kind]:
                    handler(event)
            self._enter_called()
            for core in self._cores:
                self._settle(core)
            yield from self._found
            self._found.clear()
        self._return_due(self._record.end)
        yield from self._found

    def _ticks(self) -> Iterator[tuple[int, list[Event], dict[ThreadId, str]]]:
        """Yield each tick at which something happens: its events, who called the system."""
        events = ((tick, list(group)) for tick, group in groupby(self._record.events, _tick))
        made = groupby(system_calls(self._record, self._history), key=itemgetter(0))
        calls = ((tick, {key: name for _, _, key, name in group}) for tick, group in made)
        event, call = next(events, None), next(calls, None)
        while event is not None or call is not None:
            tick = min(one[0] for one in (event, call) if one is not None)
            happened: list[Event] = []
            called: dict[ThreadId, str] = {}
            if event is not None and event[0] == tick:
                happened, event = event[1], next(events, None)
            if call is not None and call[0] == tick:
                called, call = call[1], next(calls, None)
            yield tick, happened, called

    # Steps

    def _add(
        self, kind: str, core: _Core, thread: ThreadId | None, trap: Trap, tick: int | None = None
    ) -> None:
        at = self._tick if tick is None else tick
        self._found.append(Crossing(at, core.number, kind, thread, trap))

    def _enter(self, core: _Core, trap: Trap) -> None:
        """Let an interrupt or a trap come to a core."""
        if core.trap is not None:
            self._add("interrupt", core, core.thread, trap)
        else:
            self._add("trap", core, core.thread, trap)
            assert core.thread is not None, "only threads execute in user mode"
            self.stacks[core.thread].add(self._tick, trap)
        core.trap, core.since, core.due = trap, self._tick, None

    def _trap(self, key: ThreadId, trap: Trap) -> None:
        """Let an instruction of a running thread trap; of a thread that does not run none does."""
        core = self._running.get(key)
        if core is None:
            return
        if core.trap is not None:
            self._return(core, self._tick)
        self._enter(core, trap)

    def _return(self, core: _Core, tick: int) -> None:
        assert core.thread is not None, "the callers choose busy cores"
        assert core.trap is not None, "the callers choose cores in kernel mode"
        self._add("return", core, core.thread, core.trap, tick)
        self.kernel[core.number].add(tick, None)
        self.stacks[core.thread].add(tick, None)
        core.trap = core.due = None

    def _return_due(self, tick: int) -> None:
        """Let cores return whose work for the system is done by a tick."""
        due = [(core.due, core.number) for core in self._cores if core.due is not None]
        for when, number in sorted(due):
            if when <= tick:
                self._return(self._cores[number], when)

    def _enter_called(self) -> None:
        """Let those into the kernel who called the system at this tick, if they are not yet."""
        for key, name in self._called.items():
            self._trap(key, Trap("system call", name))
        self._called = {}

    def _enter_caller(self, key: ThreadId) -> None:
        name = self._called.pop(key, None)
        if name is not None:
            self._trap(key, Trap("system call", name))

    def _interrupt(self, kind: str) -> _Core:
        """Let an interrupt come to the busy core with the lowest number, or else to the first."""
        self._enter_called()
        core = next((core for core in self._cores if core.thread is not None), self._cores[0])
        # Two that come at once, such as two sleepers that are due, are one interrupt.
        if (core.trap, core.since) != (Trap(kind), self._tick):
            self._enter(core, Trap(kind))
        return core

    def _leave(self, core: _Core, key: ThreadId, why: str) -> None:
        """Let a thread leave its core, which is in kernel mode then."""
        if core.trap is None:
            self._enter(core, Trap("console" if self._acted else why))
        core.thread, core.left, core.due = None, key, None
        del self._running[key]

    def _switch(self, core: _Core, key: ThreadId | None) -> None:
        """Let a core in kernel mode go over to another thread, or to none."""
        leaving, trap = core.left, core.trap
        assert trap is not None, "only the system switches"
        space = key[0] if key is not None and key[0] != core.space else None
        stack = self.stacks[leaving].last if leaving is not None else None
        self._found.append(
            Crossing(
                self._tick, core.number, "switch", key, trap, leaving, stack is not None, space
            )
        )
        core.left, core.space = None, core.space if key is None else key[0]

    def _settle(self, core: _Core) -> None:
        """Go on with a core once everything has happened at this tick."""
        if core.trap is None:
            return
        if core.thread is None:
            if core.left is not None:
                self._switch(core, None)
            core.trap = IDLE
            self.kernel[core.number].add(self._tick, core.trap)
            return
        core.due = _end_of_work(self._record.events.overheads.get(core.number), self._tick)
        if core.due is None:
            self._return(core, self._tick)
        else:
            self.kernel[core.number].add(self._tick, core.trap)

    # Events

    def _on_launch(self, event: processes.Launch) -> None:
        if event.tick:
            self._interrupt("console")

    def _on_thread(self, event: processes.ThreadMade) -> None:
        process = self._history[event.pid]
        if event.creator or process.origin != "launch" or event.tid != 1:
            return
        busy = [core for core in self._cores if core.trap not in (None, IDLE, BOOT)]
        if process.launched == event.tick or busy:
            core = next(iter(busy), self._cores[0])
        else:
            core = self._interrupt("disk")
        self._add("create", core, event.key, core.trap or BOOT)

    def _on_fork(self, event: processes.Fork) -> None:
        self.stacks[event.key].add(event.tick, Trap("system call", "fork"))

    def _on_admit(self, event: scheduling.Admit) -> None:
        if event.key not in self.stacks:
            self.stacks[event.key].add(event.tick, START)

    def _on_system_call(self, event: calls.SystemCall) -> None:
        self._trap(event.key, Trap("system call", event.call))

    def _on_page_fault(self, event: memory.PageFault) -> None:
        self._trap(event.key, Trap("page fault"))

    def _on_fault(self, event: processes.Faulted) -> None:
        core = self._running.get(event.key)
        if self._acted or core is None:
            return
        if core.trap is not None and (core.trap.kind, core.since) == ("system call", event.tick):
            return  # The call itself was refused.
        index = self._record.threads[event.key].index_at(event.tick)
        code = self._history[event.pid].threads[event.tid].program.image.code
        # Behind its last instruction a program has none that could be at fault.
        self._trap(event.key, trap_of_fault(code[min(index, len(code) - 1)], event.fault))

    def _on_await(self, event: scheduling.Await) -> None:
        self._reasons[event.key] = event.reason

    def _on_block(self, event: scheduling.Block) -> None:
        self._reasons[event.key] = event.reason
        self._enter_caller(event.key)
        self._leave(self._cores[event.core], event.key, "reschedule")

    def _on_end(self, event: processes.End) -> None:
        self._enter_caller(event.key)
        if event.core >= 0:
            self._leave(self._cores[event.core], event.key, "reschedule")
        self.stacks[event.key].add(event.tick, None)

    def _on_wake(self, event: scheduling.Wake) -> None:
        reason = self._reasons.pop(event.key, "")
        if reason == "page":
            self._interrupt("disk")
        elif reason == "sleep" and self._record.settings.timer:
            self._interrupt("timer")

    def _on_io_done(self, _: calls.IoDone) -> None:
        self._interrupt("device")

    def _on_preempt(self, event: scheduling.Preempt) -> None:
        self._enter_called()
        core, bumped = self._cores[event.core], event.key in self._bumped
        if not bumped:
            self._enter(core, Trap("console" if self._acted else "timer"))
        self._leave(core, event.key, "reschedule")

    def _on_dispatch(self, event: scheduling.Dispatch) -> None:
        self._enter_called()
        core = self._cores[event.core]
        for other in self._cores:
            # It goes on elsewhere with what is saved of it here.
            if other is not core and other.left == event.key:
                self._switch(other, None)
        if core.left == event.key:
            core.left = None
        else:
            self._switch(core, event.key)
        core.thread, self._running[event.key] = event.key, core


def _tick(event: Event) -> int:
    return event.tick


def followed(record: Record, history: dict[int, ProcessHistory]) -> Crossings:
    """Return the step functions of a run's crossings, to its end."""
    crossings = Crossings(record, history)
    deque(crossings, maxlen=0)
    return crossings


def is_at_work(times: array[int] | None, tick: int) -> bool:
    """Tell whether a tick is in one of the times of which starts and ends are given."""
    return times is not None and bisect_right(times, tick) % 2 == 1


def _end_of_work(times: array[int] | None, tick: int) -> int | None:
    """Return when a core has done its work for the system; None if it has none at a tick."""
    if times is None or not is_at_work(times, tick):
        return None
    return times[bisect_right(times, tick)]
