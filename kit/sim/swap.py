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
    dirty : set of int
        Frames whose content has changed since it came: no file and no slot has it.
    kept : dict of int to int
        Frame -> the slot from which its page came. It stays taken, so that a page which is not
        changed can leave without being written.
    """

    def __init__(self, slots: int, replacer: Replacer) -> None:
        self.slots: dict[int, tuple[int, ...]] = {}
        self.replacer = replacer
        self.dirty: set[int] = set()
        self.kept: dict[int, int] = {}
        self._free = list(range(slots))

    @property
    def free_count(self) -> int:
        """Slots that hold nothing."""
        return len(self._free)

    @property
    def room(self) -> int:
        """Slots that a page can be written to: free ones, and those of pages that are in RAM."""
        return len(self._free) + len(self.kept)

    def next_kept(self) -> int:
        """Return the frame whose slot goes first if one is needed: an old copy before others."""
        return min(self.kept, key=lambda f: (f not in self.dirty, self.kept[f]))

    def forgotten(self, frame: int) -> None:
        """Hear that a frame is free again."""
        self.replacer.forgotten(frame)
        self.dirty.discard(frame)
        if frame in self.kept:
            self.give_back(self.kept.pop(frame))

    def next_victim(self, candidates: list[int]) -> int:
        """Return the frame whose page would have to leave now; the policy does not hear of it."""
        before = self.replacer.state()
        victim = self.replacer.victim(candidates)
        self.replacer.restore(before)
        return victim

    def take(self) -> int | None:
        """Return the free slot with the lowest number, or None if all are used."""
        return heapq.heappop(self._free) if self._free else None

    def give_back(self, slot: int) -> None:
        """Make a slot free."""
        del self.slots[slot]
        heapq.heappush(self._free, slot)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        kept = tuple(sorted(self.dirty)), tuple(self.kept.items())
        return tuple(self.slots.items()), tuple(self._free), self.replacer.state(), kept

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        slots, free, replacer, (dirty, kept) = state
        self.dirty, self.kept = set(dirty), dict(kept)
        self.slots, self._free = dict(slots), list(free)
        self.replacer.restore(replacer)
