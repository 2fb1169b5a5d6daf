"""Locks, semaphores, conditions and barriers: the table of what programs can do with them.

Each is one or two words of the data segment, so that it is seen like any variable, is
copied by ``fork``, and can be reached by its address. The names are those of Python's
``threading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kit.lang.instructions import INTEGER_MIN

INTEGER = "integer"
"""The kind of every variable that is not in `OBJECTS`."""

ATOMIC_VALUE = "Atomic"
"""The kind that is a number, too; nobody waits at it."""

VALUES = (INTEGER, ATOMIC_VALUE)
"""Kinds of what counts as a value of a program."""


class ObjectKind(NamedTuple):
    """One kind of synchronisation object.

    Attributes
    ----------
    parts : tuple of str
        Names of its words; the first is "" because it is called like the variable.
    methods : dict of str to tuple of str
        Method -> system calls, one after the other. The first one gets the object's address,
        each further one what the call before it returned.
    enter, leave : str
        System calls at the beginning and end of a ``with`` block; "" if it has none.
    least : int or None
        Least number it can be made with; None if it is made without one.
    usual : int or None
        The number if none is given; None if it must be given.
    meaning : str
        One line for the language page.
    blocks : mapping of str to (str, str)
        Where there are several ways to hold it: what ``with x.…():`` names -> system calls at
        the beginning and end of the block.
    tries : mapping of str to (str, str)
        Method that may also give up -> the system call that does not wait, "" if there is none,
        and the one that waits for so many ticks; each answers 1, or 0 where it gave up.
    """

    parts: tuple[str, ...]
    methods: dict[str, tuple[str, ...]]
    enter: str
    leave: str
    least: int | None
    usual: int | None
    meaning: str
    blocks: Mapping[str, tuple[str, str]] = MappingProxyType({})
    tries: Mapping[str, tuple[str, str]] = MappingProxyType({})


_TRIES_LOCK = {"acquire": ("try_acquire", "acquire_timed")}

OBJECTS: dict[str, ObjectKind] = {
    "Lock": ObjectKind(
        ("",),
        {"acquire": ("acquire",), "release": ("release",)},
        "acquire",
        "release",
        None,
        None,
        "held by one thread at a time; its word is the tid of the holder, 0 while it is free",
        tries=_TRIES_LOCK,
    ),
    "Semaphore": ObjectKind(
        ("",),
        {"acquire": ("down",), "release": ("up",)},
        "down",
        "up",
        0,
        1,
        "a count that acquire takes one from, waiting while it is 0; its word is the count",
        tries={"acquire": ("try_down", "down_timed")},
    ),
    "Condition": ObjectKind(
        ("", "waiting"),
        {
            "acquire": ("acquire",),
            "release": ("release",),
            "wait": ("wait_condition", "acquire"),
            "notify": ("notify",),
            "notify_all": ("notify_all",),
        },
        "acquire",
        "release",
        None,
        None,
        "a lock and a queue of threads that wait to be notified; a notified thread is woken, and "
        "acquires the lock again like any other thread; several conditions may share a lock, "
        "which is defined above them and then stands for each of them, too; its words are the "
        "holder's tid, 0 if it shares a lock, and how many wait; unlike Python's it cannot be "
        "taken twice by one thread",
        tries={**_TRIES_LOCK, "wait": ("", "wait_timed")},
    ),
    "Barrier": ObjectKind(
        ("", "arrived"),
        {"wait": ("wait_barrier",)},
        "",
        "",
        1,
        None,
        "where n threads wait for each other; its words are n and how many have arrived",
    ),
    "RWLock": ObjectKind(
        ("", "readers"),
        {
            "acquire_read": ("acquire_read",),
            "release_read": ("release_read",),
            "acquire_write": ("acquire_write",),
            "release_write": ("release_write",),
        },
        "",
        "",
        None,
        None,
        "held by many readers or by one writer, in the order in which they come; its words are the "
        "tid of the writer, 0 while there is none, and how many read",
        {
            "reading": ("acquire_read", "release_read"),
            "writing": ("acquire_write", "release_write"),
        },
    ),
    ATOMIC_VALUE: ObjectKind(
        ("",),
        {
            "fetch_and_add": ("fetch_and_add",),
            "test_and_set": ("test_and_set",),
            "compare_and_swap": ("compare_and_swap",),
        },
        "",
        "",
        INTEGER_MIN,
        0,
        "a number that threads share without a lock: each method is done in one step",
    ),
}
"""Constructor -> what it makes."""

ANY_OBJECT = f"{', '.join(list(OBJECTS)[:-1])} or {list(OBJECTS)[-1]}"
"""The constructors, as messages list them."""


class PlainMethod(NamedTuple):
    """A method that is one load or store, without the system.

    Attributes
    ----------
    kind : str
        Of the object that has it.
    stores : bool
        Whether it stores its argument, or else gives the word.
    is_truth : bool
        Whether it only tells if the word is not 0.
    """

    kind: str
    stores: bool
    is_truth: bool


PLAIN_METHODS = {
    "locked": PlainMethod("Lock", stores=False, is_truth=True),
    "load": PlainMethod(ATOMIC_VALUE, stores=False, is_truth=False),
    "store": PlainMethod(ATOMIC_VALUE, stores=True, is_truth=False),
}
"""Method -> what it is."""


def article(kind: str) -> str:
    """Return a kind as a message speaks of one."""
    return f"{'an' if kind[:1] in 'AR' else 'a'} {kind}"


def words_of(kind: str) -> int:
    """Return how many words one variable of a kind takes."""
    return len(OBJECTS[kind].parts) if kind in OBJECTS else 1
