"""First in, first out, round robin, and round the list of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kit.errors import explained, require, require_whole
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.schedulers.queue import ReadyQueue, may_use


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


@explained
@dataclass(frozen=True)
class Cyclic:
    """Processes take turns round the list of all of them, each until it blocks or ends.

    The next one is the first that is ready behind the one that ran last, by pid.

    Notes
    -----
    A core that becomes free is given away before devices that finish at the same tick
    are heard.

    Definition: the process-run simulator of Arpaci-Dusseau, *Operating Systems: Three
    Easy Pieces*, chapter on processes.
    """

    @property
    def name(self) -> str:
        """The policy in words."""
        return "round the list of processes"

    @property
    def quantum(self) -> int | None:
        """No limit."""
        return None

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return CyclicQueue()


class CyclicQueue(ReadyQueue):
    """Round the list from the thread that was taken last."""

    before_timers = ("fill",)

    def __init__(self) -> None:
        super().__init__()
        self.last: ThreadId = (0, 0)

    def take(self, core: int) -> Thread | None:
        """Remove and return the first ready thread behind the last one."""
        allowed = [thread for thread in self.threads if may_use(thread, core)]
        if not allowed:
            return None
        chosen = min(allowed, key=lambda thread: (thread.key <= self.last, thread.key))
        self.threads.remove(chosen)
        self.last = chosen.key
        return chosen

    def remove(self, thread: Thread) -> None:
        """Take out a thread; one that is put on a core is the last one from now on."""
        self.threads.remove(thread)
        self.last = thread.key

    def waiting(self) -> Iterable[Thread]:
        """Return the waiting threads, next one first."""
        return sorted(self.threads, key=lambda thread: (thread.key <= self.last, thread.key))

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return super().state(), self.last

    def restore(self, state: tuple[Any, ...], thread: Callable[[ThreadId], Thread]) -> None:
        """Go back to `state`."""
        threads, self.last = state
        super().restore(threads, thread)
