"""Buffers: the words of a process's memory that `read` and `write` are given an address of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.call_instructions import call_of
from kit.lang.instructions import WORD, Instruction
from kit.sim import page_faults
from kit.sim.faults import Fault

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process, Thread

MOST_WORDS = 1 << 16
"""Words of the longest file, and most that one call reads or writes."""


WITH_BUFFER = 3
"""How many arguments `read` and `write` have that are given a buffer, as in POSIX."""


class BadBufferError(Exception):
    """A call cannot use the buffer that it was given; the message says why."""


def buffer_of(thread: Thread, instruction: Instruction) -> tuple[range, bool]:
    """Return the addresses of the words that a call may use, and whether it writes there.

    Parameters
    ----------
    thread : Thread
        The one that is about to call.
    instruction : Instruction
    """
    name = call_of(instruction)
    if name not in ("read", "write") or instruction.b != WITH_BUFFER:
        return range(0), False
    start, count = thread.registers[1:3]
    count = count if 0 <= count <= MOST_WORDS else 0
    return range(start, start + count * WORD, WORD), name == "read"


def check(computer: Computer, thread: Thread, count: int, used: int) -> None:
    """Refuse a buffer that the calling thread could not write itself.

    Parameters
    ----------
    computer : Computer
    thread : Thread
        Its r1 is the address of the buffer.
    count : int
        Of words that the call asks for.
    used : int
        At most so many of them will be written.

    Raises
    ------
    BadBufferError
        As the error EFAULT or EINVAL of POSIX: the call fails, the process goes on.
    Fault
        If a page of it needs a frame, and no frame is free.
    """
    _check_count(count)
    size = computer.page_size
    start = thread.registers[1]
    stop = start + max(min(count, used) - 1, 0) * WORD
    for address in (start, *range((start // size + 1) * size, stop, size), stop):
        _reach(computer, thread.process, address, writing=True)


def taken(computer: Computer, thread: Thread, count: int) -> tuple[int, ...]:
    """Return `count` words from the address in r1 of the calling thread.

    Raises
    ------
    BadBufferError
        If it could not read them itself.
    Fault
        If a page of it needs a frame, and no frame is free.
    """
    _check_count(count)
    process, start = thread.process, thread.registers[1]
    words = []
    for address in range(start, start + count * WORD, WORD):
        _reach(computer, process, address, writing=False)
        words.append(computer.read_word(process, address))
    return tuple(words)


def put(computer: Computer, process: Process, address: int, words: tuple[int, ...]) -> None:
    """Write words into a buffer of a process.

    Parameters
    ----------
    computer : Computer
    process : Process
    address : int
        Of the buffer, in bytes.
    words : tuple of int

    Raises
    ------
    Fault
        If the process itself could not write there.
    """
    for index, word in enumerate(words):
        computer.write_word(process, address + index * WORD, word)


def _check_count(count: int) -> None:
    if not 0 <= count <= MOST_WORDS:
        raise BadBufferError(f"{count} is no number of words")


def _reach(computer: Computer, process: Process, address: int, *, writing: bool) -> None:
    try:
        page_faults.reach(computer, process, address, writing)
    except Fault as fault:
        if fault.kind == "out of memory":
            raise
        raise BadBufferError(f"the process may not use {address:#06x} as a buffer") from None
