"""The `Timeline` view."""

from __future__ import annotations

from kit.tracks import timeline
from kit.widgets.view import View


class Timeline(View):
    """What each thread did when; a click seeks.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("TIMELINE", "one lane a thread")
    lay_out = staticmethod(timeline)
