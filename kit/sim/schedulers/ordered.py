"""Policies that put the waiting threads in an order: shortest job, priority."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kit.errors import explained, require, require_whole
from kit.sim.process import Thread
from kit.sim.schedulers.queue import ReadyQueue, may_use

Rank = tuple[int, int]
"""What a thread is ordered by; the smallest runs first."""


class OrderedQueue(ReadyQueue):
    """The waiting threads in the order of a rank; of equal ones the first to have come.

    Parameters
    ----------
    rank : callable
        Of a thread.
    preemptive : bool
        Whether a waiting thread takes the core of one with a larger rank.
    quantum : int or None
        Ticks after which equal ones get a turn.
    """

    def __init__(
        self, rank: Callable[[Thread], Rank], preemptive: bool, quantum: int | None = None
    ) -> None:
        super().__init__(quantum)
        self.rank, self.preemptive = rank, preemptive

    def add(self, thread: Thread, why: str) -> None:
        """Put a thread into the queue; one that lost its core stands before its equals."""
        if why == "bump":
            self.threads.appendleft(thread)
        else:
            self.threads.append(thread)

    def take(self, core: int) -> Thread | None:
        """Remove and return the thread with the smallest rank that may use a core."""
        allowed = [thread for thread in self.threads if may_use(thread, core)]
        if not allowed:
            return None
        chosen = min(allowed, key=self.rank)
        self.threads.remove(chosen)
        return chosen

    def waiting(self) -> Iterable[Thread]:
        """Return the waiting threads, next one first."""
        return sorted(self.threads, key=self.rank)

    def standing(self, thread: Thread) -> Rank:
        """Return a thread's rank."""
        return self.rank(thread)

    def preempts(self, running: Thread) -> bool:
        """Tell whether a waiting thread has a smaller rank than a running one."""
        core, rank = running.core, self.rank(running)
        return any(self.rank(thread) < rank and may_use(thread, core) for thread in self.threads)


class RemainingQueue(OrderedQueue):
    """The thread with the least left to do first."""

    accounts = True


def _length(thread: Thread) -> Rank:
    """Rank by what a process is said to need; those of which nobody said it come last."""
    expected = thread.process.share.expected
    return (1, 0) if expected is None else (0, expected)


def _remaining(thread: Thread) -> Rank:
    expected = thread.process.share.expected
    return (1, 0) if expected is None else (0, max(0, expected - thread.used))


def _priority(thread: Thread) -> Rank:
    return 0, -thread.process.share.priority


@explained
@dataclass(frozen=True)
class SJF:
    """Shortest job first: the shortest that waits runs until it blocks or ends.

    How long a job is must be said: ``machine.launch(program, expected=30)``. Those of
    which nobody said it come last.

    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
    scheduling.
    """

    @property
    def name(self) -> str:
        """The policy in words."""
        return "shortest job first"

    @property
    def quantum(self) -> int | None:
        """No limit."""
        return None

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return OrderedQueue(_length, preemptive=False)


@explained
@dataclass(frozen=True)
class STCF:
    """Shortest time to completion first: a thread with less left to do takes the core.

    How long a job is must be said: ``machine.launch(program, expected=30)``. Those of
    which nobody said it come last.

    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
    scheduling.
    """

    @property
    def name(self) -> str:
        """The policy in words."""
        return "shortest time to completion first"

    @property
    def quantum(self) -> int | None:
        """No limit."""
        return None

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return RemainingQueue(_remaining, preemptive=True)


@explained
@dataclass(frozen=True)
class Priority:
    """The thread with the highest priority runs; equal ones take turns.

    The priority is that of the process: ``machine.launch(program, priority=3)``.

    Parameters
    ----------
    preemptive : bool
        Whether a thread that becomes ready takes the core of a lower one at once.
    quantum : int or None
        Ticks after which threads of equal priority take turns; None if they do not.
    """

    preemptive: bool = True
    quantum: int | None = 10

    def __post_init__(self) -> None:
        require(
            type(self.preemptive) is bool,
            f"Priority: preemptive is {self.preemptive!r}; give True or False",
        )
        if self.quantum is not None:
            require_whole("Priority: quantum", self.quantum, 1)

    @property
    def name(self) -> str:
        """The policy in words."""
        return "highest priority first" + ("" if self.preemptive else ", without preemption")

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return OrderedQueue(_priority, self.preemptive, self.quantum)
