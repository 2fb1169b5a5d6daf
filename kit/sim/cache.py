"""The caches: each core's copies of lines of RAM.

A cache is set-associative and goes by physical address: the number of a line, modulo the
number of sets, says in which set it may stand. The line of a set that was used longest ago
leaves (LRU); a write changes the cache alone and marks its line *dirty* (write-back), after
the line was brought if it was not there (write-allocate). Between the caches of several
cores, a write drops the line from the others, and a read of a line that is dirty elsewhere
has it written back first.

Only tags are kept here. Values are those of RAM, because no program can tell the difference
where caches are coherent.

Definitions: Hennessy and Patterson, *Computer Architecture: A Quantitative Approach*,
appendix B (sets, write-back, LRU) and the chapter on thread-level parallelism (snooping);
Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on multiprocessor scheduling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kit.errors import explained, require, require_whole
from kit.lang.instructions import WORD
from kit.sim.events.memory import CacheDrop, CacheHit, CacheMiss, Snoop

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.core import Core
    from kit.sim.process import Process

MOST_LINES = 4096
NO_LINE = -1


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0


@explained
@dataclass(frozen=True)
class Cache:
    """What each core has as a cache, for instructions and data together.

    Parameters
    ----------
    lines : int
        How many lines it holds.
    line : int
        Bytes of a line; a power of two, at most a page.
    ways : int
        Lines of a set: 1 is direct-mapped, `lines` is fully associative.
    """

    lines: int = 16
    line: int = 64
    ways: int = 1

    def __post_init__(self) -> None:
        require_whole("Cache: lines", self.lines, 1, MOST_LINES)
        require_whole("Cache: line in bytes", self.line, WORD)
        require_whole("Cache: ways", self.ways, 1, self.lines)
        require(
            _is_power_of_two(self.line),
            f"Cache: line is {self.line} bytes; give a power of two such as 64",
        )
        require(
            self.lines % self.ways == 0 and _is_power_of_two(self.sets),
            f"Cache: {self.lines} lines in {self.ways} ways do not make 1, 2, 4, 8 … sets, which "
            f"bits of an address could name; give lines={1 << self.lines.bit_length()}, ways=2",
        )

    @property
    def sets(self) -> int:
        """In how many sets the lines stand."""
        return self.lines // self.ways


class Lookup(NamedTuple):
    """What came of looking for a line.

    Attributes
    ----------
    hit : bool
    way : int
        Where in its set the line stands now.
    evicted : int
        The number of the line that had to leave; `NO_LINE` for none.
    written_back : bool
        Whether that one was dirty.
    """

    hit: bool
    way: int
    evicted: int
    written_back: bool


class Caches:
    """The caches of all cores.

    Parameters
    ----------
    cores : int
    cache : Cache
        What each of them is.

    Attributes
    ----------
    sets : list of list of dict of int to int
        For each core and set, the numbers of its lines -> their ways; least recently used first.
    dirty : list of set of int
        For each core, the lines that RAM does not have yet as they are.
    """

    def __init__(self, cores: int, cache: Cache) -> None:
        self.cache = cache
        self.sets: list[list[dict[int, int]]] = [
            [{} for _ in range(cache.sets)] for _ in range(cores)
        ]
        self.dirty: list[set[int]] = [set() for _ in range(cores)]

    def lookup(self, core: int, line: int, writing: bool) -> Lookup:
        """Look for a line, and bring it if it is not there."""
        held, dirty = self.sets[core][line % self.cache.sets], self.dirty[core]
        hit, evicted, written_back = line in held, NO_LINE, False
        if hit:
            way = held.pop(line)
        elif len(held) == self.cache.ways:
            evicted = next(iter(held))
            way, written_back = held.pop(evicted), evicted in dirty
            dirty.discard(evicted)
        else:
            way = min(set(range(self.cache.ways)).difference(held.values()))
        held[line] = way
        if writing:
            dirty.add(line)
        return Lookup(hit, way, evicted, written_back)

    def holders(self, line: int, but: int) -> list[int]:
        """Return the other cores whose caches hold a line."""
        index = line % self.cache.sets
        return [core for core, sets in enumerate(self.sets) if core != but and line in sets[index]]

    def clean(self, core: int, line: int, drop: bool) -> bool:
        """Write a line back if it is dirty, and drop it if that is asked; True if it was dirty."""
        was_dirty = line in self.dirty[core]
        self.dirty[core].discard(line)
        if drop:
            del self.sets[core][line % self.cache.sets][line]
        return was_dirty

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        sets = tuple(tuple(tuple(held.items()) for held in sets) for sets in self.sets)
        return sets, tuple(tuple(sorted(dirty)) for dirty in self.dirty)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        sets, dirty = state
        self.sets = [[dict(held) for held in of_core] for of_core in sets]
        self.dirty = [set(lines) for lines in dirty]


def use(computer: Computer, core: Core, process: Process, address: int, writing: bool) -> None:
    """Let a core use a word of memory through its cache, and pay for it.

    Parameters
    ----------
    computer : Computer
    core : Core
    process : Process
        Whose address it is; its page is in RAM.
    address : int
        In bytes, virtual.
    writing : bool
    """
    caches, costs = computer.caches, computer.setup.costs
    assert caches is not None, "the callers have checked it"
    size = computer.page_size
    physical = process.memory.table[address // size] * size + address % size
    line = physical // caches.cache.line
    who = process.pid, core.thread.tid if core.thread is not None else 0, core.number
    for other in caches.holders(line, but=core.number):
        was_dirty = line in caches.dirty[other]
        if writing or was_dirty:
            caches.clean(other, line, drop=writing)
            computer.note(Snoop, *who[:2], other, core.number, physical, writing, was_dirty)
            core.stall += costs.write_back if was_dirty else 0
    found = caches.lookup(core.number, line, writing)
    if found.hit:
        computer.note(CacheHit, *who, physical, writing)
        core.stall += costs.cache_hit
    else:
        computer.note(CacheMiss, *who, physical, writing, *found[1:])
        core.stall += costs.cache_miss + (costs.write_back if found.written_back else 0)


def forget(computer: Computer, frames: Iterable[int]) -> None:
    """Drop what caches hold of frames that the system fills anew.

    Nobody needs what was in them. What fills them (a device, or stores of the system that go
    past the caches) leaves no line of them there, so that what comes next finds them cold.
    """
    caches = computer.caches
    if caches is None:
        return
    lines_of = computer.page_size // caches.cache.line
    for frame in frames:
        lines = range(frame * lines_of, (frame + 1) * lines_of)
        for core, sets in enumerate(caches.sets):
            held = tuple(line for line in lines if line in sets[line % caches.cache.sets])
            for line in held:
                caches.clean(core, line, drop=True)
            if held:
                computer.note(CacheDrop, 0, 0, core, frame, held)
