"""The kinds of event: what becomes of processes."""

from __future__ import annotations

from typing import Any

from kit.lang.signals import Signal
from kit.sim.events.event import Event
from kit.sim.faults import signal_of


class Launch(Event, kind="launch"):
    """The machine makes a process from a program on the disk."""

    program: str
    parent: int


class ThreadMade(Event, kind="thread"):
    """A thread has its stack and can begin; `creator` is the tid of the thread that spawned it.

    It is 0 for the thread of main, which is there, and new, from `Launch` or `Exec` on.
    """

    function: str
    arguments: tuple[int, ...]
    creator: int


class Fork(Event, kind="fork"):
    """A process is made as a copy; thread `tid` of the parent asked for it."""

    program: str
    parent: int


class Exec(Event, kind="exec"):
    """A process goes on with another program, in a new thread, `tid`."""

    program: str


class End(Event, kind="end"):
    """A thread ends: by itself ("end"), by an "exception" or by force ("kill")."""

    core: int
    how: str
    result: int


class Exit(Event, kind="exit"):
    """A process ends; `tid` called exit, 0 if no thread did.

    One that a signal ends has no exit code; `reason` says which signal it was.
    """

    exit_code: int | None
    reason: str

    @property
    def signal(self) -> Signal | None:
        """The signal that ends it; None if it ends by itself."""
        return signal_of(self.reason)


class Kill(Event, kind="kill"):
    """A thread sends a process a signal."""

    target: int
    signal: int


class Pending(Event, kind="pending"):
    """A signal waits until its process, which is stopped, goes on."""

    signal: int


class Ignore(Event, kind="ignore"):
    """A process ignores a signal from now on."""

    signal: int


class Adopt(Event, kind="adopt"):
    """A process gets another parent: init, whose pid is 1."""

    parent: int


class Reap(Event, kind="reap"):
    """The parent, which may be init, has waited for a process that had ended."""

    parent: int


class Faulted(Event, kind="fault"):
    """A thread did what cannot be done."""

    fault: str
    message: str


class Chosen(Event, kind="choose"):
    """A thread gets one of so many values by chance."""

    values: int
    value: int


class Print(Event, kind="print"):
    """A thread writes to the console."""

    text: str


class Intervene(Event, kind="intervene"):
    """Somebody acts from outside."""

    action: str
    detail: Any


class Limit(Event, kind="limit"):
    """The run is stopped at one of its limits."""

    message: str
