"""Where segments stand in a picture of address spaces, for what is laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.tracks.memory.columns import arrange, box
from kit.tracks.memory.epochs import Band, Change


class Region(NamedTuple):
    """Where one segment stands at a moment.

    Attributes
    ----------
    pid : int
    name : str
        "code", "data", "heap", "stack" or, of shared memory, the name of the segment.
    tid : int
        Whose stack it is; else 0.
    left, top, right, bottom : float
        Nominal pixels of the picture.
    """

    pid: int
    name: str
    tid: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def place(self) -> tuple[int, str, int]:
        """How a choice of a question names it."""
        return self.pid, self.name, self.tid


def regions(
    trace: Trace, tick: int, *, detail: str = "values", pids: Sequence[int] = ()
) -> list[Region]:
    """Return where each segment stands in `address_spaces` of the same arguments at a tick.

    Parameters
    ----------
    trace : Trace
    tick : int
    detail : str
        "overview", "values" or "pages".
    pids : sequence of int
        Which processes are shown; empty for the first ones.
    """
    layout = arrange(trace, detail, tuple(pids))
    found = []
    for column, epoch, band in layout.bands:
        change = band.at(tick) if epoch.holds(tick) else None
        arrival = epoch.arrival(band)
        if change is None or not change.size or arrival is None or arrival > tick:
            continue
        name, tid = _named(band, change)
        found.append(Region(column.pid, name, tid, *box(column, band, change.size)))
    return found


def _named(band: Band, change: Change) -> tuple[str, int]:
    if band.kind == "stack":
        return "stack", SegmentName.of(change.name).tid
    return change.name, 0
