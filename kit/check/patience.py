"""How long a program is waited for, on a computer that has other things to do as well."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

PROCESSES = Path("/proc")
NANO = 1e-9


def seconds_without_core(pid: int | None) -> float:
    """Return how long the first thread of a process was ready to run, but other programs ran.

    Only Linux tells this; elsewhere, and of a process that has ended, it is 0.
    """
    try:
        # Time on a core, time ready without one, and number of turns.
        fields = (PROCESSES / str(pid) / "schedstat").read_text(encoding="ascii").split()
        return int(fields[1]) * NANO
    except (OSError, ValueError, IndexError):
        return 0.0


class Patience:
    """Seconds for something that a process does, to which its time without a core is added.

    So a cell that only imports a package is not blamed for a computer that is busy; one that
    waits for a person or the network has no more time.

    Parameters
    ----------
    seconds : float
        How long it may take.
    pid : int or None
        The process.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(
        self, seconds: float, pid: int | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._pid, self._clock = seconds, pid, clock
        self._begun, self._without = clock(), seconds_without_core(pid)

    @property
    def passed(self) -> float:
        """Seconds so far, without those in which the process had no core."""
        lost = seconds_without_core(self._pid) - self._without
        return self._clock() - self._begun - max(0.0, lost)

    @property
    def left(self) -> float:
        """Seconds that are left; 0 or less if the time is over."""
        left = self._seconds - (self._clock() - self._begun)
        return left if left > 0 else self._seconds - self.passed
