"""The `Files` view."""

from __future__ import annotations

from kit.tracks.system.files import files
from kit.widgets.view import View


class Files(View):
    """The files on the disk: programs, which never change, and data with who has it open.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("FILES", "on the disk")
    lay_out = staticmethod(files)

    def _arrange(self) -> None:
        for name in ("kit-columns", "kit-columns-files"):
            self._frame.add_class(name)
        super()._arrange()
