"""What a timeline draws only when it knows its size: bars, words on them, ticks, notes.

The page does the same in `lens.js` and `timescale.js`, where a person can zoom.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from kit.tracks.palette import QUIET
from kit.tracks.picture import Picture
from kit.tracks.svg.writing import box, width_of, written

THIN = 3.0
"""Pixels; thinner bars are put together, and a column shows the share of each look."""
TICKS_APART = {"x": 70.0, "y": 36.0}
WIDEST_NOTE, NOTE_ROOM, NOTE_INSET = 190.0, 12.0, 4.0
WORD_INSET, LINE, LINE_APART, TEXT_APART, TALL = 5.0, 16.0, 13.0, 8.0, 14.0
STRIPES = (1, 3, 5)
NUMBERS = 4
"""What `boxes` has of each bar: start, end, lane, look."""


class Drawn(NamedTuple):
    """A bar, or the part of a column: between which shares of its lane it is."""

    start: float
    end: float
    look: int
    low: float = 0.0
    high: float = 0.0


class TimeSpan:
    """The part of a run that a timeline shows in so many pixels.

    Parameters
    ----------
    zoom : dict
        The traits of its zoom that do not change.
    size : tuple of float
        Width and height in pixels.
    window : sequence of float
        First and last tick that are shown; all if empty.

    Attributes
    ----------
    down : bool
        Whether time runs down.
    start : float
        Pixel of the first tick that is shown.
    pace : float
        Pixels a tick.
    """

    def __init__(
        self, zoom: dict[str, Any], size: tuple[float, float], window: Sequence[float] = ()
    ) -> None:
        self.zoom: dict[str, Any] = zoom
        self.down: bool = zoom["down"]
        self.start: float = zoom["start"]
        self.size = size
        along = size[1] if self.down else size[0]
        self.first, self.last = window or (0.0, float(zoom["end"]))
        behind = self._behind(along)
        after = behind + zoom["below"]
        self.pace: float = max(along - self.start - after, 1.0) / (self.last - self.first)
        self.stop = self.last + (zoom["behind"] if self.down else after) / self.pace
        self.edge = self.last + after / self.pace
        numbers = array("f", bytes(zoom["boxes"]))
        if sys.byteorder == "big":
            numbers.byteswap()
        rows = [numbers[n : n + NUMBERS] for n in range(0, len(numbers), NUMBERS)]
        lanes = range(len(zoom["lanes"]))
        by_lane = [[row for row in rows if row[2] == lane] for lane in lanes]
        self.lanes = [list(self._drawn(bars)) for bars in by_lane]

    def _behind(self, along: float) -> float:
        least: float = self.zoom["behind"]
        if self.down:
            return least
        end = self.zoom["end"]
        pace = (along - self.start - least) / end
        needed = (width_of(n[1]) + NOTE_ROOM - (end - n[0]) * pace for n in self.zoom["notes"])
        return float(min(max([least, *needed]), WIDEST_NOTE))

    def _drawn(self, rows: Sequence[Sequence[float]]) -> Iterator[Drawn]:
        """Yield what is drawn of a lane, in order of time."""
        least = THIN / self.pace
        column: dict[int, float] = {}
        edges = (0.0, 0.0)
        for start, end, _, look in rows:
            if end <= self.first or start >= self.stop:
                continue
            thin = end - start < least
            if column and (not thin or start - edges[0] >= least):
                yield from _column(edges, column)
                column = {}
            if not thin:
                yield Drawn(start, end, int(look))
                continue
            edges = (edges[0] if column else start, end)
            column[int(look)] = column.get(int(look), 0.0) + end - start
        if column:
            yield from _column(edges, column)

    def pixel(self, tick: float) -> float:
        """Return where a tick is."""
        return self.start + (tick - self.first) * self.pace

    def elements(self, name: str, picture: Picture, tick: int) -> list[str] | None:
        """Return what stands in a mark that depends on the size; None for any other mark."""
        if name == "bars":
            return list(self._bars())
        if name == "states":
            return list(self._words())
        if name == "ruler":
            return list(self._ticks(picture))
        if name == "notes" and any(mark.name == "notes" for mark in picture.marks):
            return list(self._notes(picture, tick))
        return None

    def _bars(self) -> Iterator[str]:
        for (begin, stop), bars in zip(self.zoom["lanes"], self.lanes, strict=True):
            size = stop - begin
            for bar in bars:
                look = self.zoom["looks"][bar.look]
                if bar.high:
                    edges = (stop - bar.high * size, stop - bar.low * size)
                    yield self._box(bar, *edges, fill=look["fill"])
                    continue
                inset = look["inset"] * size
                yield self._box(bar, begin + inset, stop - inset, look["fill"], look["stroke"])
                for stripe in STRIPES if look["dark"] else ():
                    middle = begin + stripe * size / 6
                    yield self._box(bar, middle - size / 18, middle + size / 18, look["dark"])

    def _box(self, bar: Drawn, low: float, high: float, fill: str, stroke: str = "") -> str:
        near, far = (self.pixel(min(max(t, self.first), self.stop)) for t in (bar.start, bar.end))
        line = {"stroke": stroke} if stroke else {}
        if self.down:
            ratio = self.size[0] / self.zoom["across"]
            return box(low * ratio, near, high * ratio, far, fill=fill, **line)
        return box(near, low, far, high, fill=fill, **line)

    def _at(self, along: float, across: float) -> tuple[float, float]:
        ratio = self.size[0] / self.zoom["across"]
        return (across * ratio, along) if self.down else (along, across)

    def _words(self) -> Iterator[str]:
        inset = LINE / 2 + 1 if self.down else WORD_INSET
        ratio = self.size[0] / self.zoom["across"] if self.down else 1.0
        for (begin, stop), bars in zip(self.zoom["lanes"], self.lanes, strict=True):
            size = (stop - begin) * ratio
            for bar in (b for b in bars if not b.high and size >= TALL):
                look, start = self.zoom["looks"][bar.look], max(bar.start, self.first)
                pixels = (min(bar.end, self.last) - start) * self.pace
                room = (
                    (0.0 if pixels < LINE else size - 4) if self.down else pixels - 2 * WORD_INSET
                )
                short = re.search(r" (T\d+)$", look["text"])
                forms = [look["text"], short[1] if short else ""]
                words = next((form for form in forms if form and width_of(form) <= room), "")
                if words:
                    x, y = self._at(self.pixel(start) + inset, (begin + stop) / 2)
                    align = "middle" if self.down else "start"
                    yield written(x, y, words, fill=look["ink"], align=align)

    def _ticks(self, picture: Picture) -> Iterator[str]:
        across = picture.channels["ruler", "x" if self.down else "y"].at(0)[0][0]
        least = TICKS_APART["y" if self.down else "x"] / self.pace
        sizes = (size * 10**power for power in count() for size in (1, 2, 5))
        step = next(size for size in sizes if size >= least)
        align = "end" if self.down else "middle"
        tick = -(-int(self.first) // step) * step
        while tick <= self.last:
            x, y = self._at(self.pixel(tick), across)
            yield written(x, y, str(tick), fill=QUIET, mono=True, align=align)
            tick += step

    def _notes(self, picture: Picture, tick: int) -> Iterator[str]:
        """Yield the notes that have room: all of each, its symbol, or nothing."""
        inks = picture.channels["notes", "colors"].at(tick)
        ratio = self.size[0] / self.zoom["across"] if self.down else 1.0
        following: dict[float, float] = {}
        texts = []
        for at, text, symbol, across, room in reversed(self.zoom["notes"]):
            free = (min(following.get(across, self.edge), self.edge) - at) * self.pace
            if self.down:
                fits = width_of(text) <= room * ratio and free >= LINE_APART
            else:
                fits = width_of(text) + TEXT_APART <= min(free, room)
            small = LINE_APART if self.down else width_of(symbol) + 2
            spare = symbol if free >= small or across not in following else ""
            seen = self.first <= at <= self.edge
            texts.append((text if fits else spare) if seen else "")
            if texts[-1]:
                following[across] = at
        inset = LINE / 2 + 1 if self.down else NOTE_INSET
        notes = zip(self.zoom["notes"], reversed(texts), inks, strict=True)
        for (at, _, _, across, _), text, ink in notes:
            x, y = self._at(self.pixel(at) + inset, across)
            yield written(x, y, text, fill=ink) if text and ink != "transparent" else ""


def _column(edges: tuple[float, float], shares: dict[int, float]) -> Iterator[Drawn]:
    """Yield the parts of a column, one upon the other in the order of the looks."""
    low, whole = 0.0, sum(shares.values())
    for look, ticks in sorted(shares.items()):
        high = min(low + ticks / whole, 1.0)
        yield Drawn(*edges, look, low, high)
        low = high
