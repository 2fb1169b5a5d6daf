"""The sentences a run is told with, a channel of one text."""

from __future__ import annotations

from kit.trace import Trace
from kit.tracks.picture import Picture
from kit.tracks.sampling import sample_ticks


def narration(trace: Trace) -> Picture:
    """Return the narration of a trace as a picture without marks."""
    picture = Picture("Narration", 0.0, 0.0)
    picture.sentences("narration", 1)
    for tick in sample_ticks(trace):
        picture.change("narration", "text", 0, tick, trace.narrate(tick))
    return picture
