"""The sentences a run is told with, a channel of one text."""

from __future__ import annotations

from collections.abc import Mapping

from kit.trace import Trace
from kit.tracks.picture import Picture
from kit.tracks.sampling import sample_ticks


def narration(trace: Trace, beside: Mapping[str, Trace] | None = None) -> Picture:
    """Return the narration of a trace as a picture without marks.

    Parameters
    ----------
    trace : Trace
    beside : mapping of str to Trace, optional
        Several runs on one clock by their labels, `trace` among them; each sentence then
        says of which run it is.
    """
    picture = Picture("Narration", 0.0, 0.0)
    picture.sentences("narration", 1)
    runs = beside or {"": trace}
    longest = max(runs.values(), key=lambda run: run.end)
    for tick in sample_ticks(longest):
        sentences = [_told(label, run, tick) for label, run in runs.items()]
        picture.change("narration", "text", 0, tick, " ".join(text for text in sentences if text))
    return picture


def _told(label: str, trace: Trace, tick: int) -> str:
    if not label:
        return trace.narrate(tick)
    sentence = trace.narrate(tick) if tick <= trace.end else f"It has ended at tick {trace.end}."
    return f"{label}: {sentence}"
