"""What happened on the heap of a process: each alloc and free, and what the search looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.errors import plural
from kit.lang.instructions import WORD
from kit.trace import Trace
from kit.trace.state.heap import Block, HeapChange


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


def heap_steps(trace: Trace, wanted: int) -> Iterator[Step]:
    """Yield what process `wanted` did to its heap, in order."""
    header = trace.history.heaps.header
    for change in trace.history.heaps.changes.get(wanted, ()):
        if change.failed:
            yield Step(change.tick, "", f"alloc of T{change.tid} failed: {change.failed}")
        elif change.call == "alloc":
            yield _allocated(change, header)
        else:
            yield _freed(change, header)


def _allocated(change: HeapChange, header: int) -> Step:
    before, after = change.before, change.after
    start, size = change.address - header, header + change.words * WORD
    looks = {
        block: "too small" if block[1] < size else "large enough, not taken"
        for block in before[: change.searched]
        if block in after
    }
    left = next((b for b in after if b[0] == start + size and b not in before), None)
    if left is not None:
        looks[left] = "rest of the block taken"
    sentence = (
        f"T{change.tid} got {plural(change.words, 'word')} at {change.address:#06x}: "
        f"{size} bytes with the header of {header}"
    )
    searched = _searched(change, size)
    return Step(change.tick, "allocated", sentence, searched, (start, size), left, looks)


def _searched(change: HeapChange, size: int) -> str:
    looked, blocks = change.searched, len(change.before)
    if looked <= blocks:
        return f"looked at {looked} of {plural(blocks, 'free block')}"
    if not blocks:
        return "no free block: the heap grew"
    return f"none of {plural(blocks, 'free block')} had {size} bytes: the heap grew"


def _freed(change: HeapChange, header: int) -> Step:
    after = change.after
    start, size = change.address - header, header + change.words * WORD
    focus = next((b for b in after if b[0] <= start and start + size <= sum(b)), None)
    merged = focus is not None and focus[1] > size
    index = after.index(focus) + 1 if focus else 0
    then = "merged with free neighbours" if merged else "not merged"
    return Step(
        change.tick,
        "freed",
        f"T{change.tid} gave {change.address:#06x} back: {size} bytes with the header of {header}",
        f"{then}: number {index} of the list",
        (start, size),
        focus,
        {focus: "merged" if merged else "just freed"} if focus else {},
    )
