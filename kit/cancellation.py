"""Cooperative cancellation: long work looks now and then whether it is still wanted.

Whoever starts the work gives it a token; the machine, the traces, the layouts and the
explorer look at it. Nothing is thrown into the work from outside, so that it stops only
where it can be stopped. The token is a context variable, because a user's function stands
between the one who cancels and the machine. It decides only whether a run goes on, never how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain, islice
from time import monotonic
from typing import TypeVar

Item = TypeVar("Item")

EVERY = 1024
"""Items of a long loop between two looks at the token."""


class Cancelled(BaseException):
    """Work was cancelled; no error, so that ``except Exception`` lets it pass."""


class CancellationToken:
    """Says whether work is still wanted.

    Attributes
    ----------
    cancelled : bool
        Once it is True it stays so.
    """

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Let the work that looks at this token stop; from any thread."""
        self.cancelled = True

    def check(self) -> None:
        """Raise `Cancelled` if the work is no longer wanted."""
        if self.cancelled:
            raise Cancelled


_TOKEN: ContextVar[CancellationToken | None] = ContextVar("kit_cancellation_token", default=None)


def after(seconds: float) -> Callable[[], bool]:
    """Return a function that says whether so many seconds have gone by since this was called.

    For ``stop=`` of `kit.explore`, which knows no clock.
    """
    end = monotonic() + seconds
    return lambda: monotonic() >= end


def current_token() -> CancellationToken:
    """Return the token of the work that is going on; one that nobody cancels, if it has none."""
    return _TOKEN.get() or CancellationToken()


@contextmanager
def cancellable_by(token: CancellationToken) -> Iterator[None]:
    """Let everything inside look at a token."""
    before = _TOKEN.set(token)
    try:
        yield
    finally:
        _TOKEN.reset(before)


def check_cancelled() -> None:
    """Raise `Cancelled` if the work that is going on is no longer wanted."""
    token = _TOKEN.get()
    if token is not None:
        token.check()


def checked(items: Iterable[Item], every: int = EVERY) -> Iterator[Item]:
    """Return an iterator over items that looks every so many of them whether they are wanted."""
    token = _TOKEN.get()
    # Between two looks no line of Python stands between the items and who asks for them.
    return iter(items) if token is None else chain.from_iterable(_rows(items, every, token))


def _rows(items: Iterable[Item], every: int, token: CancellationToken) -> Iterator[Iterator[Item]]:
    """Yield the items in rows, and look before each; nothing is read ahead but its first item."""
    coming = iter(items)
    for first in coming:
        token.check()
        yield chain((first,), islice(coming, every - 1))
