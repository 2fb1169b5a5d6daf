"""The views that a stage or a comparison can show, by name."""

from __future__ import annotations

from collections.abc import Iterable

from kit.errors import ArgumentError, nearest, require
from kit.widgets.address_spaces import AddressSpaces
from kit.widgets.console import Console
from kit.widgets.cpu import Cpu
from kit.widgets.disk import Disk
from kit.widgets.files import Files
from kit.widgets.frames import Frames
from kit.widgets.heap_list import HeapList
from kit.widgets.lifecycle import Lifecycle
from kit.widgets.listing import Listing
from kit.widgets.perspective import Perspective
from kit.widgets.process_table import ProcessTable
from kit.widgets.timeline import Timeline
from kit.widgets.view import View

VIEWS: dict[str, type[View]] = {
    "disk": Disk,
    "address_spaces": AddressSpaces,
    "frames": Frames,
    "cpu": Cpu,
    "process_table": ProcessTable,
    "timeline": Timeline,
    "lifecycle": Lifecycle,
    "perspective": Perspective,
    "listing": Listing,
    "console": Console,
    "files": Files,
    "heap_list": HeapList,
}


def checked_views(who: str, names: object) -> tuple[str, ...]:
    """Return the names of views, each one once.

    Raises
    ------
    ArgumentError
        If one does not exist.
    """
    require(
        isinstance(names, Iterable) and not isinstance(names, str),
        f"{who}: views is {names!r}; give a list of names, of {', '.join(VIEWS)}",
    )
    listed = tuple(dict.fromkeys(names))  # type: ignore[call-overload]
    for name in listed:
        if name not in VIEWS:
            raise ArgumentError(f"{who}: there is no view {name!r}; {nearest(str(name), VIEWS)}")
    return listed
