"""The kinds of event: who runs and who waits."""

from __future__ import annotations

from kit.sim.events.event import Event
from kit.sim.waits import Reason

Waiting = tuple[int, int, str, int]
"""(pid, tid, what it waits for, which one); its state where it waits for nothing."""


class Admit(Event, kind="admit"):
    """A new thread queues for a core."""


class Dispatch(Event, kind="dispatch"):
    """A thread gets a core."""

    core: int


class Preempt(Event, kind="preempt"):
    """A thread loses its core and queues again."""

    core: int


class Bump(Event, kind="bump"):
    """It lost it because a better thread takes it."""

    core: int


class Block(Event, kind="block"):
    """A thread leaves its core to wait; see `kit.sim.waits`."""

    core: int
    reason: Reason
    detail: int


class Await(Event, kind="await"):
    """A blocked thread waits for something else from now on."""

    reason: Reason
    detail: int


class Wake(Event, kind="wake"):
    """A blocked thread queues for a core; None if it was not in a system call."""

    result: int | None


class Deadlock(Event, kind="deadlock"):
    """A circle of waits has closed."""

    cycle: tuple[Waiting, ...]


class Stuck(Event, kind="stuck"):
    """Nothing can happen any more, and some threads have not ended."""

    waiting: tuple[Waiting, ...]
