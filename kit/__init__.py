"""os-course-kit: see what an operating system does with a program.

The names a notebook needs are here; the widgets are in `kit.widgets`, which is
loaded only when it is asked for.
"""

from kit.errors import ArgumentError, KitError, LanguageError, LimitExceeded, TraceError
from kit.lang import Program
from kit.sim import (
    FIFO,
    Costs,
    FreeList,
    HeapPolicy,
    KiB,
    Limits,
    MiB,
    Replacement,
    RoundRobin,
    replace_pages,
)
from kit.trace import Machine, Trace

__version__ = "0.1.0"

__all__ = [
    "FIFO",
    "ArgumentError",
    "Costs",
    "FreeList",
    "HeapPolicy",
    "KiB",
    "KitError",
    "LanguageError",
    "LimitExceeded",
    "Limits",
    "Machine",
    "MiB",
    "Program",
    "Replacement",
    "RoundRobin",
    "Trace",
    "TraceError",
    "__version__",
    "replace_pages",
]
