"""Writes down what a program does, as `record.c` does, and gives processes their small numbers."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST_EVENTS = 100_000
AWAY = 500
"""Descriptors from here on are ours; a program's own get small numbers."""

libc = ctypes.CDLL(None)
local = threading.local()


class _State:
    """What all threads of this process share."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.own = self.events = 0
        self.main = 1
        """The thread that the process began with."""
        self.table_file = self.log = -1

    def begin(self) -> None:
        """Open what the run gave to this process: the table of processes, and the log."""
        self.own = int(os.environ["KIT_HOST_PID"])
        table = os.open(os.environ["KIT_HOST_TABLE"], os.O_RDWR)
        self.table_file = fcntl.fcntl(table, fcntl.F_DUPFD_CLOEXEC, AWAY)
        os.close(table)
        self.table = mmap.mmap(self.table_file, 0)
        log = os.open(os.environ["KIT_HOST_LOG"], os.O_WRONLY | os.O_APPEND)
        self.log = fcntl.fcntl(log, fcntl.F_DUPFD_CLOEXEC, AWAY)
        os.close(log)
        self.set_real(self.own, os.getpid())

    def set_real(self, number: int, pid: int) -> None:
        """Enter what the system calls a process."""
        struct.pack_into("=i", self.table, 8 + 4 * number, pid)

    def real(self, number: int) -> int:
        """Return what the system calls a process; 0 if there is none of that number."""
        last = struct.unpack_from("=i", self.table, 0)[0]
        if not 2 <= number < min(last, 4096):
            return 0
        return int(struct.unpack_from("=i", self.table, 8 + 4 * number)[0])

    def number(self, pid: int) -> int:
        """Return the number of a process; 1 if it is none of ours."""
        last = struct.unpack_from("=i", self.table, 0)[0]
        return next((n for n in range(2, min(last, 4096)) if self.real(n) == pid), 1)


state = _State()


def note(what: str, details: object = 0) -> None:
    """Write a line of the log."""
    state.events += 1
    if state.events > MOST_EVENTS:
        return
    core = libc.sched_getcpu() if hasattr(libc, "sched_getcpu") else -1
    who = f"{state.own} {getattr(local, 'tid', 1)} {core}"
    line = f"{time.monotonic_ns()} {who} {what} {details}\n"
    try:
        os.write(state.log, line.encode())
    except OSError:
        state.events = MOST_EVENTS  # it is as long as a file may be


@contextmanager
def waiting(what: str, details: object) -> Iterator[None]:
    """Write down that the thread waits, and that it goes on."""
    note(what, details)
    try:
        yield
    finally:
        note("go_on")


@contextmanager
def alone() -> Iterator[None]:
    """Keep other threads and other processes of the run out meanwhile."""
    with state.guard:
        fcntl.lockf(state.table_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(state.table_file, fcntl.LOCK_UN)


def fork() -> int:
    """Fork; return the number of the child, 0 in the child, or -1."""
    with alone():
        number, limit = struct.unpack_from("=2i", state.table, 0)
        if number >= min(limit, 4096):
            return -1
        struct.pack_into("=i", state.table, 0, number + 1)
    parent = state.own
    note("forks", number)
    try:
        child = os.fork()
    except OSError:
        return -1
    if child:
        state.set_real(number, child)
        return int(number)
    # Another thread of the parent may have held it.
    state.guard = threading.Lock()
    state.own, state.main, state.events = number, local.tid, 0
    state.set_real(number, os.getpid())
    os.environ["KIT_HOST_PID"] = str(number)
    note("fork", parent)
    return 0
