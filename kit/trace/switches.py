"""Context switches: what a core saved of one thread and restored of the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kit.lang.instructions import REGISTER_NAMES, WORD
from kit.sim.events.memory import Flush
from kit.sim.events.processes import End
from kit.sim.events.scheduling import Block, Dispatch, Preempt
from kit.sim.recording import ThreadId
from kit.trace.record import Record
from kit.trace.replay import History


class ContextSwitch(NamedTuple):
    """A core goes over from one thread to another one.

    Attributes
    ----------
    tick : int
        When the next thread gets the core.
    core : int
    leaving, entering : (pid, tid)
    saved : dict of str to int, or None
        The user registers of the thread that left, r0 to r7, fp, sp and pc: the trap has put
        them on its kernel stack. None if it had ended, so that nothing was left to be saved.
    restored : dict of str to int
        Those of the next one, from its kernel stack: return-from-trap loads them.
    address_space : bool
        Whether the next one belongs to another process, so that the base register of the page
        table (or base and bounds) is changed too. No memory is copied.
    flushed : bool
        Whether all entries of the core's TLB were dropped.
    """

    tick: int
    core: int
    leaving: ThreadId
    entering: ThreadId
    saved: dict[str, int] | None
    restored: dict[str, int]
    address_space: bool
    flushed: bool


class Turnover(NamedTuple):
    """A core that ran `leaving` last, until `left`, is given to `entering` at `tick`.

    `flushed` tells whether its TLB was.
    """

    tick: int
    core: int
    leaving: ThreadId
    left: int
    entering: ThreadId
    flushed: bool


_LEAVING = Preempt, Block, End
"""The kinds of event by which a thread leaves its core."""


def turnovers(record: Record) -> Iterator[Turnover]:
    """Yield each time a core is given to another thread than the one it ran last."""
    flushes = {(e.tick, e.core) for e in record.events.others if isinstance(e, Flush)}
    last: dict[int, tuple[ThreadId, int]] = {}
    for event in record.events:
        # Of a kind of event nothing is derived, and `isinstance` would ask its class of classes.
        if type(event) is Dispatch:
            tick, core, key = event.tick, event.core, event.key
            leaving, left = last.get(core, (key, tick))
            if leaving != key:
                yield Turnover(tick, core, leaving, left, key, (tick, core) in flushes)
            last[core] = key, tick
        elif isinstance(event, _LEAVING) and (core := event.core) >= 0:
            last[core] = event.key, event.tick


def context_switches(record: Record, history: History) -> Iterator[ContextSwitch]:
    """Yield every context switch of a run, in order."""
    for tick, core, leaving, left, entering, flushed in turnovers(record):
        ended = history.processes[leaving[0]].threads[leaving[1]].state.at(tick) == "terminated"
        yield ContextSwitch(
            tick,
            core,
            leaving,
            entering,
            None if ended else _registers(record, history, leaving, left),
            _registers(record, history, entering, tick),
            address_space=leaving[0] != entering[0],
            flushed=flushed,
        )


def _registers(record: Record, history: History, key: ThreadId, tick: int) -> dict[str, int]:
    process = history.processes[key[0]]
    thread = record.threads[key]
    values = thread.registers_at(tick, process.threads[key[1]].program.image)
    registers = dict(zip(REGISTER_NAMES, values, strict=True))
    return {**registers, "pc": process.code_base + thread.index_at(tick) * WORD}
