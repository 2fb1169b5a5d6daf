"""The `Timeline` view."""

from __future__ import annotations

import traitlets

from kit.tracks import timeline
from kit.widgets.view import View, caption_text
from kit.widgets.zoom import Zoom


class Timeline(View):
    """What each thread, or each core, did when; a click seeks.

    Buttons, keys and gestures below the picture zoom and pan it: ``+``, ``-`` and ``0``,
    Shift with the arrows, the wheel with Ctrl or Shift, dragging.

    Parameters and errors are those of `View`.

    Attributes
    ----------
    lanes : str
        "thread" for a lane a thread, those of a process together; "core" for a lane a core,
        with the thread it ran; default "thread".
    direction : str
        Whereto time runs: "right", or "down" as in the classic picture; default "right".
    until : int
        Last tick of the axis, if the run ends before it, so that two runs have one scale;
        ticks, default 0.
    """

    heading = ("TIMELINE", "")
    lay_out = staticmethod(timeline)

    lanes = traitlets.Enum(("thread", "core"), default_value="thread").tag(option=True)
    direction = traitlets.Enum(("right", "down"), default_value="right").tag(option=True)
    until = traitlets.Int(0, min=0).tag(option=True)

    def _arrange(self) -> None:
        assert self.drawing is not None
        self._caption.value = caption_text(self.heading[0], f"one lane a {self.lanes}")
        zoom = self.widgets["zoom"]
        assert isinstance(zoom, Zoom)
        zoom.work_on(self.widgets, self.drawing.scales)
        super()._arrange()
