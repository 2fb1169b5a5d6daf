"""A free list: which parts of a stretch of memory are free, and which one is given out.

Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on free-space
management.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kit.errors import ArgumentError, explained, nearest, require, require_whole

FITS = ("first", "best", "worst")
POISON = 0xDEADBEEF
"""What a freed word is, where that is asked for."""

ORDERS = ("address", "size+", "size-", "front", "back")


@explained
@dataclass(frozen=True)
class HeapPolicy:
    """How a heap is managed.

    Parameters
    ----------
    fit : str
        Which free block is taken: the "first" in the list that is large enough, the
        "best", the smallest that is, or the "worst", the largest. Of equal ones the
        first in the list.
    order : str
        Where a block that is freed goes: the list is sorted by "address", or by size,
        smallest ("size+") or largest ("size-") first, or it goes to the "front" or to
        the "back". What is left of a block that was split stays where the block was.
    coalesce : bool
        Whether a freed block is merged with free neighbours; those that stand next to
        each other in the list are.
    header : int
        Bytes in front of each block that is given out.
    poison : bool
        Whether each word that a program frees becomes `POISON`, so that what still uses it shows.
    """

    fit: str = "first"
    order: str = "address"
    coalesce: bool = True
    header: int = 8
    poison: bool = False

    def __post_init__(self) -> None:
        for name, value, known in (("fit", self.fit, FITS), ("order", self.order, ORDERS)):
            # What was meant takes long to find out, and heaps are made very often.
            if value not in known:
                hint = nearest(str(value), known)
                raise ArgumentError(f"HeapPolicy: {name} is {value!r}; {hint}")
        for name in ("coalesce", "poison"):
            value = getattr(self, name)
            require(type(value) is bool, f"HeapPolicy: {name} is {value!r}; give True or False")
        require_whole("HeapPolicy: header", self.header, 0)


class Allocation(NamedTuple):
    """What an attempt to allocate gave.

    Attributes
    ----------
    address : int or None
        Where the block begins, behind its header; None if no free block is large enough.
    searched : int
        Free blocks that were looked at.
    """

    address: int | None
    searched: int


def search(free: Sequence[tuple[int, int]], wanted: int, fit: str) -> tuple[int | None, int]:
    """Return the place of the block to take, or None, and how many were looked at.

    Parameters
    ----------
    free : sequence of (address, size)
        The free blocks, in the order of the list.
    wanted : int
        How many bytes it must have.
    fit : str
        One of `FITS`.
    """
    found: int | None = None
    for index, (_, length) in enumerate(free):
        if length < wanted:
            continue
        if fit == "first":
            return index, index + 1
        if found is None or _is_better(length, free[found][1], fit):
            found = index
    return found, len(free)


def _is_better(length: int, than: int, fit: str) -> bool:
    return length < than if fit == "best" else length > than


@explained
class FreeList:
    """Free and used blocks of a stretch of memory.

    Parameters
    ----------
    base, size : int
        Where it begins and how long it is, in bytes; a size of 0 begins with nothing.
    policy : HeapPolicy, optional

    Attributes
    ----------
    free : list of (address, size)
        The free blocks, in the order of the list.
    used : dict of int to int
        Address given out -> size in bytes, header included.

    Examples
    --------
    >>> heap = FreeList(1000, 100, HeapPolicy("best", header=0))
    >>> heap.allocate(30), heap.free
    (Allocation(address=1000, searched=1), [(1030, 70)])
    """

    def __init__(self, base: int = 0, size: int = 0, policy: HeapPolicy | None = None) -> None:
        self.policy = HeapPolicy() if policy is None else policy
        require_whole("FreeList: base", base, 0)
        require_whole("FreeList: size", size, 0)
        require(
            isinstance(self.policy, HeapPolicy),
            f"FreeList: policy is {policy!r}; give HeapPolicy(…)",
        )
        self.free: list[tuple[int, int]] = [(base, size)] if size else []
        self.used: dict[int, int] = {}

    @classmethod
    def restored(cls, policy: HeapPolicy, state: tuple[Any, ...]) -> FreeList:
        """Return a free list as it was; quick, since nothing in it need be checked."""
        made = cls.__new__(cls)
        made.policy = policy
        made.restore(state)
        return made

    def allocate(self, size: int) -> Allocation:
        """Give out a block of `size` bytes.

        Raises
        ------
        ArgumentError
            If that is no whole number of at least 1.
        """
        require_whole("FreeList.allocate: size", size, 1)
        wanted = size + self.policy.header
        place, searched = search(self.free, wanted, self.policy.fit)
        if place is None:
            return Allocation(None, searched)
        address, length = self.free[place]
        if length == wanted:
            del self.free[place]
        else:
            self.free[place] = (address + wanted, length - wanted)
        self.used[address + self.policy.header] = wanted
        return Allocation(address + self.policy.header, searched)

    def release(self, address: int) -> bool:
        """Take the block at `address` back; False if no block was given out there."""
        size = self.used.pop(address, None)
        if size is None:
            return False
        self._insert(address - self.policy.header, size)
        if self.policy.coalesce:
            self._coalesce()
        return True

    def _insert(self, address: int, size: int) -> None:
        if self.policy.order == "front":
            self.free.insert(0, (address, size))
            return
        self.free.append((address, size))
        if self.policy.order == "address":
            self.free.sort()
        elif self.policy.order != "back":
            self.free.sort(key=_size, reverse=self.policy.order == "size-")

    def _coalesce(self) -> None:
        merged = [self.free[0]]
        for address, size in self.free[1:]:
            last, length = merged[-1]
            if last + length == address:
                merged[-1] = (last, length + size)
            else:
                merged.append((address, size))
        self.free = merged

    def grow(self, end: int, size: int) -> None:
        """Add `size` bytes at the end of the stretch, to the free block there if there is one."""
        for index, (address, length) in enumerate(self.free):
            if address + length == end:
                self.free[index] = (address, length + size)
                return
        self._insert(end, size)

    def missing(self, size: int, end: int) -> int:
        """Return how many bytes a stretch that ends at `end` must grow to hold `size` more."""
        wanted = size + self.policy.header
        at_end = [length for address, length in self.free if address + length == end]
        return wanted - at_end[0] if at_end else wanted

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.free), tuple(self.used.items())

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        free, used = state
        self.free, self.used = list(free), dict(used)


def _size(block: tuple[int, int]) -> int:
    return block[1]
