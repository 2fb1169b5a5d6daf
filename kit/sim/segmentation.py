"""Segmentation: a base and a limit register for each segment of a process.

The first bits of a virtual address name the segment, the others are the offset in it. Code is
segment 0, data 1, the heap 2; the stacks of threads are the last ones, that of main the very
last, and grow downwards from their ends. A segment stands in RAM in one stretch, wherever there
is a hole for it; what lies between the segments of an address space takes no room. An address
beyond the limit of its segment, or of a segment that does not exist, is a segmentation fault.

A heap that needs more than there is behind it is moved to a larger hole. After a fork parent and
child use the same stretch of code, which nobody can write. RAM is counted in frames, and so are
limits; the page table inside is that of pages that stand side by side, as with one stretch for
each process (`kit.sim.contiguous`).

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on segmentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kit.errors import LimitExceeded, explained, nearest, require, require_whole
from kit.sim import paging
from kit.sim.contiguous import move_page
from kit.sim.events.memory import SegmentMoved, SegmentPlaced, Share
from kit.sim.faults import Fault
from kit.sim.free_list import FITS, search

if TYPE_CHECKING:
    from kit.lang.program import Program
    from kit.sim.computer import Computer
    from kit.sim.process import Process

Stretch = tuple[int, int]
"""Base and size in bytes."""


@explained
@dataclass(frozen=True)
class Segmentation:
    """A stretch of RAM for each segment, with a base and a limit register.

    Parameters
    ----------
    bits : int
        How many bits of an address name its segment: with 2 there is room for code, data, heap
        and one stack.
    fit : str
        Which hole a segment gets: the "first" that is large enough, the "best", the smallest
        that is, or the "worst", the largest.
    """

    bits: int = 4
    fit: str = "first"

    def __post_init__(self) -> None:
        require_whole("Segmentation: bits", self.bits, 2, 8)
        require(
            self.fit in FITS, f"Segmentation: fit is {self.fit!r}; {nearest(str(self.fit), FITS)}"
        )


class SegmentRegister(NamedTuple):
    """What the hardware knows of a segment.

    Attributes
    ----------
    number : int
        Which segment.
    name : str
        What it holds; "" where that does not matter.
    base : int
        Where it begins in RAM, in bytes; of one that grows downwards, where it ends.
    limit : int
        Its size in bytes.
    grows_down : bool
    """

    number: int
    name: str
    base: int
    limit: int
    grows_down: bool = False

    def translate(self, offset: int, most: int) -> int | None:
        """Return the physical address of an offset; None where it is beyond the limit.

        Parameters
        ----------
        offset : int
            In bytes, from the start of the segment's part of the address space.
        most : int
            How large a segment may be. From one that grows downwards, that is subtracted.
        """
        distance = most - offset if self.grows_down else offset
        if self.grows_down:
            return self.base - distance if 0 < distance <= self.limit else None
        return self.base + distance if distance < self.limit else None


class Stretches:
    """Which segment of which process has which stretch of RAM.

    Parameters
    ----------
    fit : str
    start, size : int
        The RAM that can be given out, in bytes.

    Attributes
    ----------
    placed : dict of (int, str) to (int, int)
        Pid and name of a segment -> its stretch. Those that share one have the same.
    """

    def __init__(self, fit: str, start: int, size: int) -> None:
        self.fit, self.start, self.size = fit, start, size
        self.placed: dict[tuple[int, str], Stretch] = {}

    def holes(self) -> list[Stretch]:
        """Return the stretches that belong to nobody, by address."""
        found, end = [], self.start
        for base, size in sorted({*self.placed.values(), (self.start + self.size, 0)}):
            if base > end:
                found.append((end, base - end))
            end = max(end, base + size)
        return found

    def find(self, size: int) -> int | None:
        """Return where a stretch of `size` bytes is put; None if no hole is large enough."""
        holes = self.holes()
        place, _ = search(holes, size, self.fit)
        return holes[place][0] if place is not None else None

    def room_behind(self, stretch: Stretch) -> int:
        """Return how much of RAM behind a stretch is free."""
        end = sum(stretch)
        return next((size for base, size in self.holes() if base == end), 0)

    def have_room(self, sizes: list[int]) -> bool:
        """Tell whether stretches of these sizes can be given out, one after the other."""
        tried = Stretches(self.fit, self.start, self.size)
        tried.placed = dict(self.placed)
        for number, size in enumerate(sizes):
            base = tried.find(size)
            if base is None:
                return False
            tried.placed[-1, str(number)] = base, size
        return True

    def leave(self, pid: int, name: str = "") -> None:
        """Take back the stretch of a segment, or of all segments of a process."""
        for key in [key for key in self.placed if key[0] == pid and name in ("", key[1])]:
            del self.placed[key]

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.placed.items())

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.placed = dict(state)


def why_too_large(computer: Computer, program: Program) -> str:
    """Return what of a program is larger than a segment can be; "" for nothing."""
    setup = computer.setup
    if setup.segmentation is None:
        return ""
    most = setup.segment_size
    for what, size in (("code", program.image.code_bytes), ("data", program.image.data_bytes)):
        if size > most:
            return f"its {what} takes {size} bytes, and a segment has at most {most}"
    return ""


def place(computer: Computer, process: Process, name: str, start: int, size: int) -> None:
    """Give a segment a stretch of RAM.

    Parameters
    ----------
    computer : Computer
    process : Process
    name : str
    start, size : int
        Its first virtual address and its size in bytes, both in whole pages.

    Raises
    ------
    Fault
        If no hole is large enough.
    LimitExceeded
        If no more frames may be in use.
    """
    stretches = _stretches(computer)
    base = stretches.find(size)
    if base is None:
        largest = max((hole for _, hole in stretches.holes()), default=0)
        raise Fault(
            "out of memory",
            f"needed {size} bytes for its {name}, and the largest hole has {largest}",
        )
    _map(computer, process, start, base, size, writable=name != "code")
    stretches.placed[process.pid, name] = base, size
    computer.note(SegmentPlaced, process.pid, 0, name, base, size)


def _map(
    computer: Computer, process: Process, start: int, base: int, size: int, *, writable: bool
) -> None:
    page_size = computer.page_size
    used, most = len(computer.physical.users) + size // page_size, computer.limits.frames
    if used > most:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) would take frame "
            f"{used}, and at most {most} may be in use; raise Limits(frames=…)"
        )
    first, frame = start // page_size, base // page_size
    paging.map_run(computer, process, first, frame, size // page_size, writable=writable)


def place_program(computer: Computer, process: Process) -> None:
    """Give code and data of a process that is loaded their stretches."""
    memory = process.memory
    for segment in list(memory.segments.values()):
        size = memory.pages_up(segment.end - segment.start)
        place(computer, process, segment.name, segment.start, size)


def extend(computer: Computer, process: Process, name: str, start: int, growth: int) -> bool:
    """Make a segment larger at its end, moving it if need be; False if there is no room.

    Parameters
    ----------
    computer : Computer
    process : Process
    name : str
    start : int
        Its first virtual address.
    growth : int
        In bytes, whole pages.
    """
    stretches, key = _stretches(computer), (process.pid, name)
    base, size = stretches.placed.get(key, (0, 0))
    if size and stretches.room_behind((base, size)) >= growth:
        _map(computer, process, start + size, base + size, growth, writable=True)
        stretches.placed[key] = base, size + growth
        computer.note(SegmentPlaced, process.pid, 0, name, base, size + growth)
        return True
    target = stretches.find(size + growth)
    if target is None:
        return False
    if not size:
        place(computer, process, name, start, growth)
        return True
    page_size = computer.page_size
    pages = size // page_size
    for number in range(pages):
        move_page(computer, process, start // page_size + number, target // page_size + number)
    _map(computer, process, start + size, target + size, growth, writable=True)
    stretches.placed[key] = target, size + growth
    computer.note(SegmentMoved, process.pid, 0, name, target, size + growth)
    computer.dispatcher.charge(pages * computer.setup.costs.move_page)
    return True


def copied_sizes(computer: Computer, parent: Process) -> list[int]:
    """Return the sizes of the stretches that a child of a process needs of its own."""
    placed = _stretches(computer).placed.items()
    return [size for (pid, name), (_, size) in placed if pid == parent.pid and name != "code"]


def copy(computer: Computer, parent: Process, child: Process) -> None:
    """Give a child copies of its parent's segments; of the code it uses the same one."""
    stretches, page_size = _stretches(computer), computer.page_size
    for segment in parent.memory.segments.values():
        paging.enter_segment(computer, child, segment)
        base, size = stretches.placed[parent.pid, segment.name]
        # A heap ends where its last page does, and so does a stack at its start.
        first = segment.start // page_size
        if segment.kind == "code":
            stretches.placed[child.pid, segment.name] = base, size
            for page in range(first, first + size // page_size):
                frame = parent.memory.table[page]
                paging.connect(computer, child, page, frame, writable=False)
                computer.note(Share, child.pid, 0, page, frame, "r")
            continue
        place(computer, child, segment.name, first * page_size, size)
        for page in range(first, first + size // page_size):
            paging.fill(computer, child, page, 0, tuple(parent.memory.readable[page]))


def _stretches(computer: Computer) -> Stretches:
    assert computer.stretches is not None, "only machines with segmentation get here"
    return computer.stretches
