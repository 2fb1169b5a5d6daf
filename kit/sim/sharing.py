"""Frames behind several page tables: the memory of parent and child, and named areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim.events.memory import (
    Area,
    Protect,
    Share,
    SwapCopy,
)
from kit.sim.faults import Fault
from kit.sim.memory import Segment
from kit.sim.paging import connect, enter_segment, give_up_slot, take_frame, take_slot

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process


def share(computer: Computer, parent: Process, child: Process) -> None:
    """Make a child's address space a copy of its parent's, to be copied when written.

    The stacks of the parent's other threads are copied too, as they are by a real
    `fork`, though the child gets only the calling thread.

    Raises
    ------
    Fault
        If the swap area has no room for a copy of what the parent has there.
    """
    ours, theirs = parent.memory, child.memory
    for segment in ours.segments.values():
        enter_segment(computer, child, segment)
    for page, frame in ours.table.items():
        if computer.swap is not None and frame in computer.swap.kept:
            give_up_slot(computer, frame)
        stands_in = ours.segment_at(page * computer.page_size)
        common = stands_in is not None and stands_in.kind == "shared"
        private = page in ours.writable or page in ours.copied
        connect(computer, child, page, frame, writable=common)
        mode = "w" if common else "c" if private else "r"
        computer.note(Share, child.pid, 0, page, frame, mode)
        if private and not common:
            if page in ours.writable:
                computer.note(Protect, parent.pid, 0, page, frame)
            ours.copy_when_written(page)
            theirs.copy_when_written(page)
            if computer.tlb is not None:
                computer.tlb.forget(parent.pid, page)
    for page, slot in ours.swapped.items():
        assert computer.swap is not None, "only with a swap area are pages swapped out"
        copy = take_slot(computer)
        if copy is None:
            raise Fault("out of memory", "needed a slot, but the swap area is full")
        computer.swap.slots[copy] = computer.swap.slots[slot]
        theirs.swapped[page] = copy
        computer.note(SwapCopy, child.pid, 0, page, slot, copy, parent.pid, computer.executing)


def shared_area(computer: Computer, process: Process, name: str, words: int) -> int:
    """Map the area of memory that is shared under `name`; return its address.

    The first to ask makes it, filled with zeros; it stays until the machine ends.

    Parameters
    ----------
    computer : Computer
    process : Process
    name : str
    words : int
        Its length.

    Raises
    ------
    Fault
        If it does not fit into the address space, no frame is free for it, or the area is
        there but smaller.
    """
    memory, size = process.memory, words * WORD
    if not computer.setup.paged:
        raise Fault("out of memory", "needed shared memory, but there are no pages to share")
    area = computer.areas.get(name)
    if area is not None and words > area[0]:
        raise Fault("out of memory", f"asked for {words} words, but '{name}' has only {area[0]}")
    known = memory.segments.get(f"shared {name}")
    if known is not None:
        return known.start
    if area is not None:
        words, frames = area
        size = words * WORD
    start = memory.shared_slot(size)
    first = start // computer.page_size
    count = memory.pages_up(size) // computer.page_size
    if area is None:
        if count > computer.physical.free_count and computer.swap is None:
            raise Fault("out of memory", "needed shared memory, but too few frames are free")
        frames = _area_frames(computer, name, count)
        computer.areas[name] = words, frames
    segment = Segment("shared", start, start + size, start + size, area=name)
    enter_segment(computer, process, segment)
    for page, frame in enumerate(frames, first):
        connect(computer, process, page, frame, writable=True)
        computer.note(Share, process.pid, 0, page, frame, "w")
    return start


def _area_frames(computer: Computer, name: str, count: int) -> tuple[int, ...]:
    """Return new frames for a shared area; their use by the area itself keeps them.

    Raises
    ------
    Fault
        If there are too few; none is taken then.
    """
    frames: list[int] = []
    try:
        for _ in range(count):
            frames.append(take_frame(computer))  # noqa: PERF401 - a fault may come in between
    except Fault:
        for frame in frames:
            computer.physical.give_back(frame, 0, 0)
        raise
    for number, frame in enumerate(frames):
        computer.physical.users[frame].add((0, number))
        computer.note(Area, 0, 0, name, number, frame)
    computer.pinned.update(frames)
    return tuple(frames)
