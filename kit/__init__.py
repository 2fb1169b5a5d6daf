"""os-course-kit: see what an operating system does with a program.

The names a notebook needs are here; the widgets are in `kit.widgets`, which is
loaded only when it is asked for.
"""

from kit.errors import ArgumentError, KitError, LanguageError, LimitExceeded, TraceError
from kit.lang import Program
from kit.sim import FIFO, Costs, KiB, Limits, MiB, RoundRobin
from kit.trace import Machine, Trace

__version__ = "0.1.0"

__all__ = [
    "FIFO",
    "ArgumentError",
    "Costs",
    "KiB",
    "KitError",
    "LanguageError",
    "LimitExceeded",
    "Limits",
    "Machine",
    "MiB",
    "Program",
    "RoundRobin",
    "Trace",
    "TraceError",
    "__version__",
]
