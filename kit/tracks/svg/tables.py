"""A table as SVG: columns as wide as what is in them, rows that are unfolded to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.tracks.palette import INK, QUIET
from kit.tracks.picture import Mark, Picture
from kit.tracks.svg.figures import Elements
from kit.tracks.svg.writing import box, width_of, wrapped, written

SIZE, HEAD = 12.0, 24.0
LINE, ROW_ROOM = 16.0, 5.0
PADDING = 7.0
MARKED, MARK, RULE, HEAD_RULE = "#fff3c4", "#b8400e", "#e6e9ec", "#8a949e"
LEAST_COLUMN = 34.0


class Table:
    """A table of a picture.

    Parameters
    ----------
    picture : Picture
    mark : Mark
    width : float
        Pixels.
    ticks : sequence of int
        Those at which it will be drawn; its height is the largest that it has then.
    """

    def __init__(self, picture: Picture, mark: Mark, width: float, ticks: Sequence[int]) -> None:
        self.picture, self.mark, self.width, self.fixed = picture, mark, width, mark.fixed
        self.mono, self.numbers = (
            set(mark.fixed.get("mono", ())),
            set(mark.fixed.get("numbers", ())),
        )
        self.columns = self._columns()
        self.head = max([1, *(len(self._heading(place)) for place in range(len(self.columns)))])
        self.top = HEAD + LINE * (self.head - 1)
        most = self.fixed.get("height") or float("inf")
        self.room = most - self.top
        heights = [sum(row.height for row in self._shown(tick)) for tick in ticks]
        self.height = self.top + max([0.0, *heights]) + 4.0

    def _texts(self, place: int) -> set[str]:
        """Return all that ever stands in a column."""
        live, channel = self.fixed["live"], self.picture.channels[self.mark.name, "cells"]
        if place not in live:
            return {row[place] for row in self.fixed["rows"]}
        step, first = len(live), live.index(place)
        return {key[1] for keys in channel.keys[first::step] for key in keys}

    def _columns(self) -> list[float]:
        """Return how wide each column is."""
        wanted = []
        for place, heading in enumerate(self.fixed["headings"]):
            mono = place in self.mono
            lines = (line for text in self._texts(place) for line in text.split("\n"))
            widest = max((width_of(line, SIZE, mono=mono) for line in lines), default=0.0)
            words = max((width_of(word, SIZE, bold=True) for word in heading.split()), default=0.0)
            wanted.append(max(widest, words, LEAST_COLUMN - 2 * PADDING) + 2 * PADDING)
        spare = self.width - sum(wanted)
        if spare >= 0:
            return [wide + spare * wide / sum(wanted) for wide in wanted]
        return _narrowed(wanted, self.width)

    def _heading(self, place: int) -> list[str]:
        text, room = self.fixed["headings"][place], self.columns[place] - 2 * PADDING
        return wrapped(text, room / 1.07, SIZE)

    def _shown(self, tick: int) -> list[_Row]:
        """Return the rows that are seen at a tick: as many as have room, the marked one too."""
        states = self.picture.channels[self.mark.name, "states"].at(tick)
        cells = iter(self.picture.channels[self.mark.name, "cells"].at(tick))
        rows = []
        for place, (fixed, state) in enumerate(zip(self.fixed["rows"], states, strict=True)):
            texts = list(fixed)
            for column in self.fixed["live"]:
                texts[column] = next(cells)
            if "hidden" not in state.split() and self.fixed["parents"][place] < 0:
                rows.append(_Row(place, state.split(), self._cells(texts)))
        return self._around(rows)

    def _around(self, rows: list[_Row]) -> list[_Row]:
        marked = [place for place, row in enumerate(rows) if "marked" in row.state]
        first, last = 0, len(rows)
        while last > first and sum(row.height for row in rows[first:last]) > self.room:
            if not marked or marked[-1] - first <= last - 1 - marked[-1]:
                last -= 1
            else:
                first += 1
        return rows[first:last]

    def _cells(self, texts: Sequence[str]) -> list[list[str]]:
        return [
            wrapped(text, self.columns[place] - 2 * PADDING, SIZE, mono=place in self.mono)
            for place, text in enumerate(texts)
        ]

    def draw(self, tick: int) -> Elements:
        """Return what is seen at a tick."""
        drawn: Elements = {}
        lefts = [sum(self.columns[:place]) for place in range(len(self.columns))]
        for place, left in enumerate(lefts):
            for part, line in enumerate(self._heading(place)):
                middle = 12.0 + LINE * part
                drawn[0, place, part] = self._word(place, left, middle, line, QUIET, bold=True)
        drawn[0, len(lefts)] = box(0.0, self.top - 1.0, self.width, self.top, fill=HEAD_RULE)
        y = self.top
        for row in self._shown(tick):
            below = y + row.height
            parts = [box(0.0, below - 1.0, self.width, below, fill=RULE)]
            if "marked" in row.state:
                ground = box(0.0, y, self.width, below - 1.0, fill=MARKED)
                parts = [ground, box(0.0, y, 3.0, below - 1.0, fill=MARK), *parts]
            ink = QUIET if "ended" in row.state else INK
            for place, lines in enumerate(row.cells):
                for part, line in enumerate(lines):
                    middle = y + 2.0 + LINE * (part + 0.5)
                    parts.append(self._word(place, lefts[place], middle, line, ink))
            drawn[1, row.place] = "".join(parts)
            y = below
        return drawn

    def _word(
        self, place: int, left: float, middle: float, text: str, fill: str, bold: bool = False
    ) -> str:
        if not text:
            return ""
        looks: dict[str, Any] = {"size": SIZE, "fill": fill, "bold": bold}
        if place in self.mono and not bold:
            looks["mono"] = True
        if place in self.numbers:
            right = left + self.columns[place] - PADDING
            return written(right, middle, text, align="end", **looks)
        return written(left + PADDING, middle, text, **looks)


class _Row:
    """A row that is seen."""

    def __init__(self, place: int, state: list[str], cells: list[list[str]]) -> None:
        self.place, self.state, self.cells = place, state, cells
        self.height = LINE * max(len(lines) for lines in cells) + ROW_ROOM


def _narrowed(wanted: Sequence[float], width: float) -> list[float]:
    """Return columns that fit: none is wider than a limit, which is as high as it can be."""
    low, high = 0.0, max(wanted)
    for _ in range(30):
        middle = (low + high) / 2
        if sum(min(wide, middle) for wide in wanted) > width:
            high = middle
        else:
            low = middle
    return [min(wide, low) for wide in wanted]
