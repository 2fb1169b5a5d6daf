"""The `RealMachine` widget: one look at the real machine, or at a recording of it."""

from __future__ import annotations

import html
import itertools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from kit.errors import require
from kit.trace import Trace
from kit.trace.real import MEMORY, RealTrace
from kit.tracks.beside_real import beside_real
from kit.tracks.beside_real import in_words as beside_in_words
from kit.widgets.base.box import KitBox
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown, style_sheet
from kit.widgets.pictures.bar_chart import BarChart
from kit.widgets.pictures.drawing import Drawing
from kit.widgets.pictures.table import TableAlone
from kit.widgets.pictures.view import caption, check_trace
from kit.widgets.views import AddressSpaces, Timeline

if TYPE_CHECKING:
    from kit.host.look import Look
    from kit.host.looking.tables import Cell, HostTable

LABELS = ("model", "this computer"), ("model", "recording")
"""What the two runs are called when the real one has just run, and when it was recorded."""
HEADING = "ON THE REAL MACHINE"
MOST_BARS = 12
"""Most rows of a table that have a bar; the table has all of them."""


class RealMachine(KitBox):
    """One look at the real machine in a lesson: made now where it can be, else as recorded.

    A run next to a model is a table of what is equal, what differs and why; alone it is a
    timeline. An address space is drawn, what the system tells as a table is a table, and how often
    each result of `kit.host.race` came has bars, next to those of its share of the schedules.

    Parameters
    ----------
    what : callable
        Takes nothing and looks, such as ``kit.host.switches`` or
        ``lambda: kit.host.run(counter_with_lock)``; see `kit.host.look`.
    recorded : str or path
        The recording beside the notebook, such as "recorded/07_switches.json".
    model : Trace, optional
        The simulated run of the same programs.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    look : kit.host.Look
        ``look.save()`` records it.

    Raises
    ------
    ArgumentError
        If an argument does not fit.
    KitError
        If it can neither be done here nor is there a recording.

    Examples
    --------
    >>> from kit import host
    >>> RealMachine(host.switches, "recorded/07_switches.json")  # doctest: +SKIP
    """

    def __init__(
        self,
        what: Callable[[], Any],
        recorded: str | os.PathLike[str],
        *,
        model: Trace | None = None,
        **traits: Any,
    ) -> None:
        # Nothing of the real machine is imported with the widgets.
        from kit.host.look import look  # noqa: PLC0415

        refuse_unknown(self, traits, "layout")
        if model is not None:
            check_trace("RealMachine", model)
            require(
                not isinstance(model, RealTrace),
                "RealMachine: the model is a real run; give the simulated one",
            )
        self.look: Look = look(what, recorded)
        self._model = model
        sentence = ipywidgets.HTML(f'<p class="kit-told">{html.escape(self.look.sentence)}</p>')
        super().__init__(
            [
                caption(HEADING, "a recording" if self.look.recorded else "on this computer"),
                sentence,
                *self._body(),
                style_sheet("ground.css", "charts.css"),
            ],
            **traits,
        )
        self.add_class("kit-view")
        self.add_class("kit-real-machine")
        owned_by_cell(self)

    def _body(self) -> list[ipywidgets.Widget]:
        """Return what shows what was seen."""
        table, real = self.look.table, self.look.trace
        if table is not None:
            return [*bars_of(table), shown(table)]
        assert real is not None, "what is no table has a trace"
        if real.seen.kind == MEMORY:
            return [AddressSpaces(real)]
        if self._model is None:
            return [Timeline(real)]
        picture = beside_real(self._model, real, LABELS[self.look.recorded])
        return [Drawing(picture, 0).widgets["differences"]]

    @property
    def in_words(self) -> str:
        """Whether it is a recording, and what was seen."""
        real = self.look.trace
        if real is None or self._model is None:
            return str(self.look)
        told = beside_in_words(self._model, real, LABELS[self.look.recorded])
        return "\n".join([self.look.sentence, real.clock, *told])

    def __repr__(self) -> str:
        return f"<RealMachine: {self.look.sentence}>"


def bars_of(table: HostTable) -> list[ipywidgets.Widget]:
    """Return a chart for each column of a table that bars show, side by side; none without any.

    Parameters
    ----------
    table : HostTable
    """
    if not table.bars or not table.rows:
        return []
    row = zip(table.headings, table.rows[0], strict=True)
    texts = (name for name, cell in row if isinstance(cell, str) and name not in table.bars)
    names = [str(cell) for cell in table.column(next(texts, table.headings[0]))[:MOST_BARS]]
    columns = {heading: table.column(heading)[:MOST_BARS] for heading in table.bars}
    most = max(map(_length, itertools.chain.from_iterable(columns.values())))
    charts = []
    for heading, cells in columns.items():
        chart = BarChart(characters=44)
        told = [cell if isinstance(cell, str) else f"{cell:g}" for cell in cells]
        chart.show(names, [_length(cell) for cell in cells], told, heading, most)
        charts.append(chart.figure)
    room = ipywidgets.Box(charts)
    room.add_class("kit-charts")
    return [room]


def _length(cell: Cell) -> float:
    return 0.0 if isinstance(cell, str) else float(cell)


def shown(table: HostTable) -> TableAlone:
    """Return what the system tells as a table of the page.

    Parameters
    ----------
    table : HostTable
    """
    first = table.rows[0] if table.rows else ()
    return TableAlone(
        headings=[*table.headings],
        rows=[[str(cell) for cell in row] for row in table.rows],
        states=[""] * len(table.rows),
        numbers=[place for place, cell in enumerate(first) if not isinstance(cell, str)],
        caption=" ".join(table.notes),
    )
