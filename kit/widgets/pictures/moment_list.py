"""A list of moments whose last one the player marks."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import living_widgets
from kit.widgets.base.widget import Gesture, ScriptWidget


class MomentList(ScriptWidget):
    """Moments of a run: a click or a key goes there; some ask.

    Attributes
    ----------
    ticks : list of int
    texts : list of str
        A sentence or a question for each.
    answers : list of str
        Opened when an answer was written; "" for one that asks nothing.
    reached : list of float
        Place of the moment that the player has reached last; -1 before the first.
    written : dict of str to str
        What was answered, by place; it stays as it is from then on.
    player : Player or None
    """

    _esm = module("dom.js", "moments.js")
    _css = style("inline_code.css", "moments.css")

    ticks: traitlets.List[int] = traitlets.List().tag(sync=True)
    texts: traitlets.List[str] = traitlets.List().tag(sync=True)
    answers: traitlets.List[str] = traitlets.List().tag(sync=True)
    reached: traitlets.List[float] = traitlets.List().tag(sync=True)
    written: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    player = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **living_widgets)

    @traitlets.validate("reached")
    def _plain(self, proposal: dict[str, Any]) -> list[float]:
        return [float(number) for number in proposal["value"]]

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._take_message)

    def _take_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Keep what was answered on the page; nothing else is taken from there."""
        sent = content if isinstance(content, dict) else {}
        place, text = sent.get("place"), sent.get("text")
        if sent.get("do") != "answer" or not isinstance(place, int) or not isinstance(text, str):
            return
        if 0 <= place < len(self.answers) and self.answers[place]:
            self.written = {**self.written, str(place): text}

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it: answer what is asked."""
        return [
            {
                "says": f"was answered at tick {self.ticks[place]}",
                "send": {"do": "answer", "place": place, "text": "An answer."},
            }
            for place, answer in enumerate(self.answers)
            if answer and str(place) not in self.written
        ]

    def __repr__(self) -> str:
        return f"<MomentList: {len(self.ticks)} moments>"
