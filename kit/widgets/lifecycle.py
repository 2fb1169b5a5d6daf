"""The `Lifecycle` view."""

from __future__ import annotations

import traitlets

from kit.tracks.system.lifecycle import lifecycle
from kit.widgets.view import View


class Lifecycle(View):
    """The states of processes and threads as a diagram, with a token for each of them.

    Parameters, errors and further attributes are those of `View`.

    Attributes
    ----------
    show : str
        Option: "processes", "threads" or "both" side by side. Default "both".
    """

    heading = ("LIFE CYCLE", "of processes and of threads")
    lay_out = staticmethod(lifecycle)

    show = traitlets.Enum(("both", "threads", "processes"), default_value="both").tag(option=True)
