"""Shared memory as one thing in several columns: bridges between them."""

from __future__ import annotations

from itertools import pairwise

from kit.sim.segments import SegmentName
from kit.tracks.memory.columns import Column, Layout, box
from kit.tracks.memory.epochs import Band
from kit.tracks.palette import PALE, SEGMENTS, shorten
from kit.tracks.picture import Picture

INSET = 5.0
LABEL_ROOM = 40.0
NAME_CHARACTERS = 24


def draw_bridges(picture: Picture, layout: Layout) -> None:
    """Connect the bands of one area of shared memory, behind the columns."""
    gaps = [
        (left, right, key)
        for row in layout.rows
        for left, right in pairwise(row)
        for key in areas(row)
        if _spans(row, left, key)
    ]
    if not gaps:
        return
    boxes = [_bridge(layout, left, right, key) for left, right, key in gaps]
    picture.rectangles(
        "bridges",
        boxes,
        [PALE["shared"]] * len(gaps),
        strokes=[SEGMENTS["shared"]] * len(gaps),
        opacity=0.0,
        dashed=True,
    )
    middles = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in boxes]
    picture.texts("bridge names", middles, [""] * len(gaps), align="middle")
    rows = {column.pid: row for row in layout.rows for column in row}
    for element, (left, right, key) in enumerate(gaps):
        roomy = (right.left - left.right) * left.real >= LABEL_ROOM
        for tick in _changes(rows[left.pid], key):
            there = _is_crossed(rows[left.pid], left, key, tick)
            picture.change("bridges", "opacities", element, tick, float(there), glide=0.5)
            label = "shared" if there and roomy else ""
            picture.change("bridge names", "text", element, tick, label)
    _tell(picture, layout)


def areas(row: list[Column]) -> list[str | int]:
    """Return the areas of shared memory of some columns."""
    found = (b for c in row for epoch in c.epochs for b in epoch.bands if b.kind == "shared")
    return list(dict.fromkeys(band.key for band in found))


def _bands(column: Column, key: str | int) -> list[Band]:
    found = (epoch.band("shared", key) for epoch in column.epochs)
    return [band for band in found if band is not None]


def _spans(row: list[Column], left: Column, key: str | int) -> bool:
    """Tell whether an area is ever on both sides of the gap behind a column."""
    places = [column.place for column in row if _bands(column, key)]
    return min(places) <= left.place < max(places)


def _bridge(
    layout: Layout, left: Column, right: Column, key: str | int
) -> tuple[float, float, float, float]:
    row = next(row for row in layout.rows if left in row)
    owner, band = next((c, band) for c in row for band in _bands(c, key))
    _, top, _, bottom = box(owner, band, band.largest)
    return left.right, top + INSET, right.left, bottom - INSET


def _changes(row: list[Column], key: str | int) -> list[int]:
    ticks = {c.tick for column in row for band in _bands(column, key) for c in band.changes}
    return sorted(ticks)


def _holders(row: list[Column], key: str | int, tick: int) -> list[Column]:
    """Return the columns whose process has an area at a tick."""
    return [c for c in row if any(band.at(tick) is not None for band in _bands(c, key))]


def _is_crossed(row: list[Column], left: Column, key: str | int, tick: int) -> bool:
    places = [column.place for column in _holders(row, key, tick)]
    return any(place <= left.place for place in places) and any(
        place > left.place for place in places
    )


def _tell(picture: Picture, layout: Layout) -> None:
    """Say who has each area."""
    keys = areas(layout.columns)
    picture.sentences("sharing", len(keys))
    for element, key in enumerate(keys):
        name = shorten(SegmentName.of(str(key)).area, NAME_CHARACTERS)
        for tick in _changes(layout.columns, key):
            pids = [str(column.pid) for column in _holders(layout.columns, key, tick)]
            several = f"pids {', '.join(pids[:-1])} and {pids[-1]}" if len(pids) > 1 else ""
            sentence = (
                f"shared memory '{name}' is one piece of RAM for {several}" if several else ""
            )
            picture.change("sharing", "text", element, tick, sentence)
        picture.text_alternative.append([("sharing", "text", element)])
