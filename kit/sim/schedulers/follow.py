"""A schedule that is written down: who runs for how long, turn by turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.errors import explained, require
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.schedulers.queue import ReadyQueue

Turn = tuple[int, int, int]
"""(pid, tid, ticks)."""


@explained
@dataclass(frozen=True)
class Follow:
    """Threads get the core as a list says; after its end, first in, first out.

    A core stays idle until the thread whose turn it is becomes ready; if it never does, nothing
    runs any more. What this replays is one run of a machine with one core.

    Parameters
    ----------
    turns : tuple of (pid, tid, ticks)
        A turn is over after so many ticks, or when its thread blocks or ends.
    choices : tuple of int
        What `choose` gives, and which of several waiting threads `notify` wakes, counted from 0
        by tid, one after the other. After the last of them chance decides what `choose` gives, and
        `notify` wakes the thread that has waited longest.
    spurious : bool
        Whether a thread may wake at a condition without a notification. If so, `choices` also says
        of each thread that begins to wait there whether it does: 1 if it does, else 0.
    """

    turns: tuple[Turn, ...] = ()
    choices: tuple[int, ...] = ()
    spurious: bool = False

    def __post_init__(self) -> None:
        try:
            turns = tuple((int(pid), int(tid), int(ticks)) for pid, tid, ticks in self.turns)
        except (TypeError, ValueError):
            turns = ((0, 0, 0),)
        require(
            all(ticks >= 1 for _, _, ticks in turns),
            f"Follow: turns is {self.turns!r}; give (pid, tid, ticks) for each turn, ticks from 1",
        )
        object.__setattr__(self, "turns", turns)
        choices: object = self.choices
        require(
            isinstance(choices, tuple | list)
            and all(type(value) is int and value >= 0 for value in choices),
            f"Follow: choices is {self.choices!r}; give a number from 0 for each call of choose",
        )
        object.__setattr__(self, "choices", tuple(self.choices))
        require(
            isinstance(self.spurious, bool),
            f"Follow: spurious is {self.spurious!r}; give True or False",
        )

    @property
    def name(self) -> str:
        """The policy in words."""
        return "as written down"

    @property
    def quantum(self) -> int | None:
        """No fixed one."""
        return None

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return FollowQueue(self.turns, self.choices, spurious=self.spurious)


class FollowQueue(ReadyQueue):
    """The ready threads, of whom the one goes next that is written down.

    Parameters
    ----------
    turns : tuple of (pid, tid, ticks)
    choices : tuple of int
    spurious : bool

    Attributes
    ----------
    place : int
        Which turn comes next.
    made : int
        How many values have been chosen.
    """

    strict = True

    def __init__(
        self,
        turns: tuple[Turn, ...],
        choices: tuple[int, ...] = (),
        *,
        spurious: bool = False,
    ) -> None:
        super().__init__()
        self.turns, self.place, self.spurious = turns, 0, spurious
        self.choices, self.made = choices, 0
        self._length: int | None = None

    def take(self, core: int) -> Thread | None:
        """Remove and return the thread whose turn it is; None while it is not ready."""
        if self.place >= len(self.turns):
            return super().take(core)
        key = self.turns[self.place][:2]
        for thread in self.threads:
            if thread.key == key:
                self.threads.remove(thread)
                self._length = self.turns[self.place][2]
                self.place += 1
                return thread
        return None

    def slice_for(self, thread: Thread) -> int | None:
        """Return how long the turn is that has just begun."""
        length, self._length = self._length, None
        return length

    def choose(self, values: int) -> int | None:
        """Return the value that is written down."""
        if self.made >= len(self.choices):
            return None
        self.made += 1
        return self.choices[self.made - 1] % values

    def wakes_by_itself(self) -> bool:
        """Tell whether it is written down that a thread wakes without a notification."""
        return self.spurious and self.choose(2) == 1

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return super().state(), self.place, self.made

    def restore(self, state: tuple[Any, ...], thread: Callable[[ThreadId], Thread]) -> None:
        """Go back to `state`."""
        threads, self.place, self.made = state
        super().restore(threads, thread)
