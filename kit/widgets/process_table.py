"""The `ProcessTable` view."""

from __future__ import annotations

from kit.tracks.system.process_table import process_table
from kit.widgets.view import View


class ProcessTable(View):
    """What the operating system keeps: a row a process, which folds out to its threads.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("OS", "allocates to processes")
    lay_out = staticmethod(process_table)

    def _arrange(self) -> None:
        for name in ("kit-columns", "kit-columns-processes"):
            self._frame.add_class(name)
        super()._arrange()
