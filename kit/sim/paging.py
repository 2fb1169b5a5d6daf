"""Paging: which frame a page is mapped to, and what happens when there is none.

A page of a process is in one of these conditions: *mapped* to a frame; *to be copied*,
mapped to a frame that others may use too, so that the next write gets a copy (copy on
write); *swapped out*, in the swap area on disk; or *not yet there*, inside a segment but
never touched, so that the first touch brings it from the program file or fills it with
zeros (demand paging).

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapters on paging,
swapping, and complete virtual memory systems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.sim import cache
from kit.sim.events.memory import (
    Dirty,
    Discard,
    Fill,
    Map,
    SegmentSet,
    SwapFree,
    SwapOut,
    Unmap,
)
from kit.sim.faults import Fault
from kit.sim.memory import Segment

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process


# Frames


def take_frame(computer: Computer) -> int:
    """Return a frame for a page, if need be one that another page has to leave.

    Raises
    ------
    Fault
        If RAM is full and nothing can be swapped out.
    LimitExceeded
        If no more frames may be in use.
    """
    used, most = len(computer.physical.users), computer.limits.frames
    if used >= most:
        raise LimitExceeded(
            f"tick {computer.now}: a page needs frame {used + 1}, and at most {most} may be in "
            "use; raise Limits(frames=…)"
        )
    frame = computer.physical.take()
    if frame is None and computer.swap is not None:
        _evict(computer)
        frame = computer.physical.take()
    if frame is None:
        raise Fault("out of memory", "needed a frame, but no frame of RAM is free")
    cache.forget(computer, (frame,))
    return frame


def _candidates(computer: Computer) -> list[int]:
    """Return the frames whose pages may leave.

    Frames that several pages use stay in RAM, unless they hold code, as do those the system
    itself reads, and dirty ones when the swap area has no room for them.
    """
    users, pinned, swap = computer.physical.users, computer.pinned, computer.swap
    stuck = swap.dirty if swap is not None and not swap.room else ()
    return [
        frame
        for frame, pages in users.items()
        if frame not in pinned
        and frame not in stuck
        and (len(pages) == 1 or (pages and _hold_code(computer, pages)))
    ]


def _hold_code(computer: Computer, pages: set[tuple[int, int]]) -> bool:
    return all(pid and is_code(computer, computer.processes[pid], page) for pid, page in pages)


def is_code(computer: Computer, process: Process, page: int) -> bool:
    """Tell whether a page of a process is one of its code."""
    return page < process.layout.data_base // computer.page_size


def _evict(computer: Computer) -> None:
    """Let the page leave that the replacement policy chooses: a changed one is written first."""
    swap = computer.swap
    assert swap is not None, "the callers have checked it"
    candidates = _candidates(computer)
    if not candidates:
        return
    victim = swap.replacer.victim(candidates)
    *others, (pid, page) = sorted(computer.physical.users[victim])
    for other, same in others:
        computer.note(Discard, other, 0, same, victim, -1)
        disconnect(computer, computer.processes[other], same)
    process = computer.processes[pid]
    if victim in swap.dirty:
        slot = swap.kept.pop(victim) if victim in swap.kept else take_slot(computer)
        assert slot is not None, "there is room"
        swap.slots[slot] = tuple(computer.physical.words[victim])
        computer.note(SwapOut, pid, 0, page, victim, slot)
    else:
        slot = swap.kept.pop(victim, None)
        computer.note(Discard, pid, 0, page, victim, -1 if slot is None else slot)
    if slot is not None:
        process.memory.swapped[page] = slot
    disconnect(computer, process, page)


def has_to_write(computer: Computer) -> bool:
    """Tell whether a page has to be written to the swap area before another one can come.

    Asked when the page fault happens, but the page leaves when the disk is done: if another
    thread writes to it in between, that it is written costs no time.
    """
    swap = computer.swap
    if swap is None or computer.physical.free_count:
        return False
    candidates = _candidates(computer)
    return bool(candidates) and swap.next_victim(candidates) in swap.dirty


def take_slot(computer: Computer) -> int | None:
    """Return a slot of the swap area for a page, if need be that of a page which is in RAM."""
    swap = computer.swap
    assert swap is not None, "the callers have checked it"
    if not swap.free_count and swap.kept:
        give_up_slot(computer, swap.next_kept())
    return swap.take()


def give_up_slot(computer: Computer, frame: int) -> None:
    """Free the slot that a page in RAM came from: the page has to be written if it leaves."""
    swap = computer.swap
    assert swap is not None, "the callers have checked it"
    ((pid, page),) = computer.physical.users[frame]
    slot = swap.kept.pop(frame)
    swap.give_back(slot)
    swap.dirty.add(frame)
    computer.note(SwapFree, pid, 0, page, frame, slot)


def write_to(computer: Computer, process: Process, page: int) -> None:
    """Set the dirty bit of a page, where a swap area makes it matter."""
    swap = computer.swap
    if swap is None:
        return
    frame = process.memory.table[page]
    if frame not in swap.dirty:
        swap.dirty.add(frame)
        computer.note(Dirty, process.pid, 0, page, frame, computer.executing)


def map_page(computer: Computer, process: Process, page: int, writable: bool) -> int:
    """Give a process a frame filled with zeros for one of its pages; return the frame.

    Parameters
    ----------
    computer : Computer
    process : Process
    page : int
        Virtual page.
    writable : bool
        Whether the process may write to it.
    """
    frame = take_frame(computer)
    connect(computer, process, page, frame, writable)
    computer.note(Map, process.pid, 0, page, frame, writable, computer.executing)
    return frame


def map_run(
    computer: Computer, process: Process, page: int, frame: int, count: int, *, writable: bool
) -> None:
    """Map pages to as many free frames, both side by side, filled with zeros.

    Parameters
    ----------
    computer : Computer
    process : Process
    page : int
        The first virtual page.
    frame : int
        The first frame.
    count : int
    writable : bool
        Whether the process may write to them.
    """
    computer.physical.take_run(frame, count)
    cache.forget(computer, range(frame, frame + count))
    for number in range(count):
        connect(computer, process, page + number, frame + number, writable)
        details = page + number, frame + number, writable, computer.executing
        computer.note(Map, process.pid, 0, *details)


def connect(computer: Computer, process: Process, page: int, frame: int, writable: bool) -> None:
    """Enter a page with its frame into the page table.

    Parameters
    ----------
    computer : Computer
    process : Process
    page : int
        Virtual page.
    frame : int
    writable : bool
        Whether the process may write to it.
    """
    computer.physical.users[frame].add((process.pid, page))
    process.memory.connect(page, frame, computer.physical.words[frame], writable)
    if computer.swap is not None:
        computer.swap.replacer.loaded(frame)


def unmap(computer: Computer, process: Process, page: int) -> None:
    """Take a page out of the page table; its frame is free unless others use it."""
    frame = process.memory.table[page]
    computer.note(Unmap, process.pid, 0, page, frame)
    disconnect(computer, process, page)


def drop(computer: Computer, process: Process, page: int) -> None:
    """Take a page away from a process, whether it is in RAM, in the swap area, or nowhere."""
    memory = process.memory
    if page in memory.table:
        unmap(computer, process, page)
    elif page in memory.swapped and computer.swap is not None:
        computer.swap.give_back(memory.swapped.pop(page))


def disconnect(computer: Computer, process: Process, page: int) -> None:
    """Take a page out of the page table and the TLBs, without a word in the trace."""
    frame = process.memory.disconnect(page)
    freed = computer.physical.give_back(frame, process.pid, page)
    if freed and computer.swap is not None:
        computer.swap.forgotten(frame)
    if computer.tlb is not None:
        computer.tlb.forget(process.pid, page)


def release(computer: Computer, process: Process) -> None:
    """Take back everything a process has in RAM and in the swap area."""
    memory = process.memory
    for page in list(memory.table):
        disconnect(computer, process, page)
    if computer.swap is not None:
        for slot in memory.swapped.values():
            computer.swap.give_back(slot)
    memory.swapped.clear()
    memory.segments.clear()
    if computer.regions is not None:
        computer.regions.leave(process.pid)
    if computer.stretches is not None:
        computer.stretches.leave(process.pid)


def fill(
    computer: Computer, process: Process, page: int, word: int, values: tuple[int, ...]
) -> None:
    """Let the operating system write words into a page.

    Parameters
    ----------
    computer : Computer
    process : Process
    page : int
        Virtual page.
    word : int
        Number of the first word in the page.
    values : tuple of int
    """
    process.memory.readable[page][word : word + len(values)] = values
    computer.note(Fill, process.pid, 0, page, word, values, computer.executing)


def enter_segment(computer: Computer, process: Process, segment: Segment) -> None:
    """Enter a segment, or new bounds of one."""
    process.memory.segments[segment.name] = segment
    computer.note(SegmentSet, process.pid, segment.tid, segment.name, segment.start, segment.end)
