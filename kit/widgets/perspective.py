"""The `Perspective` view."""

from __future__ import annotations

from kit.tracks.system.perspective import perspective
from kit.widgets.view import View


class Perspective(View):
    """One moment seen by the CPU, which is given threads, and by the operating system.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("PERSPECTIVE", "one moment, seen by the CPU and by the operating system")
    lay_out = staticmethod(perspective)
