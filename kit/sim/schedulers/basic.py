"""First in, first out, and round robin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kit.errors import explained, require, require_whole
from kit.sim.schedulers.queue import ReadyQueue


@explained
@dataclass(frozen=True)
class FIFO:
    """First in, first out: a thread runs until it blocks or ends.

    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
    scheduling.
    """

    @property
    def name(self) -> str:
        """The policy in words."""
        return "first in, first out"

    @property
    def quantum(self) -> int | None:
        """No limit."""
        return None

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return ReadyQueue()


@explained
@dataclass(frozen=True)
class RoundRobin:
    """Each thread runs for one quantum, then goes to the end of the queue.

    Parameters
    ----------
    quantum : int
        Ticks; at least 1.
    timer : str
        What the quantum is counted from: "slice", the thread's turn, or "clock", the
        last interrupt of a clock that ticks on whoever runs. With a clock a thread that
        follows one which ended in the middle has only the rest of the quantum; one
        that follows at the very tick of the interrupt is passed over.

    Notes
    -----
    A thread that is alone keeps the core without a switch; its slice begins anew.

    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
    scheduling.
    """

    quantum: int = 10
    timer: str = "slice"

    def __post_init__(self) -> None:
        require_whole("RoundRobin: quantum", self.quantum, 1)
        require(
            self.timer in ("slice", "clock"),
            f"RoundRobin: timer is {self.timer!r}; give 'slice' or 'clock'",
        )

    @property
    def name(self) -> str:
        """The policy in words."""
        return f"round robin, quantum {self.quantum}"

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return ClockQueue(self.quantum) if self.timer == "clock" else ReadyQueue(self.quantum)


class ClockQueue(ReadyQueue):
    """Round robin by a clock that does not care who runs."""

    clock = True
