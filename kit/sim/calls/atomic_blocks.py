"""Blocks in which no other thread runs: ``with atomic():``, for specifications.

No machine has them. While a thread is in one, no other thread executes anything on any core,
and nothing takes its core away; devices and timers go on. A thread that blocks in one gives
that up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.calls.kernel import Part
from kit.sim.process import Thread
from kit.sim.recording import ThreadId

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


class AtomicBlocks(Part):
    """Which thread is in such a block.

    Attributes
    ----------
    holder : (pid, tid) or None
    depth : int
        In how many of them it is.
    waiting : list of (pid, tid)
        Those that came to one at the same tick on other cores.
    """

    def __init__(self) -> None:
        self.holder: ThreadId | None = None
        self.depth = 0
        self.waiting: list[ThreadId] = []

    def enter(self, key: ThreadId) -> None:
        """Let a thread enter a block, or wait where it stands until it can."""
        if self.holder not in (None, key):
            self.waiting.append(key)
            return
        self.holder, self.depth = key, self.depth + 1

    def leave(self, key: ThreadId) -> None:
        """Let a thread leave a block, if it has not given it up."""
        if self.holder == key:
            self.depth -= 1
            if not self.depth:
                self.give_up(key)

    def give_up(self, key: ThreadId) -> None:
        """Let a thread be in no block any more."""
        if self.holder == key:
            self.holder = self.waiting.pop(0) if self.waiting else None
            self.depth = int(self.holder is not None)

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Let others run when a thread ends in a block."""
        self.waiting = [key for key in self.waiting if key != thread.key]
        self.give_up(thread.key)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return self.holder, self.depth, tuple(self.waiting)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.holder, self.depth, waiting = state
        self.waiting = list(waiting)


def blocks_of(computer: Computer) -> AtomicBlocks:
    """Return what is known of the atomic blocks of a machine."""
    blocks: AtomicBlocks = computer.kernel["atomic"]
    return blocks


def _begin(computer: Computer, thread: Thread, number: int) -> None:
    blocks_of(computer).enter(thread.key)


def _end(computer: Computer, thread: Thread, number: int) -> None:
    blocks_of(computer).leave(thread.key)


HANDLERS: dict[str, Handler] = {"atomic_begin": _begin, "atomic_end": _end}
