"""RAM in frames, and address spaces that map pages to them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import Any

from kit.lang.instructions import WORD
from kit.sim.faults import Fault
from kit.sim.layout import Pages
from kit.sim.segments import SegmentName

STACKS_FROM = 3
"""With segmentation, the number of the first segment that may be a stack: code, data and heap
stand before it."""


def reserved_frames(frames: int) -> int:
    """Return how many of so many frames the operating system keeps for itself."""
    return max(1, frames // 10)


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

    Attributes
    ----------
    words : dict of int to list of int
        Frame -> its content. The lists stay the same objects for good.
    users : dict of int to set of (pid, page)
        Used frame -> the pages that are mapped to it.
    """

    def __init__(self, frames: int, page_size: int, reserved: int) -> None:
        self.page_words = page_size // WORD
        self.frames = frames
        self.reserved = reserved
        self.words: dict[int, list[int]] = {}
        self.users: dict[int, set[tuple[int, int]]] = {}
        self._free = list(range(reserved, frames))
        # What was last captured of each frame, as it is kept and as it is compared.
        self._kept: dict[int, tuple[tuple[int, ...], list[int]]] = {}

    @property
    def free_count(self) -> int:
        """Frames that belong to nobody."""
        return len(self._free)

    @property
    def pages_in_use(self) -> int:
        """Pages that are mapped to a frame, of all processes and areas."""
        return sum(map(len, self.users.values()))

    def take(self) -> int | None:
        """Return the free frame with the lowest number, filled with zeros; None if all are used."""
        if not self._free:
            return None
        frame = self._begin(self._free[0])
        heapq.heappop(self._free)
        return frame

    def take_run(self, first: int, count: int) -> None:
        """Take `count` certain free frames from `first` on, filled with zeros."""
        wanted = range(first, first + count)
        self._free = sorted(set(self._free).difference(wanted))
        for frame in wanted:
            self._begin(frame)

    def _begin(self, frame: int) -> int:
        words = self.words.setdefault(frame, [])
        words[:] = [0] * self.page_words
        self.users[frame] = set()
        return frame

    def give_back(self, frame: int, pid: int, page: int) -> bool:
        """Let a page stop using a frame; True if the frame is free now."""
        users = self.users[frame]
        users.discard((pid, page))
        if users:
            return False
        del self.users[frame]
        heapq.heappush(self._free, frame)
        return True

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs; frames that have not changed share what was captured."""
        content = tuple((frame, self._captured(frame)) for frame in self.users)
        users = tuple((frame, tuple(sorted(pages))) for frame, pages in self.users.items())
        return users, content, tuple(self._free)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`; the word lists of frames stay the same objects."""
        users, content, free = state
        self.users = {frame: set(pages) for frame, pages in users}
        self._free = list(free)
        for frame, words in content:
            current = self.words.setdefault(frame, [])
            current[:] = words
            if frame not in self._kept or self._kept[frame][0] is not words:
                self._kept[frame] = words, current[:]

    def _captured(self, frame: int) -> tuple[int, ...]:
        words, kept = self.words[frame], self._kept.get(frame)
        if kept is None or kept[1] != words:
            kept = self._kept[frame] = tuple(words), words[:]
        return kept[0]


@dataclass(frozen=True)
class Segment:
    """A part of an address space that belongs together.

    Attributes
    ----------
    kind : str
        "code", "data", "heap", "stack" or "shared".
    start, end : int
        Addresses in bytes; `end` is the first one behind it. A heap grows at its
        end, a stack at its start.
    limit : int
        How far it may grow.
    tid : int
        The thread a stack belongs to; 0 for the rest.
    area : str
        The name of the area that is shared; "" for the rest.
    """

    kind: str
    start: int
    end: int
    limit: int
    tid: int = 0
    area: str = ""

    @property
    def name(self) -> str:
        """Kind, for a stack with the thread it belongs to, for shared memory with its name."""
        return str(SegmentName(self.kind, self.tid, self.area))


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
    copied : set of int
        Pages to be copied when they are written: their frame may be shared.
    swapped : dict of int to int
        Page that is not in RAM -> its slot in the swap area.
    guard : int
        Bytes below each stack that belong to nobody.
    bits : int
        How many bits of an address name its segment, with segmentation; else 0.
    """

    def __init__(
        self,
        page_size: int,
        size: int,
        stack_size: int,
        guard: int | None = None,
        bits: int = 0,
    ) -> None:
        self.page_size, self.size, self.stack_size = page_size, size, stack_size
        self.guard = page_size if guard is None else guard
        self.bits = bits
        self.table: dict[int, int] = {}
        self.readable: Pages = {}
        self.writable: Pages = {}
        self.segments: dict[str, Segment] = {}
        self.copied: set[int] = set()
        self.swapped: dict[int, int] = {}

    @property
    def segment_size(self) -> int:
        """How large a segment may be, with segmentation."""
        return self.size >> self.bits

    def pages_up(self, size: int) -> int:
        """Return `size` in bytes, rounded up to whole pages."""
        return -(-size // self.page_size) * self.page_size

    def connect(self, page: int, frame: int, words: list[int], writable: bool) -> None:
        """Enter a page into the page table.

        Parameters
        ----------
        page : int
            Virtual page.
        frame : int
        words : list of int
            Those of the frame.
        writable : bool
            Whether the process may write to it.
        """
        self.table[page] = frame
        self.readable[page] = words
        self.copied.discard(page)
        if writable:
            self.writable[page] = words

    def copy_when_written(self, page: int) -> None:
        """Let the next write to a page fault, so that it can be copied first."""
        self.writable.pop(page, None)
        self.copied.add(page)

    def disconnect(self, page: int) -> int:
        """Remove a page from the page table; return its frame."""
        self.readable.pop(page, None)
        self.writable.pop(page, None)
        self.copied.discard(page)
        return self.table.pop(page)

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
            if segment.kind == "stack" and 0 < segment.limit - address <= self.guard:
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
        if self.bits:
            return self._stack_segment(taken)
        lowest = max(s.end for s in self.segments.values() if s.kind != "stack")
        end = self.size
        while end in taken:
            end -= self.stack_size + self.guard
        if end - self.stack_size - self.guard < lowest:
            raise Fault("out of memory", "needed a stack, but the address space is full")
        return end - self.stack_size, end

    def _stack_segment(self, taken: set[int]) -> tuple[int, int]:
        """Return start and end of a stack in the last segment that is not in use."""
        ends = range(self.size, STACKS_FROM * self.segment_size, -self.segment_size)
        end = next((end for end in ends if end not in taken), None)
        if end is None:
            raise Fault("out of memory", "needed a stack, but all segments are in use")
        return end - self.stack_size, end

    def heap_base(self) -> int:
        """Return where the heap begins: behind code and data, or in its own segment."""
        if self.bits:
            return (STACKS_FROM - 1) * self.segment_size
        ends = (s.end for s in self.segments.values() if s.kind in ("code", "data"))
        return self.pages_up(max(ends))

    def heap_limit(self) -> int:
        """Return how far the heap may grow: to shared memory, or below the lowest stack."""
        if self.bits:
            return STACKS_FROM * self.segment_size
        shared = (s.start for s in self.segments.values() if s.kind == "shared")
        return min(self.heap_ceiling(), *shared, self.size)

    def shared_slot(self, size: int) -> int:
        """Return the lowest free address for an area of shared memory of `size` bytes.

        Areas stand from the middle of the address space upwards.

        Raises
        ------
        Fault
            If the address space has no room for it.
        """
        start = self.pages_up(self.size // 2)
        for segment in sorted(self.segments.values(), key=lambda s: s.start):
            if segment.kind == "shared" and segment.start < start + size:
                start = self.pages_up(segment.end) + self.page_size
        if start + size > self.heap_ceiling():
            raise Fault("out of memory", "needed shared memory, but the address space is full")
        return start

    def heap_ceiling(self) -> int:
        """Return where the guard page of the lowest stack begins."""
        limits = (s.limit for s in self.segments.values() if s.kind == "stack")
        return min(limits, default=self.size) - self.guard

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
        return (
            tuple(self.table.items()),
            tuple(self.writable),
            tuple(self.segments.items()),
            tuple(sorted(self.copied)),
            tuple(self.swapped.items()),
        )

    def restore(self, state: tuple[Any, ...], words: dict[int, list[int]]) -> None:
        """Go back to `state`; `words` are those of the physical frames."""
        table, writable, segments, copied, swapped = state
        self.copied, self.swapped = set(copied), dict(swapped)
        for part in (self.readable, self.writable):
            part.clear()
        self.table, self.segments = dict(table), dict(segments)
        for page, frame in table:
            self.readable[page] = words[frame]
        for page in writable:
            self.writable[page] = self.readable[page]
