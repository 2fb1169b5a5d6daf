"""The `Metrics` widget: runs compared by their figures."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from kit.errors import ArgumentError
from kit.trace import Trace
from kit.trace.real import RealTrace
from kit.tracks.metrics_chart import MEASURES, Value, checked_measures, labelled_runs
from kit.widgets.base.box import KitBox
from kit.widgets.base.closing import close_all
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown
from kit.widgets.pictures import bqplot_models
from kit.widgets.pictures.bar_chart import BarChart
from kit.widgets.pictures.table import TableAlone
from kit.widgets.pictures.view import caption


class Metrics(KitBox):
    """Charts of how well runs went, a chart a measure and a bar a run, with a table.

    No player drives it. Setting `runs` or `of` shows something else in the same widgets.

    Parameters
    ----------
    runs : Trace, list of Trace, or dict of str to Trace
        What to compare, by labels; without them runs are called by their schedulers, or
        by number. Real runs, `kit.host.HostTrace`, too.
    of : tuple of str
        Which measures. Means over the processes of a run: "turnaround", "response", "wait",
        in ticks. Totals: "ticks", "instructions", "busy", "overhead", "device_busy",
        "switches", "faults", "page_faults", "tlb_misses", "system_calls", "cache_hits",
        "cache_misses", "write_backs"; see `kit.trace.metrics.RunMetrics`.
        "utilisation": how much of the cores' ticks were busy, in percent.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    runs : dict of str to Trace
        By label.
    of : tuple of str
        Default ("turnaround", "response", "wait").
    table : TableAlone
        The same figures in words.

    Raises
    ------
    ArgumentError
        If a run or a measure does not exist.
    """

    runs = traitlets.Any()
    of = traitlets.Any(("turnaround", "response", "wait"))

    def __init__(self, runs: Any, **traits: Any) -> None:
        refuse_unknown(self, traits, "of", "layout")
        self._charts: dict[str, BarChart] = {}
        self.table = TableAlone()
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
    def figures(self) -> dict[str, bqplot_models.Figure]:
        """The charts by measure."""
        return {name: chart.figure for name, chart in self._charts.items()}

    def _show(self, _change: Any = None) -> None:
        found = {
            name: {label: MEASURES[name].of(trace) for label, trace in self.runs.items()}
            for name in self.of
        }
        gone = [chart for name, chart in self._charts.items() if name not in found]
        self._charts = {name: self._charts.get(name) or BarChart() for name in found}
        for name, values in found.items():
            measure = MEASURES[name]
            self._charts[name].show(
                list(values),
                [value.number or 0.0 for value in values.values()],
                [_text(value) for value in values.values()],
                f"{measure.title} ({measure.unit})",
            )
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
            notes = [f"* without {'; '.join(left_out)}"] if left_out else []
            runs = self.runs.items()
            notes += [f"{label}: {run.clock}" for label, run in runs if isinstance(run, RealTrace)]
            self.table.caption = ". ".join(notes)

    @property
    def in_words(self) -> str:
        """The figures, a line a measure."""
        lines = [" | ".join(map(str, row)) for row in (self.table.headings, *self.table.rows)]
        return "\n".join(line for line in [*lines, self.table.caption] if line)

    def __repr__(self) -> str:
        labels = ", ".join(map(repr, self.runs))
        return f"<Metrics of {labels}: {', '.join(self.of)}>"


def _text(value: Value) -> str:
    return value.text + ("*" if value.note else "")
