"""Policies that deal out shares of the cores: lottery, stride, and a fair scheduler."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kit.errors import explained, require_whole
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.schedulers.queue import ReadyQueue, may_use

SCALE = 1 << 20
"""How much a thread with one ticket advances in a tick: large, so that integers do."""


def stride_of(thread: Thread) -> int:
    """Return how much a thread advances in a tick: a whole number, so that ticks add up."""
    return max(1, SCALE // thread.process.share.tickets)


@explained
@dataclass(frozen=True)
class Lottery:
    """Before each turn a ticket is drawn; who holds it runs for one quantum.

    Every thread has the tickets of its process: ``machine.launch(program, tickets=75)``.

    Parameters
    ----------
    quantum : int
        Ticks.

    Notes
    -----
    Definition: Waldspurger and Weihl, *Lottery Scheduling* (1994).
    """

    quantum: int = 10

    def __post_init__(self) -> None:
        require_whole("Lottery: quantum", self.quantum, 1)

    @property
    def name(self) -> str:
        """The policy in words."""
        return f"lottery, quantum {self.quantum}"

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return LotteryQueue(self.quantum, chance)


class LotteryQueue(ReadyQueue):
    """Draws a ticket; the threads hold theirs in the order in which they came."""

    def __init__(self, quantum: int, chance: Callable[[int], int]) -> None:
        super().__init__(quantum)
        self.chance = chance

    def take(self, core: int) -> Thread | None:
        """Remove and return the thread whose ticket is drawn."""
        allowed = [thread for thread in self.threads if may_use(thread, core)]
        if not allowed:
            return None
        ticket = self.chance(sum(thread.process.share.tickets for thread in allowed))
        for thread in allowed:
            ticket -= thread.process.share.tickets
            if ticket < 0:
                break
        self.threads.remove(thread)
        return thread


class PassQueue(ReadyQueue):
    """The thread that has advanced least runs; what a tick counts depends on its tickets.

    A thread that comes anew or was blocked begins with the least of those here, so that
    nobody saves up time.

    Attributes
    ----------
    passes : dict of (pid, tid) to int
        How far each thread has advanced.
    active : dict of (pid, tid) to None
        The threads that wait here or are on a core.
    furthest : int
        Where the last thread was that left nobody behind.
    """

    accounts = True

    def __init__(self, quantum: int | None) -> None:
        super().__init__(quantum)
        self.passes: dict[ThreadId, int] = {}
        self.active: dict[ThreadId, None] = {}
        self.furthest = 0

    def add(self, thread: Thread, why: str) -> None:
        """Put a thread into the queue."""
        if thread.key not in self.active:
            least = min((self.passes[key] for key in self.active), default=self.furthest)
            self.passes[thread.key] = max(self.passes.get(thread.key, 0), least)
            self.active[thread.key] = None
        self.threads.append(thread)

    def take(self, core: int) -> Thread | None:
        """Remove and return the thread that has advanced least."""
        allowed = [thread for thread in self.threads if may_use(thread, core)]
        if not allowed:
            return None
        chosen = min(allowed, key=self._pass)
        self.threads.remove(chosen)
        return chosen

    def _pass(self, thread: Thread) -> int:
        return self.passes[thread.key]

    def waiting(self) -> Iterable[Thread]:
        """Return the waiting threads, next one first."""
        return sorted(self.threads, key=self._pass)

    def ran(self, thread: Thread, ticks: int) -> None:
        """Let a thread advance."""
        self.passes[thread.key] += ticks * stride_of(thread)

    def left(self, thread: Thread, how: str) -> None:
        """Hear that a thread is not here any more; forget one that has ended."""
        if thread.key in self.active:
            del self.active[thread.key]
            if not self.active:
                self.furthest = self.passes[thread.key]
        if how == "end":
            self.passes.pop(thread.key, None)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return super().state(), tuple(self.passes.items()), tuple(self.active), self.furthest

    def restore(self, state: tuple[Any, ...], thread: Callable[[ThreadId], Thread]) -> None:
        """Go back to `state`."""
        threads, passes, active, self.furthest = state
        self.passes, self.active = dict(passes), dict.fromkeys(active)
        super().restore(threads, thread)


@explained
@dataclass(frozen=True)
class Stride:
    """The thread with the lowest pass value runs; each turn adds its stride to it.

    The stride is the larger the fewer tickets its process has:
    ``machine.launch(program, tickets=75)``. Shares come out as promised, not by chance.

    Parameters
    ----------
    quantum : int
        Ticks.

    Notes
    -----
    Definition: Waldspurger, *Lottery and Stride Scheduling* (1995).
    """

    quantum: int = 10

    def __post_init__(self) -> None:
        require_whole("Stride: quantum", self.quantum, 1)

    @property
    def name(self) -> str:
        """The policy in words."""
        return f"stride, quantum {self.quantum}"

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return PassQueue(self.quantum)


@explained
@dataclass(frozen=True)
class Fair:
    """The thread with the least virtual running time runs, as in Linux's CFS.

    Virtual time runs slower for a thread whose process has more tickets. Its slice is
    its part of a period in which every ready thread is to have a turn.

    Parameters
    ----------
    latency : int
        The period, ticks.
    granularity : int
        Least slice, ticks.

    Notes
    -----
    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
    proportional share.
    """

    latency: int = 48
    granularity: int = 6

    def __post_init__(self) -> None:
        require_whole("Fair: latency", self.latency, 1)
        require_whole("Fair: granularity", self.granularity, 1)

    @property
    def name(self) -> str:
        """The policy in words."""
        return f"fair, latency {self.latency}"

    @property
    def quantum(self) -> int | None:
        """No fixed one."""
        return None

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return FairQueue(self.latency, self.granularity)


class FairQueue(PassQueue):
    """Gives slices by the tickets of all who are ready."""

    def __init__(self, latency: int, granularity: int) -> None:
        # A quantum must be set for slices to end at all; `slice_for` says how long they are.
        super().__init__(latency)
        self.latency, self.granularity = latency, granularity

    def slice_for(self, thread: Thread) -> int:
        """Return a thread's part of the period."""
        own = thread.process.share.tickets
        everyone = own + sum(other.process.share.tickets for other in self.threads)
        return max(self.granularity, self.latency * own // everyone)
