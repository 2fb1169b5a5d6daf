"""A sentence for each kind of event of the caches."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.events import memory
from kit.trace.narration.names import Names
from kit.trace.narration.sentences import Said
from kit.trace.narration.table import SentenceTable

sentence_for: SentenceTable[Said] = SentenceTable()


@sentence_for
def _cache_miss(names: Names, event: memory.CacheMiss) -> Said:
    verb = "writes" if event.writing else "reads"
    sentence = (
        f"Cache miss: core {event.core} {verb} {event.address:#06x} of RAM, and its line comes "
        "into the cache."
    )
    if event.evicted < 0:
        return sentence
    cache = names.history.record.settings.cache
    assert cache is not None, "without a cache none misses"
    leaving = f"The line at {event.evicted * cache.line:#06x} leaves for it"
    return sentence, f"{leaving}{', and is written back' if event.written_back else ''}."


@sentence_for
def _snoop(_: Names, event: memory.Snoop) -> Said:
    if not event.dropped:
        return (
            f"Core {event.core} writes its changed line at {event.address:#06x} back: core "
            f"{event.by} reads it."
        )
    sentence = (
        f"The cache of core {event.core} drops the line at {event.address:#06x}: core {event.by} "
        "writes it."
    )
    if not event.written_back:
        return sentence
    return sentence, "It was dirty, so it is written back first."


@sentence_for
def _cache_drop(_: Names, event: memory.CacheDrop) -> Said:
    lines = plural(len(event.lines), "line")
    return f"The cache of core {event.core} drops {lines}: frame {event.frame} gets other contents."
