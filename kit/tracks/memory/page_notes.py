"""Notes at the right of a band's name: how large it is, or what has become of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.trace import Trace
from kit.trace.process_history import PageContent, pages_of
from kit.trace.state.memory import Arrival
from kit.tracks.memory.columns import LETTER, Column, Layout, beside_name, box, is_beside
from kit.tracks.memory.epochs import Band, Change, Epoch
from kit.tracks.memory.moves import GROW, NAME_PLACE
from kit.tracks.memory.room import EDGE, LINE_HEIGHT, size_in_words
from kit.tracks.memory.watching import Watch
from kit.tracks.palette import INK, QUIET
from kit.tracks.picture import Picture

Place = tuple[Column, Epoch, Band]

FLASH = 3.0
"""Ticks for which a band with a page that came is lit up."""
SHORT = "COW 1/2: 1 of 2 pages is copied when written (copy on write)"


def fitting(texts: list[str], room: float) -> str:
    """Return the first text that fits; none if none does."""
    return next((text for text in texts if len(text) * LETTER <= room), "")


SHOWN = frozenset({"copy", "load", "swap_in"})
"""How a page comes that is worth a note."""


class PageNotes:
    """Tells of the pages of each band.

    Parameters
    ----------
    trace : Trace
    layout : Layout
    watch : Watch

    Attributes
    ----------
    short : bool
        Whether a note had to be so short that it must be explained.
    """

    def __init__(self, trace: Trace, layout: Layout, watch: Watch) -> None:
        self.trace, self.layout, self.watch = trace, layout, watch
        self.size = trace.settings.page_size
        self.short = False
        found = [] if layout.detail == "overview" else trace.history.memory.arrivals
        placed = [(arrival, self._place(arrival)) for arrival in found if arrival.kind in SHOWN]
        self.arrivals = [(arrival, place) for arrival, place in placed if place is not None]

    def _place(self, arrival: Arrival) -> Place | None:
        """Return the band that a page which comes belongs to."""
        column = self.layout.column(arrival.pid)
        epoch = column.epoch_at(arrival.tick) if column is not None else None
        if column is None or epoch is None:
            return None
        for band in epoch.bands:
            change = band.at(arrival.tick)
            if change is not None and arrival.page in self.pages(change):
                return column, epoch, band
        return None

    def pages(self, change: Change) -> range:
        """Return the virtual pages of a segment."""
        return pages_of((change.start, change.end), self.size)

    def held(self, epoch: Epoch, page: int, tick: int) -> PageContent | None:
        """Return what a page of a process is mapped to."""
        steps = epoch.process.pages.get(page)
        return steps.at(tick) if steps is not None else None

    def draw_flashes(self, picture: Picture) -> None:
        """Light a band up when a page of it is copied, or comes from disk while it runs."""
        found: list[tuple[int, Place]] = []
        for arrival, place in self.arrivals:
            ready = place[1].ready
            if arrival.kind != "load" or (ready is not None and ready < arrival.tick):
                found.append((arrival.tick, place))
        elements: dict[int, int] = {}
        for _, (_, _, band) in found:
            elements.setdefault(band.element, len(elements))
        count = len(elements)
        if not count:
            return
        blank = [(0.0, 0.0, 0.0, 0.0)] * count
        fills, inks = ["#ffffff"] * count, [INK] * count
        picture.rectangles("flashes", blank, fills, strokes=inks, opacity=0.0, stroke_width=2.0)
        for tick, (column, _, band) in found:
            _flash(picture, elements[band.element], column, band, tick)

    def draw(self, picture: Picture) -> None:
        """Write the notes."""
        bands = self.layout.bands
        if not bands:
            return
        blank = [""] * len(bands)
        picture.texts("notes", [(0.0, 0.0)] * len(bands), blank, colors=QUIET, align="end")
        copies: dict[int, dict[int, int]] = {}
        for arrival, (_, _, band) in self.arrivals:
            if arrival.kind == "copy":
                copies.setdefault(band.element, {})[arrival.tick] = arrival.frame
        for column, epoch, band in bands:
            drop = 0.0 if is_beside(column, band) else LINE_HEIGHT
            picture.change("notes", "x", band.element, 0, column.right - EDGE)
            for change in band.changes:
                if change.name:
                    y = box(column, band, change.size)[1] + NAME_PLACE[1] + drop
                    picture.change("notes", "y", band.element, change.tick, y, glide=GROW)
            for tick, text in self._notes(column, epoch, band, copies.get(band.element, {})):
                picture.change("notes", "text", band.element, tick, text)

    def _notes(
        self, column: Column, epoch: Epoch, band: Band, copies: dict[int, int]
    ) -> Iterator[tuple[int, str]]:
        first = epoch.arrival(band)
        if first is None:
            return
        beside = is_beside(column, band)
        for name, since, until in band.stays(self.trace.end + 1):
            room = beside_name(column, name) if beside else column.room
            begin, last = max(since, first), until - 1
            ticks = self._ticks(epoch, band, name, begin, last)
            ticks.update(tick + int(FLASH) for tick in copies)
            for tick in sorted(tick for tick in ticks if begin <= tick <= last):
                change = band.at(tick)
                assert change is not None, "it is there during its stay"
                frame = next((f for t, f in copies.items() if t <= tick < t + FLASH), None)
                yield tick, self._note(epoch, change, tick, frame, room)
            if until <= self.trace.end:
                yield until, ""

    def _ticks(self, epoch: Epoch, band: Band, name: str, first: int, last: int) -> set[int]:
        ticks = {change.tick for change in band.changes} | {first}
        if self.layout.detail != "overview":
            for page in self._ever(band, name):
                ticks |= self.watch.page_ticks(epoch.process, page, first, last)
        return ticks

    def _ever(self, band: Band, name: str) -> Iterable[int]:
        """Return every page that a segment ever has."""
        ranges = [self.pages(change) for change in band.changes if change.name == name]
        return {page for one in ranges for page in one}

    def _note(self, epoch: Epoch, change: Change, tick: int, frame: int | None, room: float) -> str:
        if frame is not None:
            texts = [f"page copied to frame {frame}", f"copied to {frame}", "copied"]
            return fitting(texts, room)
        if self.layout.detail == "overview":
            return fitting([size_in_words(change.size)], room)
        held = [self.held(epoch, page, tick) for page in self.pages(change)]
        count = len(held)
        pages = "1 page" if count == 1 else f"{count} pages"
        copied = sum(one is not None and one.mode == "c" for one in held)
        swapped = sum(one is not None and one.mode == "s" for one in held)
        present = sum(one is not None and one.mode != "s" for one in held)
        if copied:
            short = f"COW {copied}/{count}"
            texts = [f"copy on write: {copied} of {pages}", f"copy on write {copied}/{count}"]
            text = fitting([*texts, short], room)
            self.short |= text == short
            return text
        if swapped:
            texts = [f"{swapped} of {pages} swapped out", f"{swapped}/{count} swapped out"]
            return fitting([*texts, f"{swapped}/{count} out"], room)
        if present < count:
            texts = [f"{present} of {pages} in RAM", f"{present}/{count} in RAM"]
            return fitting([*texts, f"{present}/{count}"], room)
        return fitting([size_in_words(change.size)], room)


def _flash(picture: Picture, element: int, column: Column, band: Band, tick: int) -> None:
    change = band.at(tick)
    assert change is not None, "a page of it has come"
    left, top, right, bottom = box(column, band, change.size)
    picture.channels["flashes", "opacities"].forget(element, tick)
    picture.change("flashes", "x", element, tick, (left + 1.0, right - 1.0))
    picture.change("flashes", "y", element, tick, (top + 1.0, bottom - 1.0))
    picture.change("flashes", "opacities", element, tick, 0.75)
    picture.change("flashes", "opacities", element, tick + FLASH, 0.0, glide=FLASH)
