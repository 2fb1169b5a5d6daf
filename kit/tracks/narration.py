"""The sentences a run is told with, as two channels: what leads, and the details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kit.sim.recording import ThreadId
from kit.trace import Narration, Trace
from kit.tracks.picture import Picture
from kit.tracks.sampling import sample_ticks, shown_at, step_for


def narration(trace: Trace, beside: Mapping[str, Trace] | None = None) -> Picture:
    """Return the narration of a trace as a picture without marks.

    Its first channel is what matters most at a tick, its second the details, one per line. The
    others are where steps lead: `events` has a key wherever the system did something, `lines`
    has an element per thread, the source line that it executed, and `running` an element per
    core, the number of that element or -1.

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
    _add_steps(picture, runs)
    for tick in sample_ticks(longest):
        told = [_told(label, run, tick) for label, run in runs.items()]
        first = " ".join(one.first for one in told)
        details = "\n".join(detail for one in told for detail in one.details)
        picture.change("narration", "text", 0, tick, first)
        picture.change("details", "text", 0, tick, details)
    return picture


def _add_steps(picture: Picture, runs: Mapping[str, Trace]) -> None:
    """Say at which ticks something happens that a step can lead to."""
    keys = [(trace, key) for trace in runs.values() for key in trace.record.threads]
    cores = [(trace, steps) for trace in runs.values() for steps in trace.history.cores]
    start = {"events": [0.0], "lines": [0.0] * len(keys), "running": [-1.0] * len(cores)}
    picture.own("steps", "sentences", {}, **start)
    events = {event.tick for trace in runs.values() for event in trace.events}
    for number, tick in enumerate(sorted(events), 1):
        picture.change("steps", "events", 0, tick, number)
    for element, (trace, key) in enumerate(keys):
        for tick, line in _lines(trace, key):
            picture.change("steps", "lines", element, tick, line)
    places = {(id(trace), key): element for element, (trace, key) in enumerate(keys)}
    for core, (trace, steps) in enumerate(cores):
        for tick in steps.ticks:
            thread = steps.at(tick)
            place = places.get((id(trace), thread), -1) if thread else -1
            picture.change("steps", "running", core, tick, place)


def _lines(trace: Trace, key: ThreadId) -> Iterator[tuple[int, int]]:
    """Yield (tick, source line) of what a thread executed; of a long run only every few ticks."""
    image = trace.history.processes[key[0]].threads[key[1]].program.image
    step = step_for(trace.end)
    for tick, _, _, index in trace.record.threads[key].executed():
        yield shown_at(tick, step, trace.end), image.line_of(index)


def _told(label: str, trace: Trace, tick: int) -> Narration:
    if not label:
        return trace.narration(tick)
    if tick > trace.end:
        return Narration(f"{label}: It has ended at tick {trace.end}.")
    told = trace.narration(tick)
    return Narration(
        f"{label}: {told.first}", tuple(f"{label}: {detail}" for detail in told.details)
    )
