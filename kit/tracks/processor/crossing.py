"""Crossings: what operating system, hardware and program do, row by row, as time goes down."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice, pairwise

from kit.trace import Trace
from kit.trace.kernel.crossings import Crossing, Crossings
from kit.trace.narration.crossings import Protocol
from kit.tracks.picture import Picture

WIDTH = 900.0
HEIGHT = 420
"""Pixels above which the table scrolls."""
MOST_ROWS = 400
MOST_SHOWN = 24
"""Rows that are seen at once, with the newest one as the last."""
COLUMNS = ("operating system (kernel mode)", "hardware", "program (user mode)")


def crossing(trace: Trace, *, since: int = 0) -> Picture:
    """Lay out how the cores go between user and kernel mode: a table with a row a step.

    A row appears at its tick. Marked are, for each core, the last step and all steps of this
    very tick, because without costs a trap takes no time.

    Parameters
    ----------
    trace : Trace
    since : int
        Tick from which on crossings are shown; of a long run the first ones after it are.
    """
    picture = Picture("Crossings between user and kernel mode", WIDTH, 0.0)
    every = Crossings(trace.record, trace.history.processes)
    steps = list(islice((step for step in every if step.tick >= since), MOST_ROWS + 1))
    more, steps = len(steps) > MOST_ROWS, steps[:MOST_ROWS]
    protocol, several = Protocol(trace.record, trace.history), trace.settings.cores > 1
    picture.table(
        "crossings",
        ("tick", *(["core"] if several else []), *COLUMNS),
        [
            [str(step.tick), *([str(step.core)] if several else []), *protocol.cells(step)]
            for step in steps
        ],
        numbers=[0, 1] if several else [0],
        caption=_caption(steps, more),
        height=HEIGHT,
    )
    _show(picture, trace, steps)
    return picture


def _caption(steps: list[Crossing], more: bool) -> str:
    arrows = "← into the kernel, → back to the program"
    if not more:
        return arrows
    return f"{arrows}; after tick {steps[-1].tick} the rest is not shown: since=… shows later ones"


def _show(picture: Picture, trace: Trace, steps: list[Crossing]) -> None:
    """Let each row appear at its tick, be marked as long as it is current, and go again."""
    ends = _ends(trace, steps)
    for row, step in enumerate(steps):
        looks = {-1: "hidden", step.tick: "marked", ends[row]: ""}
        hider = steps[row + MOST_SHOWN].tick if row + MOST_SHOWN < len(steps) else trace.end + 1
        looks[hider] = "hidden"
        for tick in sorted(looks):
            if tick <= min(hider, trace.end):
                picture.change("crossings", "states", row, tick, looks[tick])


def _ends(trace: Trace, steps: list[Crossing]) -> list[int]:
    """Return until when each step is current: to the core's next one, or for its own tick."""
    of_core: dict[int, list[int]] = defaultdict(list)
    for row, step in enumerate(steps):
        of_core[step.core].append(row)
    ends = [trace.end + 1] * len(steps)
    for rows in of_core.values():
        for row, following in pairwise(rows):
            ends[row] = max(steps[following].tick, steps[row].tick + 1)
    return ends
