"""Pictures to bqplot: the only place that makes marks."""

from __future__ import annotations

from typing import Any

import bqplot
import ipywidgets

from kit.tracks import Mark, Picture

MONO = "bolder"
"""bqplot has no font family a mark; this weight marks what the style sheet sets in mono."""


class Drawing:
    """A picture as a bqplot figure, showing tick 0.

    Parameters
    ----------
    picture : Picture

    Attributes
    ----------
    figure : bqplot.Figure
    marks : dict of str to bqplot.Mark
        By the name in the picture.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.scales = {
            "x": bqplot.LinearScale(
                min=0.0, max=picture.width, allow_padding=False, stabilized=False
            ),
            "y": bqplot.LinearScale(min=0.0, max=picture.height, allow_padding=False, reverse=True),
        }
        self.marks = {
            mark.name: self._mark(mark) for mark in picture.marks if mark.kind != "sentences"
        }
        self.figure = bqplot.Figure(
            marks=list(self.marks.values()),
            fig_margin={"top": 0, "bottom": 0, "left": 0, "right": 0},
            padding_x=0.0,
            padding_y=0.0,
            min_aspect_ratio=0.001,
            max_aspect_ratio=1000.0,
            display_toolbar=False,
            background_style={"fill": "none", "stroke": "none"},
            layout=ipywidgets.Layout(
                width="100%",
                height=f"{picture.height:.0f}px",
                min_width=f"{picture.least_width:.0f}px",
            ),
        )
        self.figure.add_class("kit-figure")

    def _mark(self, mark: Mark) -> bqplot.Mark:
        channels = {
            trait: channel
            for (name, trait), channel in self.picture.channels.items()
            if name == mark.name
        }
        values = {trait: channel.trait_at(0) for trait, channel in channels.items()}
        if "opacities" in values:
            values["opacities"] = values["opacities"].tolist()
        if mark.kind == "texts":
            return self._texts(mark.fixed, values)
        return self._lines(mark, values)

    def _texts(self, fixed: dict[str, Any], values: dict[str, Any]) -> bqplot.Label:
        weight = MONO if fixed["mono"] else "bold" if fixed["bold"] else "normal"
        return bqplot.Label(
            **values,
            scales=self.scales,
            default_size=fixed["size"],
            font_weight=weight,
            align=fixed["align"],
            enable_hover=False,
            interactions={},
            apply_clip=False,
        )

    def _lines(self, mark: Mark, values: dict[str, Any]) -> bqplot.Lines:
        fixed, closed = mark.fixed, mark.kind == "rectangles"
        if closed:
            values["fill_opacities"] = [fixed["fill_opacity"]] * len(values["x"])
        return bqplot.Lines(
            **values,
            scales=self.scales,
            colors=fixed["colors"],
            stroke_width=fixed["stroke_width"],
            line_style="dashed" if fixed["dashed"] else "solid",
            close_path=closed,
            fill="inside" if closed else "none",
            labels=[""] * len(values["x"]),
            enable_hover=False,
            interactions={},
        )
