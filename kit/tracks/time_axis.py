"""Where time runs in a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeAxis:
    """The axis of a picture along which marks can stand in ticks, and which can be zoomed.

    Attributes
    ----------
    axis : str
        "x" where time runs to the right, "y" where it runs down.
    start, stop : float
        Where tick 0 and tick `end` stand, in nominal pixels.
    end : float
        Last tick that is shown.
    """

    axis: str
    start: float
    stop: float
    end: float

    def bounds(self, length: float) -> tuple[float, float]:
        """Return which ticks, below 0 and beyond `end`, stand at 0 and at `length` pixels."""
        pace = self.end / (self.stop - self.start)
        return -self.start * pace, (length - self.start) * pace
