"""What happened on the heap of a process: each alloc and free, and what the search looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.errors import plural
from kit.lang.instructions import WORD
from kit.trace import Event, Trace

Block = tuple[int, int]
"""Address and size in bytes."""
KINDS = frozenset({"fork", "exec", "alloc", "free", "refuse"})


@dataclass(frozen=True)
class Step:
    """Something a process did to its heap.

    Attributes
    ----------
    verb : str
        "allocated", "freed", or "" where nothing was changed.
    told, searched : str
        What was done, and what the allocator did for it.
    place : Block or None
        Where in memory, with the header.
    focus : Block or None
        The block of the free list that came of it.
    looks : dict of Block to str
        For blocks that are in the free list afterwards, what the search found.
    """

    tick: int
    verb: str
    told: str
    searched: str = ""
    place: Block | None = None
    focus: Block | None = None
    looks: dict[Block, str] = field(default_factory=dict)


@dataclass
class _Heap:
    """Blocks by address, with their words, and the free list, at one moment."""

    blocks: dict[int, int] = field(default_factory=dict)
    free: tuple[Block, ...] = ()


def header_size(trace: Trace) -> int:
    """Return how many bytes stand in front of each block that is given out."""
    for event in trace.events:
        if event.kind == "alloc":
            bounds = trace.history.processes[event.pid].segments["heap"].at(event.tick)
            # The first block of all stands at the very start of a heap.
            return event.details["address"] - bounds[0] if bounds else 0
    return 0


def heap_steps(trace: Trace, wanted: int) -> Iterator[Step]:
    """Yield what process `wanted` did to its heap, in order."""
    header = header_size(trace)
    heaps: dict[int, _Heap] = {}
    for event in (event for event in trace.events if event.kind in KINDS):
        heap = heaps.setdefault(event.pid, _Heap())
        if event.kind == "fork":
            parent = heaps.get(event.details["parent"], _Heap())
            heaps[event.pid] = _Heap(dict(parent.blocks), parent.free)
        elif event.kind == "exec":
            heaps[event.pid] = _Heap()
        elif event.kind == "alloc":
            step = _allocated(event, heap, header)
            heap.blocks[event.details["address"]] = event.details["words"]
            heap.free = event.details["free_list"]
            if event.pid == wanted:
                yield step
        elif event.kind == "free":
            words = heap.blocks.pop(event.details["address"])
            heap.free = event.details["free_list"]
            if event.pid == wanted:
                yield _freed(event, heap, words, header)
        elif event.kind == "refuse" and event.pid == wanted and event.details["call"] == "alloc":
            told = f"alloc of T{event.tid} failed: {event.details['reason']}"
            yield Step(event.tick, "", told)


def _allocated(event: Event, before: _Heap, header: int) -> Step:
    address, words = event.details["address"], event.details["words"]
    after: tuple[Block, ...] = event.details["free_list"]
    start, size = address - header, header + words * WORD
    looks = {
        block: "too small" if block[1] < size else "large enough, not taken"
        for block in before.free[: event.details["searched"]]
        if block in after
    }
    left = next((b for b in after if b[0] == start + size and b not in before.free), None)
    if left is not None:
        looks[left] = "rest of the block taken"
    told = (
        f"T{event.tid} got {plural(words, 'word')} at {address:#06x}: "
        f"{size} bytes with the header of {header}"
    )
    return Step(
        event.tick,
        "allocated",
        told,
        _searched(event, before, size),
        (start, size),
        left,
        looks,
    )


def _searched(event: Event, before: _Heap, size: int) -> str:
    looked = event.details["searched"]
    if looked <= len(before.free):
        return f"looked at {looked} of {plural(len(before.free), 'free block')}"
    if not before.free:
        return "no free block: the heap grew"
    return f"none of {plural(len(before.free), 'free block')} had {size} bytes: the heap grew"


def _freed(event: Event, after: _Heap, words: int, header: int) -> Step:
    start, size = event.details["address"] - header, header + words * WORD
    focus = next((b for b in after.free if b[0] <= start and start + size <= sum(b)), None)
    merged = focus is not None and focus[1] > size
    place = after.free.index(focus) + 1 if focus else 0
    then = "merged with free neighbours" if merged else "not merged"
    return Step(
        event.tick,
        "freed",
        f"T{event.tid} gave {event.details['address']:#06x} back: "
        f"{size} bytes with the header of {header}",
        f"{then}: number {place} of the list",
        (start, size),
        focus,
        {focus: "merged" if merged else "just freed"} if focus else {},
    )
