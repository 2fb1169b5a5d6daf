"""When cores wait for RAM: where a cache or a TLB does not have what an instruction needs."""

from __future__ import annotations

from collections import defaultdict

from kit.sim.events.memory import CacheHit, CacheMiss, Snoop, TlbMiss
from kit.trace.record import Record

MemoryWaits = dict[int, dict[int, int]]
"""Core -> tick at which it begins to wait -> for how many ticks."""


def memory_waits(record: Record) -> MemoryWaits:
    """Return when each core waits for RAM, and how long, before it does anything else."""
    costs = record.settings.costs
    table = record.settings.page_table
    walk = costs.tlb_miss * (table.levels if table is not None else 1)
    found: MemoryWaits = defaultdict(lambda: defaultdict(int))
    if not (costs.tlb_miss or costs.cache_hit or costs.cache_miss or costs.write_back):
        return found
    for event in record.events.others:
        if isinstance(event, TlbMiss):
            found[event.core][event.tick] += walk
        elif isinstance(event, CacheHit):
            found[event.core][event.tick] += costs.cache_hit
        elif isinstance(event, CacheMiss):
            back = costs.write_back if event.written_back else 0
            found[event.core][event.tick] += costs.cache_miss + back
        elif isinstance(event, Snoop) and event.written_back:
            found[event.by][event.tick] += costs.write_back
    return found
