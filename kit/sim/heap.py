"""The allocator behind `alloc` and `free`: first fit on a list of free blocks.

Every allocated block has a header of one word in front of it that holds its size, so
an overflow of one block damages the next one's header, as in life. The allocator
keeps its own list and never trusts the headers.

Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
free-space management.
"""

from __future__ import annotations

from typing import Any

from kit.lang.instructions import WORD

HEADER = WORD
"""Bytes in front of each block."""


class Heap:
    """Free and used blocks of one process's heap.

    Attributes
    ----------
    free : list of (address, size)
        Free blocks in order of address, neighbours always merged; bytes.
    used : dict of int to int
        Address given out -> size in bytes, header included.
    """

    def __init__(self) -> None:
        self.free: list[tuple[int, int]] = []
        self.used: dict[int, int] = {}

    def take(self, size: int) -> int | None:
        """Return the address of `size` bytes, or None if no free block is large enough."""
        wanted = size + HEADER
        for place, (address, length) in enumerate(self.free):
            if length >= wanted:
                if length == wanted:
                    del self.free[place]
                else:
                    self.free[place] = (address + wanted, length - wanted)
                self.used[address + HEADER] = wanted
                return address + HEADER
        return None

    def give_back(self, address: int) -> bool:
        """Free the block at `address`; False if no block starts there."""
        size = self.used.pop(address, None)
        if size is None:
            return False
        self.add(address - HEADER, size)
        return True

    def add(self, address: int, size: int) -> None:
        """Add a free block and merge it with its neighbours."""
        self.free.append((address, size))
        self.free.sort()
        merged = [self.free[0]]
        for start, length in self.free[1:]:
            last, last_length = merged[-1]
            if last + last_length == start:
                merged[-1] = (last, last_length + length)
            else:
                merged.append((start, length))
        self.free = merged

    def missing(self, size: int, end: int) -> int:
        """Return how many bytes a heap ending at `end` must grow to hold `size` more."""
        wanted = size + HEADER
        if self.free and sum(self.free[-1]) == end:
            return wanted - self.free[-1][1]
        return wanted

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.free), tuple(self.used.items())

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        free, used = state
        self.free, self.used = list(free), dict(used)
