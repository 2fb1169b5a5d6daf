"""A chart of horizontal bars with their numbers, drawn with bqplot."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets

from kit.tracks.metrics_chart import round_amounts
from kit.tracks.palette import INK, LINE, QUIET, THREADS, shorten
from kit.widgets.pictures import bqplot_models

ROW = 44
"""Height of a bar with its name above it and the gap below, in pixels."""
THIN = 0.6
"""How much of a row the bar leaves free."""
ABOVE = "translate(13px, -17px)"
"""From where bqplot puts the name of a bar, to the left of its middle, to above its beginning."""
MARGINS = {"top": 6, "bottom": 48, "left": 12}
LABEL_CHARACTERS = 24
CHARACTER = 7.5
"""Most width that a character of a bold number takes, in pixels."""


class BarChart:
    """Bars, one below the other, each with a name above it and a number after it.

    Names are above their bars and not to the left of them, so that the bars keep their room
    where there is little of it, as on a phone.

    Parameters
    ----------
    characters : int
        Most characters of a name; longer ones are cut.

    Attributes
    ----------
    figure : Figure
    bars : Bars
    """

    def __init__(self, *, characters: int = LABEL_CHARACTERS) -> None:
        self._characters = characters
        scales = {
            "x": bqplot_models.OrdinalScale(reverse=True),
            "y": bqplot_models.LinearScale(min=0.0, allow_padding=False),
        }
        self.bars = bqplot_models.Bars(
            scales=scales, orientation="horizontal", padding=THIN, interactions={}, stroke_width=0.0
        )
        self.numbers = bqplot_models.Label(
            scales={"x": scales["y"], "y": scales["x"]},
            default_size=12,
            font_weight="bold",
            align="start",
            x_offset=6,
            apply_clip=False,
            enable_hover=False,
            interactions={},
        )
        text = {"fill": INK, "font-size": "12px"}
        look = {"color": LINE, "label_color": INK, "tick_style": text}
        self.names = bqplot_models.Axis(scale=scales["x"], side="left", grid_lines="none", **look)
        self.names.tick_style = {**text, "text-anchor": "start", "transform": ABOVE}
        self.amounts = bqplot_models.Axis(
            scale=scales["y"], grid_lines="dashed", grid_color=LINE, **look
        )
        self.amounts.label_offset = "32px"
        self.figure = bqplot_models.Figure(
            marks=[self.bars, self.numbers],
            axes=[self.names, self.amounts],
            fig_margin={**MARGINS, "right": 72},
            padding_x=0.0,
            padding_y=0.0,
            min_aspect_ratio=0.001,
            max_aspect_ratio=1000.0,
            display_toolbar=False,
            background_style={"fill": "none", "stroke": QUIET, "stroke-width": "0"},
            layout=ipywidgets.Layout(width="100%"),
        )

    def show(
        self,
        labels: Sequence[str],
        lengths: Sequence[float],
        texts: Sequence[str],
        axis: str,
        most: float | None = None,
    ) -> None:
        """Show bars.

        Parameters
        ----------
        labels : sequence of str
            Their names.
        lengths : sequence of float
        texts : sequence of str
            What is after each bar.
        axis : str
            What the lengths are, with the unit.
        most : float, optional
            Where the axis ends at the least, so that charts can be compared; default the longest.
        """
        names = _unlike(labels, self._characters)
        colors = [THREADS[place % len(THREADS)] for place in range(len(names))]
        amounts = round_amounts(float(max(lengths) if most is None else most))
        self.bars.scales["y"].max = amounts[-1]
        self.amounts.tick_values = amounts
        with self.bars.hold_sync():
            self.bars.x, self.bars.y, self.bars.colors = names, list(lengths), colors
        with self.numbers.hold_sync():
            self.numbers.x, self.numbers.y = list(lengths), names
            self.numbers.text = list(texts)
            self.numbers.colors = [INK] * len(names)
        self.amounts.label = axis
        right = 16 + CHARACTER * max(map(len, texts))
        self.figure.fig_margin = {**MARGINS, "right": round(right)}
        height = MARGINS["top"] + MARGINS["bottom"] + ROW * len(names)
        self.figure.layout.height = f"{height}px"


def _unlike(labels: Sequence[str], characters: int) -> list[str]:
    """Return labels cut to fit, with a number where that makes them alike."""
    cut = [shorten(label, characters) for label in labels]
    if len(set(cut)) == len(cut):
        return cut
    return [shorten(f"{place}: {label}", characters) for place, label in enumerate(labels, 1)]
