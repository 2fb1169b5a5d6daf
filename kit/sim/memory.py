"""RAM in frames, and address spaces that map pages to them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import Any

from kit.lang.instructions import WORD
from kit.sim.faults import Fault
from kit.sim.layout import Pages


class PhysicalMemory:
    """RAM as numbered page frames.

    Parameters
    ----------
    frames : int
        Number of frames.
    page_size : int
        Bytes in each.
    reserved : int
        Frames at the start that the operating system keeps for itself.
    """

    def __init__(self, frames: int, page_size: int, reserved: int) -> None:
        self.page_words = page_size // WORD
        self.frames = frames
        self.reserved = reserved
        self.words: dict[int, list[int]] = {}
        self.used: dict[int, int] = {}
        self._free = list(range(reserved, frames))

    @property
    def free_count(self) -> int:
        """Frames that belong to nobody."""
        return len(self._free)

    def take(self, pid: int) -> int:
        """Give the free frame with the lowest number, filled with zeros, to a process.

        Raises
        ------
        Fault
            If no frame is free.
        """
        if not self._free:
            raise Fault("out of memory", "needed a frame, but no frame of RAM is free")
        frame = heapq.heappop(self._free)
        words = self.words.setdefault(frame, [])
        words[:] = [0] * self.page_words
        self.used[frame] = pid
        return frame

    def give_back(self, frame: int) -> None:
        """Make a frame free."""
        del self.used[frame]
        heapq.heappush(self._free, frame)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        content = tuple((frame, tuple(self.words[frame])) for frame in self.used)
        return tuple(self.used.items()), content, tuple(self._free)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`; the word lists of frames stay the same objects."""
        used, content, free = state
        self.used = dict(used)
        self._free = list(free)
        for frame, words in content:
            self.words.setdefault(frame, [])[:] = words


@dataclass(frozen=True)
class Segment:
    """A part of an address space that belongs together.

    Attributes
    ----------
    kind : str
        "code", "data", "heap" or "stack".
    start, end : int
        Addresses in bytes; `end` is the first one behind it. A heap grows at its
        end, a stack at its start.
    limit : int
        How far it may grow.
    tid : int
        The thread a stack belongs to; 0 for the rest.
    """

    kind: str
    start: int
    end: int
    limit: int
    tid: int = 0

    @property
    def name(self) -> str:
        """Kind, and for a stack the thread it belongs to."""
        return f"stack T{self.tid}" if self.tid else self.kind


class AddressSpace:
    """The virtual memory of one process.

    Attributes
    ----------
    table : dict of int to int
        Page table: virtual page -> frame.
    readable, writable : Pages
        The same as the instructions use it: virtual page -> words of the frame.
    segments : dict of str to Segment
        By name.
    """

    def __init__(self, page_size: int, size: int, stack_size: int) -> None:
        self.page_size, self.size, self.stack_size = page_size, size, stack_size
        self.table: dict[int, int] = {}
        self.readable: Pages = {}
        self.writable: Pages = {}
        self.segments: dict[str, Segment] = {}

    def pages_up(self, size: int) -> int:
        """Return `size` in bytes, rounded up to whole pages."""
        return -(-size // self.page_size) * self.page_size

    def connect(self, page: int, frame: int, words: list[int], writable: bool) -> None:
        """Enter a page into the page table."""
        self.table[page] = frame
        self.readable[page] = words
        if writable:
            self.writable[page] = words

    def disconnect(self, page: int) -> int:
        """Remove a page from the page table; return its frame."""
        self.readable.pop(page, None)
        self.writable.pop(page, None)
        return self.table.pop(page)

    def clear(self) -> list[int]:
        """Remove everything; return the frames."""
        frames = list(self.table.values())
        for part in (self.table, self.readable, self.writable, self.segments):
            part.clear()
        return frames

    def segment_at(self, address: int) -> Segment | None:
        """Return the segment that holds `address`, or None."""
        for segment in self.segments.values():
            if segment.start <= address < segment.end:
                return segment
        return None

    def stack_reaching(self, address: int) -> Segment | None:
        """Return the stack that may grow down to `address`, or None."""
        for segment in self.segments.values():
            if segment.kind == "stack" and segment.limit <= address < segment.start:
                return segment
        return None

    def guard_at(self, address: int) -> Segment | None:
        """Return the stack whose guard page holds `address`, or None."""
        for segment in self.segments.values():
            if segment.kind == "stack" and 0 < segment.limit - address <= self.page_size:
                return segment
        return None

    def stack_slot(self) -> tuple[int, int]:
        """Return start limit and end of the highest free place for a stack.

        Raises
        ------
        Fault
            If the address space has no room for one more stack.
        """
        taken = {s.end for s in self.segments.values() if s.kind == "stack"}
        lowest = max(s.end for s in self.segments.values() if s.kind != "stack")
        end = self.size
        while end in taken:
            end -= self.stack_size + self.page_size
        if end - self.stack_size - self.page_size < lowest:
            raise Fault("out of memory", "needed a stack, but the address space is full")
        return end - self.stack_size, end

    def heap_limit(self) -> int:
        """Return how far the heap may grow: to the guard page of the lowest stack."""
        lowest = min(s.limit for s in self.segments.values() if s.kind == "stack")
        return lowest - self.page_size

    def resize(self, name: str, start: int, end: int) -> Segment:
        """Give a segment new bounds."""
        self.segments[name] = replace(self.segments[name], start=start, end=end)
        return self.segments[name]

    def describe(self) -> str:
        """Return the segments and their addresses as one line."""
        return ", ".join(
            f"{s.name} {s.start:#06x}-{s.end:#06x}"
            for s in sorted(self.segments.values(), key=lambda s: s.start)
        )

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.table.items()), tuple(self.writable), tuple(self.segments.items())

    def restore(self, state: tuple[Any, ...], words: dict[int, list[int]]) -> None:
        """Go back to `state`; `words` are those of the physical frames."""
        table, writable, segments = state
        for part in (self.readable, self.writable):
            part.clear()
        self.table, self.segments = dict(table), dict(segments)
        for page, frame in table:
            self.readable[page] = words[frame]
        for page in writable:
            self.writable[page] = self.readable[page]
