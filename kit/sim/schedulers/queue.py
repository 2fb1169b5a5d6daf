"""What a scheduling policy is asked, and the plainest answer: first come, first served.

A policy is a plain setting; `start` makes the queue that belongs to one machine. The
machine asks the queue at every point where threads could change places, in this order
within one tick: timers (threads woken and admitted are added), periodic renewal, slices
that are used up, by core number, then free cores are filled, then better threads take
cores from the worst ones, both by core number; `before_timers` says what a policy does earlier.
Ties are broken by the order of arrival in the queue.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from kit.sim.process import Thread
from kit.sim.recording import ThreadId


def may_use(thread: Thread, core: int) -> bool:
    """Tell whether a thread may run on a core: its affinity."""
    cores = thread.process.share.cores
    return not cores or core in cores


class ReadyQueue:
    """The threads that are ready, in the order in which they will run: first come, first served.

    Other policies override what they do differently.

    Parameters
    ----------
    quantum : int or None
        Ticks a thread may run before others get a turn; None for no limit.

    Attributes
    ----------
    threads : deque of Thread
        Next one first.
    """

    preemptive = False
    """Whether a waiting thread may take a core before a slice is used up: ask `preempts`."""

    clock = False
    """Whether slices are cut by a clock that ticks on when the thread changes."""

    strict = False
    """Whether a slice counts also while nobody else waits."""

    accounts = False
    """Whether `ran` must be told of every tick."""

    before_timers: tuple[str, ...] = ()
    """What is done before the timers due at a tick, not behind: "expire", "renew", "fill"."""

    period: int | None = None
    """Ticks between two calls of `renew`; None for never."""

    def __init__(self, quantum: int | None = None) -> None:
        self.quantum = quantum
        self.threads: deque[Thread] = deque()

    def __len__(self) -> int:
        return len(self.threads)

    def add(self, thread: Thread, why: str) -> None:
        """Put a thread that became ready into the queue.

        Parameters
        ----------
        thread : Thread
        why : str
            "admit" for a new one, "wake", "expire" when its slice was used up, "bump"
            when another thread took its core.
        """
        self.threads.append(thread)

    def take(self, core: int) -> Thread | None:
        """Remove and return the thread to run next on a core; None if none may use it."""
        threads = self.threads
        if not threads:
            return None
        if may_use(threads[0], core):
            return threads.popleft()
        for thread in threads:
            if may_use(thread, core):
                threads.remove(thread)
                return thread
        return None

    def remove(self, thread: Thread) -> None:
        """Take out a thread that was ended, or put on a core, out of turn."""
        self.threads.remove(thread)

    def waiting(self) -> Iterable[Thread]:
        """Return the waiting threads, next one first."""
        return self.threads

    def slice_for(self, thread: Thread) -> int | None:
        """Return how many ticks a thread that begins a turn may run; None for no limit."""
        return self.quantum

    def expired(self, thread: Thread) -> None:
        """Hear that a thread has used up its slice."""

    def left(self, thread: Thread, how: str) -> None:
        """Hear that a thread left its core by itself, or has ended: how is "block" or "end"."""

    def ran(self, thread: Thread, ticks: int) -> None:
        """Hear that a thread was on a core for some ticks."""

    def preempts(self, running: Thread) -> bool:
        """Tell whether a waiting thread should take the core of a running one."""
        return False

    def standing(self, thread: Thread) -> Any:
        """Return how far behind the best a thread stands; only where some `preempts`."""
        return 0

    def renew(self) -> None:
        """Do what is done once a `period`; threads that were running wait here by then."""

    def choose(self, values: int) -> int | None:
        """Return which of so many is chosen, counted from 0; None if the policy does not say.

        `choose` asks for a value; without an answer the machine draws one. `notify` asks for one
        of the threads that wait at the condition, by tid; without an answer it wakes the thread
        that has waited longest.
        """
        return None

    def wakes_by_itself(self) -> bool:
        """Tell whether a thread that begins to wait at a condition wakes without a notification.

        POSIX and Java allow such spurious wake-ups.
        """
        return False

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs: plain values, threads by their keys."""
        return tuple(thread.key for thread in self.threads)

    def restore(self, state: tuple[Any, ...], thread: Callable[[ThreadId], Thread]) -> None:
        """Go back to `state`; `thread` finds a thread by its key."""
        self.threads.clear()
        self.threads.extend(thread(key) for key in state)


class Scheduler(Protocol):
    """A scheduling policy."""

    @property
    def name(self) -> str:
        """The policy in words, as the stage shows it."""

    @property
    def quantum(self) -> int | tuple[int, ...] | None:
        """Ticks a thread may run before others get a turn; None for no limit, or no fixed one."""

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine.

        Parameters
        ----------
        chance : callable
            ``chance(n)`` draws a whole number from 0 to n - 1 from the machine's seed.
        """
