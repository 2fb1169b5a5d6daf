"""The caches on the cards of the CPU: which lines they hold, whose, and what was used last."""

from __future__ import annotations

from kit.errors import plural
from kit.trace import Trace
from kit.trace.state.caches import CacheHistory, CacheLine, CacheUse
from kit.tracks.palette import INK, PANEL, QUIET, pale, process_name, thread_colors
from kit.tracks.palette import LINE as RULE
from kit.tracks.picture import Part, Picture
from kit.tracks.sampling import thinned

LETTER, SIZE = 6.7, 11.0
"""Nominal width of a character of a cell, and size of its letters."""
LABELS, RIGHT, INSIDE = 40.0, 240.0, 14.0
"""Where cells begin and end, and the numbers of their sets begin."""
BESIDE = 54.0
"""Where the figures begin, beside the word "cache"."""
FIGURES = 3
"""Lines of figures: hits and misses, the last use, and what was written back."""
ROW, LINE = 19.0, 16.0
MOST_ROWS = 8
MOST_TOLD = 16
"""Sets that are told in words."""
NAME_CHARACTERS = 24


class CacheGrid:
    """Where the lines of a cache stand on a card: a cell each, those of a set side by side.

    Parameters
    ----------
    trace : Trace
        Of a machine with caches, or without; then there is nothing.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        cache = trace.settings.cache
        self.sets, self.ways, self.line = (
            (cache.sets, cache.ways, cache.line) if cache is not None else (0, 0, 1)
        )
        self.several = len(trace.history.processes) > 1
        digits = len(f"{trace.settings.ram - 1:x}")
        most = digits + 1 + (len(str(len(trace.history.processes))) + 1 if self.several else 0)
        columns = int((RIGHT - LABELS) // (LETTER * most + 4.0))
        self.columns = 1 << max(0, min(columns, self.sets * self.ways).bit_length() - 1)
        self.in_row = max(1, self.columns // max(self.ways, 1))
        self.rows_a_set = -(-self.ways // self.columns)
        if self.ways and self.ways < self.columns:
            self.columns = self.in_row * self.ways
        rows = -(-self.sets // self.in_row) * self.rows_a_set
        self.rows = min(rows, MOST_ROWS)
        self.shown = min(self.sets, self.rows // max(self.rows_a_set, 1) * self.in_row)

    @property
    def height(self) -> float:
        """How much of a card it takes."""
        return (FIGURES + 1) * LINE + self.rows * ROW + 4.0 if self.sets else 0.0

    @property
    def slots(self) -> int:
        """How many lines are shown."""
        return min(self.shown * self.ways, self.rows * self.columns)

    def box(self, slot: int, top: float) -> tuple[float, float, float, float]:
        """Return the box of a line: left, top, right, bottom."""
        index, way = divmod(slot, self.ways)
        row = index // self.in_row * self.rows_a_set + way // self.columns
        column = index % self.in_row * self.ways + way % self.columns
        width = (RIGHT - LABELS) / self.columns
        left = LABELS + column * width
        # Sets stand a little apart.
        first, last = way % self.columns == 0, way == self.ways - 1
        y = top + FIGURES * LINE + row * ROW
        return left + (2.0 if first else 0.5), y, left + width - (2.0 if last else 0.5), y + 16.0

    def labels(self) -> list[tuple[float, str]]:
        """Return how far below the first row each label stands, and its sets: "0-3"."""
        found = []
        for first in range(0, self.shown, self.in_row):
            last = min(first + self.in_row, self.shown) - 1
            text = f"{first}" if first == last else f"{first}-{last}"
            found.append((first // self.in_row * self.rows_a_set * ROW, text))
        return found


def draw_caches(picture: Picture, grid: CacheGrid, tops: list[float]) -> None:
    """Draw the cells of every core's cache, and say over the run what is in them.

    Parameters
    ----------
    picture : Picture
    grid : CacheGrid
    tops : list of float
        Where the part of each core's card begins; none where there are no cards.
    """
    if not grid.slots or not tops:
        return
    boxes = [grid.box(slot, top) for top in tops for slot in range(grid.slots)]
    count = len(boxes)
    picture.rectangles("cache lines", boxes, [PANEL] * count, strokes=[RULE] * count)
    places = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in boxes]
    picture.texts(
        "cache tags", places, [""] * count, colors=INK, size=SIZE, mono=True, align="middle"
    )
    first = [grid.box(0, top) for top in tops]
    uses = [PANEL] * len(tops)
    picture.rectangles(
        "cache uses", first, uses, strokes=[INK] * len(tops), opacity=0.0, fill_opacity=0.0,
        stroke_width=2.5,
    )  # fmt: skip
    labels = [
        ((INSIDE, top + FIGURES * LINE + down + 8.0), text)
        for top in tops
        for down, text in grid.labels()
    ]
    picture.texts(
        "cache sets", [spot for spot, _ in labels], [text for _, text in labels], colors=QUIET,
        size=SIZE,
    )  # fmt: skip
    heads = [(INSIDE, top + 6.0) for top in tops]
    picture.texts("cache names", heads, ["cache"] * len(tops), colors=QUIET)
    figures = [(BESIDE, top + line * LINE + 6.0) for top in tops for line in range(FIGURES)]
    picture.texts("cache figures", figures, [""] * len(figures))
    below = [(INSIDE, top + FIGURES * LINE + grid.rows * ROW + 6.0) for top in tops]
    picture.texts("cache legend", below, [_legend(grid)] * len(tops), colors=QUIET, size=SIZE)
    picture.sentences("cache told", len(tops) * min(grid.shown, MOST_TOLD))
    for core in range(len(tops)):
        _Filler(picture, grid, core, tops[core]).fill()


def _legend(grid: CacheGrid) -> str:
    what = "pid:address" if grid.several else "address"
    hidden = grid.sets - grid.shown
    more = f" · and {plural(hidden, 'more set')}" if hidden else ""
    return f"sets; {what} of a line; * dirty{more}"


class _Filler:
    """Says over the run what is in one core's cache."""

    def __init__(self, picture: Picture, grid: CacheGrid, core: int, top: float) -> None:
        self.picture, self.grid, self.core, self.top = picture, grid, core, top
        self.history: CacheHistory = grid.trace.history.caches[core]
        self.colors = {
            pid: pale(color) for (pid, _), color in reversed(thread_colors(grid.trace).items())
        }

    def fill(self) -> None:
        trace = self.grid.trace
        for index in range(self.grid.shown):
            steps = self.history.sets[index]
            for tick in thinned(trace, [0, *steps.ticks]):
                self._lines(tick, index, steps.at(tick))
        for tick in thinned(trace, [0, *self.history.counts.ticks]):
            self._used(tick, self.history.last.at(tick))

    def _lines(self, tick: int, index: int, lines: tuple[CacheLine, ...]) -> None:
        """Show the lines of a set."""
        by_way = {line.way: line for line in lines}
        for way in range(self.grid.ways):
            slot = index * self.grid.ways + way
            if slot >= self.grid.slots:
                break
            element, line = self.core * self.grid.slots + slot, by_way.get(way)
            text, fill = "", PANEL
            if line is not None:
                whose = f"{line.pid}:" if self.grid.several else ""
                dirty = "*" if line.dirty else ""
                text = f"{whose}{line.number * self.grid.line:x}{dirty}"
                fill = self.colors.get(line.pid, PANEL)
            self.picture.change("cache tags", "text", element, tick, text)
            self.picture.change("cache lines", "fill_colors", element, tick, fill)
        if index < MOST_TOLD:
            told = self.core * min(self.grid.shown, MOST_TOLD) + index
            self.picture.change("cache told", "text", told, tick, self._told(index, lines))

    def _told(self, index: int, lines: tuple[CacheLine, ...]) -> str:
        """Say of a set what it holds, least recently used first."""
        if not lines:
            return ""
        listed = ", ".join(
            f"{line.number * self.grid.line:#x} of "
            f"{process_name(self.grid.trace, line.pid, NAME_CHARACTERS)}"
            f"{' (dirty)' if line.dirty else ''}"
            for line in lines
        )
        return f"set {index}: {listed}"

    def _used(self, tick: int, use: CacheUse | None) -> None:
        """Say what was used last, and how often that went well."""
        counts, change = self.history.counts.at(tick), self.picture.change
        misses = "1 miss" if counts.misses == 1 else f"{counts.misses} misses"
        figures = f"{plural(counts.hits, 'hit')}, {misses}"
        first = FIGURES * self.core
        change("cache figures", "text", first, tick, figures)
        back = f"{plural(counts.write_backs, 'line')} written back" if counts.write_backs else ""
        change("cache figures", "text", first + 2, tick, back)
        if use is None:
            return
        verb, came = "write" if use.writing else "read", "hit" if use.hit else "MISS"
        text = f"{verb} {use.address:#x}: {came} in set {use.set}"
        change("cache figures", "text", first + 1, tick, text)
        slot = use.set * self.grid.ways + use.way
        seen = slot < self.grid.slots
        change("cache uses", "opacities", self.core, tick, 1.0 if seen else 0.0)
        if seen:
            left, top, right, bottom = self.grid.box(slot, self.top)
            change("cache uses", "x", self.core, tick, (left, right))
            change("cache uses", "y", self.core, tick, (top, bottom))


def told(grid: CacheGrid, core: int) -> list[list[Part]]:
    """Return the sentences that say of a core's cache what its card shows."""
    if not grid.slots:
        return []
    count = min(grid.shown, MOST_TOLD)
    figures: list[Part] = [
        ("cache figures", "text", FIGURES * core + line) for line in range(FIGURES)
    ]
    sets: list[Part] = [("cache told", "text", core * count + index) for index in range(count)]
    return [[f"core {core}, cache:", *figures], [f"in the cache of core {core}:", *sets]]
