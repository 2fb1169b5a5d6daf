"""The kinds of event: memory, pages and the swap area."""

from __future__ import annotations

from kit.sim.events.event import Event
from kit.sim.segments import SegmentName

Block = tuple[int, int]
"""Address and size in bytes of a free block."""


class SegmentSet(Event, kind="segment"):
    """A segment of an address space is there, or has other bounds."""

    name: str
    start: int
    end: int

    @property
    def part(self) -> SegmentName:
        """Its kind, and whose it is."""
        return SegmentName.of(self.name)


class Drop(Event, kind="drop"):
    """A segment is gone."""

    name: str

    @property
    def part(self) -> SegmentName:
        """Its kind, and whose it is."""
        return SegmentName.of(self.name)


class Map(Event, kind="map"):
    """A page is mapped to a frame of its own, filled with zeros."""

    page: int
    frame: int
    writable: bool
    core: int


class Unmap(Event, kind="unmap"):
    """A page is no longer in the page table."""

    page: int
    frame: int


class Share(Event, kind="share"):
    """A page is mapped to a frame that others use too; its mode is that of a `PageContent`."""

    page: int
    frame: int
    mode: str


class ShareCode(Event, kind="share_code"):
    """A page of code is mapped to the frame in which another process of the program has it."""

    page: int
    frame: int


class Protect(Event, kind="protect"):
    """A page will be copied when it is written."""

    page: int
    frame: int


class Own(Event, kind="own"):
    """Nobody else uses the frame any more: the page may be written."""

    page: int
    frame: int


class Copy(Event, kind="copy"):
    """A page is copied because it is written."""

    page: int
    original: int
    copy: int
    core: int


class Place(Event, kind="place"):
    """A process gets a stretch of RAM, where memory is contiguous."""

    base: int
    size: int


class Relocate(Event, kind="relocate"):
    """The stretch of a process is moved."""

    base: int
    size: int


class SegmentPlaced(Event, kind="place_segment"):
    """A segment has a stretch of RAM, or a larger one at the same base."""

    name: str
    base: int
    size: int


class SegmentMoved(Event, kind="move_segment"):
    """A segment that has grown is moved to a larger stretch."""

    name: str
    base: int
    size: int


class NoHole(Event, kind="no_hole"):
    """No hole is large enough: the process waits."""

    size: int
    largest: int
    total: int


class Move(Event, kind="move"):
    """A page is moved with the stretch that it is in."""

    page: int
    original: int
    frame: int


class Area(Event, kind="area"):
    """A page of an area of shared memory gets its frame."""

    name: str
    number: int
    frame: int


class Fill(Event, kind="fill"):
    """The system writes words into a page, from word number `word` on."""

    page: int
    word: int
    values: tuple[int, ...]
    core: int


class Load(Event, kind="load"):
    """A page comes from the program on the disk."""

    segment: str
    page: int
    frame: int


class PageFault(Event, kind="page_fault"):
    """A page cannot be used as an instruction wants to; `ticks` is what mending takes."""

    address: int
    writing: bool
    ticks: int


class SwapOut(Event, kind="swap_out"):
    """A page goes to a slot of the swap area."""

    page: int
    frame: int
    slot: int


class Discard(Event, kind="discard"):
    """A page that has not changed leaves its frame, and nothing is written.

    It is in a slot of the swap area still; where `slot` is -1 it is in the program's file, or
    there are only zeros in it.
    """

    page: int
    frame: int
    slot: int


class Dirty(Event, kind="dirty"):
    """A page is written for the first time since it came: its dirty bit is set."""

    page: int
    frame: int
    core: int


class SwapFree(Event, kind="swap_free"):
    """A page in RAM loses the slot that it came from, so that it is dirty now."""

    page: int
    frame: int
    slot: int


class SwapIn(Event, kind="swap_in"):
    """A page comes back from its slot, which still has it."""

    page: int
    frame: int
    slot: int


class SwapCopy(Event, kind="swap_copy"):
    """A child gets a copy of a page that its parent has in the swap area."""

    page: int
    slot: int
    copy: int
    parent: int
    core: int


class Flush(Event, kind="flush"):
    """A core drops its TLB; the pid is that of the address space it goes over to."""

    core: int


class TlbMiss(Event, kind="tlb_miss"):
    """A core looks a page up in the page table."""

    core: int
    page: int


class CacheHit(Event, kind="cache_hit"):
    """A core finds the line of a physical address in its cache."""

    core: int
    address: int
    writing: bool


class CacheMiss(Event, kind="cache_miss"):
    """A core brings the line of a physical address into a way of its set.

    The line with the number `evicted` leaves for it, -1 for none; it is written back if it
    was dirty.
    """

    core: int
    address: int
    writing: bool
    way: int
    evicted: int
    written_back: bool


class Snoop(Event, kind="snoop"):
    """Core `by` uses a line that the cache of `core` gives up, or only writes back."""

    core: int
    by: int
    address: int
    dropped: bool
    written_back: bool


class CacheDrop(Event, kind="cache_drop"):
    """A cache drops lines of a frame that the system fills anew."""

    core: int
    frame: int
    lines: tuple[int, ...]


class Alloc(Event, kind="alloc"):
    """A block of the heap is given out; the free list is as it is afterwards."""

    address: int
    words: int
    searched: int
    free_list: tuple[Block, ...]


class Free(Event, kind="free"):
    """A block is given back."""

    address: int
    free_list: tuple[Block, ...]
