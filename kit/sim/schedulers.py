"""Who runs next: scheduling policies.

A policy is a plain setting; `start` makes the queue that belongs to one machine.
Ties are broken by the order of arrival in the queue. At one tick, threads woken by
timers arrive first, then those that used up their slice, by core number.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from kit.errors import explained, require_whole
from kit.sim.process import Key, Thread


class ReadyQueue(Protocol):
    """The threads that are ready, in the order in which they will run."""

    def add(self, thread: Thread) -> None:
        """Put a thread that became ready into the queue."""

    def take(self) -> Thread:
        """Remove and return the thread to run next."""

    def remove(self, thread: Thread) -> None:
        """Take out a thread that was ended while it was ready."""

    def keys(self) -> list[Key]:
        """Return (pid, tid) of the waiting threads, next one first."""

    def __len__(self) -> int: ...


class Scheduler(Protocol):
    """A scheduling policy."""

    @property
    def name(self) -> str:
        """The policy in words, as the stage shows it."""

    @property
    def quantum(self) -> int | None:
        """Ticks a thread may run before others get a turn; None for no limit."""

    def start(self) -> ReadyQueue:
        """Return an empty queue for one machine."""


class ArrivalQueue:
    """First come, first served."""

    def __init__(self) -> None:
        self._threads: deque[Thread] = deque()
        self.add = self._threads.append
        self.take = self._threads.popleft

    def remove(self, thread: Thread) -> None:
        """Take out a thread that was ended while it was ready."""
        self._threads.remove(thread)

    def keys(self) -> list[Key]:
        """Return (pid, tid) of the waiting threads, next one first."""
        return [thread.key for thread in self._threads]

    def __len__(self) -> int:
        return len(self._threads)


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

    def start(self) -> Any:
        """Return an empty queue for one machine."""
        return ArrivalQueue()


@explained
@dataclass(frozen=True)
class RoundRobin:
    """Each thread runs for one quantum, then goes to the end of the queue.

    Parameters
    ----------
    quantum : int
        Ticks; at least 1.

    Notes
    -----
    A thread that is alone keeps the core without a switch; its slice begins anew.

    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
    scheduling.
    """

    quantum: int = 10

    def __post_init__(self) -> None:
        require_whole("RoundRobin: quantum", self.quantum, 1)

    @property
    def name(self) -> str:
        """The policy in words."""
        return f"round robin, quantum {self.quantum}"

    def start(self) -> Any:
        """Return an empty queue for one machine."""
        return ArrivalQueue()
