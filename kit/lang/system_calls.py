"""The table of system calls: what a program can ask of the operating system.

The compiler checks calls against it, the machine has one handler an entry, and
the language page is made from it.
"""

from __future__ import annotations

from typing import NamedTuple


class SystemCall(NamedTuple):
    """One system call.

    Attributes
    ----------
    least, most : int
        How many arguments it takes.
    returns : bool
        Whether its result may be used in an expression.
    meaning : str
        One line for the language page.
    """

    least: int
    most: int
    returns: bool
    meaning: str


SYSTEM_CALLS: dict[str, SystemCall] = {
    "print": SystemCall(0, 6, False, "write integers and texts, a line a call, to the console"),
    "exit": SystemCall(0, 1, False, "end the process and all its threads; code 0 if not given"),
    "spawn": SystemCall(1, 6, True, "start a thread in function f; the result is its tid"),
    "join": SystemCall(1, 1, True, "wait until thread t ends; the result is what f returned"),
    "thread_exit": SystemCall(0, 0, False, "end the calling thread; its siblings go on"),
    "gettid": SystemCall(0, 0, True, "the calling thread's tid"),
    "getpid": SystemCall(0, 0, True, "the calling process's pid"),
    "alloc": SystemCall(1, 1, True, "n words from the heap; their address, or 0 if none is left"),
    "free": SystemCall(1, 1, False, "give words from alloc back to the heap"),
    "sleep": SystemCall(1, 1, False, "block for n ticks"),
    "work": SystemCall(1, 1, False, "compute for n ticks"),
}

NUMBERS = {name: number for number, name in enumerate(SYSTEM_CALLS)}
NAMES = tuple(SYSTEM_CALLS)

MEMORY_CALLS = {
    "peek": SystemCall(1, 1, True, "the word at address a: one load, at any address"),
    "poke": SystemCall(2, 2, False, "write v at address a: one store, at any address"),
    "len": SystemCall(1, 1, True, "the number of words of an array, known when compiling"),
}
"""Written like calls, but compiled to plain instructions without the system."""

CALLABLE = {**SYSTEM_CALLS, **MEMORY_CALLS}
"""Everything a program can call besides its own functions."""
