"""Pictures that are laid out beside the kernel, before the widgets that show them ask for them.

The layout of a long run takes as long as the run. In the thread of the run it can be cancelled
with it, and the page can go on talking to the kernel meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakKeyDictionary

from kit.trace import Trace
from kit.tracks import Picture, narration

LayOut = Callable[..., Picture]
Layout = tuple[LayOut, dict[str, Any]]
"""A layout of `kit.tracks` and its options."""

TOLD: Layout = (narration, {"beside": {}})
"""How the sentences of a run are laid out that has a player to itself."""

_made: WeakKeyDictionary[Trace, list[tuple[Layout, Picture]]] = WeakKeyDictionary()


def lay_out_before(trace: Trace, layouts: Iterable[Layout]) -> None:
    """Lay a run out in several ways, for `picture_of` to find.

    Raises
    ------
    Cancelled
        If the run is no longer wanted; nothing is kept of it then.
    """
    pictures = [((lay_out, options), lay_out(trace, **options)) for lay_out, options in layouts]
    _made[trace] = pictures


def picture_of(trace: Trace, lay_out: LayOut, options: dict[str, Any]) -> Picture:
    """Return the picture of a run: the one that was made before, once, or a new one."""
    known = _made.get(trace, [])
    for place, (layout, picture) in enumerate(known):
        if layout == (lay_out, options):
            del known[place]
            return picture
    return lay_out(trace, **options)


def forget(trace: Trace) -> None:
    """Drop the pictures of a run that nobody has asked for."""
    _made.pop(trace, None)
