"""The `Disk` view."""

from __future__ import annotations

from kit.tracks import disk
from kit.widgets.view import View


class Disk(View):
    """Program files, and their copies leaving for RAM.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("DISK", "programs")
    lay_out = staticmethod(disk)
