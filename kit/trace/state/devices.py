"""Devices: for whom they work."""

from __future__ import annotations

from collections import defaultdict

from kit.sim.events import calls
from kit.sim.recording import ThreadId
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


class Devices(Reducer):
    """Follows them.

    Attributes
    ----------
    work : dict of int to Steps
        Number of a device -> (pid, tid) of the thread whose request it works on, or None.
    """

    def __init__(self) -> None:
        self.work: dict[int, Steps[ThreadId | None]] = defaultdict(lambda: Steps(None))

    def _on_io_start(self, event: calls.IoStart) -> None:
        self.work[event.device].add(event.tick, event.key)

    def _on_io_done(self, event: calls.IoDone) -> None:
        self.work[event.device].add(event.tick, None)
