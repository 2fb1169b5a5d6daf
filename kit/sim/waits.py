"""What a thread can wait for: one table, which everything that speaks of waiting reads.

A blocked thread waits for a *reason*, with a number that says which one: a lock and its
address, a child and its pid. `Computer.block` takes the reason, the process table and the
narration say it in words, the search for deadlocks follows it, the explorer asks whether
time alone will end it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Reason = Literal[
    "barrier",
    "call",
    "condition",
    "io",
    "join",
    "lock",
    "message",
    "page",
    "pipe_read",
    "pipe_write",
    "read_lock",
    "reply",
    "semaphore",
    "send",
    "sleep",
    "stopped",
    "timed_condition",
    "timed_lock",
    "timed_semaphore",
    "wait",
    "write_lock",
]


class Wait(NamedTuple):
    """One thing that a thread can wait for.

    The texts may name ``{detail}``, the number; ``{place}``, what the address is called;
    ``{left}``, how many ticks it still is until then.

    Attributes
    ----------
    sentence : str
        What the thread does: "waits for the lock mutex".
    short : str
        What it waits for, in a few words: "lock mutex".
    detail : str
        What the number is: an "address", "tid", "pid", "page", "device", "descriptor" or
        "tick"; "" where it says nothing.
    needs : str
        Who alone can let it go on: the "thread" with that tid, the "holder" of the lock, the
        "holders" of one for readers and writers, and the writer before it in the queue, a
        "process" with that pid; or, when nobody else can come any more, the "takers" of the
        semaphore, who has the "other end" of the pipe open. "" where anybody can.
    timed : bool
        Whether a timer ends it, so that it needs nobody.
    meanwhile : str
        The sentence as it is said of any tick at which it waits; "" where it is the same.
    any : tuple of (int, str, str)
        The number that means no particular one, with sentence and short form then; empty
        where there is no such number.
    """

    sentence: str
    short: str
    detail: str = ""
    needs: str = ""
    timed: bool = False
    meanwhile: str = ""
    any: tuple[()] | tuple[int, str, str] = ()


WAITS: dict[Reason, Wait] = {
    "barrier": Wait("waits at the barrier {place} for the others", "barrier {place}", "address"),
    "call": Wait("waits for a call", "a call"),
    "condition": Wait(
        "waits at the condition {place} to be notified, having released its lock",
        "condition {place}",
        "address",
        meanwhile="waits at the condition {place} to be notified",
    ),
    "io": Wait(
        "waits for device {detail}",
        "device {detail}",
        "device",
        timed=True,
        any=(-1, "waits for a free device", "a free device"),
    ),
    "join": Wait("waits for T{detail} to end", "T{detail} to end", "tid", "thread"),
    "lock": Wait("waits for the lock {place}", "lock {place}", "address", "holder"),
    "message": Wait("waits for a message", "a message"),
    "page": Wait("waits for page {detail} to come from disk", "page {detail} from disk", "page"),
    "pipe_read": Wait(
        "waits for something to come out of descriptor {detail}",
        "data from descriptor {detail}",
        "descriptor",
        "other end",
    ),
    "pipe_write": Wait(
        "waits for room in the pipe of descriptor {detail}",
        "room in descriptor {detail}",
        "descriptor",
        "other end",
    ),
    "read_lock": Wait(
        "waits to read under the lock {place}", "read lock {place}", "address", "holders"
    ),
    "reply": Wait(
        "waits for the reply of process {detail}", "the reply of pid {detail}", "pid", "process"
    ),
    "semaphore": Wait(
        "waits because the semaphore {place} is 0", "semaphore {place}", "address", "takers"
    ),
    "send": Wait(
        "waits for room in the mailbox of process {detail}",
        "room in the mailbox of pid {detail}",
        "pid",
    ),
    "sleep": Wait(
        "sleeps for {left}",
        "tick {detail}",
        "tick",
        timed=True,
        meanwhile="sleeps until tick {detail}",
    ),
    "stopped": Wait("waits for SIGCONT, because its process is stopped", "SIGCONT"),
    "timed_condition": Wait(
        "waits for some time at the condition {place} to be notified, having released its lock",
        "condition {place} or a timeout",
        "address",
        timed=True,
        meanwhile="waits for some time at the condition {place} to be notified",
    ),
    "timed_lock": Wait(
        "waits for some time for the lock {place}",
        "lock {place} or a timeout",
        "address",
        timed=True,
    ),
    "timed_semaphore": Wait(
        "waits for some time because the semaphore {place} is 0",
        "semaphore {place} or a timeout",
        "address",
        timed=True,
    ),
    "wait": Wait(
        "waits for process {detail} to end",
        "pid {detail} to end",
        "pid",
        "process",
        any=(0, "waits for a child to end", "a child to end"),
    ),
    "write_lock": Wait(
        "waits to write under the lock {place}", "write lock {place}", "address", "holders"
    ),
}
"""Reason -> what it means."""

TIMED = frozenset(reason for reason, wait in WAITS.items() if wait.timed)
"""What comes by itself, in time."""

LOCKS = frozenset({"lock", "read_lock", "write_lock"})
"""What is not given back when a thread ends that holds it."""
