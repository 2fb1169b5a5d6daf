"""The loop that moves time on.

Order within one tick: what the scheduling policy wants done first; timers due (launches,
loads, wake-ups, devices) in the order in which they were set; then threads change places
as `kit.sim.dispatcher` says; then every busy core executes, by core number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.cancellation import Cancelled, check_cancelled, current_token
from kit.errors import LimitExceeded
from kit.sim import round_robin_fast_path
from kit.sim.core import Core
from kit.sim.deadlock import last_cycles, wait_of
from kit.sim.events.scheduling import Deadlock, Stuck

if TYPE_CHECKING:
    from kit.sim.computer import Computer

LONGEST_BURST = 1024
"""Most ticks between two looks at the clock: bounds how far apart checkpoints are."""

LONGEST_ROTATION = 65536
"""Most ticks of turns between two looks at whether the run is still wanted."""


def run(computer: Computer, until: int | None) -> None:
    """Move time on; see `Computer.run`.

    Parameters
    ----------
    computer : Computer
    until : int, optional
    """
    token = current_token()
    dispatcher, cores = computer.dispatcher, computer.dispatcher.cores
    alone = cores[0] if len(cores) == 1 else None
    settles = bool(dispatcher.queue.before_timers)
    while True:
        if token.cancelled:
            raise Cancelled
        if computer.blocks.holder is not None and _stops_in_block(computer, until):
            return
        if settles:
            dispatcher.settle()
        if computer.timers and computer.timers[0][0] <= computer.now:
            computer.deliver_due()
        dispatcher.reschedule()
        if until is not None and computer.now >= until:
            return
        busy = alone.thread if alone is not None else any(core.thread for core in cores)
        if busy:
            _advance(computer, alone, until)
        elif computer.timers:
            computer.now = _horizon(computer, until)
        else:
            _finish(computer)
            return


def _horizon(computer: Computer, until: int | None) -> int:
    """Return the next tick at which something happens by itself."""
    horizon = computer.limits.ticks
    if computer.now >= horizon:
        _exceed(computer)
    if computer.timers and computer.timers[0][0] < horizon:
        horizon = computer.timers[0][0]
    renewal = computer.dispatcher.renewal
    if renewal is not None and renewal < horizon:
        horizon = renewal
    return horizon if until is None or horizon < until else until


def _exceed(computer: Computer) -> None:
    running = [core.thread for core in computer.cores if core.thread is not None]
    who = running[0].process if running else None
    name = f"'{who.program.name}' (pid {who.pid})" if who else "a sleeping thread"
    remedy = "look for an endless loop, or raise Limits(ticks=…)"
    if not computer.setup.timer:
        remedy += "; without a timer it keeps the core"
    raise LimitExceeded(
        f"tick {computer.now}: {name} was still not finished when the run reached its limit "
        f"of {computer.limits.ticks} ticks; {remedy}"
    )


def _finish(computer: Computer) -> None:
    if any(process.living for process in computer.alive.values()):
        last = computer.events.others[-1]
        if not isinstance(last, Stuck) or last.tick != computer.now:
            _report_circles(computer)
            alive = (thread for process in computer.alive.values() for thread in process.alive)
            computer.note(Stuck, 0, 0, tuple(map(wait_of, alive)))


def _report_circles(computer: Computer) -> None:
    """Write down the circles that only show when nothing can happen any more."""
    told = {
        (pid, tid)
        for event in computer.events.others
        if isinstance(event, Deadlock)
        for pid, tid, *_ in event.cycle
    }
    for cycle in last_cycles(computer, told):
        computer.note(Deadlock, *cycle[0][:2], cycle)


def _advance(computer: Computer, alone: Core | None, until: int | None) -> None:
    """Let the busy cores execute until threads may have to change places."""
    start = computer.now
    if alone is None:
        _tick_together(computer, start, until)
        return
    horizon = _horizon(computer, until)
    thread = alone.thread
    assert thread is not None, "the caller has found it busy"
    delayed = alone.stall or thread.busy or (computer.stopped and _stopped_waits(computer))
    if computer.rotates and len(computer.dispatcher.queue) and not delayed:
        round_robin_fast_path.rotate(computer, alone, min(horizon, start + LONGEST_ROTATION))
        return
    budget = min(horizon - start, LONGEST_BURST)
    used = computer.executor.advance(alone, start, computer.dispatcher.budget(budget))
    computer.now = start + used
    computer.dispatcher.clock += used


def _stopped_waits(computer: Computer) -> bool:
    """Tell whether a thread of a stopped process is ready: it will leave its core at once."""
    return any(thread.process.stopped for thread in computer.dispatcher.queue.waiting())


def _stops_in_block(computer: Computer, until: int | None) -> bool:
    """Let the thread in an atomic block go on, and no other; True if `until` comes first."""
    while (holder := computer.blocks.holder) is not None:
        thread, start = computer.thread(holder), computer.now
        if thread.core < 0:
            break
        check_cancelled()
        computer.deliver_due()
        # The block is not over where the run stops: nobody else gets the core there.
        if until is not None and start >= until:
            return True
        if start >= computer.limits.ticks:
            _exceed(computer)
        stops = [computer.limits.ticks, start + LONGEST_BURST]
        stops += [tick for tick, *_ in computer.timers[:1]] + ([] if until is None else [until])
        core = computer.cores[thread.core]
        used = computer.executor.advance(core, start, min(stops) - start)
        _switch_beside(computer, core, start, used)
        computer.now = start + used
        computer.dispatcher.clock += used
    return False


def _switch_beside(computer: Computer, block: Core, start: int, ticks: int) -> None:
    """Let the system's work on other cores go on: a block keeps only threads from running."""
    for core in computer.cores:
        if core.stall and core.thread is not None and core is not block:
            computer.executor.advance(core, start, min(core.stall, ticks))


def _tick_together(computer: Computer, start: int, until: int | None) -> None:
    """Let several cores execute one tick; memory is shared, so by core number."""
    _horizon(computer, until)
    for core in computer.cores:
        if core.thread is not None:
            computer.executor.advance(core, start, 1)
    computer.now = start + 1
    computer.dispatcher.clock += 1
