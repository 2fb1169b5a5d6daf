"""Words of real memory by their addresses, as pointers of the lesson language have them."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from .recorder import alone, libc

TICK = 0.0001
"""Seconds of a tick of the lesson's machine."""
MOST_WORDS = 1 << 28
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
_kept: list[mmap.mmap] = []


class Fault(BaseException):
    """What ends a process by a signal, whose number it has."""


class Array(int):
    """Words with a length; as a number, their address."""

    held: ctypes.Array[ctypes.c_longlong]

    def __new__(cls, values: list[int]) -> Array:
        held = (ctypes.c_longlong * len(values))(*values)
        made = super().__new__(cls, ctypes.addressof(held))
        made.held = held
        return made

    def __len__(self) -> int:
        return len(self.held)

    def __iter__(self) -> Iterator[int]:
        return iter(self.held)

    def __getitem__(self, index: int) -> int:
        return self.held[index]

    def __setitem__(self, index: int, value: int) -> None:
        self.held[index] = value


def array(values: list[Any]) -> Any:
    """Return words as they are in memory; objects and rows are none."""
    return Array(values) if _is_number(values[0]) else values


class Pointer(int):
    """An address, whose words can be used like an array."""

    def __getitem__(self, index: int) -> int:
        return peek(self + 8 * index)

    def __setitem__(self, index: int, value: int) -> None:
        poke(self + 8 * index, value)


def words(thing: Any) -> Any:
    """Return an array as it is, and a number as the address of words."""
    return Pointer(thing) if _is_number(thing) else thing


def _is_number(thing: object) -> bool:
    return isinstance(thing, int) and not isinstance(thing, Array)


def update(array: Any, index: int, change: Callable[[int], int]) -> None:
    """Load an element, and store what it changes to."""
    array[index] = change(array[index])


def wrap(number: int) -> int:
    """Return a number as it is in 64 bits."""
    if -(1 << 63) <= number < 1 << 63:
        return number
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def power(base: int, exponent: int) -> int:
    """Return a power, in 64 bits; one with an exponent below 0 is no whole number."""
    if exponent < 0:
        raise Fault(8)
    remainder: int = pow(base, exponent, 1 << 64)
    return wrap(remainder)


def peek(address: int) -> int:
    """Return the word at an address."""
    return ctypes.c_longlong.from_address(address).value


def poke(address: int, value: int) -> None:
    """Store a word at an address."""
    ctypes.c_longlong.from_address(address).value = value


def alloc(count: int) -> int:
    """Return a block of words of the heap, or 0."""
    if not 1 <= count <= MOST_WORDS:
        return 0
    return libc.malloc(8 * count) or 0


def free(address: int) -> None:
    """Give a block back."""
    libc.free(address)


def shared(name: str, count: int) -> int:
    """Return words that all processes share that ask for the same name."""
    try:
        file = os.open(f"{name}.shared", os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(file).st_size < 8 * count:
            os.ftruncate(file, 8 * count)
        memory = mmap.mmap(file, 8 * count)
        os.close(file)
    except (OSError, ValueError):
        return 0
    _kept.append(memory)
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def swapped(address: int, new: int) -> int:
    """Store a word in one step; return what it was."""
    with alone():
        before = peek(address)
        poke(address, new)
    return before


def test_and_set(address: int) -> int:
    return swapped(address, 1)


def fetch_and_add(address: int, more: int) -> int:
    with alone():
        before = peek(address)
        poke(address, before + more)
    return before


def compare_and_swap(address: int, expected: int, new: int) -> int:
    with alone():
        same = peek(address) == expected
        if same:
            poke(address, new)
    return int(same)


def acquire(address: int) -> None:
    """Take a lock that is one word of memory."""
    while swapped(address, 1):
        time.sleep(TICK)


def release(address: int) -> None:
    if swapped(address, 0) == 0:
        raise Fault(6)


def pipe() -> int:
    """Make a pipe; return the descriptor that reads, and the next one writes."""
    try:
        ends = os.pipe()
    except OSError:
        return -1
    while ends[1] != ends[0] + 1:
        first = fcntl.fcntl(ends[0], fcntl.F_DUPFD, ends[1] + 1)
        second = fcntl.fcntl(ends[1], fcntl.F_DUPFD, first + 1)
        os.close(ends[0])
        os.close(ends[1])
        ends = first, second
    for end in ends:
        os.set_inheritable(end, True)
    return ends[0]
