"""The `Frames` view."""

from __future__ import annotations

from kit.tracks.memory.frames import frames
from kit.widgets.view import View


class Frames(View):
    """Frames of RAM, who owns them and which segment they hold, and the swap area.

    Frames that several pages share are marked, and those that are copied when they are
    written. Pointing at a frame, or moving to it with the arrow keys, tells which virtual
    page it stands behind. At most 4,096 frames are shown.

    Parameters, attributes and errors are those of `View`; `widgets` holds the grids as
    "ram" and, where there is a swap area, "swap".
    """

    heading = ("RAM", "physical frames")
    lay_out = staticmethod(frames)
