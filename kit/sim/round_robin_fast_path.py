"""The short way round the ready queue, for the commonest machine.

One core, round robin, switches that cost nothing: between two system calls nothing can
happen but that slices are used up. This loop does what `Dispatcher` and `Executor` would do
then, several times faster; a test holds them together.
"""

from __future__ import annotations

from array import array
from itertools import repeat
from typing import TYPE_CHECKING

from kit.sim.lifecycle import THREAD
from kit.sim.process import Thread
from kit.sim.schedulers import ReadyQueue

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.core import Core

_READY = THREAD["running", "preempt"]
_RUNNING = THREAD["ready", "dispatch"]


def is_possible(computer: Computer) -> bool:
    """Tell whether a machine is one of the common kind."""
    costs, queue = computer.setup.costs, computer.dispatcher.queue
    return (
        computer.setup.cores == 1
        and computer.setup.timer
        and type(queue) is ReadyQueue
        and queue.quantum is not None
        and not costs.context_switch
        and not costs.address_space_switch
        and not computer.executor.observes
    )


def rotate(computer: Computer, core: Core, horizon: int) -> None:
    """Let the threads of the only core take turns.

    Returns when the clock has come to `horizon`, or when a thread has done something
    else than compute.
    """
    threads, quantum = computer.dispatcher.queue.threads, core.slice
    thread, now, used, turns = core.thread, computer.now, core.used, 0
    assert quantum is not None, "the caller has checked it"
    assert thread is not None, "the caller has checked it"
    taken = _Turns(computer, core, thread, quantum)
    thread.log.begin(now, 0, thread.registers)
    whole = range(quantum)
    while True:
        code, registers, readable, writable, note, where, arrive, retired = (
            thread.context or thread.make_context()
        )
        log = thread.log
        if len(retired) >= log.due:
            log.checkpoint(now, registers)
            log.seal()
        before, pc, budget = len(retired), thread.pc, quantum - used
        if now + budget > horizon:
            budget = horizon - now
        try:
            for _ in whole if budget == quantum else repeat(None, budget):
                pc = code[pc](registers, readable, writable, note, where)
                arrive(pc)
        except Exception as stop:  # noqa: BLE001 - `stopped` raises what it does not know
            done = len(retired) - before
            taken.write(turns, thread, used, done)
            if not computer.executor.stopped(core, thread, pc, now, done + 1, stop):
                core.used, computer.now = used + done, now + done
            log.seal()
            return
        thread.pc = pc
        now += budget
        if now >= horizon:
            taken.write(turns, thread, used + budget, budget)
            break
        turns += 1
        threads.append(thread)
        thread, used = threads.popleft(), 0
        if thread.busy:
            taken.write(turns, thread, 0, None)
            break
    computer.now = now


class _Turns:
    """Writes down a row of turns, all of them at once: much faster than one by one.

    Parameters
    ----------
    computer : Computer
    core : Core
        As it is before the first turn ends.
    first : Thread
        Who has the core.
    quantum : int
        How long each turn is; the first may have begun before.
    """

    def __init__(self, computer: Computer, core: Core, first: Thread, quantum: int) -> None:
        self.computer, self.core, self.first, self.quantum = computer, core, first, quantum
        self.start = computer.now + quantum - core.used

    def write(self, turns: int, last: Thread, used: int, ran: int | None) -> None:
        """Write down that the core has gone over to the next thread so many times.

        Parameters
        ----------
        turns : int
        last : Thread
            Who has the core now.
        used : int
            Ticks of its slice that are used.
        ran : int or None
            Instructions of this turn that have retired; None if it has not begun to execute.
        """
        core = self.core
        core.thread, core.last, core.used = last, last.key, used
        if not turns:
            return
        self.first.state, self.first.core = _READY, -1
        last.state, last.core = _RUNNING, 0
        order, total = self._order(turns, last)
        self._turns(turns, order)
        for index, thread in enumerate(order):
            # Turn number 0 has been written down when it began.
            since = index or total
            count = (turns - since) // total + 1
            left = self.quantum
            if thread is last:
                count, left = (count, ran) if ran is not None else (count - 1, left)
            if count > 0:
                self._bursts(thread, since, count, left, total)

    def _order(self, turns: int, last: Thread) -> tuple[list[Thread], int]:
        """Return those who had a turn, in the order of the first one, and how many there are."""
        queue = self.computer.dispatcher.queue.threads
        total = len(queue) + 1
        if turns < total:
            return [*(queue[index] for index in range(-turns, 0)), last], total
        ring = [last, *queue]
        start = -turns % total
        return ring[start:] + ring[:start], total

    def _turns(self, turns: int, order: list[Thread]) -> None:
        """Write each turn down as an event: the core is lost, and the next thread has it."""
        events, start = self.computer.events, self.start
        at = array("q", range(start, start + turns * self.quantum, self.quantum))
        ticks = array("q", bytes(16 * turns))
        ticks[0::2] = ticks[1::2] = at
        serials = [thread.serial << 8 for thread in order]
        following = serials[1:] + serials[:1]
        codes = array("q", [code for pair in zip(serials, following, strict=True) for code in pair])
        codes[1::2] = array("q", [code | 1 for code in following])
        times, rest = divmod(turns, len(order))
        events.turn_ticks.extend(ticks)
        events.turn_codes.extend(codes * times + codes[: 2 * rest])

    def _bursts(self, thread: Thread, since: int, count: int, left: int, total: int) -> None:
        """Write down when a thread executed: in every turn of it from number `since` on."""
        quantum, log = self.quantum, thread.log
        tick, period = self.start + (since - 1) * quantum, total * quantum
        index = len(log) - left - (count - 1) * quantum
        bursts = array("q", bytes(24 * count))
        bursts[0::3] = array("q", range(tick, tick + count * period, period))
        bursts[2::3] = array("q", range(index, index + count * quantum, quantum))
        log.bursts.extend(bursts)
