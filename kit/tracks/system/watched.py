"""The table of real processes that were watched: what each used, look after look."""

from __future__ import annotations

from kit.trace import Trace
from kit.trace.real import RealTrace
from kit.tracks.picture import Picture

MOST_CHANGES = 20_000
"""Cells that change; a longer watching shows every second look, and so on."""
FIXED = 2
"""Columns that do not change: program and pid."""


def watched(trace: Trace) -> Picture:
    """Lay out a row for each process that was seen; one that has ended stays, greyed.

    Parameters
    ----------
    trace : RealTrace
        As `kit.host.looking.watching.HostWatch.trace` makes it.
    """
    assert isinstance(trace, RealTrace), "a view of nothing else has this layout"
    headings, frames = list(trace.seen.headings), trace.seen.rows
    pids = [*dict.fromkeys(pid for frame in frames for pid in frame)]
    live = len(headings) - FIXED
    names = {pid: process.program.name for pid, process in trace.history.processes.items()}
    picture = Picture("Processes of this computer", 720.0, 0.0)
    picture.table(
        "processes",
        headings,
        [[names[pid], str(pid)] + [""] * live for pid in pids],
        live=range(FIXED, len(headings)),
        numbers=[*range(FIXED + 2, len(headings))],
        caption=trace.clock,
        height=360,
    )
    step = 1 + len(frames) * len(pids) * live // MOST_CHANGES
    for row, pid in enumerate(pids):
        before = ("",) * live
        state = "hidden"
        picture.change("processes", "states", row, 0, state)
        for tick in range(0, len(frames), step):
            cells = frames[tick].get(pid)
            now = "" if cells is not None else state or "ended"
            if now != state:
                state = now
                picture.change("processes", "states", row, tick, state)
            for column, text in enumerate(cells or before):
                if text != before[column]:
                    picture.change("processes", "cells", row * live + column, tick, text)
            before = cells or before
    return picture
