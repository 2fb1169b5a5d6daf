"""Caches: which lines each core holds, and how often it found what it looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kit.sim.cache import NO_LINE, Cache
from kit.sim.events import memory
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


class CacheLine(NamedTuple):
    """A line that is in a cache.

    Attributes
    ----------
    number : int
        Its address in RAM, divided by the length of a line.
    way : int
        Where in its set it stands.
    dirty : bool
        Whether RAM does not have it yet as it is.
    pid : int
        The process for which it was brought.
    """

    number: int
    way: int
    dirty: bool
    pid: int


class CacheUse(NamedTuple):
    """A use of a word through a cache.

    Attributes
    ----------
    address : int
        In bytes, physical.
    writing, hit : bool
    set, way : int
        Where its line stands.
    evicted : int
        The number of the line that left for it; -1 for none.
    """

    address: int
    writing: bool
    hit: bool
    set: int
    way: int
    evicted: int = NO_LINE


class CacheCounts(NamedTuple):
    """How often a core has found a line, has not, and has written one back."""

    hits: int = 0
    misses: int = 0
    write_backs: int = 0


@dataclass(frozen=True)
class CacheState:
    """What a core's cache holds at a tick, and how often it has had what was looked for.

    Attributes
    ----------
    sets : tuple of tuple of CacheLine
        The lines of each set, least recently used first.
    last : CacheUse or None
        The use of a word that was the last one.
    hits, misses, write_backs : int
        Since tick 0.
    """

    sets: tuple[tuple[CacheLine, ...], ...]
    last: CacheUse | None
    hits: int
    misses: int
    write_backs: int


class CacheHistory:
    """What the cache of one core has been.

    Attributes
    ----------
    sets : list of Steps
        For each set its lines, least recently used first.
    last : Steps
        The `CacheUse` before; None at first.
    counts : Steps of CacheCounts
    """

    def __init__(self, sets: int) -> None:
        self.sets: list[Steps[tuple[CacheLine, ...]]] = [Steps(()) for _ in range(sets)]
        self.last: Steps[CacheUse | None] = Steps(None)
        self.counts: Steps[CacheCounts] = Steps(CacheCounts())

    def at(self, tick: int) -> CacheState:
        """Return what it is at a tick."""
        sets = tuple(lines.at(tick) for lines in self.sets)
        return CacheState(sets, self.last.at(tick), *self.counts.at(tick))

    def count(self, tick: int, more: CacheCounts) -> None:
        """Count some more of each at a tick."""
        both = zip(self.counts.last, more, strict=True)
        self.counts.add(tick, CacheCounts(*map(sum, both)))


class Caches(Reducer):
    """Follows the caches of all cores.

    Attributes
    ----------
    cores : list of CacheHistory
    """

    def __init__(self, cores: int, cache: Cache) -> None:
        self.cache = cache
        self.cores = [CacheHistory(cache.sets) for _ in range(cores)]

    def _set_of(self, core: int, line: int) -> Steps[tuple[CacheLine, ...]]:
        return self.cores[core].sets[line % self.cache.sets]

    def _on_cache_hit(self, event: memory.CacheHit) -> None:
        line = event.address // self.cache.line
        lines = self._set_of(event.core, line)
        found = next(one for one in lines.last if one.number == line)
        now = found._replace(dirty=found.dirty or event.writing)
        self._put(event, lines, now)
        self.cores[event.core].count(event.tick, CacheCounts(hits=1))

    def _on_cache_miss(self, event: memory.CacheMiss) -> None:
        line = event.address // self.cache.line
        lines = self._set_of(event.core, line)
        self._put(event, lines, CacheLine(line, event.way, event.writing, event.pid))
        more = CacheCounts(misses=1, write_backs=int(event.written_back))
        self.cores[event.core].count(event.tick, more)

    def _put(
        self,
        event: memory.CacheHit | memory.CacheMiss,
        lines: Steps[tuple[CacheLine, ...]],
        now: CacheLine,
    ) -> None:
        """Let a line be the one that was used last."""
        evicted = event.evicted if isinstance(event, memory.CacheMiss) else NO_LINE
        others = (one for one in lines.last if one.number not in (now.number, evicted))
        lines.add(event.tick, (*others, now))
        hit = isinstance(event, memory.CacheHit)
        place = now.number % self.cache.sets, now.way
        used = CacheUse(event.address, event.writing, hit, *place, evicted)
        self.cores[event.core].last.add(event.tick, used)

    def _on_snoop(self, event: memory.Snoop) -> None:
        line = event.address // self.cache.line
        lines = self._set_of(event.core, line)
        cleaned = (
            one._replace(dirty=False) if one.number == line else one
            for one in lines.last
            if not (event.dropped and one.number == line)
        )
        lines.add(event.tick, tuple(cleaned))
        if event.written_back:
            self.cores[event.core].count(event.tick, CacheCounts(write_backs=1))

    def _on_cache_drop(self, event: memory.CacheDrop) -> None:
        for line in event.lines:
            lines = self._set_of(event.core, line)
            lines.add(event.tick, tuple(one for one in lines.last if one.number != line))
