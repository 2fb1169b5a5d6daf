"""The multi-level feedback queue."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from kit.errors import ArgumentError, explained, require, require_whole
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.schedulers.queue import ReadyQueue, may_use


@explained
@dataclass(frozen=True)
class MLFQ:
    """Multi-level feedback queue: who uses the core up sinks, who waits for devices stays.

    A thread begins at the top level. At each level it may use its allotment, counted in
    quanta, however it divides that among turns; then it goes one level down.

    Parameters
    ----------
    levels : int
        Number of queues, at least 1.
    quantum : int or tuple of int
        Ticks, for all levels or for each from the top.
    allotment : int or tuple of int
        Quanta a thread may use at a level before it goes down.
    boost : int
        Ticks after which all threads go to the top again; 0 for never.
    stay_on_io : bool
        Whether a thread that waits for anything gets its allotment anew: the old rule,
        which can be gamed.
    io_bump : bool
        Whether a thread that was woken goes to the front of its level, not to the end.

    Notes
    -----
    A thread that loses its core to a higher level stays at the front of its own and goes
    on with the rest of its quantum. At one tick, slices that are used up come first, then
    a boost, which lifts the lowest level first, then threads that were woken or are new.

    Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on the
    multi-level feedback queue, and its simulator.
    """

    levels: int = 3
    quantum: int | tuple[int, ...] = 10
    allotment: int | tuple[int, ...] = 1
    boost: int = 0
    stay_on_io: bool = False
    io_bump: bool = False

    def __post_init__(self) -> None:
        require_whole("MLFQ: levels", self.levels, 1)
        require_whole("MLFQ: boost", self.boost, 0)
        for name in ("quantum", "allotment"):
            self._of_levels(name)
        for name in ("stay_on_io", "io_bump"):
            value = getattr(self, name)
            require(type(value) is bool, f"MLFQ: {name} is {value!r}; give True or False")

    def _of_levels(self, name: str) -> tuple[int, ...]:
        """Return a setting for each level, from the top."""
        value = getattr(self, name)
        try:
            values = tuple(value) if not isinstance(value, int) else (value,) * self.levels
        except TypeError:
            raise ArgumentError(
                f"MLFQ: {name} is {value!r}; give a number, or one for each level as in (5, 10, 20)"
            ) from None
        require(
            len(values) == self.levels,
            f"MLFQ: {name} has {len(values)} numbers for {self.levels} levels; give one for each",
        )
        for number in values:
            require_whole(f"MLFQ: {name}", number, 1)
        return values

    @property
    def name(self) -> str:
        """The policy in words."""
        return f"feedback queue of {self.levels} levels"

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return FeedbackQueue(self, self._of_levels("quantum"), self._of_levels("allotment"))


@dataclass
class Standing:
    """Where a thread stands: its level, and what it has left there.

    Attributes
    ----------
    level : int
        0 is the top.
    ticks : int
        Left of its quantum.
    quanta : int
        Left of its allotment, the current one included.
    """

    level: int
    ticks: int
    quanta: int


class FeedbackQueue(ReadyQueue):
    """A queue for each level.

    Parameters
    ----------
    policy : MLFQ
    quanta, allotments : tuple of int
        For each level from the top.

    Attributes
    ----------
    levels : list of deque of Thread
        The waiting threads, top level first.
    standings : dict of (pid, tid) to Standing
    jumpers : set of (pid, tid)
        Threads that were woken to the front of their level and wait there, before the
        one that runs.
    """

    preemptive = strict = accounts = True
    before_timers = ("expire", "renew")

    def __init__(self, policy: MLFQ, quanta: tuple[int, ...], allotments: tuple[int, ...]) -> None:
        super().__init__(max(quanta))
        self.policy, self.quanta, self.allotments = policy, quanta, allotments
        self.period = policy.boost or None
        self.levels: list[deque[Thread]] = [deque() for _ in quanta]
        self.standings: dict[ThreadId, Standing] = {}
        self.jumpers: set[ThreadId] = set()

    def __len__(self) -> int:
        return sum(map(len, self.levels))

    def _standing(self, level: int) -> Standing:
        return Standing(level, self.quanta[level], self.allotments[level])

    def add(self, thread: Thread, why: str) -> None:
        """Put a thread into the queue of its level."""
        standing = self.standings.get(thread.key)
        if standing is None:
            standing = self.standings[thread.key] = self._standing(0)
        level = self.levels[standing.level]
        if why == "wake" and self.policy.io_bump:
            level.appendleft(thread)
            self.jumpers.add(thread.key)
        elif why in ("bump", "renew"):
            place = 0
            while place < len(level) and level[place].key in self.jumpers:
                place += 1
            level.insert(place, thread)
        else:
            level.append(thread)

    def take(self, core: int) -> Thread | None:
        """Remove and return the first thread of the highest level that may use a core."""
        for level in self.levels:
            for thread in level:
                if may_use(thread, core):
                    self.jumpers.difference_update(waiting.key for waiting in level)
                    level.remove(thread)
                    return thread
        return None

    def remove(self, thread: Thread) -> None:
        """Take out a thread that was ended, or put on a core, out of turn."""
        self.jumpers.discard(thread.key)
        self.levels[self.standings[thread.key].level].remove(thread)

    def waiting(self) -> Iterable[Thread]:
        """Return the waiting threads, next one first."""
        return chain(*self.levels)

    def slice_for(self, thread: Thread) -> int:
        """Return what a thread has left of its quantum."""
        return self.standings[thread.key].ticks

    def ran(self, thread: Thread, ticks: int) -> None:
        """Count down a thread's quantum."""
        self.standings[thread.key].ticks -= ticks

    def expired(self, thread: Thread) -> None:
        """Let a thread begin its next quantum, a level down if its allotment is used up."""
        standing = self.standings[thread.key]
        standing.quanta -= 1
        if standing.quanta:
            standing.ticks = self.quanta[standing.level]
        else:
            lower = min(standing.level + 1, len(self.levels) - 1)
            self.standings[thread.key] = self._standing(lower)

    def left(self, thread: Thread, how: str) -> None:
        """Hear that a thread left its core by itself."""
        if how == "end":
            self.standings.pop(thread.key, None)
            return
        if self.policy.stay_on_io:
            self.standings[thread.key] = self._standing(self.standings[thread.key].level)
        if self.standings[thread.key].ticks <= 0:
            self.expired(thread)

    def preempts(self, running: Thread) -> bool:
        """Tell whether a thread waits at a higher level than a running one, or jumped its queue."""
        level = self.standings[running.key].level
        before = [*chain(*self.levels[:level])]
        before += [thread for thread in self.levels[level] if thread.key in self.jumpers]
        return any(may_use(thread, running.core) for thread in before)

    def standing(self, thread: Thread) -> int:
        """Return a thread's level."""
        return self.standings[thread.key].level

    def renew(self) -> None:
        """Lift all threads to the top level, the lowest first."""
        for level in reversed(self.levels[1:]):
            self.levels[0].extend(level)
            level.clear()
        for key in self.standings:
            self.standings[key] = self._standing(0)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        levels = tuple(tuple(thread.key for thread in level) for level in self.levels)
        standings = tuple(
            (key, standing.level, standing.ticks, standing.quanta)
            for key, standing in self.standings.items()
        )
        return levels, standings, tuple(sorted(self.jumpers))

    def restore(self, state: tuple[Any, ...], thread: Callable[[ThreadId], Thread]) -> None:
        """Go back to `state`."""
        levels, standings, jumpers = state
        self.jumpers = set(jumpers)
        self.levels = [deque(thread(key) for key in level) for level in levels]
        self.standings = {key: Standing(*rest) for key, *rest in standings}
