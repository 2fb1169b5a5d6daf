"""Pictures to widgets: the only place that makes bqplot marks."""

from __future__ import annotations

from typing import Any

import ipywidgets

from kit.tracks import Mark, Picture
from kit.tracks.picture import ABOUT
from kit.widgets.base.closing import close_all
from kit.widgets.pictures import bqplot_models
from kit.widgets.pictures.frame_grid import FrameGrid
from kit.widgets.pictures.moment_list import MomentList
from kit.widgets.pictures.table import Table
from kit.widgets.pictures.zoom import Zoom

MONO = "bolder"
"""bqplot has no font family a mark; this weight marks what the style sheet sets in mono."""
OWN: dict[str, type[ipywidgets.DOMWidget]] = {
    "table": Table,
    "frames": FrameGrid,
    "moments": MomentList,
    "zoom": Zoom,
}
"""Kinds of mark that are a widget of their own; their traits are driven like those of marks."""


class Drawing:
    """A picture as widgets: a bqplot figure, and what is a widget of its own.

    Parameters
    ----------
    picture : Picture
    tick : int
        What it shows before a player drives it.

    Attributes
    ----------
    widgets : dict of str to Widget
        By the name of the mark in the picture.
    figure : Figure or None
        With all marks that are drawn; None if none are.
    """

    def __init__(self, picture: Picture, tick: int = 0) -> None:
        self.widgets: dict[str, ipywidgets.Widget] = {}
        self.scales: dict[str, bqplot_models.LinearScale] = {}
        self.figure: bqplot_models.Figure | None = None
        self.update(picture, tick)

    @property
    def parts(self) -> list[ipywidgets.Widget]:
        """What is to be shown, from top to bottom."""
        own = [
            widget for widget in self.widgets.values() if isinstance(widget, tuple(OWN.values()))
        ]
        return [*([self.figure] if self.figure is not None else []), *own]

    def update(self, picture: Picture, tick: int) -> None:
        """Show another picture of the same view, in the same widgets as far as possible."""
        marks = [mark for mark in picture.marks if mark.kind != "sentences"]
        if any(mark.kind not in OWN for mark in marks):
            self._set_scales(picture)
        kept = {mark.name for mark in marks}
        gone = [self.widgets.pop(name) for name in list(self.widgets) if name not in kept]
        self.widgets = {mark.name: self._widget(picture, mark, tick) for mark in marks}
        drawn = [
            widget for widget in self.widgets.values() if isinstance(widget, bqplot_models.Mark)
        ]
        if self.figure is None and drawn:
            self.figure = _figure(drawn)
        if self.figure is not None:
            self.figure.marks = drawn
            self.figure.layout.height = f"{picture.height:.0f}px"
            self.figure.layout.min_width = f"{picture.least_width:.0f}px"
        for widget in gone:
            if isinstance(widget, bqplot_models.Mark):
                widget.close()  # its scales are those of all marks
            else:
                close_all(widget)

    def _set_scales(self, picture: Picture) -> None:
        if not self.scales:
            self.scales = {
                "x": bqplot_models.LinearScale(min=0.0, allow_padding=False, stabilized=False),
                "y": bqplot_models.LinearScale(min=0.0, allow_padding=False, reverse=True),
            }
        self.scales["x"].max, self.scales["y"].max = picture.width, picture.height
        if picture.time is not None:
            down = picture.time.axis == "y"
            first, last = picture.time.bounds(picture.height if down else picture.width)
            bounds = {"min": first, "max": last, "reverse": down}
            if "time" not in self.scales:
                plain = {"allow_padding": False, "stabilized": False}
                self.scales["time"] = bqplot_models.LinearScale(**plain, **bounds)
            with self.scales["time"].hold_sync():
                for name, value in bounds.items():
                    setattr(self.scales["time"], name, value)

    def _scales_of(self, picture: Picture, mark: Mark) -> dict[str, bqplot_models.LinearScale]:
        """Return the scales by which a drawn mark is placed: in pixels, or in ticks one way."""
        time = {picture.time.axis: "time"} if picture.time and mark.fixed.get("time") else {}
        return {axis: self.scales[time.get(axis, axis)] for axis in ("x", "y")}

    def _widget(self, picture: Picture, mark: Mark, tick: int) -> ipywidgets.Widget:
        """Return the widget of a mark, made or brought up to date."""
        values = {
            trait: value
            for (name, trait), channel in picture.channels.items()
            if name == mark.name and trait != ABOUT
            for value in [channel.trait_at(tick)]
        }
        known = self.widgets.get(mark.name)
        if mark.kind in OWN:
            made, traits = OWN[mark.kind], {**mark.fixed, **values}
        elif mark.kind == "texts":
            made, traits = bqplot_models.Label, _text_traits(mark.fixed, values)
        else:
            made, traits = bqplot_models.Lines, _line_traits(mark, values)
        if mark.kind not in OWN:
            traits["scales"] = self._scales_of(picture, mark)
        if known is None:
            return made(**traits)
        with known.hold_sync():
            for name, value in traits.items():
                setattr(known, name, value)
        return known


def _figure(marks: list[bqplot_models.Mark]) -> bqplot_models.Figure:
    figure = bqplot_models.Figure(
        marks=marks,
        fig_margin={"top": 0, "bottom": 0, "left": 0, "right": 0},
        padding_x=0.0,
        padding_y=0.0,
        min_aspect_ratio=0.001,
        max_aspect_ratio=1000.0,
        display_toolbar=False,
        background_style={"fill": "none", "stroke": "none"},
        layout=ipywidgets.Layout(width="100%"),
    )
    figure.add_class("kit-figure")
    return figure


def _text_traits(fixed: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    return {
        **values,
        "default_size": fixed["size"],
        "font_weight": MONO if fixed["mono"] else "bold" if fixed["bold"] else "normal",
        "align": fixed["align"],
        "enable_hover": False,
        "interactions": {},
        "apply_clip": False,
    }


def _line_traits(mark: Mark, values: dict[str, Any]) -> dict[str, Any]:
    fixed, closed = mark.fixed, mark.kind == "rectangles"
    if closed:
        values["fill_opacities"] = [fixed["fill_opacity"]] * len(values["x"])
    return {
        **values,
        "colors": fixed["colors"],
        "stroke_width": fixed["stroke_width"],
        "line_style": "dashed" if fixed["dashed"] else "solid",
        "close_path": closed,
        "fill": "inside" if closed else "none",
        "labels": [""] * len(values["x"]),
        "enable_hover": False,
        "interactions": {},
    }
