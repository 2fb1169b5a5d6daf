"""Locks and their kin: those of Python, which write down who waits and who goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .memory import TICK, Fault
from .recorder import local, note, waiting

names: dict[int, str] = {}
"""What the program calls an object, by its identity."""


def called(thing: object) -> str:
    """Return the name of an object, with its element where it is one of several."""
    return names.get(id(thing), "?")


def name_all(space: dict[str, Any]) -> None:
    """Note the names of all objects that a program defines."""
    for name, value in list(space.items()):
        if isinstance(value, _Object):
            names[id(value)] = name
        elif isinstance(value, list):
            for place, element in enumerate(value):
                if isinstance(element, _Object):
                    names[id(element)] = f"{name}[{place}]"


class _Object:
    """Anything that threads wait at."""


class _Held(_Object):
    """What a block acquires and releases; a thread that ends inside the block keeps it."""

    def acquire(self) -> int:
        raise NotImplementedError

    def release(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.release()


class Lock(_Held):
    """A lock, which only its holder may release."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.holder = 0

    def acquire(self, blocking: int = 1, timeout: int | None = None) -> int:
        got = self.lock.acquire(blocking=False)
        if not got and timeout is not None:
            with waiting("wait_some_time_for_lock", called(self)):
                got = self.lock.acquire(timeout=timeout * TICK)
        elif not got and blocking:
            with waiting("wait_for_lock", called(self)):
                got = self.lock.acquire()
        if got:
            self.holder = local.tid
            note("lock", called(self))
        return int(got)

    def release(self) -> None:
        note("unlock", called(self))
        if self.holder != local.tid:
            raise Fault(6)
        self.holder = 0
        self.lock.release()

    def locked(self) -> int:
        return int(self.lock.locked())


class Semaphore(_Held):
    """A count that threads take from."""

    def __init__(self, count: int = 1) -> None:
        self.inner = threading.Semaphore(count)
        self.count = count

    def acquire(self, blocking: int = 1, timeout: int | None = None) -> int:
        got = self.inner.acquire(blocking=False)
        if not got and timeout is not None:
            with waiting("wait_some_time_for_semaphore", called(self)):
                got = self.inner.acquire(timeout=timeout * TICK)
        elif not got and blocking:
            with waiting("wait_for_semaphore", called(self)):
                got = self.inner.acquire()
        if got:
            self.count -= 1
            note("down", f"{called(self)} {max(self.count, 0)}")
        return int(got)

    def release(self) -> None:
        self.count += 1
        note("up", f"{called(self)} {self.count}")
        self.inner.release()


class Condition(_Held):
    """Where threads that hold its lock wait to be notified."""

    def __init__(self, lock: Lock | None = None) -> None:
        self.lock = lock if lock is not None else Lock()
        self.inner = threading.Condition(self.lock.lock)
        self.own = lock is None

    def _named(self) -> None:
        if self.own:
            names[id(self.lock)] = called(self)

    def acquire(self, *given: int, **named: int) -> int:
        self._named()
        return self.lock.acquire(*given, **named)

    def release(self) -> None:
        self.lock.release()

    def wait(self, timeout: int | None = None) -> int:
        if self.lock.holder != local.tid:
            raise Fault(6)
        note("unlock", called(self.lock))
        self.lock.holder = 0
        what = "wait_at_condition" if timeout is None else "wait_some_time_at_condition"
        with waiting(what, called(self)):
            got = self.inner.wait(None if timeout is None else timeout * TICK)
        self.lock.holder = local.tid
        note("lock", called(self.lock))
        return int(got)

    def notify(self) -> None:
        self.inner.notify()

    def notify_all(self) -> None:
        self.inner.notify_all()


class Barrier(_Object):
    """Where threads wait for each other."""

    def __init__(self, parties: int) -> None:
        self.inner = threading.Barrier(parties)

    def wait(self) -> None:
        with waiting("wait_at_barrier", called(self)):
            self.inner.wait()


class RWLock(_Object):
    """Held by many readers or one writer."""

    def __init__(self) -> None:
        self.free = threading.Condition()
        self.readers = self.writer = 0

    def _take(self, what: str, *, writes: bool) -> None:
        with self.free:
            if self.writer or (writes and self.readers):
                with waiting(f"wait_for_{what}", called(self)):
                    while self.writer or (writes and self.readers):
                        self.free.wait()
            if writes:
                self.writer = local.tid
            else:
                self.readers += 1
        note(what, called(self))

    def acquire_read(self) -> None:
        self._take("read_lock", writes=False)

    def acquire_write(self) -> None:
        self._take("write_lock", writes=True)

    def release_read(self) -> None:
        self._give(writes=False)

    def release_write(self) -> None:
        self._give(writes=True)

    def _give(self, *, writes: bool) -> None:
        note("unlock", called(self))
        with self.free:
            if writes:
                self.writer = 0
            else:
                self.readers -= 1
            self.free.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        self.acquire_read()
        yield
        self.release_read()

    @contextmanager
    def writing(self) -> Iterator[None]:
        self.acquire_write()
        yield
        self.release_write()


class Atomic(_Object):
    """A number whose methods are done in one step."""

    def __init__(self, value: int = 0) -> None:
        self.value = value
        self.guard = threading.Lock()

    def load(self) -> int:
        return self.value

    def store(self, value: int) -> None:
        with self.guard:
            self.value = value

    def fetch_and_add(self, more: int) -> int:
        with self.guard:
            before, self.value = self.value, self.value + more
        return before

    def test_and_set(self) -> int:
        with self.guard:
            before, self.value = self.value, 1
        return before

    def compare_and_swap(self, expected: int, new: int) -> int:
        with self.guard:
            same = self.value == expected
            if same:
                self.value = new
        return int(same)
