"""The marks of a timeline's lanes: names, bars, arrows, notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.passing import BIRTH, KILL, MESSAGE, Arrow
from kit.tracks.numbers import real_numbers
from kit.tracks.palette import ALARM, INK, PANEL, QUIET, pale, thread_colors, thread_name
from kit.tracks.picture import Picture
from kit.tracks.subjects import process_subject, thread_subject
from kit.tracks.timelines.bars import SWITCH, SYSTEM, Bar
from kit.tracks.timelines.batches import Segment, lines_in_batches
from kit.tracks.timelines.lanes import ACROSS, Lanes, group_title
from kit.tracks.timelines.notes import DEADLOCK, FAULT, LASTS, Note

GROUND, IDLE, BLOCKED = "#f6f6f3", "#c3cad1", "#aab4bd"
STRIPED, STRIPES = "#e6e9ec", "#848e98"
ARROWS = {BIRTH: INK, MESSAGE: "#00706b", KILL: ALARM}
HIDDEN = "transparent"
FAR = 4000.0
"""Nominal pixels, farther than any page is wide."""
ORDER = ("running", SWITCH, SYSTEM, "ready", "blocked", "new")
NAME_CHARACTERS = 16

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass
class Sheet:
    """A timeline being drawn: where what stands along and across time.

    Attributes
    ----------
    along : tuple of float
        Between which nominal pixels time runs.
    """

    picture: Picture
    trace: Trace
    lanes: Lanes
    along: tuple[float, float]

    @property
    def end(self) -> float:
        """Last tick of the axis."""
        assert self.picture.time is not None
        return self.picture.time.end

    def box(self, begin: float, start: float, end: float, stop: float) -> Box:
        """Return the box from `begin` to `end` along time, from `start` to `stop` across it.

        Parameters
        ----------
        begin, end : float
            Along time, in the units of the mark.
        start, stop : float
            Across it, in nominal pixels.
        """
        return (start, begin, stop, end) if self.lanes.down else (begin, start, end, stop)

    def spot(self, along: float, across: float) -> tuple[float, float]:
        """Return a place."""
        return (across, along) if self.lanes.down else (along, across)


def draw_ground(sheet: Sheet) -> None:
    """Draw the ground of every lane, with a thin line for a core that has nothing to do."""
    lanes, start = sheet.lanes.lanes, sheet.along[0]
    end = sheet.along[1] if sheet.lanes.down else FAR
    boxes = [sheet.box(start, lane.start, end, lane.stop) for lane in lanes]
    sheet.picture.rectangles("lanes", boxes, [GROUND] * len(boxes))
    if sheet.lanes.kind == "core" and lanes:
        middles = [
            sheet.box(0.0, lane.middle - 0.5, sheet.end, lane.middle + 0.5) for lane in lanes
        ]
        sheet.picture.rectangles("idle", middles, [IDLE] * len(lanes))
        sheet.picture.along_time("idle")


def describe_bars(sheet: Sheet, bars: Sequence[Bar]) -> dict[str, Any]:
    """Return the bars for the zoom, which draws those that it shows: `boxes` and `looks`."""
    colors = thread_colors(sheet.trace)
    names: dict[ThreadId, str] = {}
    found: list[tuple[str, str, str]] = []
    for bar in bars:
        text = bar.kind
        if sheet.lanes.kind == "core" and bar.key is not None:
            if bar.key not in names:
                names[bar.key] = thread_name(sheet.trace, bar.key, NAME_CHARACTERS)
            text = names[bar.key]
        found.append((bar.kind, colors.get(bar.key, QUIET) if bar.key else QUIET, text))
    # Where bars are put together, the shares of the looks stand in this order.
    looks = sorted(dict.fromkeys(found), key=lambda look: ORDER.index(look[0]))
    numbers = {look: number for number, look in enumerate(looks)}
    boxes = ((b.start, b.end, b.lane, numbers[look]) for b, look in zip(bars, found, strict=True))
    return {
        "boxes": real_numbers(chain.from_iterable(boxes)),
        "looks": [_look(*look) for look in looks],
    }


def _look(kind: str, color: str, text: str) -> dict[str, Any]:
    """Return how a bar looks: its fill and stroke, how thin it is, and what is written on it.

    `inset` is the share of the lane it leaves free at each edge, `dark` the colour of stripes.
    """
    look: dict[str, Any] = {"kind": kind, "text": text, "ink": INK, "dark": ""}
    look |= {"fill": color, "stroke": PANEL, "inset": 0.0}
    changed: dict[str, dict[str, Any]] = {
        "running": {"ink": PANEL},
        "ready": {"fill": pale(color)},
        "blocked": {"fill": BLOCKED, "inset": 0.36, "text": ""},
        "new": {"fill": PANEL, "stroke": color, "inset": 0.04},
        SWITCH: {"fill": STRIPED, "dark": STRIPES},
        SYSTEM: {"fill": STRIPED, "dark": STRIPES},
    }
    return look | changed[kind]


def draw_arrows(sheet: Sheet, arrows: Sequence[Arrow]) -> None:
    """Draw arrows from lane to lane, of which the ends are known by their heads."""
    lines: dict[str, list[Segment]] = defaultdict(list)
    heads: list[tuple[float, float]] = []
    glyphs, inks = [], []
    for arrow in arrows:
        source = sheet.lanes.lanes[sheet.lanes.keys[arrow.source]]
        target = sheet.lanes.lanes[sheet.lanes.keys[arrow.target]]
        onwards = target.start > source.start
        begin, end = (source.stop, target.start) if onwards else (source.start, target.stop)
        lines[ARROWS[arrow.kind]].append(
            (sheet.spot(arrow.sent, begin), sheet.spot(arrow.came, end))
        )
        heads.append(sheet.spot(arrow.came, end - 4.0 if onwards else end + 4.0))
        glyphs.append(("▶" if onwards else "◀") if sheet.lanes.down else ("▼" if onwards else "▲"))
        inks.append(ARROWS[arrow.kind])
    if not arrows:
        return
    halo = [line for several in lines.values() for line in several]
    lines_in_batches(sheet.picture, "halo", halo, color=PANEL, stroke_width=4.0)
    for color, several in lines.items():
        name = f"arrows {color}"
        lines_in_batches(sheet.picture, name, several, color=color, stroke_width=1.5)
        sheet.picture.along_time(name)
    sheet.picture.texts("heads", heads, glyphs, colors=inks, size=12.0, align="middle")
    sheet.picture.along_time("halo", "heads")


def draw_notes(sheet: Sheet, notes: Sequence[Note]) -> list[list[Any]]:
    """Draw notes, each from its tick on; return where there is how much room for each."""
    places, inks, rooms = [], [], []
    for note in notes:
        lane = sheet.lanes.lanes[note.lane]
        inside = note.kind in LASTS and sheet.lanes.kind == "thread"
        if sheet.lanes.down:
            across = lane.start if inside else lane.stop + 3.0
            room = lane.stop + lane.gap - across - 4.0
        elif inside or not sheet.lanes.roomy:
            across, room = lane.middle, FAR if inside else 0.0
        else:
            across, room = sheet.lanes.between(note.lane + note.below), FAR
        places.append(sheet.spot(note.tick, across))
        inks.append(ALARM if note.kind in (FAULT, DEADLOCK) else INK)
        rooms.append([note.tick, note.full, note.symbol, across, room])
    if notes:
        picture = sheet.picture
        texts = [note.full for note in notes]
        picture.texts("notes", places, texts, colors=[HIDDEN] * len(notes), size=12.0)
        picture.along_time("notes")
        for element, note in enumerate(notes):
            picture.change("notes", "colors", element, note.tick, inks[element])
    return rooms


def draw_names(sheet: Sheet, start: float) -> None:
    """Write the name of each lane and of each process, beyond where time begins.

    Parameters
    ----------
    sheet : Sheet
    start : float
        Where time begins, along it.
    """
    picture, lanes = sheet.picture, sheet.lanes
    edge = sheet.box(0.0, 0.0, start - 1.0, ACROSS if lanes.down else lanes.edge)
    picture.rectangles("veil", [edge], [PANEL])
    if lanes.kind == "core":
        spots = [sheet.spot(start - 14.0 if lanes.down else 2.0, n.middle) for n in lanes.lanes]
    else:
        spots = [sheet.spot(start - (14.0 if lanes.down else 30.0), n.middle) for n in lanes.lanes]
    picture.texts(
        "names",
        spots,
        [lane.name for lane in lanes.lanes],
        size=12.0,
        bold=True,
        align="middle" if lanes.down else "start",
    )
    if lanes.kind == "thread":
        for key, element in lanes.keys.items():
            born = sheet.trace.history.processes[key[0]].threads[key[1]].state.ticks[0]
            picture.about("names", element, thread_subject(sheet.trace, key), born)
    if not lanes.groups:
        return
    titles, pids, brackets = [], [], []
    for group in lanes.groups:
        first, last = lanes.lanes[group.first], lanes.lanes[group.last]
        bracket = start - (26.0 if lanes.down else 36.0)
        brackets.append([sheet.spot(bracket, first.start), sheet.spot(bracket, last.stop)])
        across = first.start if lanes.down else (first.start + last.stop) / 2
        two = lanes.down or group_title(lanes, group)[1]
        titles.append((across, start - 54.0) if lanes.down else (2.0, across - (8.0 if two else 0)))
        pids.append((across, start - 38.0) if lanes.down else (2.0, across + 8.0))
    words = [group_title(lanes, group) for group in lanes.groups]
    picture.texts("titles", titles, [name for name, _ in words], size=12.0, bold=True)
    picture.texts("pids", pids, [pid for _, pid in words], colors=QUIET)
    for element, group in enumerate(lanes.groups):
        launched = sheet.trace.history.processes[group.pid].launched
        picture.about("titles", element, process_subject(sheet.trace, group.pid), launched)
    picture.outlines("brackets", brackets, colors=[QUIET] * len(brackets), stroke_width=1.5)
