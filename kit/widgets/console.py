"""The `Console` view."""

from __future__ import annotations

from kit.tracks.system.console import console
from kit.widgets.view import View


class Console(View):
    """What each process has printed, and what the operating system reports of it.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("CONSOLE", "output and errors")
    lay_out = staticmethod(console)

    def _arrange(self) -> None:
        for name in ("kit-columns", "kit-columns-console"):
            self._frame.add_class(name)
        super()._arrange()
