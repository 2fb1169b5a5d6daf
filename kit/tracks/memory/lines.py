"""The lines inside the bands: values that light up when they change, and instructions."""

from __future__ import annotations

from kit.trace import Trace
from kit.tracks.memory.columns import Column, Layout, box, characters
from kit.tracks.memory.contents import Contents
from kit.tracks.memory.epochs import Band, Epoch
from kit.tracks.memory.moves import GROW
from kit.tracks.memory.room import HEADER, LINE_HEIGHT, rows_of_threads
from kit.tracks.memory.watching import Watch
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture

Place = tuple[Column, Epoch, Band]

FRESH = 3.0
"""Ticks for which a value that changed is lit up."""
HALF_LINE = 8.0


def draw_lines(picture: Picture, trace: Trace, layout: Layout, watch: Watch) -> None:
    """Write the content of every segment; what threads execute changes at every tick.

    Parameters
    ----------
    picture : Picture
    trace : Trace
    layout : Layout
    watch : Watch
    """
    contents = Contents(trace, watch)
    values = [place for place in layout.bands if place[2].kind != "code"]
    codes = [place for place in layout.bands if place[2].kind == "code"]
    _add_marks(picture, values, codes)
    for column, epoch, band in values:
        _move_lines(picture, column, band)
        room = characters(column, band)
        for tick, lines in contents.lines(column, epoch, band):
            _write(picture, band, [shorten(line.text, room) for line in lines], tick)
            for row in range(band.lines):
                about = lines[row].about if row < len(lines) else None
                picture.about("lines", band.first + row, about, tick)
    for column, epoch, band in codes:
        room = characters(column, band)
        rows = len(rows_of_threads(epoch))
        for row in range(min(band.lines, rows)):
            for tick, text in contents.instructions(epoch, row):
                line = shorten(text, room)
                picture.change("instructions", "text", band.first + row, tick, line)


def _add_marks(picture: Picture, values: list[Place], codes: list[Place]) -> None:
    """Add a text for each line; those of code are apart, because they change at every tick."""
    spots = _spots(values)
    if spots:
        rows = [column for column, _, band in values for _ in range(band.lines)]
        boxes = [
            (x - 4.0, y - HALF_LINE, column.right - 3.0, y + HALF_LINE)
            for column, (x, y) in zip(rows, spots, strict=True)
        ]
        picture.rectangles("fresh", boxes, ["#ffffff"] * len(spots), opacity=0.0)
        picture.texts("lines", spots, [""] * len(spots), mono=True)
    spots = _spots(codes)
    if spots:
        picture.texts("instructions", spots, [""] * len(spots), mono=True)


def _spots(places: list[Place]) -> list[tuple[float, float]]:
    tops = [box(column, band, band.changes[0].size)[1] for column, _, band in places]
    return [
        _spot(column, top, row)
        for (column, _, band), top in zip(places, tops, strict=True)
        for row in range(band.lines)
    ]


def _spot(column: Column, top: float, row: int) -> tuple[float, float]:
    return column.left + 14.0, top + HEADER + 9.0 + row * LINE_HEIGHT


def _move_lines(picture: Picture, column: Column, band: Band) -> None:
    """Let lines follow the upper edge of a band that grows."""
    for change in band.changes:
        if not change.name:
            continue
        top = box(column, band, change.size)[1]
        for row in range(band.lines):
            _, y = _spot(column, top, row)
            element = band.first + row
            picture.change("lines", "y", element, change.tick, y, glide=GROW)
            picture.change(
                "fresh", "y", element, change.tick, (y - HALF_LINE, y + HALF_LINE), glide=GROW
            )


def _write(picture: Picture, band: Band, lines: list[str], tick: int) -> None:
    for row in range(band.lines):
        element = band.first + row
        text = lines[row] if row < len(lines) else ""
        before = picture.channels["lines", "text"].keys[element][-1][1]
        picture.change("lines", "text", element, tick, text)
        if text and before and text != before:
            picture.channels["fresh", "opacities"].forget(element, tick)
            picture.change("fresh", "opacities", element, tick, 0.9)
            picture.change("fresh", "opacities", element, tick + FRESH, 0.0, glide=FRESH)
