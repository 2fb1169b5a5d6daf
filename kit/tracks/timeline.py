"""The timeline: a lane a thread, time to the right, the future not yet shown."""

from __future__ import annotations

from dataclasses import dataclass

from kit.sim.recording import Key
from kit.trace import Trace
from kit.tracks.palette import ALARM, INK, LINE, QUIET, pale, process_name, thread_colors
from kit.tracks.picture import Picture
from kit.tracks.sampling import thinned

LABELS = 140.0
WIDTH = 1120.0
LANE, GAP = 26.0, 14.0
TOP = 8.0
MOST_LANES = 16
MOST_BARS = 1500
BUCKETS = 400
"""A run with too many bars is drawn with this many steps of time a lane."""
CHARACTER = 7.0
"""Nominal width of a character of a label, in pixels."""
AXIS_TICKS = 8


@dataclass(frozen=True)
class Bar:
    """One stay of a thread in one state; ticks."""

    lane: int
    start: int
    end: int
    state: str


def lanes(trace: Trace) -> list[Key]:
    """Return the threads in the order of their lanes: by process, then by tid."""
    return [
        (pid, tid) for pid, process in trace.history.processes.items() for tid in process.threads
    ]


def bars(trace: Trace, keys: list[Key]) -> list[Bar]:
    """Return the stays of every thread in order, merged where there are too many."""
    found = []
    for lane, (pid, tid) in enumerate(keys):
        steps = trace.history.processes[pid].threads[tid].state
        ends = [*steps.ticks[1:], trace.end]
        for (start, state), end in zip(steps, ends, strict=True):
            if state not in ("", "terminated") and end > start:
                found.append(Bar(lane, start, end, state))
    return found if len(found) <= MOST_BARS else _merged(found, trace.end)


def _merged(found: list[Bar], end: int) -> list[Bar]:
    """Divide time into steps and keep, for each, the state a thread was in longest."""
    step = max(1, -(-end // BUCKETS))
    shares: dict[tuple[int, int], dict[str, int]] = {}
    for bar in found:
        for bucket in range(bar.start // step, (bar.end - 1) // step + 1):
            share = min(bar.end, (bucket + 1) * step) - max(bar.start, bucket * step)
            states = shares.setdefault((bar.lane, bucket), {})
            states[bar.state] = states.get(bar.state, 0) + share
    merged: list[Bar] = []
    for (lane, bucket), states in sorted(shares.items()):
        state = max(states, key=lambda name: states[name])
        last = merged[-1] if merged else None
        begin, stop = bucket * step, min(end, (bucket + 1) * step)
        if last and (last.lane, last.end, last.state) == (lane, begin, state):
            merged[-1] = Bar(lane, last.start, stop, state)
        else:
            merged.append(Bar(lane, begin, stop, state))
    return merged


def timeline(trace: Trace) -> Picture:
    """Lay a trace out as a timeline.

    Running is a full bar, ready a pale one, blocked a thin one, new a hollow one;
    each also carries its name where there is room.
    """
    keys = lanes(trace)
    shown = keys[:MOST_LANES]
    height = TOP + len(shown) * (LANE + GAP) + 30.0
    picture = Picture("Timeline: a lane a thread", WIDTH, height, least_width=560.0)
    end = max(trace.end, 1)
    picture.seek = (LABELS, WIDTH - 20.0, float(trace.end))
    _draw_lanes(picture, trace, shown)
    _draw_bars(picture, trace, shown, end)
    _draw_future(picture, trace, shown, end)
    _draw_axis(picture, height, end)
    if len(keys) > len(shown):
        more = f"and {len(keys) - len(shown)} more threads"
        picture.texts("more", [(0.0, height - 14.0)], [more], colors=QUIET)
    _tell(picture, trace, shown)
    return picture


def _x(tick: float, end: int) -> float:
    return LABELS + (WIDTH - 20.0 - LABELS) * tick / end


def _y(lane: int) -> float:
    return TOP + lane * (LANE + GAP)


def _draw_lanes(picture: Picture, trace: Trace, keys: list[Key]) -> None:
    picture.rectangles(
        "lanes",
        [(LABELS, _y(lane), WIDTH - 20.0, _y(lane) + LANE) for lane in range(len(keys))],
        ["#fafaf8"] * len(keys),
    )
    names = [process_name(trace, pid, 12) for pid, _ in keys]
    picture.texts(
        "names",
        [(0.0, _y(lane) + LANE / 2) for lane in range(len(keys))],
        [f"{name} T{tid}" for name, (_, tid) in zip(names, keys, strict=True)],
        size=13.0,
        bold=True,
    )


def _draw_bars(picture: Picture, trace: Trace, keys: list[Key], end: int) -> None:
    colors = thread_colors(trace)
    drawn = bars(trace, keys)
    boxes, fills, strokes, labels, places, inks = [], [], [], [], [], []
    for bar in drawn:
        color = colors.get(keys[bar.lane], QUIET)
        left, right, top = _x(bar.start, end), _x(bar.end, end), _y(bar.lane)
        inset = LANE * 0.36 if bar.state == "blocked" else 0.0
        boxes.append((left, top + inset, right, top + LANE - inset))
        fills.append(
            {"running": color, "ready": pale(color), "blocked": "#aab4bd", "new": "#ffffff"}[
                bar.state
            ]
        )
        strokes.append(color if bar.state == "new" else "#ffffff")
        if bar.state != "blocked" and right - left > CHARACTER * len(bar.state) + 10:
            labels.append(bar.state)
            places.append((left + 6.0, top + LANE / 2))
            inks.append("#ffffff" if bar.state == "running" else INK)
    if boxes:
        picture.rectangles("bars", boxes, fills, strokes=strokes)
    if labels:
        picture.texts("states", places, labels, colors=inks)


def _draw_future(picture: Picture, trace: Trace, keys: list[Key], end: int) -> None:
    """Cover what has not happened yet; the cover's edge is where time has come to."""
    right = WIDTH - 20.0
    boxes = [(LABELS - 1, _y(n) - 1, right + 1, _y(n) + LANE + 1) for n in range(len(keys))]
    picture.rectangles("future", boxes, ["#fafaf8"] * len(keys))
    bottom = _y(len(keys)) - GAP + 6.0
    start = LABELS
    picture.outlines("playhead", [[(start, 2.0), (start, bottom)]], colors=[INK], stroke_width=2.0)
    for lane in range(len(keys)):
        picture.change("future", "x", lane, 0, (LABELS - 0.5, right + 1))
        picture.change("future", "x", lane, end, (right, right + 1), glide=end)
    picture.change("playhead", "x", 0, end, (right, right), glide=end)
    for mark in ("future", "playhead"):
        picture.channels[mark, "x"].steady = True
    faults = [event for event in trace.events if event.kind == "fault"]
    if faults:
        _draw_faults(picture, trace, keys, end)


def _draw_faults(picture: Picture, trace: Trace, keys: list[Key], end: int) -> None:
    faults = [
        event for event in trace.events if event.kind == "fault" and (event.pid, event.tid) in keys
    ]
    places = [(_x(e.tick, end), _y(keys.index((e.pid, e.tid))) + LANE / 2) for e in faults]
    picture.texts(
        "faults", places, [""] * len(faults), colors=ALARM, size=14.0, bold=True, align="end"
    )
    for place, event in enumerate(faults):
        picture.change("faults", "text", place, event.tick, f"✕ {event.details['fault']}")


def _draw_axis(picture: Picture, height: float, end: int) -> None:
    step = next(
        size * 10**power
        for power in range(12)
        for size in (1, 2, 5)
        if end / (size * 10**power) <= AXIS_TICKS
    )
    ticks = list(range(0, end + 1, step))
    picture.texts(
        "axis",
        [(_x(tick, end), height - 14.0) for tick in ticks],
        [str(tick) for tick in ticks],
        colors=QUIET,
        mono=True,
        align="middle",
    )
    picture.outlines(
        "scale", [[(LABELS, height - 26.0), (WIDTH - 20.0, height - 26.0)]], colors=[LINE]
    )


def _tell(picture: Picture, trace: Trace, keys: list[Key]) -> None:
    """Say for each lane in which state the thread is, and since when."""
    picture.sentences("told", len(keys))
    for lane, (pid, tid) in enumerate(keys):
        process = trace.history.processes[pid]
        steps = process.threads[tid].state
        for tick in thinned(trace, steps.ticks):
            state = steps.at(tick)
            text = f"{state} since tick {steps.since(tick)}" if state else ""
            picture.change("told", "text", lane, tick, text)
        picture.twin.append([f"{process.program.name} T{tid} (pid {pid}):", ("told", "text", lane)])
