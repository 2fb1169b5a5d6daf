"""The `Cpu` view."""

from __future__ import annotations

from kit.tracks import cpu
from kit.widgets.view import View


class Cpu(View):
    """Cores with the running threads, the ready queue, and who is blocked.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("CPU", "schedules threads")
    lay_out = staticmethod(cpu)
