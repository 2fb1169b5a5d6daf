"""The simulated computer: deterministic, standard library only, knows nothing of widgets."""

from kit.sim.computer import Computer
from kit.sim.copies import Snapshot
from kit.sim.free_list import Allocation, FreeList, HeapPolicy
from kit.sim.replacement import PageReference, PageReferences, Replacement, replace_pages
from kit.sim.schedulers import FIFO, RoundRobin, Scheduler
from kit.sim.settings import Costs, KiB, Limits, MiB

__all__ = [
    "FIFO",
    "Allocation",
    "Computer",
    "Costs",
    "FreeList",
    "HeapPolicy",
    "KiB",
    "Limits",
    "MiB",
    "PageReference",
    "PageReferences",
    "Replacement",
    "RoundRobin",
    "Scheduler",
    "Snapshot",
    "replace_pages",
]
