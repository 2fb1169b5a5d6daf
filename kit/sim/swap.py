"""The swap area: where pages go when RAM is full."""

from __future__ import annotations

import heapq
from typing import Any, Protocol


class Replacer(Protocol):
    """A replacement policy at work in one machine."""

    def loaded(self, frame: int) -> None:
        """Hear that a page was brought into a frame."""

    def used(self, frame: int) -> None:
        """Hear that the page in a frame was used."""

    def forgotten(self, frame: int) -> None:
        """Hear that a frame is free again."""

    def victim(self, candidates: list[int]) -> int:
        """Return the one of these frames whose page has to leave."""

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""


class ReplacementPolicy(Protocol):
    """A replacement policy as a setting."""

    def start(self) -> Replacer:
        """Return the policy at work, for one machine."""


class SwapArea:
    """Slots on disk, each as large as a page.

    Parameters
    ----------
    slots : int
        Number of slots.
    replacer : Replacer
        Chooses the page that has to leave RAM.

    Attributes
    ----------
    slots : dict of int to tuple of int
        Used slot -> the words of its page.
    """

    def __init__(self, slots: int, replacer: Replacer) -> None:
        self.slots: dict[int, tuple[int, ...]] = {}
        self.replacer = replacer
        self._free = list(range(slots))

    @property
    def free_count(self) -> int:
        """Slots that hold nothing."""
        return len(self._free)

    def take(self) -> int | None:
        """Return the free slot with the lowest number, or None if all are used."""
        return heapq.heappop(self._free) if self._free else None

    def give_back(self, slot: int) -> None:
        """Make a slot free."""
        del self.slots[slot]
        heapq.heappush(self._free, slot)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.slots.items()), tuple(self._free), self.replacer.state()

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        slots, free, replacer = state
        self.slots, self._free = dict(slots), list(free)
        self.replacer.restore(replacer)
