"""One step of one thread, from one state to the next."""

from __future__ import annotations

from typing import NamedTuple

from kit.explore.search_result import Access
from kit.explore.state import State
from kit.sim.recording import ThreadId


class Transition(NamedTuple):
    """What became of a state when one thread took a step.

    Attributes
    ----------
    key : (pid, tid)
        Of the thread.
    ran, passed : int
        Ticks that it was on the core, and that went by.
    stops : bool
        Whether it has blocked or ended.
    access : Access or None
        To memory, without the system.
    digest : bytes
        Of the state that it led to.
    state : State
        That state.
    broken : bool
        Whether the invariant does not hold there.
    chosen : int or None
        What `choose` gave at its end; None where it ended with something else.
    """

    key: ThreadId
    ran: int
    passed: int
    stops: bool
    access: Access | None
    digest: bytes
    state: State
    broken: bool
    chosen: int | None
