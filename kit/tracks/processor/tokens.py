"""The tokens of the threads in the picture of the CPU."""

from __future__ import annotations

from kit.sim.recording import ThreadId
from kit.tracks.channel import Channel
from kit.tracks.palette import thread_colors
from kit.tracks.picture import Picture
from kit.tracks.processor.cpu_layout import ROUND, Layout, Slot
from kit.tracks.subjects import thread_subject

GLIDE = 0.7
"""Ticks a thread's token takes from the queue to a core, or back."""


class Tokens:
    """A token for each thread that is shown.

    There are no more of them than there are places to stand. A thread always has the same
    token if there are enough for all; else a token stands for one thread after the other.

    Parameters
    ----------
    picture : Picture
    layout : Layout

    Attributes
    ----------
    placed : dict of ThreadId to Slot
        Where the threads stand that are shown.
    """

    def __init__(self, picture: Picture, layout: Layout) -> None:
        self.picture, self.layout = picture, layout
        self.colors = thread_colors(layout.trace)
        self.own = {key: number for number, key in enumerate(layout.keys)}
        self.placed: dict[ThreadId, Slot] = {}
        self.elements: dict[ThreadId, int] = {}
        count = min(len(layout.keys), layout.cores + layout.most_ready + layout.most_blocked)
        self.free = list(range(count))
        if not count:
            return
        start = layout.ready(0)
        shades = [self.colors[key] for key in layout.keys[:count]]
        boxes = [start.box] * count
        picture.rectangles("tokens", boxes, shades, opacity=0.0, stroke_width=2 * ROUND)
        picture.channels["tokens", "colors"] = Channel("tokens", "colors", shades)
        picture.texts(
            "token names",
            [start.middle] * count,
            [""] * count,
            colors="#ffffff",
            bold=True,
            align="middle",
        )

    def place(self, tick: int, places: dict[ThreadId, Slot]) -> None:
        """Move the tokens to where their threads are at a tick; hide those of all others."""
        for key in self.placed:
            if key not in places:
                self._hide(tick, key)
        for key, place in places.items():
            if self.placed.get(key) != place:
                self._move(tick, key, place)
        self.placed = places

    def _hide(self, tick: int, key: ThreadId) -> None:
        element = self.elements.pop(key)
        self.free.append(element)
        self.picture.change("tokens", "opacities", element, tick, 0.0)
        self.picture.about("tokens", element, None, tick)
        self.picture.change("token names", "text", element, tick, "")

    def _show(self, tick: int, key: ThreadId) -> None:
        own = self.own[key]
        element = self.free.pop(self.free.index(own) if own in self.free else 0)
        self.elements[key] = element
        self.picture.change("tokens", "opacities", element, tick, 1.0)
        self.picture.about("tokens", element, thread_subject(self.layout.trace, key), tick)
        for trait in ("fill_colors", "colors"):
            self.picture.change("tokens", trait, element, tick, self.colors[key])

    def _move(self, tick: int, key: ThreadId, place: Slot) -> None:
        glide = GLIDE if key in self.elements else 0.0
        if key not in self.elements:
            self._show(tick, key)
        element, change = self.elements[key], self.picture.change
        left, top, right, bottom = place.box
        x, y = place.middle
        change("tokens", "x", element, tick, (left, right), glide)
        change("tokens", "y", element, tick, (top, bottom), glide)
        change("token names", "x", element, tick, x, glide)
        change("token names", "y", element, tick, y, glide)
        change("token names", "text", element, tick, self.layout.name(key, place.short))
