"""State diagrams: lines between boxes, with arrow heads and labels, made from a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot

from kit.sim.lifecycle import Table

Point = tuple[float, float]
LANE = 16.0
"""Between two lines that join the same two boxes."""
HEAD, HALF_HEAD = 9.0, 4.5
"""Length and half the width of an arrow head."""
CHARACTER, LINE = 7.2, 15.0
"""Room a character of a label takes, and how high a label is; pixels on the screen."""
ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)
"""Where along a line its label may stand, best first."""


@dataclass(frozen=True)
class Box:
    """A rectangle; nominal pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom

    def meets(self, other: Box, margin: float = 0.0) -> bool:
        """Tell whether another box comes nearer than a margin."""
        return (
            self.left < other.right + margin
            and other.left < self.right + margin
            and self.top < other.bottom + margin
            and other.top < self.bottom + margin
        )

    def cut(self, start: Point, end: Point) -> tuple[float, float] | None:
        """Return from where to where a line runs through it, as shares of its length."""
        low, high = 0.0, 1.0
        sides = ((self.left, self.right), (self.top, self.bottom))
        for begin, stop, (least, most) in zip(start, end, sides, strict=True):
            way = stop - begin
            if way == 0.0:
                if not least < begin < most:
                    return None
                continue
            near, far = sorted(((least - begin) / way, (most - begin) / way))
            low, high = max(low, near), min(high, far)
        return (low, high) if low < high else None


@dataclass(frozen=True)
class Edge:
    """A transition as a straight line between two boxes."""

    source: str
    target: str
    trigger: str
    start: Point
    end: Point

    def at(self, share: float) -> Point:
        """Return a point on the line."""
        (x, y), (right, bottom) = self.start, self.end
        return x + (right - x) * share, y + (bottom - y) * share

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The arrow head, as a line through three points."""
        (x, y), (across, down) = self.end, self._way
        back, aside = (x - across * HEAD, y - down * HEAD), (-down * HALF_HEAD, across * HALF_HEAD)
        return (
            (back[0] + aside[0], back[1] + aside[1]),
            self.end,
            (back[0] - aside[0], back[1] - aside[1]),
        )

    @property
    def _way(self) -> Point:
        across, down = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = hypot(across, down) or 1.0
        return across / length, down / length


def edges(table: Table, boxes: Mapping[str, Box]) -> list[Edge]:
    """Return a line for each transition of a table; those between the same boxes lie abreast."""
    pairs: dict[tuple[str, ...], list[tuple[str, str, str]]] = defaultdict(list)
    for (source, trigger), target in table.items():
        pairs[tuple(sorted((source, target)))].append((source, target, trigger))
    found = []
    for (one, other), group in pairs.items():
        (x, y), (right, bottom) = boxes[one].middle, boxes[other].middle
        length = hypot(right - x, bottom - y)
        normal = (y - bottom) / length, (right - x) / length
        for index, (source, target, trigger) in enumerate(group):
            aside = (index - (len(group) - 1) / 2) * LANE
            shift = normal[0] * aside, normal[1] * aside
            ends = _clipped(boxes[source], boxes[target], shift)
            found.append(Edge(source, target, trigger, *ends))
    return found


def _clipped(source: Box, target: Box, shift: Point) -> tuple[Point, Point]:
    """Return where a line from middle to middle leaves one box and reaches the other."""
    start, end = ((x + shift[0], y + shift[1]) for x, y in (box.middle for box in (source, target)))
    out, into = source.cut(start, end), target.cut(start, end)
    first, last = out[1] if out else 0.0, into[0] if into else 1.0
    way = end[0] - start[0], end[1] - start[1]
    return (
        (start[0] + way[0] * first, start[1] + way[1] * first),
        (start[0] + way[0] * last, start[1] + way[1] * last),
    )


def label_places(lines: list[Edge], boxes: Iterable[Box], narrow: float) -> list[Point]:
    """Return where the middle of each line's label stands: beside it, clear of all else.

    Parameters
    ----------
    narrow : float
        How much x is compressed at the least width, at which texts, which are not, need
        the most room.
    """
    taken = [_squeezed(box, narrow) for box in boxes]
    thin = [((e.start[0] * narrow, e.start[1]), (e.end[0] * narrow, e.end[1])) for e in lines]
    found = []
    for line, (start, end) in zip(lines, thin, strict=True):
        half = len(line.trigger) * CHARACTER / 2
        spots = [_beside(start, end, share, half, side) for share in ALONG for side in (-1, 1)]
        best = min(spots, key=lambda spot: _badness(spot, taken, thin))
        taken.append(best)
        found.append((best.middle[0] / narrow, best.middle[1]))
    return found


def _squeezed(box: Box, narrow: float) -> Box:
    return Box(box.left * narrow, box.top, box.right * narrow, box.bottom)


def _beside(start: Point, end: Point, share: float, half: float, side: int) -> Box:
    """Return the room of a label that touches a line from one side."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down) or 1.0
    normal = -down / length * side, across / length * side
    away = abs(normal[0]) * half + abs(normal[1]) * LINE / 2 + 3.0
    x = start[0] + across * share + normal[0] * away
    y = start[1] + down * share + normal[1] * away
    return Box(x - half, y - LINE / 2, x + half, y + LINE / 2)


def _badness(spot: Box, taken: list[Box], lines: list[tuple[Point, Point]]) -> int:
    """Return how much a label would be in the way: what it covers counts more than lines."""
    covered = sum(spot.meets(box, margin=1.0) for box in taken)
    wider = Box(spot.left - 1.0, spot.top - 1.0, spot.right + 1.0, spot.bottom + 1.0)
    return covered * 100 + sum(wider.cut(*line) is not None for line in lines)


def way(table: Table, state: str, goal: str) -> list[str]:
    """Return the states on the shortest way through a table, both ends included.

    Where there is none, straight from one to the other: `exec` makes a process new again.
    """
    reached: dict[str, str] = {state: ""}
    for at in (queue := [state]):
        if at == goal:
            break
        for (source, _), target in table.items():
            if source == at and target not in reached:
                reached[target] = at
                queue.append(target)
    if goal not in reached:
        return [state, goal]
    path = [goal]
    while path[-1] != state:
        path.append(reached[path[-1]])
    return path[::-1]
