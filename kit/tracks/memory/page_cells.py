"""A cell for each page inside the bands, with the frame behind it."""

from __future__ import annotations

from collections.abc import Iterator

from kit.tracks.memory.columns import Column
from kit.tracks.memory.epochs import Band, Change, Epoch
from kit.tracks.memory.page_notes import SHORT, PageNotes
from kit.tracks.memory.room import CELL_HEIGHT, CELL_WIDTH, EDGE, HEADER, cells_a_row
from kit.tracks.palette import QUIET
from kit.tracks.picture import Picture
from kit.tracks.subjects import frame_subject

ABSENT = "-"
SIGNS = {
    "c": "c12: in frame 12, copied when written (copy on write)",
    "=": "=12: in frame 12, with other processes",
    "~": "~: in the swap area",
    ABSENT: "-: not in RAM",
}
"""First character of what a cell says -> what it means, for a frame 12."""
PLAIN = "#ffffff"
FILLS = {"c": "#fde6c8", "=": "#d8eef6", "~": "#e4e4e2", ABSENT: "#e4e4e2"}


class Cells:
    """Draws the pages of each band.

    Parameters
    ----------
    picture : Picture
    notes : PageNotes

    Attributes
    ----------
    elements : dict of int to list of int
        Band -> its cells.
    """

    def __init__(self, picture: Picture, notes: PageNotes) -> None:
        self.picture, self.notes, self.trace = picture, notes, notes.trace
        self._signs: set[str] = set()
        self.elements: dict[int, list[int]] = {}

    @property
    def legend(self) -> list[str]:
        """What the signs mean that occur."""
        found = [text for sign, text in SIGNS.items() if sign in self._signs]
        if self.elements:
            found.insert(0, "12: in frame 12")
        return [*found, SHORT] if self.notes.short else found

    def draw(self) -> None:
        """Draw the cells at the right of their bands."""
        bands = self.notes.layout.bands
        places = [(c, epoch, band, n) for c, epoch, band in bands for n in range(band.cells)]
        if not places:
            return
        boxes = [_cell(column, band, number) for column, _, band, number in places]
        count = len(places)
        inks = [QUIET] * count
        self.picture.rectangles("cells", boxes, [PLAIN] * count, strokes=inks, opacity=0.0)
        middles = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in boxes]
        self.picture.texts("cell texts", middles, [""] * count, align="middle")
        for element, (_, epoch, band, number) in enumerate(places):
            self.elements.setdefault(band.element, []).append(element)
            self._fill(element, epoch, band, number)

    def _fill(self, element: int, epoch: Epoch, band: Band, number: int) -> None:
        change = self.picture.change
        for tick, text in self._texts(epoch, band, number):
            sign = text[:1]
            self._signs.add(sign)
            change("cell texts", "text", element, tick, text)
            change("cells", "opacities", element, tick, 1.0 if text else 0.0)
            frame = text.lstrip("c=")
            subject = frame_subject(int(frame)) if frame.isdecimal() else None
            self.picture.about("cells", element, subject, tick)
            if text:
                change("cells", "fill_colors", element, tick, FILLS.get(sign, PLAIN))

    def _texts(self, epoch: Epoch, band: Band, number: int) -> Iterator[tuple[int, str]]:
        end, first = self.trace.end, epoch.arrival(band)
        if first is None:
            return
        for name, since, until in band.stays(end + 1):
            begin, last = max(since, first), until - 1
            ticks = {change.tick for change in band.changes} | {begin}
            for page in {self._page(c, band, number) for c in band.changes if c.name == name}:
                ticks |= self.notes.watch.page_ticks(epoch.process, page, begin, last)
            for tick in sorted(tick for tick in ticks if begin <= tick <= last):
                change = band.at(tick)
                assert change is not None, "it is there during its stay"
                yield tick, self._text(epoch, band, change, number, tick)
            if until <= end:
                yield until, ""

    def _page(self, change: Change, band: Band, number: int) -> int:
        """Return the page of a cell, counted from where the segment does not grow."""
        pages = self.notes.pages(change)
        return pages.stop - 1 - number if band.kind == "stack" else pages.start + number

    def _text(self, epoch: Epoch, band: Band, change: Change, number: int, tick: int) -> str:
        pages, page = self.notes.pages(change), self._page(change, band, number)
        if page not in pages:
            return ""
        if number == band.cells - 1 and len(pages) > band.cells:
            return f"+{len(pages) - number}"
        held = self.notes.held(epoch, page, tick)
        if held is None:
            return ABSENT
        if held.frame < 0:
            return "~"
        if held.mode == "c":
            return f"c{held.frame}"
        users = self.trace.history.frames[held.frame].at(tick)
        several = len({pid for pid, _ in users if pid}) > 1
        return f"={held.frame}" if several else str(held.frame)


def _cell(column: Column, band: Band, number: int) -> tuple[float, float, float, float]:
    """Return where the cell of a band's page stands."""
    a_row = cells_a_row(column.right - column.left)
    row, across = divmod(number, a_row)
    left = column.right - EDGE - (min(a_row, band.cells) - across) * CELL_WIDTH
    if band.kind in ("stack", "shared"):
        top = band.anchor + HEADER + 2.0 + row * CELL_HEIGHT
    else:
        top = band.anchor - 3.0 - (row + 1) * CELL_HEIGHT
    return left + 2.0, top + 1.0, left + CELL_WIDTH, top + CELL_HEIGHT - 1.0
