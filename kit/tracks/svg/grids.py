"""A grid of frames or slots, as the page shows it: a cell each, what the looks mean, counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from kit.tracks.memory.frames import COLORS
from kit.tracks.palette import INK, LINE, PANEL, QUIET
from kit.tracks.picture import Mark, Picture
from kit.tracks.svg.figures import Elements
from kit.tracks.svg.writing import box, element, width_of, wrapped, written

ROOM, LARGEST, SMALLEST = 160.0, 26, 5
"""Pixels of height that the cells are made to fit into, and of one cell with its gap."""
TINY = 10
LETTERS = 12.0
ROW = 18.0
SWATCH, ITEM_GAP = 16.0, 12.0
EDGES = {"code": "bottom", "data": "left", "heap": "right", "stack": "top"}
"""At which edge a cell has its strong colour, so that the colour is not all there is."""


def fit(width: float, count: int) -> tuple[int, int, int]:
    """Return how many columns fill a width, the size of a cell, and the gap to the next.

    Parameters
    ----------
    width : float
        Pixels.
    count : int
        Of cells.
    """
    wanted = int(math.sqrt(width * ROOM / max(count, 1)))
    room = int((width + 1) / min(max(wanted, SMALLEST), LARGEST))
    step = 8 if room < 64 else 16
    columns = min(max(room - room % step, 8), max(count, 1))
    pitch = min(int((width + 1) / columns), LARGEST)
    gap = 1 if pitch < 14 else 2
    return columns, max(pitch - gap, 1), gap


class FrameGrid:
    """Frames of RAM, or slots of the swap area, a cell each.

    Parameters
    ----------
    picture : Picture
    mark : Mark
    width : float
        Pixels.
    """

    def __init__(self, picture: Picture, mark: Mark, width: float) -> None:
        self.picture, self.mark, self.width, self.fixed = picture, mark, width, mark.fixed
        self.columns, self.size, self.gap = fit(width, self.fixed["count"])
        rows = -(-self.fixed["count"] // self.columns)
        self.below = ROW + rows * (self.size + self.gap) + 6.0
        self.items = list(self._legend())
        self.height = self.below + 2 * ROW + (self.items[-1][1] + ROW if self.items else 0.0)

    def _legend(self) -> Iterator[tuple[float, float, str, str]]:
        """Yield each look with its meaning, and where it is said."""
        x, y = 0.0, ROW / 2
        for look, meaning in self.fixed.get("legend", ()):
            wide = SWATCH + 5.0 + width_of(meaning)
            if x and x + wide > self.width:
                x, y = 0.0, y + ROW
            yield x, y, look, meaning
            x += wide + ITEM_GAP

    def draw(self, tick: int) -> Elements:
        """Return what is seen at a tick."""
        drawn: Elements = {
            (0,): written(0.0, 8.0, self.fixed["label"], fill=QUIET, bold=True),
        }
        shown = self.picture.channels[self.mark.name, "shown"].at(tick)
        live = [at + n for at, length in self.fixed["live"] for n in range(length)]
        states = {place: int(value[0]) for place, value in zip(live, shown, strict=True)}
        for cell in range(self.fixed["count"]):
            place = self.fixed["first"] + cell
            kind, label, marks = self._state(place, states.get(place, 0))
            row, column = divmod(cell, self.columns)
            pitch = self.size + self.gap
            drawn[1, cell] = self._cell(
                column * pitch, ROW + row * pitch, float(self.size), kind, label, marks
            )
        summary = self.picture.channels[self.mark.name, "summary"].at(tick)
        for part, text in enumerate(wrapped(" · ".join(summary), self.width, LETTERS)[:2]):
            drawn[2, part] = written(0.0, self.below + ROW * (part + 0.5), text, fill=QUIET)
        for part, (x, y, look, meaning) in enumerate(self.items):
            top = self.below + 2 * ROW + y
            marks = (look,) if look in ("several", "copied") else ()
            swatch = self._cell(x, top - SWATCH / 2, SWATCH, "" if marks else look, "", marks)
            drawn[3, part] = swatch + written(x + SWATCH + 5.0, top, meaning)
        return drawn

    def _state(self, place: int, number: int) -> tuple[str, str, tuple[str, ...]]:
        """Return what a cell holds, what is written on it, and how its page is used."""
        state: list[Any] = self.fixed["states"][number]
        if place < self.fixed.get("reserved", 0):
            return "system", "", ()
        if not state:
            return "free", "", ()
        owner, _, label, others, copied = state + [""] * (5 - len(state))
        kind, pid, _, _ = self.fixed["owners"][owner]
        marks = tuple(name for name, is_so in (("several", others), ("copied", copied)) if is_so)
        return kind, label or (str(pid) if pid else ""), marks

    def _cell(
        self, x: float, y: float, size: float, kind: str, label: str, marks: tuple[str, ...]
    ) -> str:
        pale, strong = COLORS.get(kind, (PANEL, PANEL))
        parts = [_ground(x, y, size, kind, pale), _edge(x, y, size, kind, strong)]
        if "several" in marks:
            side = 0.44 * size
            points = f"M{x + size - side:.2f} {y:.2f} H{x + size:.2f} V{y + side:.2f} Z"
            parts.append(element("path", d=points, fill=INK))
        if "copied" in marks:
            lines = (
                f"M{x:.2f} {y + share * size:.2f} L{x + share * size:.2f} {y:.2f}"
                for share in (0.4, 0.7, 1.0)
            )
            parts.append(element("path", d=" ".join(lines), stroke=INK, stroke_opacity=0.45))
        if label and width_of(label, LETTERS) <= size:
            middle = y + size / 2
            parts.append(written(x + size / 2, middle, label, size=LETTERS, align="middle"))
        return "".join(parts)


def _edge(x: float, y: float, size: float, kind: str, color: str) -> str:
    """Return the strong edge of a cell."""
    band = max(1.5, 0.15 * size)
    if kind == "shared":
        inset = band * 0.35
        return box(
            x + inset,
            y + inset,
            x + size - inset,
            y + size - inset,
            fill="none",
            stroke=color,
            stroke_width=band * 0.7,
        )
    boxes = {
        "bottom": (x, y + size - band, x + size, y + size),
        "top": (x, y, x + size, y + band),
        "left": (x, y, x + band, y + size),
        "right": (x + size - band, y, x + size, y + size),
    }
    edge = boxes.get(EDGES.get(kind, ""))
    return box(*edge, fill=color) if edge else ""


def _ground(x: float, y: float, size: float, kind: str, color: str) -> str:
    """Return a cell without what is on it; one that is empty, or is of no kind, has a frame."""
    framed = kind in ("free", "room", "") and size >= TINY
    line = QUIET if kind in ("room", "") else LINE
    return box(
        x,
        y,
        x + size,
        y + size,
        fill=color,
        stroke=line if framed else None,
        stroke_dasharray="2,2" if kind == "room" else None,
    )
