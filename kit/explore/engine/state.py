"""What a state of the engine is."""

from __future__ import annotations

from typing import NamedTuple

NOBODY = -1, 0
"""No thread is in an atomic block."""

State = tuple[tuple[int, ...], tuple[int, ...], int]
"""The data segment and the heap; the record of each thread, by number; number of the `Rest`."""


class End(NamedTuple):
    """How the process has ended.

    Attributes
    ----------
    code : int or None
        None where a fault ended it.
    fault : str
        "" if it had none.
    alone : bool
        Whether its last thread has ended, so that it took none with it.
    """

    code: int | None
    fault: str
    alone: bool


Blocks = tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


class Rest(NamedTuple):
    """What belongs to a state besides.

    Attributes
    ----------
    queues : tuple of (int, tuple of int)
        Word -> the threads that wait there, longest first.
    said : str
        What the process has printed.
    takers : tuple of (int, tuple of (int, int))
        Semaphore -> thread and how much it has taken; lock for readers -> thread and how often it
        reads; if that matters.
    end : End or None
    alone : (int, int)
        The thread that is in an atomic block, and in how many.
    heap : tuple
        Blocks of the heap that are free, and those that are given out.
    """

    queues: tuple[tuple[int, tuple[int, ...]], ...] = ()
    said: str = ""
    takers: tuple[tuple[int, tuple[tuple[int, int], ...]], ...] = ()
    end: End | None = None
    alone: tuple[int, int] = NOBODY
    heap: Blocks = ((), ())
