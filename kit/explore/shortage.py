"""Whether a machine with demand paging or swap might have been short of memory.

An explorer gives such a machine more RAM, so that nobody has to know which page is where: that
would make many states of one. It may do so as long as memory is never short, because only then
can a program tell. Whether it might be is judged on the safe side here: all pages that
processes have count, though a machine with demand paging has not brought all of them, and though
code needs no place in the swap area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim.events.calls import Refuse
from kit.sim.events.event import Event
from kit.sim.events.memory import Area, Copy, Map, Share, ShareCode
from kit.sim.events.processes import Faulted
from kit.sim.memory import reserved_frames

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.setup import Setup

_LEAST = 3
"""Frames that one instruction can need at once: its code, what it reads or writes, and a copy."""

_ASKING = frozenset({"alloc", "fork", "spawn"})
"""Calls that are refused where memory is short, though not only there."""


def frames_for_processes(setup: Setup) -> int:
    """Return how many frames processes may use."""
    frames = setup.ram // setup.page_size
    return min(frames - reserved_frames(frames), setup.limits.frames)


class Shortage:
    """How much memory a machine has, to be compared with what is asked of it.

    Parameters
    ----------
    setup : Setup
        As it really is.
    """

    def __init__(self, setup: Setup) -> None:
        self._frames = frames_for_processes(setup)
        self._evicts = bool(setup.swap)
        self._slots = setup.swap // setup.page_size
        # Where fewer frames may be used than there are, a run is stopped, whatever could leave.
        self._always = self._evicts and setup.limits.frames <= setup.ram // setup.page_size

    def is_possible(self, computer: Computer, pages: int) -> bool:
        """Tell whether memory might have been short since the record began.

        Parameters
        ----------
        computer : Computer
            With more memory.
        pages : int
            In use when the record began.
        """
        if self._always:
            return True
        for event in computer.events.others:
            if isinstance(event, (Map, Share, ShareCode, Copy, Area)):
                pages += 1
            elif _is_refused(event):
                return True
        if not self._evicts:
            return pages > self._frames
        users = computer.physical.users.values()
        stay = sum(len(who) > 1 for who in users) + len(computer.pinned)
        return pages > self._slots or stay > self._frames - _LEAST


def _is_refused(event: Event) -> bool:
    """Tell whether memory was asked for in vain, even if for another reason than a full RAM."""
    if isinstance(event, Refuse):
        return event.call in _ASKING
    return isinstance(event, Faulted) and event.fault == "out of memory"
