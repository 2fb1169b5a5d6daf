"""The sentences a run is told with, as two channels: what leads, and the details."""

from __future__ import annotations

from collections.abc import Mapping

from kit.trace import Narration, Trace
from kit.tracks.picture import Picture
from kit.tracks.sampling import sample_ticks


def narration(trace: Trace, beside: Mapping[str, Trace] | None = None) -> Picture:
    """Return the narration of a trace as a picture without marks.

    Its first channel is what matters most at a tick, its second the details, one per line.

    Parameters
    ----------
    trace : Trace
    beside : mapping of str to Trace, optional
        Several runs on one clock by their labels, `trace` among them; each sentence then
        says of which run it is.
    """
    picture = Picture("Narration", 0.0, 0.0)
    picture.sentences("narration", 1)
    picture.sentences("details", 1)
    runs = beside or {"": trace}
    longest = max(runs.values(), key=lambda run: run.end)
    for tick in sample_ticks(longest):
        told = [_told(label, run, tick) for label, run in runs.items()]
        first = " ".join(one.first for one in told)
        details = "\n".join(detail for one in told for detail in one.details)
        picture.change("narration", "text", 0, tick, first)
        picture.change("details", "text", 0, tick, details)
    return picture


def _told(label: str, trace: Trace, tick: int) -> Narration:
    if not label:
        return trace.narration(tick)
    if tick > trace.end:
        return Narration(f"{label}: It has ended at tick {trace.end}.")
    told = trace.narration(tick)
    return Narration(
        f"{label}: {told.first}", tuple(f"{label}: {detail}" for detail in told.details)
    )
