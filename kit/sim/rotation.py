"""The short way round the ready queue, for the commonest machine.

One core, round robin, switches that cost nothing: between two system calls nothing can
happen but that slices are used up. This loop does what dispatcher and executor would do
then, several times faster; a test holds them together.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from kit.sim.lifecycle import THREAD
from kit.sim.recording import PIECE
from kit.sim.schedulers import ReadyQueue

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.dispatcher import Core

_READY = THREAD["running", "preempt"]
_RUNNING = THREAD["ready", "dispatch"]


def is_possible(computer: Computer) -> bool:
    """Tell whether a machine is one of the common kind."""
    costs, queue = computer.setup.costs, computer.dispatcher.queue
    return (
        computer.setup.cores == 1
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
    threads, executor, quantum = computer.dispatcher.queue.threads, computer.executor, core.slice
    assert quantum is not None, "the caller has checked it"
    turn_at, turn_of = computer.events.turn_ticks.append, computer.events.turn_codes.append
    thread, now, used = core.thread, computer.now, core.used
    assert thread is not None, "the caller has checked it"
    while True:
        log = thread.log
        log.begin(now, 0, thread.registers)
        code, registers, readable, writable, note, where, arrive, retired = (
            thread.context or thread.make_context()
        )
        before, pc, budget = len(retired), thread.pc, quantum - used
        budget = budget if now + budget < horizon else horizon - now
        try:
            for _ in repeat(None, budget):
                pc = code[pc](registers, readable, writable, note, where)
                arrive(pc)
        except Exception as stop:  # noqa: BLE001 - `stopped` raises what it does not know
            core.used, done = used, len(retired) - before
            if not executor.stopped(core, thread, pc, now, done + 1, stop):
                core.used, computer.now = used + done, now + done
            log.seal()
            return
        thread.pc = pc
        now, used = now + budget, used + budget
        if len(retired) >= PIECE:
            log.seal()
        if now >= horizon:
            break
        thread.state, thread.core = _READY, -1
        turn_at(now)
        turn_of(thread.serial << 8)
        threads.append(thread)
        thread = threads.popleft()
        thread.state, thread.core = _RUNNING, 0
        turn_at(now)
        turn_of(thread.serial << 8 | 1)
        core.thread, core.last, used = thread, thread.key, 0
        if thread.busy:
            break
    core.used, computer.now = used, now
