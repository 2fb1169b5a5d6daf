"""The zoom of a timeline: which part of the run its figure shows, chosen in the browser."""

from __future__ import annotations

from typing import Any

import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import living_widgets
from kit.widgets.base.widget import ScriptWidget
from kit.widgets.pictures.bqplot_models import LinearScale, Mark


def _plain(value: Any, _: Any) -> list[float]:
    return [float(number) for number in value]


class Zoom(ScriptWidget):
    """Buttons and gestures that zoom and pan a figure along its time; see `kit.tracks.timeline`.

    All of it happens in the browser: it sets the scale of time, chooses ticks and words that
    fit, and follows the player. `Timeline` gives it the widgets it works on.

    Attributes
    ----------
    window : list of float
        First and last tick that are shown; empty for the whole run. Python sets it to
        show a part; what a person chooses in the browser is not reported.
    now : list of float
        Where the player is; driven by it.
    down : bool
        Whether time runs down.
    start, behind, below : float
        Pixels along time before tick 0, behind the last one, and below that.
    across : float
        Nominal pixels across time, where time runs down.
    end : int
        Last tick.
    boxes : bytes
        For each bar: start, end, number of its lane and of its look.
    looks : list of dict
        What bars look like; see `kit.tracks.timelines.lane_marks`.
    lanes : list of list of float
        Between which nominal pixels each lane stands.
    notes : list of list
        For each note its tick, its text, the symbol that stands for it, place and room.
    legend : list of str
        What the looks mean; here, because words in the figure scroll with it.
    opacities : list of float
        Of each of these: 0 while a question holds the run, which the legend would tell of.
    scale, plain : LinearScale
        Of time, and of pixels along time.
    bars, states, ruler, writing : Mark or None
        Bars, words on bars, ticks, notes.
    """

    _esm = module("dom.js", "timescale.js", "lens.js", "zoom.js")
    _css = style("zoom.css")

    window: traitlets.List[float] = traitlets.List().tag(sync=True)
    now = traitlets.Any(default_value=()).tag(sync=True, to_json=_plain)
    down = traitlets.Bool(False).tag(sync=True)
    start = traitlets.Float(0.0).tag(sync=True)
    behind = traitlets.Float(0.0).tag(sync=True)
    below = traitlets.Float(0.0).tag(sync=True)
    across = traitlets.Float(1.0).tag(sync=True)
    end = traitlets.Int(1).tag(sync=True)
    boxes = traitlets.Bytes().tag(sync=True)
    looks: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    lanes: traitlets.List[list[float]] = traitlets.List().tag(sync=True)
    notes: traitlets.List[list[Any]] = traitlets.List().tag(sync=True)
    legend: traitlets.List[str] = traitlets.List().tag(sync=True)
    opacities: traitlets.List[float] = traitlets.List().tag(sync=True)
    scale = traitlets.Instance(LinearScale, allow_none=True).tag(sync=True, **living_widgets)
    plain = traitlets.Instance(LinearScale, allow_none=True).tag(sync=True, **living_widgets)
    bars = traitlets.Instance(Mark, allow_none=True).tag(sync=True, **living_widgets)
    states = traitlets.Instance(Mark, allow_none=True).tag(sync=True, **living_widgets)
    ruler = traitlets.Instance(Mark, allow_none=True).tag(sync=True, **living_widgets)
    writing = traitlets.Instance(Mark, allow_none=True).tag(sync=True, **living_widgets)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.add_class("kit-zoom-frame")

    def work_on(self, widgets: dict[str, Any], scales: dict[str, LinearScale]) -> None:
        """Take the marks and the scales of the figure."""
        with self.hold_sync():
            self.scale, self.plain = scales["time"], scales["y" if self.down else "x"]
            self.bars, self.states = widgets.get("bars"), widgets.get("states")
            self.ruler, self.writing = widgets.get("ruler"), widgets.get("notes")

    @traitlets.validate("window")
    def _in_order(self, proposal: dict[str, Any]) -> list[float]:
        window = [float(tick) for tick in proposal["value"]]
        if window and not (len(window) == 2 and 0 <= window[0] < window[1]):
            raise traitlets.TraitError(f"the window is {window}; give first and last tick, or []")
        return window

    def __repr__(self) -> str:
        return "<Zoom>"
