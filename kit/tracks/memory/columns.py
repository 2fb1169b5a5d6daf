"""Columns and bands: where each segment of each address space stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.tracks.memory.epochs import Band, Epoch, epochs
from kit.tracks.memory.room import (
    CELL_WIDTH,
    EDGE,
    LINE_HEIGHT,
    MOST_SHARE,
    add_lines,
    cells_a_row,
    give_lines,
    set_scale,
    size_in_words,
)

WIDTH = 700.0
LEFT = 10.0
MARGIN = 70.0
"""Room at the right of each column for the program counters and stack pointers."""
COLUMN_LEAST, COLUMN_MOST = 150.0, 540.0
LEAST_WIDTHS = {0: 480.0, 1: 480.0, 2: 560.0}
"""Pixels below which a picture of so many columns scrolls; for more, what the columns need."""
NARROW_PITCH, NARROW_GAP, NARROW_SCALE = 115.0, 14.0, 0.9
A_ROW = 6
"""Columns side by side; with more processes they are narrow, in several rows."""
MOST_PROCESSES = 24
MOST_STACKS = 8
MOST_NARROW_STACKS = 4
HEIGHT = 330.0
OVERVIEW_HEIGHT = 300.0
TOP = 46.0
NARROW_TOP = 58.0
FACTS = 17.0
BELOW = 8.0
FREE_GAP, FAULT_GAP = 34.0, 66.0
"""Free space in each column at least; more where it must hold the name of a fault."""
MORE_HEIGHT = 18.0
NARROW_LEAST = 120.0
ROW_GAP = 12.0
STRIPE = 6.0
SEAM = 2.0
CHARACTER = 7.25
"""Nominal width of a character of a line, in pixels."""
LETTER, BOLD = 6.4, 7.2
"""The same on average of a proportional text, and of a name."""
NAME_LEFT, BLANK = 14.0, 5.0


@dataclass
class Column:
    """One process: its epochs, one after the other in the same place.

    Attributes
    ----------
    head : float
        Where its heading begins.
    top, bottom : float
        Between which its address space is drawn.
    gap : tuple of float
        Where no band ever is, from top to bottom: free space between stacks and heap.
    real : float
        Pixels of a nominal one, where the picture is as narrow as it gets.
    """

    process: ProcessHistory
    place: int
    left: float
    right: float
    real: float
    row: int
    epochs: list[Epoch] = field(default_factory=list)
    head: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    gap: tuple[float, float] = (0.0, 0.0)

    @property
    def pid(self) -> int:
        """Of its process."""
        return self.process.pid

    @property
    def room(self) -> float:
        """Pixels it is wide at least."""
        return (self.right - self.left) * self.real

    def epoch_at(self, tick: int) -> Epoch | None:
        """Return the epoch that lasts at a tick."""
        return next((epoch for epoch in self.epochs if epoch.holds(tick)), None)


@dataclass
class Layout:
    """All columns of a picture.

    Attributes
    ----------
    detail : str
        "overview", "values" or "pages".
    narrow : bool
        Whether there are so many columns that they are narrow.
    hidden : int
        Processes there is no room for.
    absent : tuple of int
        Pids that were asked for and do not exist.
    end : int
        Last tick of the run.
    """

    detail: str
    narrow: bool
    width: float
    least_width: float
    end: int
    columns: list[Column] = field(default_factory=list)
    height: float = 0.0
    hidden: int = 0
    absent: tuple[int, ...] = ()

    @property
    def bands(self) -> list[tuple[Column, Epoch, Band]]:
        """Every band in the order of the elements."""
        return [
            (c, epoch, band) for c in self.columns for epoch in c.epochs for band in epoch.bands
        ]

    @property
    def rows(self) -> list[list[Column]]:
        """The columns by row."""
        count = max((column.row for column in self.columns), default=-1) + 1
        return [[c for c in self.columns if c.row == row] for row in range(count)]

    def column(self, pid: int) -> Column | None:
        """Return the column of a process, or None if it is not shown."""
        return next((column for column in self.columns if column.pid == pid), None)


def box(column: Column, band: Band, size: int) -> tuple[float, float, float, float]:
    """Return where a band is drawn when its segment has `size` bytes: left, top, right, bottom."""
    tall = height(band, size)
    if band.kind in ("stack", "shared"):
        return column.left, band.anchor, column.right, band.anchor + tall
    return column.left, band.anchor - tall, column.right, band.anchor


def height(band: Band, size: int) -> float:
    """Return how high a band is: what its lines need, and a share that grows with its size."""
    return band.floor + min(MOST_SHARE, size * band.scale)


def characters(column: Column, band: Band) -> int:
    """Return how many characters fit into a line of a band, beside its page cells."""
    strip = min(band.cells, cells_a_row(column.right - column.left)) * CELL_WIDTH
    return int((column.room - 19.0 - strip * column.real) / CHARACTER)


def beside_name(column: Column, name: str) -> float:
    """Return how many pixels there are beside the name of a band."""
    return column.room - NAME_LEFT - len(name) * BOLD - BLANK - EDGE


def is_beside(column: Column, band: Band) -> bool:
    """Tell whether a band's size stands beside its name; below it where there is no room."""
    if band.lines:
        return True
    least = min(beside_name(column, change.name) for change in band.changes if change.name)
    return len(size_in_words(band.largest)) * LETTER <= least


def arrange(trace: Trace, detail: str, pids: Sequence[int]) -> Layout:
    """Give every segment of the chosen processes its place.

    Parameters
    ----------
    trace : Trace
    detail : str
    pids : sequence of int
        Which processes; empty for the first ones.
    """
    processes = trace.history.processes
    wanted = list(dict.fromkeys(pids)) or list(processes)
    chosen = [processes[pid] for pid in wanted if pid in processes]
    layout = _columns(chosen[:MOST_PROCESSES], detail, trace.end)
    layout.absent = tuple(pid for pid in wanted if pid not in processes)
    layout.hidden = len(chosen) - len(layout.columns)
    for column in layout.columns:
        column.epochs = epochs(column.process)
        for epoch in column.epochs:
            _hide_stacks(epoch, MOST_NARROW_STACKS if layout.narrow else MOST_STACKS)
            give_lines(epoch, layout.detail, column.right - column.left, trace.settings.page_size)
        for band in (band for epoch in column.epochs for band in epoch.bands):
            band.floor += 0.0 if is_beside(column, band) else LINE_HEIGHT
    faulty = {fault.pid for fault in trace.history.faults}
    _place(layout, faulty, trace.settings.contiguous)
    lines = {True: 0, False: 0}
    for element, (_, _, band) in enumerate(layout.bands):
        band.element, band.first = element, lines[band.kind == "code"]
        lines[band.kind == "code"] += band.lines
    return layout


def _columns(processes: list[ProcessHistory], detail: str, end: int) -> Layout:
    """Stand processes side by side."""
    count = len(processes)
    if count > A_ROW:
        gap, pitch, real, width = NARROW_GAP, NARROW_PITCH, NARROW_SCALE, WIDTH
        layout = Layout("overview", True, width, width * real, end)
    else:
        pitch = min(
            max(COLUMN_LEAST + MARGIN, (WIDTH - LEFT) / max(1, count)), COLUMN_MOST + MARGIN
        )
        gap, width = MARGIN, max(WIDTH, LEFT + pitch * count)
        least = LEAST_WIDTHS.get(count, (COLUMN_LEAST + MARGIN) * count)
        layout, real = Layout(detail, False, width, least, end), least / width
    for index, process in enumerate(processes):
        row, across = divmod(index, A_ROW)
        left = LEFT + pitch * across
        layout.columns.append(Column(process, index, left, left + pitch - gap, real, row))
    return layout


def _hide_stacks(epoch: Epoch, most: int) -> None:
    stacks = [band for band in epoch.bands if band.kind == "stack"]
    epoch.hidden = stacks[most:]
    epoch.bands = [band for band in epoch.bands if band not in epoch.hidden]


def _place(layout: Layout, faulty: set[int], contiguous: bool) -> None:
    """Give bands their places: stacks from the top, the rest from the bottom, shared between."""
    top = (NARROW_TOP if layout.narrow else TOP) + FACTS * contiguous
    least = {"overview": OVERVIEW_HEIGHT}.get(layout.detail, HEIGHT) - top - BELOW
    least = NARROW_LEAST if layout.narrow else least
    shelves = [_Shelf(columns, faulty) for columns in layout.rows]
    if layout.detail != "overview":
        for shelf in shelves:
            for column, epoch in shelf.epochs:
                spare = least - shelf.needed([epoch])
                add_lines(epoch, spare, column.right - column.left)
    set_scale(
        (epoch.bands, least - shelf.needed([epoch]))
        for shelf in shelves
        for _, epoch in shelf.epochs
    )
    head = 0.0
    for shelf in shelves:
        head = shelf.place(head, top, least) + ROW_GAP
    layout.height = max(head - ROW_GAP + BELOW, TOP)


class _Shelf:
    """A row of columns, whose areas of shared memory stand side by side."""

    def __init__(self, columns: list[Column], faulty: set[int]) -> None:
        self.columns = columns
        self.epochs = [(column, epoch) for column in columns for epoch in column.epochs]
        found = [b for _, epoch in self.epochs for b in epoch.bands if b.kind == "shared"]
        self.areas = list(dict.fromkeys(band.key for band in found))
        self.gap = FAULT_GAP if any(c.pid in faulty for c in columns) else FREE_GAP

    def _tall(self, bands: Iterable[Band]) -> float:
        return sum(height(band, band.largest) + SEAM for band in bands)

    def _stacks(self, epoch: Epoch) -> float:
        more = MORE_HEIGHT if epoch.hidden else 0.0
        return self._tall(band for band in epoch.bands if band.kind == "stack") + more

    def _low(self, epoch: Epoch) -> float:
        return self._tall(band for band in epoch.bands if band.kind not in ("stack", "shared"))

    def _area(self, key: str | int) -> float:
        found = (epoch.band("shared", key) for _, epoch in self.epochs)
        return max(height(b, b.largest) + SEAM for b in found if b is not None)

    def needed(self, epochs: Iterable[Epoch]) -> float:
        """Return the height that some epochs need to stand side by side."""
        epochs = list(epochs)
        if not self.areas:
            tall = max((self._stacks(epoch) + self._low(epoch) for epoch in epochs), default=0.0)
            return tall + self.gap
        areas = sum(self._area(key) for key in self.areas)
        stacks = max((self._stacks(epoch) for epoch in epochs), default=0.0)
        low = max((self._low(epoch) for epoch in epochs), default=0.0)
        return stacks + self.gap + areas + FREE_GAP + low

    def place(self, head: float, top: float, least: float) -> float:
        """Place all bands below a heading; return where the row ends."""
        start = head + top
        epochs = [epoch for _, epoch in self.epochs]
        needed = self.needed(epochs)
        bottom = start + max(least, needed)
        first = start + max((self._stacks(epoch) for epoch in epochs), default=0.0) + self.gap
        first += max(0.0, least - needed) / 2
        for column in self.columns:
            column.head, column.top, column.bottom = head, start, bottom
            stacks = start + max((self._stacks(epoch) for epoch in column.epochs), default=0.0)
            low = bottom - max((self._low(epoch) for epoch in column.epochs), default=0.0)
            shares = any(epoch.band("shared") for epoch in column.epochs)
            column.gap = stacks, first - SEAM if shares else low
            for epoch in column.epochs:
                self._stand(epoch, start, bottom, first)
        return bottom

    def _stand(self, epoch: Epoch, top: float, bottom: float, first: float) -> None:
        for key in self.areas:
            band = epoch.band("shared", key)
            if band is not None:
                band.anchor = first
            first += self._area(key)
        for band in epoch.bands:
            if band.kind == "stack":
                band.anchor, top = top, top + height(band, band.largest) + SEAM
        for band in reversed(epoch.bands):
            if band.kind not in ("stack", "shared"):
                band.anchor, bottom = bottom, bottom - height(band, band.largest) - SEAM
