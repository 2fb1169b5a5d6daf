"""The simulated computer: deterministic, standard library only, knows nothing of widgets."""

from kit.sim.cache import Cache
from kit.sim.computer import Computer
from kit.sim.contiguous import Contiguous
from kit.sim.free_list import Allocation, FreeList, HeapPolicy
from kit.sim.interventions import Inject, Intervention, Kill, RunNext, Write
from kit.sim.page_table import PageTable
from kit.sim.replacement import PageReference, PageReferences, Replacement, replace_pages
from kit.sim.schedulers import (
    FIFO,
    MLFQ,
    SJF,
    STCF,
    Cyclic,
    Fair,
    Follow,
    Lottery,
    Priority,
    RoundRobin,
    Scheduler,
    Stride,
)
from kit.sim.segmentation import Segmentation
from kit.sim.settings import Costs, KiB, Limits, MiB
from kit.sim.snapshots import Snapshot

__all__ = [
    "FIFO",
    "MLFQ",
    "SJF",
    "STCF",
    "Allocation",
    "Cache",
    "Computer",
    "Contiguous",
    "Costs",
    "Cyclic",
    "Fair",
    "Follow",
    "FreeList",
    "HeapPolicy",
    "Inject",
    "Intervention",
    "KiB",
    "Kill",
    "Limits",
    "Lottery",
    "MiB",
    "PageReference",
    "PageReferences",
    "PageTable",
    "Priority",
    "Replacement",
    "RoundRobin",
    "RunNext",
    "Scheduler",
    "Segmentation",
    "Snapshot",
    "Stride",
    "Write",
    "replace_pages",
]
