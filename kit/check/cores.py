"""How many notebooks are checked at once, unless it is said."""

from __future__ import annotations

import os

BROWSERS = 4
"""At most so many browsers, each with a JupyterLab: they take about a GB each."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
