"""The `Metrics` widget: runs compared by their figures."""

from __future__ import annotations

from typing import Any

import bqplot
import ipywidgets
import numpy as np
import traitlets

from kit.errors import ArgumentError
from kit.trace import Trace
from kit.tracks.metrics_chart import (
    MEASURES,
    Measure,
    Value,
    checked_measures,
    labelled_runs,
    round_amounts,
)
from kit.tracks.palette import INK, LINE, QUIET, THREADS, shorten
from kit.widgets.box import KitBox
from kit.widgets.closing import close_all
from kit.widgets.lifetimes import owned_by_cell
from kit.widgets.module import STATIC
from kit.widgets.table import Table
from kit.widgets.view import caption, refuse_unknown

BAR = 30
"""Height of a bar with the gap below it, in pixels."""
MARGINS = {"top": 6, "bottom": 48, "right": 72}
LABEL_CHARACTERS = 24
CHARACTER = 6.7
"""Width of a character of a label, in pixels."""


class Metrics(KitBox):
    """Charts of how well runs went, a chart a measure and a bar a run, with a table.

    No player drives it. Setting `runs` or `of` shows something else in the same widgets.

    Parameters
    ----------
    runs : Trace, list of Trace, or dict of str to Trace
        What to compare, by labels; without them runs are called by their schedulers, or
        by number.
    of : tuple of str
        Which measures. Means over the processes of a run: "turnaround", "response", "wait",
        in ticks. Totals: "ticks", "instructions", "busy", "overhead", "device_busy",
        "switches", "faults", "page_faults", "tlb_misses"; see `kit.trace.metrics.Metrics`.
        "utilisation": how much of the cores' ticks were busy, in percent.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    runs : dict of str to Trace
        By label.
    of : tuple of str
        Default ("turnaround", "response", "wait").
    table : Table
        The same figures in words.

    Raises
    ------
    ArgumentError
        If a run or a measure does not exist.
    """

    runs = traitlets.Any()
    of = traitlets.Any(("turnaround", "response", "wait"))

    def __init__(self, runs: Any, **traits: Any) -> None:
        refuse_unknown("Metrics", traits, ("of", "layout"))
        self._charts: dict[str, _Chart] = {}
        self.table = _Figures()
        self._caption = caption("METRICS", "of runs")
        self._room = ipywidgets.Box()
        self._room.add_class("kit-charts")
        try:
            super().__init__(runs=runs, **traits)
        except ArgumentError:
            close_all(self.table, self._caption, self._room)
            raise
        self.children = [self._caption, self._room, self.table]
        self.add_class("kit-metrics")
        self._show()
        self.observe(self._show, ["runs", "of"])
        owned_by_cell(self)

    @traitlets.validate("runs")
    def _runs_by_label(self, proposal: dict[str, Any]) -> dict[str, Trace]:
        return labelled_runs("Metrics", proposal["value"])

    @traitlets.validate("of")
    def _known_measures(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return checked_measures("Metrics", proposal["value"])

    @property
    def figures(self) -> dict[str, bqplot.Figure]:
        """The charts by measure."""
        return {name: chart.figure for name, chart in self._charts.items()}

    def _show(self, _change: Any = None) -> None:
        found = {
            name: {label: MEASURES[name].of(trace) for label, trace in self.runs.items()}
            for name in self.of
        }
        gone = [chart for name, chart in self._charts.items() if name not in found]
        self._charts = {name: self._charts.get(name) or _Chart() for name in found}
        for name, values in found.items():
            self._charts[name].show(MEASURES[name], values)
        self._room.children = [chart.figure for chart in self._charts.values()]
        for chart in gone:
            close_all(chart.figure)
        self._tell(found)

    def _tell(self, found: dict[str, dict[str, Value]]) -> None:
        """Write the figures into the table."""
        labels, left_out = list(self.runs), []
        rows = []
        for name, values in found.items():
            measure = MEASURES[name]
            cells = [_text(value) for value in values.values()]
            rows.append([measure.title, measure.unit, *cells])
            left_out += [
                f"{measure.title}, {label}: {value.note}"
                for label, value in values.items()
                if value.note
            ]
        with self.table.hold_sync():
            self.table.headings = ["measure", "unit", *labels]
            self.table.rows = rows
            self.table.states = [""] * len(rows)
            self.table.numbers = list(range(2, 2 + len(labels)))
            self.table.parents = [-1] * len(rows)
            self.table.caption = f"* without {'; '.join(left_out)}" if left_out else ""

    def __repr__(self) -> str:
        labels = ", ".join(map(repr, self.runs))
        return f"<Metrics of {labels}: {', '.join(self.of)}>"


class _Figures(Table):
    """The table of figures; there may be no player on the page, which has the style sheet."""

    _css: Any = "".join((STATIC / name).read_text("utf-8") for name in ("table.css", "metrics.css"))


def _text(value: Value) -> str:
    return value.text + ("*" if value.note else "")


class _Chart:
    """One measure as bars, a run a bar."""

    def __init__(self) -> None:
        scales = {
            "x": bqplot.OrdinalScale(reverse=True),
            "y": bqplot.LinearScale(min=0.0, allow_padding=False),
        }
        self.bars = bqplot.Bars(
            scales=scales, orientation="horizontal", padding=0.3, interactions={}, stroke_width=0.0
        )
        self.numbers = bqplot.Label(
            scales={"x": scales["y"], "y": scales["x"]},
            default_size=12,
            font_weight="bold",
            align="start",
            x_offset=6,
            apply_clip=False,
            enable_hover=False,
            interactions={},
        )
        look = {"color": LINE, "label_color": INK, "tick_style": {"fill": INK, "font-size": "12px"}}
        self.names = bqplot.Axis(scale=scales["x"], side="left", grid_lines="none", **look)
        self.amounts = bqplot.Axis(scale=scales["y"], grid_lines="dashed", grid_color=LINE, **look)
        self.amounts.label_offset = "32px"
        self.figure = bqplot.Figure(
            marks=[self.bars, self.numbers],
            axes=[self.names, self.amounts],
            fig_margin={**MARGINS, "left": 60},
            padding_x=0.0,
            padding_y=0.0,
            min_aspect_ratio=0.001,
            max_aspect_ratio=1000.0,
            display_toolbar=False,
            background_style={"fill": "none", "stroke": QUIET, "stroke-width": "0"},
            layout=ipywidgets.Layout(width="100%"),
        )

    def show(self, measure: Measure, values: dict[str, Value]) -> None:
        """Show the values of some runs."""
        names = _unlike(list(values))
        lengths = np.array([value.number or 0.0 for value in values.values()])
        colors = [THREADS[place % len(THREADS)] for place in range(len(names))]
        amounts = round_amounts(float(lengths.max()))
        self.bars.scales["y"].max = amounts[-1]
        self.amounts.tick_values = amounts
        with self.bars.hold_sync():
            self.bars.x, self.bars.y, self.bars.colors = names, lengths, colors
        with self.numbers.hold_sync():
            self.numbers.x, self.numbers.y = lengths, names
            self.numbers.text = [_text(value) for value in values.values()]
            self.numbers.colors = [INK] * len(names)
        self.amounts.label = f"{measure.title} ({measure.unit})"
        left = 24 + CHARACTER * max(map(len, names))
        self.figure.fig_margin = {**MARGINS, "left": round(left)}
        height = MARGINS["top"] + MARGINS["bottom"] + BAR * len(names)
        self.figure.layout.height = f"{height}px"


def _unlike(labels: list[str]) -> list[str]:
    """Return labels cut to fit, with a number where that makes them alike."""
    cut = [shorten(label, LABEL_CHARACTERS) for label in labels]
    if len(set(cut)) == len(cut):
        return cut
    return [shorten(f"{place}: {label}", LABEL_CHARACTERS) for place, label in enumerate(labels, 1)]
