"""Cores and who is on them: the part of the operating system that schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.clock import look_at_clock
from kit.sim.core import Core
from kit.sim.events.scheduling import Bump
from kit.sim.lifecycle import THREAD
from kit.sim.process import Thread
from kit.sim.schedulers import ReadyQueue, may_use

if TYPE_CHECKING:
    from kit.sim.computer import Computer

_DISPATCHED = THREAD["ready", "dispatch"]
_PREEMPTED = THREAD["running", "preempt"]


class Dispatcher:
    """Gives threads to cores and takes them away.

    Parameters
    ----------
    computer : Computer
    cores : int
    queue : ReadyQueue
    """

    def __init__(self, computer: Computer, cores: int, queue: ReadyQueue) -> None:
        self.computer, self.queue = computer, queue
        self.cores = [Core(number) for number in range(cores)]
        self.urgent: list[Thread] = []
        self.clock = 0
        self._timer = computer.setup.timer
        self.renewal = queue.period if self._timer else None
        self._costs = computer.setup.costs
        self._keeps_core = not computer.setup.switch_on_io

    def busy(self) -> list[Core]:
        """Return the cores that have a thread."""
        return [core for core in self.cores if core.thread is not None]

    def reschedule(self) -> None:
        """Let threads change places where the policy says so, and fill free cores."""
        queue = self.queue
        self._renew()
        if not self._timer:
            pass
        elif queue.clock:
            self._clock_interrupt()
        elif queue.quantum is not None or queue.strict:
            self._expire_slices()
        if self.urgent:
            self._run_urgent()
        if len(queue):
            self._fill()
            if queue.preemptive:
                self._take_cores()

    def settle(self) -> None:
        """Do what the policy wants done before the timers due at this tick."""
        for step in self.queue.before_timers:
            if step == "expire":
                if self._timer:
                    self._expire_slices()
            elif step == "renew":
                self._renew()
            else:
                self._fill()

    def _renew(self) -> None:
        while self.renewal is not None and self.renewal <= self.computer.now:
            if len(self.queue):
                for core in self.busy():
                    self.preempt(core, "renew")
            self.queue.renew()
            for core in self.busy():
                assert core.thread is not None, "it is busy"
                core.slice, core.used = self.queue.slice_for(core.thread), 0
            self.renewal += self.queue.period or 1

    def budget(self, ticks: int) -> int:
        """Return how long the only core can go on before it has to be looked at again."""
        core, queue = self.cores[0], self.queue
        if not self._timer:
            return ticks
        if queue.clock:
            assert queue.quantum is not None, "a clock has a quantum"
            return min(ticks, queue.quantum - self.clock)
        length = core.slice
        if length is not None and (queue.strict or len(queue)):
            return min(ticks, length - core.used)
        return ticks

    def _expire_slices(self) -> None:
        queue = self.queue
        for core in self.cores:
            thread, length = core.thread, core.slice
            if thread is None or length is None or core.used < length:
                continue
            if len(queue) or queue.strict:
                if core.used > length and not queue.strict:
                    # Slices that ended with nobody waiting began anew.
                    core.used = (core.used - 1) % length + 1
                    if core.used < length:
                        continue
                queue.expired(thread)
                self.preempt(core, "expire")
            else:
                core.used %= length

    def _clock_interrupt(self) -> None:
        """Send every core's thread to the end of the queue when the clock has counted enough."""
        quantum = self.queue.quantum
        assert quantum is not None, "a clock has a quantum"
        if self.clock < quantum:
            return
        self.clock = 0
        self._fill()
        for core in self.cores:
            if core.thread is not None and len(self.queue):
                self.preempt(core, "expire")

    def _take_cores(self) -> None:
        """Let better threads take cores from the worst ones, until none is better.

        Each time a core gets a better thread than it had, so that this ends; looking again
        at the same tick changes nothing.
        """
        while True:
            worse = [
                (core, thread)
                for core in self.cores
                if (thread := core.thread) is not None
                and not core.forced
                and self.queue.preempts(thread)
            ]
            if not worse:
                return
            core, _ = max(worse, key=lambda place: self.queue.standing(place[1]))
            self.preempt(core, "bump")
            self._fill()

    def _run_urgent(self) -> None:
        """Give a core at once to threads whose device has finished."""
        for thread in self.urgent:
            if thread.state != "ready":
                continue
            allowed = thread.process.share.cores
            cores = [core for core in self.cores if not allowed or core.number in allowed]
            self.force(next((core for core in cores if core.thread is None), cores[0]), thread)
        self.urgent.clear()

    def force(self, core: Core, thread: Thread) -> None:
        """Give a core to a ready thread at once and for one turn, whatever the policy says."""
        if core.thread is not None:
            self.preempt(core, "bump")
        self.queue.remove(thread)
        self.dispatch(core, thread)
        core.forced = True

    def _fill(self) -> None:
        if self.queue.preemptive and len(self.cores) > 1:
            self._fill_by_thread()
        for core in self.cores:
            # One of a stopped process leaves the core at once.
            while core.thread is None:
                thread = self._next_for(core)
                if thread is None:
                    break
                self.dispatch(core, thread)

    def _next_for(self, core: Core) -> Thread | None:
        """Take the thread out of the queue that a free core goes to; None if there is none."""
        reserved_for = core.reserved_for
        if reserved_for is None:
            return self.queue.take(core.number)
        if reserved_for.state != "ready":
            return None
        self.queue.remove(reserved_for)
        return reserved_for

    def _fill_by_thread(self) -> None:
        """Where threads are bound to cores, let the best choose first, the least wanted core."""
        waiting = list(self.queue.waiting())
        bound = [thread.process.share.cores for thread in waiting if thread.process.share.cores]
        free = [core for core in self.cores if core.thread is None and core.reserved_for is None]
        if not bound:
            return
        for thread in waiting:
            cores = [core for core in free if may_use(thread, core.number)]
            if cores:
                core = min(cores, key=lambda core: sum(core.number in some for some in bound))
                free.remove(core)
                self.queue.remove(thread)
                self.dispatch(core, thread)

    def dispatch(self, core: Core, thread: Thread) -> None:
        """Let a thread that was taken from the queue run on a core.

        If its process is stopped, it is now that it notices: a signal is looked at on the way
        back to user mode.
        """
        computer, key = self.computer, thread.key
        thread.state = _DISPATCHED
        thread.core = core.number
        core.thread, core.used, core.reserved_for, core.forced = thread, 0, None, False
        core.slice = self.queue.slice_for(thread)
        last = core.last
        if last != key:
            core.stall += self._costs.context_switch
            if last is None or last[0] != key[0]:
                core.stall += self._costs.address_space_switch
                if computer.tlb is not None:
                    computer.tlb.switch(computer, core.number, key[0])
            core.last = key
        events = computer.events
        events.turn_ticks.append(computer.now)
        events.turn_codes.append(thread.serial << 8 | core.number << 1 | 1)
        if computer.stopped and thread.process.stopped:
            computer.block(thread, "stopped", 0)

    def preempt(self, core: Core, why: str) -> None:
        """Take a core from its thread, which queues again."""
        computer, thread = self.computer, core.thread
        assert thread is not None, "the callers choose busy cores"
        core.thread = None
        thread.state, thread.core = _PREEMPTED, -1
        events = computer.events
        events.turn_ticks.append(computer.now)
        events.turn_codes.append(thread.serial << 8 | core.number << 1)
        if why == "bump":
            computer.note(Bump, thread.process.pid, thread.tid, core.number)
        self.queue.add(thread, why)

    def leave(self, thread: Thread, how: str, reason: str = "") -> int:
        """Take a thread that blocks or ends off its core; return the core's number."""
        core = self.cores[thread.core]
        core.thread, thread.core = None, -1
        self.queue.left(thread, how)
        if reason == "io" and self._keeps_core:
            core.reserved_for = thread
        return core.number

    def give_up(self, thread: Thread) -> None:
        """Stop keeping a core for a thread that will not come back."""
        for core in self.cores:
            if core.reserved_for is thread:
                core.reserved_for = None

    def interrupt(self) -> None:
        """Let a core pay for a device's interrupt."""
        self.charge(self._costs.interrupt)
        look_at_clock(self.computer)

    def charge(self, ticks: int) -> None:
        """Let the core with the lowest number that is busy pay for work of the system."""
        busy = self.busy()
        if busy:
            busy[0].stall += ticks

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        cores = tuple(
            (
                core.thread.key if core.thread else None,
                core.used,
                core.slice,
                core.stall,
                core.last,
                core.reserved_for.key if core.reserved_for else None,
                core.forced,
            )
            for core in self.cores
        )
        rest = tuple(thread.key for thread in self.urgent), self.clock, self.renewal
        return cores, self.queue.state(), *rest

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`; the threads are those of the computer by then."""
        cores, queue, urgent, self.clock, self.renewal = state
        find = self.computer.thread
        self.queue.restore(queue, find)
        self.urgent = [find(key) for key in urgent]
        for core, captured in zip(self.cores, cores, strict=True):
            key, used, length, stall, last, reserved_for, core.forced = captured
            core.thread = find(key) if key else None
            core.used, core.slice, core.stall, core.last = used, length, stall, last
            core.reserved_for = find(reserved_for) if reserved_for else None
