"""How bands come, grow and go: from the disk, from a parent, out of nothing."""

from __future__ import annotations

from kit.errors import plural
from kit.tracks.memory.columns import NAME_LEFT, STRIPE, Column, Layout, box
from kit.tracks.memory.epochs import Band, Change, Epoch
from kit.tracks.memory.loading import Flight
from kit.tracks.palette import PALE, QUIET, SEGMENTS
from kit.tracks.picture import Picture

UNFOLD, GROW, FADE = 0.8, 0.6, 0.5
SLIDE = 0.9
"""Ticks a band takes from the parent's column at a fork."""
NAME_PLACE = (NAME_LEFT, 12.0)
LEAST_FREE = 22.0


def draw_bands(picture: Picture, layout: Layout) -> None:
    """Draw every segment as a band, yet without its name."""
    if not layout.bands:
        return
    boxes = [box(column, band, band.changes[0].size) for column, _, band in layout.bands]
    kinds = [band.kind for _, _, band in layout.bands]
    stripes = [(left, top, left + STRIPE, bottom) for left, top, _, bottom in boxes]
    picture.rectangles("bands", boxes, [PALE[kind] for kind in kinds], opacity=0.0)
    picture.rectangles("stripes", stripes, [SEGMENTS[kind] for kind in kinds], opacity=0.0)


def name_bands(picture: Picture, layout: Layout) -> None:
    """Write the names of bands and move both through their epochs."""
    _draw_free(picture, layout)
    _count_hidden(picture, layout)
    if not layout.bands:
        return
    boxes = [box(column, band, band.changes[0].size) for column, _, band in layout.bands]
    places = [(left + NAME_PLACE[0], top + NAME_PLACE[1]) for left, top, _, _ in boxes]
    picture.texts("band names", places, [""] * len(places), bold=True)
    for column, epoch, band in layout.bands:
        _Mover(picture, layout, column, epoch, band).move()


class _Mover:
    """Moves one band through its epoch."""

    def __init__(
        self, picture: Picture, layout: Layout, column: Column, epoch: Epoch, band: Band
    ) -> None:
        self.picture, self.layout = picture, layout
        self.column, self.epoch, self.band = column, epoch, band
        self.element = band.element
        self.since = 0.0
        """When the last change was: nothing may move before it."""

    def move(self) -> None:
        arrival = self.epoch.arrival(self.band)
        if arrival is None:
            return
        shown: Change | None = None
        for change in self.band.changes:
            tick = float(max(change.tick, arrival))
            if not change.name:
                self._leave(float(change.tick), shown is not None)
                shown = None
            elif shown is None:
                self._come(change, tick)
                shown = change
            elif change.size != shown.size:
                self._resize(change, tick, GROW)
                shown = change
            if change.name and shown is not None:
                self.picture.change("band names", "text", self.element, tick, change.name)
            self.since = max(self.since, float(change.tick))

    def _leave(self, tick: float, shown: bool) -> None:
        if not shown or tick < self.since:
            return
        for mark in ("bands", "stripes"):
            self.picture.change(mark, "opacities", self.element, tick, 0.0, glide=FADE)
        self.picture.change("band names", "text", self.element, tick, "")

    def _come(self, change: Change, tick: float) -> None:
        flight = self.epoch.flies(self.band)
        if self.epoch.end is not None and tick >= self.epoch.end:
            return
        parents = self._parents_box(change)
        if flight is not None and flight.ticks > 0:
            self._fly(flight)
        elif parents is not None:
            self._slide(change, tick, parents)
        else:
            self._unfold(change, tick)

    def _place(self, edges: tuple[float, float, float, float], tick: float, glide: float) -> None:
        left, top, right, bottom = edges
        for mark, far in (("bands", right), ("stripes", left + STRIPE)):
            self.picture.change(mark, "x", self.element, tick, (left, far), glide)
            self.picture.change(mark, "y", self.element, tick, (top, bottom), glide)

    def _show(self, tick: float, glide: float = 0.0) -> None:
        for mark in ("bands", "stripes"):
            self.picture.change(mark, "opacities", self.element, tick, 1.0, glide)

    def _resize(self, change: Change, tick: float, glide: float) -> None:
        edges = box(self.column, self.band, change.size)
        self._place(edges, tick, glide)
        y = edges[1] + NAME_PLACE[1]
        self.picture.change("band names", "y", self.element, tick, y, glide)

    def _unfold(self, change: Change, tick: float) -> None:
        left, _, right, _ = edges = box(self.column, self.band, change.size)
        begin = tick - 1.0
        if begin >= self.since and begin >= 0.0:
            anchor = self.band.anchor
            self._place((left, anchor, right, anchor), begin, 0.0)
            self._place(edges, tick, UNFOLD)
            self._show(tick, FADE)
        else:
            self._place(edges, tick, 0.0)
            self._show(tick)
        y = edges[1] + NAME_PLACE[1]
        self.picture.change("band names", "y", self.element, tick, y)

    def _fly(self, flight: Flight) -> None:
        """Come in from the left, where the disk stands."""
        edges = box(self.column, self.band, self.band.changes[0].size)
        width = edges[2] - edges[0]
        start = (-width - LEAVE, edges[1], -LEAVE, edges[3])
        self._place(start, flight.half, 0.0)
        self._show(flight.half)
        self._place(edges, float(flight.arrives), flight.ticks / 2)

    def _parents_box(self, change: Change) -> tuple[float, float, float, float] | None:
        """Return where the same segment stands in the parent's column, at a fork."""
        epoch = self.epoch
        if epoch.origin != "fork" or change.tick != epoch.start:
            return None
        parent = self.layout.column(epoch.process.parent)
        before = parent.epoch_at(epoch.start) if parent is not None else None
        band = before.band(self.band.kind, self.band.key) if before is not None else None
        there = band.at(epoch.start) if band is not None else None
        if parent is None or band is None or there is None or parent.row != self.column.row:
            return None
        return box(parent, band, there.size)

    def _slide(self, change: Change, tick: float, start: tuple[float, float, float, float]) -> None:
        begin = tick - SLIDE
        self._place(start, begin, 0.0)
        self._show(begin)
        self._place(box(self.column, self.band, change.size), tick, SLIDE)


LEAVE = 10.0
"""Pixels to the left of the picture at which a band comes in."""


def _draw_free(picture: Picture, layout: Layout) -> None:
    """Name what belongs to no segment; after the end of a process that is all of it."""
    places = [(c, sum(c.gap) / 2) for c in layout.columns if c.gap[1] - c.gap[0] >= LEAST_FREE]
    if not places or layout.narrow:
        return
    spots = [((column.left + column.right) / 2, y) for column, y in places]
    picture.texts("free", spots, [""] * len(spots), colors=QUIET, align="middle")
    for element, (column, _) in enumerate(places):
        process = column.process
        picture.change("free", "text", element, process.launched, "free")
        if process.exit is not None:
            ended = process.exit
            # A fault has its name written there.
            text = "" if ended.fault else "all free again"
            picture.change("free", "text", element, ended.tick, text)


def _count_hidden(picture: Picture, layout: Layout) -> None:
    """Say below the last stack how many more there are."""
    epochs = [(c, epoch) for c in layout.columns for epoch in c.epochs if epoch.hidden]
    if not epochs:
        return
    spots = []
    for column, epoch in epochs:
        last = [band for band in epoch.bands if band.kind == "stack"][-1]
        y = box(column, last, last.largest)[3] + NAME_PLACE[1]
        spots.append((column.left + NAME_PLACE[0], y))
    picture.texts("more stacks", spots, [""] * len(epochs), colors=QUIET)
    for element, (_, epoch) in enumerate(epochs):
        for tick in sorted({change.tick for band in epoch.hidden for change in band.changes}):
            count = sum(band.at(tick) is not None for band in epoch.hidden)
            text = f"and {plural(count, 'more stack')}" if count else ""
            picture.change("more stacks", "text", element, tick, text)
