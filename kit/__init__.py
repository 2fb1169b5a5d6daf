"""os-course-kit: see what an operating system does with a program.

The names a notebook needs are here; the widgets are in `kit.widgets`, which is
loaded only when it is asked for.
"""

from kit.errors import ArgumentError, KitError, LanguageError, LimitExceeded, TraceError
from kit.lang import Program
from kit.sim import (
    FIFO,
    MLFQ,
    SJF,
    STCF,
    Contiguous,
    Costs,
    Cyclic,
    Fair,
    Follow,
    FreeList,
    HeapPolicy,
    Inject,
    KiB,
    Kill,
    Limits,
    Lottery,
    MiB,
    Priority,
    Replacement,
    RoundRobin,
    RunNext,
    Stride,
    Write,
    replace_pages,
)
from kit.trace import Machine, Trace

__version__ = "0.1.0"

__all__ = [
    "FIFO",
    "MLFQ",
    "SJF",
    "STCF",
    "ArgumentError",
    "Contiguous",
    "Costs",
    "Cyclic",
    "Fair",
    "Follow",
    "FreeList",
    "HeapPolicy",
    "Inject",
    "KiB",
    "Kill",
    "KitError",
    "LanguageError",
    "LimitExceeded",
    "Limits",
    "Lottery",
    "Machine",
    "MiB",
    "Priority",
    "Program",
    "Replacement",
    "RoundRobin",
    "RunNext",
    "Stride",
    "Trace",
    "TraceError",
    "Write",
    "__version__",
    "replace_pages",
]
