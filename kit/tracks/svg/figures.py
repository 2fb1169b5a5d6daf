"""The figure of a picture, its rectangles, texts and lines, at a tick."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kit.tracks.channel import SPREADS
from kit.tracks.picture import Mark, Picture
from kit.tracks.svg.bars import TimeSpan
from kit.tracks.svg.writing import box, element, number, written

Key = tuple[int, ...]
Elements = dict[Key, str]
"""What is drawn at a tick: elements by where they come in the order of drawing."""

DASHES = "10,10"
_HIDDEN = ("transparent", "none", "")


@dataclass(frozen=True)
class Axis:
    """Where the numbers of a mark are, in pixels."""

    offset: float = 0.0
    pace: float = 1.0

    def at(self, value: float) -> float:
        """Return the pixel of a number."""
        return self.offset + value * self.pace


class Figure:
    """The marks of a picture that are drawn together.

    Parameters
    ----------
    picture : Picture
    width : float
        Pixels; the picture is stretched to them sideways.
    held : bool
        Whether a question holds the run: what is still to come has no name then.
    window : sequence of float
        First and last tick of a timeline that are shown; all if empty.

    Attributes
    ----------
    width, height : float
        Pixels.
    """

    def __init__(
        self, picture: Picture, width: float, *, held: bool = False, window: Sequence[float] = ()
    ) -> None:
        self.picture, self.held = picture, held
        self.width, self.height = width, picture.height
        self.span: TimeSpan | None = None
        self.x, self.y = Axis(0.0, width / picture.width), Axis()
        zoom = next((mark.fixed for mark in picture.marks if mark.kind == "zoom"), None)
        if zoom is not None:
            self.span = TimeSpan(zoom, (width, self.height), window)
            if not zoom["down"]:
                self.x = Axis()  # names and ticks keep their size

    def draw(self, tick: int) -> Elements:
        """Return what is seen at a tick."""
        drawn: Elements = {}
        for place, mark in enumerate(self.picture.marks):
            for part, one in self._mark(mark, tick):
                drawn[place, part] = one
        return drawn

    def _mark(self, mark: Mark, tick: int) -> Iterator[tuple[int, str]]:
        fixed = self.span.elements(mark.name, self.picture, tick) if self.span else None
        if fixed is not None:
            yield from ((part, one) for part, one in enumerate(fixed) if one)
            return
        draw = {"rectangles": self._shape, "outlines": self._shape, "texts": self._text}
        if mark.kind not in draw:
            return
        values = {
            trait: channel.shown_at(tick)
            for (name, trait), channel in self.picture.channels.items()
            if name == mark.name
        }
        births = self.picture.births.get(mark.name) if self.held else None
        for part in range(len(values["x"])):
            if births and births[part] > tick:
                continue
            one = draw[mark.kind](mark, {trait: values[trait][part] for trait in values}, part)
            if one:
                yield part, one

    def axes(self, mark: Mark) -> tuple[Axis, Axis]:
        """Return where the numbers of a mark are, of which one may be ticks."""
        if not mark.fixed.get("time") or self.span is None:
            return self.x, self.y
        along = Axis(self.span.start - self.span.first * self.span.pace, self.span.pace)
        return (self.x, along) if self.span.down else (along, self.y)

    def _text(self, mark: Mark, values: dict[str, Any], _part: int) -> str:
        text, fill = values["text"], values["colors"]
        if not text or fill in _HIDDEN:
            return ""
        x, y = self.axes(mark)
        fixed = {name: mark.fixed[name] for name in ("size", "bold", "mono", "align")}
        return written(x.at(values["x"][0]), y.at(values["y"][0]), text, fill=fill, **fixed)

    def _shape(self, mark: Mark, values: dict[str, Any], part: int) -> str:
        opacity = values["opacities"][0] if "opacities" in values else 1.0
        x, y = self.axes(mark)
        xs = [x.at(value) for value in self._spread(mark, "x", values["x"])]
        ys = [y.at(value) for value in self._spread(mark, "y", values["y"])]
        fixed, closed = mark.fixed, mark.kind == "rectangles"
        fill = values["fill_colors"] if closed else "none"
        stroke = fixed["colors"][part % len(fixed["colors"])] if fixed["colors"] else "none"
        if opacity <= 0 or (fill in _HIDDEN and stroke in _HIDDEN):
            return ""
        looks: dict[str, str | float | None] = {
            "fill": "none" if fill in _HIDDEN else fill,
            "stroke": None if stroke in _HIDDEN else stroke,
            "stroke_width": fixed["stroke_width"] if stroke not in _HIDDEN else None,
            "stroke_linejoin": "round" if stroke not in _HIDDEN else None,
            "stroke_dasharray": DASHES if fixed["dashed"] else None,
            "fill_opacity": fixed["fill_opacity"] if closed and fixed["fill_opacity"] < 1 else None,
            "opacity": opacity if opacity < 1 else None,
        }
        spread = self.picture.channels[mark.name, "x"].spread
        if closed and spread == SPREADS["left_right"]:
            return box(xs[0], ys[0], xs[1], ys[2], **looks)
        path = _path(xs, ys, closed=closed)
        return element("path", d=path, **looks) if path else ""

    def _spread(self, mark: Mark, trait: str, value: Sequence[float]) -> list[float]:
        spread = self.picture.channels[mark.name, trait].spread
        return [value[place] for place in spread] if spread is not None else list(value)


def _path(xs: Sequence[float], ys: Sequence[float], *, closed: bool) -> str:
    """Return a line through points, with the pen lifted where there is no number."""
    parts: list[list[str]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if math.isnan(x) or math.isnan(y):
            parts.append([])
        else:
            parts[-1].append(f"{number(x)} {number(y)}")
    drawn = (f"M{' L'.join(part)}" for part in parts if len(part) > 1)
    return " ".join(f"{one} Z" if closed else one for one in drawn)
