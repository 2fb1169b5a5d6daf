"""What there is to know of a thread, and of who uses which word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# What a thread is about to do.
NOTHING, READ, WRITE, CALL, SILENT, PAUSE, FAULT, OWN_WORDS = range(8)


class Record(NamedTuple):
    """What there is to know of a thread.

    Attributes
    ----------
    doing : int
        What it is about to do; `NOTHING` where it waits or has ended.
    pc : int
    registers : tuple of int
        Those that will still be read.
    frame : int
        Place of its frame on its stack.
    stack : tuple of int
    detail : Any
        What it waits for, as (reason, number); which fault it is about to have; once it has
        ended, what its function returned.
    """

    doing: int
    pc: int
    registers: tuple[int, ...]
    frame: int
    stack: tuple[int, ...]
    detail: Any = None


class Next(NamedTuple):
    """What a thread is about to do.

    Attributes
    ----------
    doing : int
        As in `Record`.
    word : int
        Number of the word that it reads or writes; -1 for none.
    value : int
        What it writes; the register that it reads into; the operand of its call.
    name : str
        Of the system call.
    arguments : tuple of int
        r0 and so on.
    """

    doing: int
    word: int = -1
    value: int = 0
    name: str = ""
    arguments: tuple[int, ...] = ()


@dataclass
class Rules:
    """What is taken for granted until the search finds out that it is not so.

    Attributes
    ----------
    shared : frozenset of int
        Words that several threads use, at least one of which writes.
    quiet : bool
        Whether only `main` spawns and joins.
    takers : bool
        Whether it matters who has taken from a semaphore, or reads under a lock for readers.
    """

    shared: frozenset[int] = frozenset()
    quiet: bool = True
    takers: bool = False


@dataclass
class Users:
    """Which threads use which word, as bits.

    Attributes
    ----------
    reads, writes : dict of int to int
        Word -> a bit for each thread.
    cut : set of int
        Words that a thread was about to write when another one ended the process: results
        show how far it came, as if the end read them.
    changed : bool
        Whether a new one came since somebody looked.
    """

    reads: dict[int, int] = field(default_factory=dict)
    writes: dict[int, int] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    changed: bool = False

    def note(self, word: int, thread: int, *, writes: bool) -> None:
        """Note that a thread uses a word."""
        users, bit = self.writes if writes else self.reads, 1 << thread
        before = users.get(word, 0)
        if not before & bit:
            users[word] = before | bit
            self.changed = True

    def note_cut(self, words: Iterable[int]) -> None:
        """Note words that a thread was about to write when another one ended the process."""
        new = set(words) - self.cut
        self.cut |= new
        self.changed = self.changed or bool(new)

    def shared(self) -> frozenset[int]:
        """Return the words that several threads use, at least one of which writes."""
        several = (
            word
            for word, who in self.writes.items()
            if (all_of_them := who | self.reads.get(word, 0)) & (all_of_them - 1)
        )
        return frozenset(several) | self.cut
