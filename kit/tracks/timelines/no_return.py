"""Up to where a run could still have ended well, on its timeline."""

from __future__ import annotations

from kit.trace import Trace
from kit.tracks.palette import ALARM
from kit.tracks.timelines.lane_marks import Sheet
from kit.tracks.timelines.lanes import ACROSS, RULER_DOWN

SHADE = 0.1
"""How much of the lanes the shade covers."""


def draw_no_return(sheet: Sheet) -> None:
    """Draw a dashed line where it was decided how a run ends, and shade what follows.

    Parameters
    ----------
    sheet : Sheet
        Of a run with a `kit.trace.Trace.no_return`; nothing is drawn for another one.
    """
    if sheet.trace.no_return is None:
        return
    picture, down = sheet.picture, sheet.lanes.down
    # What is executed in this tick decides.
    decided = float(sheet.trace.no_return[0] + 1)
    start, stop = (RULER_DOWN, ACROSS) if down else (1.0, sheet.lanes.edge)
    box = sheet.box(decided, start, sheet.end, stop)
    picture.rectangles("lost", [box], [ALARM], fill_opacity=SHADE, stroke_width=0.0)
    line = [sheet.spot(decided, start), sheet.spot(decided, stop)]
    picture.outlines("no return", [line], colors=[ALARM], stroke_width=2.0, dashed=True)
    picture.along_time("lost", "no return")


def no_return_in_words(trace: Trace) -> list[str]:
    """Return what the dashed line means, for a legend; nothing for a run without one.

    Parameters
    ----------
    trace : Trace
    """
    if trace.no_return is None:
        return []
    return [f"dashed line: {trace.no_return[1]}"]
