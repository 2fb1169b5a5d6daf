"""A core at one tick: its mode, the handler that runs, what is on the kernel stack."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kit.lang.instructions import REGISTER_NAMES, WORD
from kit.sim.recording import ThreadId
from kit.trace.kernel.crossings import is_at_work
from kit.trace.kernel.traps import IDLE, Trap
from kit.trace.state.caches import CacheState

if TYPE_CHECKING:
    from kit.trace.replay import History


class TrapFrame(NamedTuple):
    """What a trap has left on the kernel stack of the thread that it interrupted.

    Attributes
    ----------
    trap : Trap
        Which one; "start" for a thread that has not run yet, whose first registers the system has
        put there.
    registers : dict of str to int
        The user registers, r0 to r7, fp, sp and pc: return-from-trap restores them.
    """

    trap: Trap
    registers: dict[str, int]


def kernel_stack(history: History, key: ThreadId, tick: int) -> tuple[TrapFrame, ...]:
    """Return what is on the kernel stack of a thread at a tick; () while it is in user mode.

    Parameters
    ----------
    history : History
    key : (pid, tid)
    tick : int
    """
    stacks = history.crossings.stacks
    trap = stacks[key].at(tick) if key in stacks else None
    if trap is None:
        return ()
    process, record = history.processes[key[0]], history.record.threads[key]
    values = record.registers_at(tick, process.threads[key[1]].program.image)
    registers = dict(zip(REGISTER_NAMES, values, strict=True))
    pc = process.code_base + record.index_at(tick) * WORD
    return (TrapFrame(trap, {**registers, "pc": pc}),)


class CoreState:
    """A core at one tick, everything that happened at it included; made by `Moment.cores`.

    Attributes
    ----------
    number, tick : int
    thread : (pid, tid) or None
        The thread that it runs.
    """

    def __init__(self, history: History, number: int, tick: int) -> None:
        self._history = history
        self.number, self.tick = number, tick
        self.thread: ThreadId | None = history.cores[number].at(tick)

    @cached_property
    def trap(self) -> Trap | None:
        """What brought it into kernel mode; None in user mode."""
        if self.thread is None:
            return IDLE
        if not is_at_work(self._history.overheads.get(self.number), self.tick):
            return None
        return self._history.crossings.kernel[self.number].at(self.tick)

    @property
    def cache(self) -> CacheState | None:
        """What its cache holds; None where the machine has no caches."""
        caches = self._history.caches
        return caches[self.number].at(self.tick) if caches else None

    @property
    def mode(self) -> str:
        """Whether it is in "user" or "kernel" mode; a core that is idle is in kernel mode."""
        return "kernel" if self.trap is not None else "user"

    @property
    def handler(self) -> str:
        """Which handler of the trap table runs; "idle" without a thread, "" in user mode."""
        return self.trap.handler if self.trap is not None else ""

    @property
    def kernel_stack(self) -> tuple[TrapFrame, ...]:
        """What is on the kernel stack of its thread; () in user mode, and while it is idle."""
        if self.thread is None or self.trap is None:
            return ()
        return kernel_stack(self._history, self.thread, self.tick)

    @property
    def address_space(self) -> int | None:
        """The pid whose page table its base register points to; None before the first one."""
        steps = self._history.cores[self.number]
        key = self.thread or self._history.last_on(self.number, self.tick)
        return key[0] if key is not None and steps.ticks else None

    def __repr__(self) -> str:
        who = f"thread {self.thread[1]} of pid {self.thread[0]}" if self.thread else "no thread"
        handler = f", {self.handler}" if self.handler else ""
        return f"<core {self.number}: {who}, {self.mode} mode{handler}>"
