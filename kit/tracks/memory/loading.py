"""How code and data come from the disk into RAM, as two views show it together."""

from __future__ import annotations

from typing import NamedTuple

from kit.trace.process_history import ProcessHistory


class Flight(NamedTuple):
    """A copy of a program's code or data on its way into RAM.

    For the first half of its time it leaves the file, for the second it comes into the
    address space.

    Attributes
    ----------
    arrives : int
        Tick at which the first page of it is in RAM.
    ticks : float
        How long it was under way; 0 if it was there from the first tick on.
    """

    arrives: int
    ticks: float

    @property
    def starts(self) -> float:
        """When it leaves."""
        return self.arrives - self.ticks

    @property
    def half(self) -> float:
        """When it is half way."""
        return self.arrives - self.ticks / 2


def flights(process: ProcessHistory, start: int, end: int | None) -> dict[str, Flight]:
    """Return how code and data came into a process between two ticks.

    A copy leaves when the page before it has arrived; where loading costs nothing, it is
    shown under way for one tick.

    Parameters
    ----------
    process : ProcessHistory
    start : int
        When its program was launched or executed.
    end : int or None
        When that program had ended.
    """
    found: dict[str, Flight] = {}
    before = start
    for tick, kind, _ in process.loaded:
        if tick < start or (end is not None and tick > end):
            continue
        if kind not in found:
            found[kind] = Flight(tick, float(min(tick, max(tick - before, 1))))
        before = tick
    return found
