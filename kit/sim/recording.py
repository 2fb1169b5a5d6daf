"""What the machine writes down while it runs; `kit.trace` reads it.

Two kinds of record. *Events* say what the operating system did: one list for the
machine, in order. *Thread logs* say what a thread did: for each retired instruction
where the thread went next and the value it produced, for each store the address.
Everything else (registers, variables, page tables at any time) follows from these.
"""

from __future__ import annotations

from array import array
from typing import Any

from kit.lang.instructions import GENERAL_REGISTERS

Event = tuple[Any, ...]
"""(tick, kind, pid, tid, …); see `kit.trace.events` for the kinds."""

PIECE = 4096
"""Length of a sealed piece of a log."""

REGISTERS = GENERAL_REGISTERS + 2

CHECKPOINT_DISTANCE = 64
"""Retired instructions between two records of all registers."""


class Log:
    """An append-only list of 64-bit integers, compact and cheap to copy.

    Older entries are sealed into arrays that copies share; `append` is the
    bound method of the open end, which stays the same object for good.
    """

    __slots__ = ("append", "open_end", "pieces")

    def __init__(self) -> None:
        self.pieces: list[array[int]] = []
        self.open_end: list[int] = []
        self.append = self.open_end.append

    def __len__(self) -> int:
        return len(self.pieces) * PIECE + len(self.open_end)

    def seal(self) -> None:
        """Move full pieces of the open end into arrays."""
        open_end = self.open_end
        while len(open_end) >= PIECE:
            self.pieces.append(array("q", open_end[:PIECE]))
            del open_end[:PIECE]

    def whole(self) -> array[int]:
        """Return a copy of all entries."""
        result = array("q")
        for piece in self.pieces:
            result.extend(piece)
        result.extend(array("q", self.open_end))
        return result

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.pieces), tuple(self.open_end)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.pieces[:], self.open_end[:] = state


class ThreadLog:
    """What one thread did.

    Attributes
    ----------
    entry : int
        Index of its first instruction.
    targets : Log
        Instruction index after each retired instruction.
    values : Log
        The value each retired instruction produced: written to a register or to
        memory; 0 for jumps.
    addresses : Log
        Virtual address of each store, in order.
    bursts : list of (tick, core, index)
        From `tick` on, instructions number `index` and following retire one a
        tick on `core`, until the next burst.
    checkpoints : list of (tick, index, registers)
        All registers before instruction number `index`, from `tick` on.
    """

    __slots__ = ("addresses", "bursts", "checkpoints", "entry", "targets", "values")

    def __init__(self, entry: int) -> None:
        self.entry = entry
        self.targets, self.values, self.addresses = Log(), Log(), Log()
        self.bursts: list[tuple[int, int, int]] = []
        self.checkpoints: list[tuple[int, int, tuple[int, ...]]] = []

    def begin(self, tick: int, core: int, registers: list[int]) -> None:
        """Note that the next instruction starts at `tick` on `core`."""
        index = len(self.targets)
        if index - self.checkpoints[-1][1] >= CHECKPOINT_DISTANCE:
            self.checkpoint(tick, registers)
        if self.bursts:
            last_tick, last_core, last_index = self.bursts[-1]
            if last_core == core and last_tick + index - last_index == tick:
                return
        self.bursts.append((tick, core, index))

    def checkpoint(self, tick: int, registers: list[int]) -> None:
        """Record all registers, valid from `tick` on."""
        self.checkpoints.append((tick, len(self.targets), tuple(registers)))

    def seal(self) -> None:
        """Compact what has grown long."""
        if len(self.targets.open_end) >= PIECE:
            self.targets.seal()
            self.values.seal()
            self.addresses.seal()

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return (
            self.entry,
            self.targets.state(),
            self.values.state(),
            self.addresses.state(),
            tuple(self.bursts),
            tuple(self.checkpoints),
        )

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.entry, targets, values, addresses, bursts, checkpoints = state
        self.targets.restore(targets)
        self.values.restore(values)
        self.addresses.restore(addresses)
        self.bursts[:], self.checkpoints[:] = bursts, checkpoints
