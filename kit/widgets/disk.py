"""The `Disk` view."""

from __future__ import annotations

from kit.tracks.memory.disk import disk
from kit.widgets.view import View


class Disk(View):
    """Program files, their copies leaving for RAM, and the files that programs use.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("DISK", "files")
    lay_out = staticmethod(disk)
