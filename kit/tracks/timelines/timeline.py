"""The timeline: a lane a thread or a core, the future not yet shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from kit.errors import plural
from kit.trace import Trace
from kit.trace.narration.names import Names
from kit.trace.passing import BIRTH, KILL, MESSAGE, Arrow, find_arrows
from kit.trace.real import RealTrace
from kit.tracks.channel import Channel
from kit.tracks.palette import INK, LINE, PANEL, QUIET
from kit.tracks.picture import Mark, Picture
from kit.tracks.sampling import thinned
from kit.tracks.time_axis import TimeAxis
from kit.tracks.timelines.bars import SWITCH, SYSTEM, Bar, find_bars
from kit.tracks.timelines.batches import UP, in_a_row
from kit.tracks.timelines.lane_marks import (
    FAR,
    GROUND,
    Sheet,
    describe_bars,
    draw_arrows,
    draw_ground,
    draw_names,
    draw_notes,
)
from kit.tracks.timelines.lanes import ACROSS, RULER_DOWN, Lanes, arrange_lanes
from kit.tracks.timelines.no_return import (
    draw_no_return,
    no_return_in_words,
)
from kit.tracks.timelines.notes import (
    DEADLOCK,
    END,
    EXEC,
    FAULT,
    MOST_NOTES,
    OUTSIDE,
    Note,
    find_notes,
)

LABELS, RIGHT = 150.0, 24.0
"""Nominal pixels before and behind the time, where it runs to the right."""
HEADS, LONG, BOTTOM = 66.0, 440.0, 24.0
"""The same where it runs down, and how long it is."""
RULER = 22.0
"""Room for the ticks below the lanes."""
LEAST_RIGHT, LEAST_DOWN = 520.0, 640.0
"""Pixels below which the picture scrolls."""
MOST_ARROWS = 200
DENSE = 300
"""Ticks from which on bars may be too thin, at first."""


def timeline(
    trace: Trace, *, lanes: str = "thread", direction: str = "right", until: int = 0
) -> Picture:
    """Lay a trace out as a timeline.

    Running is a full bar, ready a pale one, blocked a thin one, new a hollow one; where a
    core worked for the operating system itself it is striped.

    Parameters
    ----------
    trace : Trace
    lanes : str
        "thread" for a lane a thread, by process; "core" for a lane a core.
    direction : str
        Whereto time runs: "right" or "down".
    until : int
        Last tick of the axis, if the run ends before it.
    """
    found = arrange_lanes(trace, lanes, direction)
    end = max(trace.end, until, 1)
    bars, step = find_bars(trace, found)
    arrows = find_arrows(trace.history) if lanes == "thread" else []
    seen = [a for a in arrows if a.source in found.keys and a.target in found.keys]
    notes = find_notes(trace, found, seen[:MOST_ARROWS])[:MOST_NOTES]
    real = isinstance(trace, RealTrace)
    legend = _legend(found, bars, seen, notes, step, is_real=real) + no_return_in_words(trace)
    legend += [trace.clock] if isinstance(trace, RealTrace) else []
    picture, sheet = _sheet(trace, found, end)
    draw_ground(sheet)
    picture.rectangles("bars", [], [])
    draw_arrows(sheet, seen[:MOST_ARROWS])
    picture.texts("states", [], [], align="middle" if found.down else "start")
    draw_no_return(sheet)
    _draw_future(sheet, end)
    rooms = draw_notes(sheet, notes)
    draw_names(sheet, sheet.along[0])
    _draw_ruler(sheet)
    picture.births = _births(sheet, len(legend))
    _tell(sheet, seen[:MOST_ARROWS], notes)
    _add_zoom(sheet, bars, rooms, legend)
    return picture


def _add_zoom(
    sheet: Sheet, bars: Sequence[Bar], rooms: list[list[Any]], legend: Sequence[str]
) -> None:
    """Hand bars and notes to the zoom, which draws what it shows of them, and the legend."""
    picture, down, end = sheet.picture, sheet.lanes.down, sheet.end
    fixed = {
        "down": down,
        "start": sheet.along[0],
        "behind": BOTTOM if down else picture.width - sheet.along[1],
        "below": picture.height - sheet.along[1] - BOTTOM if down else 0.0,
        "across": ACROSS,
        "end": end,
        "lanes": [[lane.start, lane.stop] for lane in sheet.lanes.lanes],
        "notes": rooms,
        "legend": list(legend),
        **describe_bars(sheet, bars),
    }
    picture.own("zoom", "zoom", fixed, now=[0.0], opacities=[1.0] * len(legend))
    picture.channels["zoom", "now"].steady = True
    picture.change("zoom", "now", 0, end, float(end), glide=end)


def _sheet(trace: Trace, lanes: Lanes, end: int) -> tuple[Picture, Sheet]:
    """Return the empty picture."""
    below = 8.0
    of = f"one lane per {lanes.kind}"
    if lanes.down:
        along = (HEADS, HEADS + LONG)
        height = along[1] + BOTTOM + below
    else:
        along = (LABELS, ACROSS - RIGHT)
        height = lanes.edge + 1.0 + RULER + below
    picture = Picture(f"Timeline: {of}", ACROSS, height, LEAST_DOWN if lanes.down else LEAST_RIGHT)
    picture.time = TimeAxis("y" if lanes.down else "x", *along, float(end))
    return picture, Sheet(picture, trace, lanes, along)


def _draw_future(sheet: Sheet, end: int) -> None:
    """Cover what has not happened yet; the cover's edge is where time has come to."""
    picture, lanes = sheet.picture, sheet.lanes
    far, stop = 4.0 * end + 1000.0, ACROSS if lanes.down else lanes.edge
    axis, across = ("y", "x") if lanes.down else ("x", "y")
    edges = [(lane.start, lane.start, lane.stop, lane.stop) for lane in lanes.lanes]
    whole = (0.0, 0.0, stop, stop)
    nothing = [(0.0, 0.0, 0.0, 0.0)] * (len(edges) - 1)
    lengths = in_a_row([(0, 1, 1, 0)] * max(1, len(edges)), 2)
    grounds, everything = in_a_row(edges or [whole], UP), in_a_row([*nothing, whole], UP)
    fixed = {
        "colors": [PANEL, GROUND],
        "fill_opacity": 1.0,
        "stroke_width": 1.0,
        "dashed": False,
    }
    picture.marks.append(Mark("future", "rectangles", fixed))
    moving = Channel("future", axis, [(0.0, far, UP)] * 2, lengths, steady=True)
    picture.channels["future", axis] = moving
    picture.channels["future", across] = Channel(
        "future", across, [everything, grounds], tuple(range(len(grounds)))
    )
    picture.channels["future", "fill_colors"] = Channel("future", "fill_colors", [PANEL, GROUND])
    picture.channels["future", "opacities"] = Channel("future", "opacities", [(1.0,)] * 2)
    line = [sheet.spot(0.0, RULER_DOWN if lanes.down else 1.0), sheet.spot(0.0, stop)]
    picture.outlines("playhead", [line], colors=[INK], stroke_width=2.0)
    picture.along_time("future", "playhead")
    for element in range(2):
        moving.add(element, end, (float(end), far, UP), glide=end)
        picture.change("future", "opacities", element, end, 0.0)
    picture.change("playhead", axis, 0, end, (float(end), float(end)), glide=end)
    picture.channels["playhead", axis].steady = True


def _draw_ruler(sheet: Sheet) -> None:
    """Make room for the ticks, which the zoom writes, since they depend on what is shown."""
    picture = sheet.picture
    if sheet.lanes.down:
        below = (0.0, sheet.along[1] + BOTTOM, ACROSS, picture.height)
        picture.rectangles("veil below", [below], [PANEL])
        edge = (sheet.lanes.lanes[0].start if sheet.lanes.lanes else ACROSS) - 8.0
        line = [(edge, sheet.along[0]), (edge, sheet.along[1])]
        spots = [(edge - 6.0, 0.0)]
    else:
        edge = sheet.lanes.edge + 1.0
        line = [(LABELS, edge), (FAR, edge)]
        spots = [(0.0, edge + 11.0)]
    picture.outlines("scale", [line], colors=[LINE])
    align = "end" if sheet.lanes.down else "middle"
    picture.texts("ruler", spots, ["0"], colors=QUIET, mono=True, align=align)


def _legend(
    lanes: Lanes,
    bars: Sequence[Bar],
    arrows: Sequence[Arrow],
    notes: Sequence[Note],
    step: int,
    *,
    is_real: bool,
) -> list[str]:
    """Return what the looks mean that occur, and what is not shown."""
    kinds = {bar.kind for bar in bars} | {arrow.kind for arrow in arrows}
    kinds |= {note.kind for note in notes}
    meanings = _CORE_MEANINGS if lanes.kind == "core" else _MEANINGS
    lines = [text for kind, text in meanings if kind in kinds]
    if is_real:
        lines = [_OF_REAL.get(text, text) for text in lines]
    if SWITCH in kinds or SYSTEM in kinds:
        lines.append("striped: working for the operating system")
    what = f"{lanes.kind}s"
    if lanes.hidden:
        lines.append(f"and {lanes.hidden} more {what if lanes.hidden > 1 else lanes.kind}")
    if bars and max(bar.end for bar in bars) > DENSE:
        lines.append("Where bars are too thin to be told apart, columns show the share of each.")
    if step > 1:
        lines.append(f"Drawn in steps of {step} ticks: each shows what took which share of it.")
    if len(arrows) > MOST_ARROWS:
        lines.append(f"{plural(len(arrows) - MOST_ARROWS, 'later arrow')} not drawn")
    return lines


_MEANINGS = (
    ("running", "full: running"),
    ("ready", "pale: ready"),
    ("blocked", "thin: blocked"),
    ("new", "hollow: being loaded"),
    (BIRTH, "dark arrow: new thread or process"),
    (MESSAGE, "arrow with words: message"),
    (KILL, "red arrow: kill"),
    (FAULT, "✕ fault"),
    (END, "■ end of a process"),
    (DEADLOCK, "◆ deadlock"),
    (EXEC, "↻ another program"),
    (OUTSIDE, "▼ from outside"),
)
_OF_REAL = {
    "full: running": "full: running, or ready and not yet seen again",
    "pale: ready": "pale: ready, because another thread was seen on its core",
    "full: a thread runs": "full: the thread that was last seen there",
}
"""What is said in place of some of these of a real run."""
_CORE_MEANINGS = (
    ("running", "full: a thread runs"),
    *(entry for entry in _MEANINGS if entry[0] in (FAULT, END, DEADLOCK, EXEC)),
)


def _births(sheet: Sheet, rows: int) -> dict[str, list[int]]:
    """Return since when names may be read by somebody who is to foretell the run.

    The legend says what will happen in it, the grounds of lanes how many there will be.
    """
    found, never = sheet.lanes, sheet.trace.end + 1
    births = {"zoom": [never] * rows, "future": [0, never]}
    if found.kind == "thread":
        processes = sheet.trace.history.processes
        born = [processes[pid].threads[tid].state.ticks[0] for pid, tid in found.keys]
        groups = [born[group.first : group.last + 1] for group in found.groups]
        first, last = [min(ticks) for ticks in groups], [max(ticks) for ticks in groups]
        births |= {"lanes": born, "names": born, "titles": first, "pids": first, "brackets": last}
    return {name: ticks for name, ticks in births.items() if ticks}


def _tell(sheet: Sheet, arrows: Sequence[Arrow], notes: Sequence[Note]) -> None:
    """Say for each lane what it is filled with, and since when; and what happened last."""
    sheet.picture.ties["names"] = ("told", "text")
    if sheet.lanes.kind == "thread":
        _tell_threads(sheet)
    else:
        _tell_cores(sheet)
    said: dict[int, list[str]] = defaultdict(list)
    for arrow in arrows:
        names = Names(sheet.trace.history, arrow.came)
        said[arrow.came].append(
            f"{names.thread(*arrow.source)} {arrow.told} {names.thread(*arrow.target)}"
        )
    for note in notes:
        if note.text:
            said[note.tick].append(f"{note.text} ({sheet.lanes.lanes[note.lane].name})")
    if sheet.trace.no_return is not None:
        tick, text = sheet.trace.no_return
        said[tick].append(text.removesuffix("."))
    sheet.picture.sentences("latest", 1)
    for tick in sorted(said):
        text = f"at tick {tick}: {'; '.join(said[tick])}"
        sheet.picture.change("latest", "text", 0, tick, text)
    sheet.picture.text_alternative.append(["last mark", ("latest", "text", 0)])


def _tell_threads(sheet: Sheet) -> None:
    picture, trace = sheet.picture, sheet.trace
    picture.sentences("told", len(sheet.lanes.keys))
    for lane, (pid, tid) in enumerate(sheet.lanes.keys):
        process = trace.history.processes[pid]
        steps = process.threads[tid].state
        for tick in [*thinned(trace, steps.ticks), trace.end]:
            state = steps.at(tick)
            text = f"{state} since tick {steps.since(tick)}" if state else ""
            picture.change("told", "text", lane, tick, text)
        name = process.threads[tid].program.name
        picture.text_alternative.append([f"{name} T{tid} (pid {pid}):", ("told", "text", lane)])


def _tell_cores(sheet: Sheet) -> None:
    picture, trace = sheet.picture, sheet.trace
    picture.sentences("told", len(sheet.lanes.lanes))
    for core in range(len(sheet.lanes.lanes)):
        steps = trace.history.cores[core]
        for tick in [0, *thinned(trace, steps.ticks), trace.end]:
            key, since = steps.at(tick), max(0, steps.since(tick))
            who = f"runs {Names(trace.history, tick).thread(*key)}" if key else "idle"
            picture.change("told", "text", core, tick, f"{who} since tick {since}")
        picture.text_alternative.append([f"core {core}:", ("told", "text", core)])
