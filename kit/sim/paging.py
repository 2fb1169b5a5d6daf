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
from kit.lang.instructions import WORD
from kit.sim import cache
from kit.sim.events.memory import (
    Copy,
    Dirty,
    Discard,
    Fill,
    Load,
    Map,
    Own,
    SegmentSet,
    ShareCode,
    SwapFree,
    SwapIn,
    SwapOut,
    Unmap,
)
from kit.sim.faults import Fault
from kit.sim.memory import AddressSpace, Segment

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


# Page faults


def disk_ticks(computer: Computer, process: Process, page: int) -> int:
    """Return how long a page fault has to wait for the disk."""
    memory, costs = process.memory, computer.setup.costs
    if page in memory.swapped:
        ticks = costs.page_in
    elif page in memory.table or frame_of_code(computer, process, page) is not None:
        return 0
    else:
        ticks = costs.load_page if is_in_file(computer, process, page) else 0
    return ticks + costs.page_out if _has_to_write(computer) else ticks


def _has_to_write(computer: Computer) -> bool:
    """Tell whether a page has to be written to the swap area before another one can come.

    Asked when the page fault happens, but the page leaves when the disk is done: if another
    thread writes to it in between, that it is written costs no time.
    """
    swap = computer.swap
    if swap is None or computer.physical.free_count:
        return False
    candidates = _candidates(computer)
    return bool(candidates) and swap.next_victim(candidates) in swap.dirty


def resolve(computer: Computer, process: Process, address: int, writing: bool) -> None:
    """Make an access possible that found no page it may use, or refuse it.

    Parameters
    ----------
    computer : Computer
    process : Process
    address : int
        In bytes.
    writing : bool

    Raises
    ------
    Fault
        If the address belongs to nobody, may not be used so, or RAM is full.
    """
    memory, page = process.memory, address // computer.page_size
    if page in memory.swapped:
        _swap_in(computer, process, page)
    elif page in memory.table:
        if not (writing and page in memory.copied):
            raise _protection(memory, address, writing)
        _copy(computer, process, page)
    else:
        segment = memory.segment_at(address)
        if segment is None:
            _grow_stack(computer, process, address, writing)
        elif writing and segment.kind == "code":
            raise _protection(memory, address, writing)
        else:
            bring(computer, process, page, segment)


def _protection(memory: AddressSpace, address: int, writing: bool) -> Fault:
    segment = memory.segment_at(address)
    name = segment.name if segment is not None else "code"
    verb = "wrote" if writing else "read"
    return Fault(
        "protection fault",
        f"{verb} {address:#06x}, which is in its {name} and may only be read",
    )


def bring(computer: Computer, process: Process, page: int, segment: Segment) -> int:
    """Bring a page that was never touched from disk, or filled with zeros; return its frame.

    Parameters
    ----------
    computer : Computer
    process : Process
    page : int
        Virtual page.
    segment : Segment
        The one that it belongs to.
    """
    in_code = segment.kind == "code"
    frame = process.memory.table.get(page, -1)
    shared = frame_of_code(computer, process, page) if frame < 0 else None
    if shared is not None:
        connect(computer, process, page, shared, writable=False)
        computer.note(ShareCode, process.pid, 0, page, shared)
        return shared
    if frame < 0:
        frame = map_page(computer, process, page, writable=not in_code)
    if not is_in_file(computer, process, page):
        return frame
    image, layout = process.program.image, process.layout
    words, base = (image.words, layout.code_base) if in_code else (image.data, layout.data_base)
    start = (page * computer.page_size - base) // WORD
    fill(computer, process, page, 0, words[start : start + computer.page_size // WORD])
    computer.note(Load, process.pid, 0, segment.kind, page, frame)
    return frame


def is_in_file(computer: Computer, process: Process, page: int) -> bool:
    """Tell whether the file of a process's program holds anything of a page.

    It does not of heap and stack, nor of globals that start as zeros (bss).
    """
    image, layout, size = process.program.image, process.layout, computer.page_size
    start = page * size
    in_code = layout.code_base <= start < layout.code_base + image.code_bytes
    return in_code or layout.data_base <= start < layout.data_base + image.bss_offset


def frame_of_code(computer: Computer, process: Process, page: int) -> int | None:
    """Return the frame in which another process of the same program has a page of its code.

    None where no one has it, where it is no page of code, or where memory is not paged.
    """
    if not (computer.setup.paged and is_code(computer, process, page)):
        return None
    for other in computer.alive.values():
        # Processes of one program have one list of decoded instructions.
        if other.code is process.code and other is not process and page in other.memory.table:
            return other.memory.table[page]
    return None


def _swap_in(computer: Computer, process: Process, page: int) -> None:
    assert computer.swap is not None, "only with a swap area are pages swapped out"
    frame = take_frame(computer)
    slot = process.memory.swapped.pop(page)
    computer.physical.words[frame][:] = computer.swap.slots[slot]
    computer.swap.kept[frame] = slot
    connect(computer, process, page, frame, writable=True)
    computer.note(SwapIn, process.pid, 0, page, frame, slot)


def _copy(computer: Computer, process: Process, page: int) -> None:
    """Give a process its own copy of a page that it wants to write."""
    physical, memory = computer.physical, process.memory
    frame = memory.table[page]
    if len(physical.users[frame]) == 1:
        memory.connect(page, frame, physical.words[frame], writable=True)
        computer.note(Own, process.pid, 0, page, frame)
        return
    computer.pinned.add(frame)
    try:
        copy = take_frame(computer)
    finally:
        computer.pinned.discard(frame)
    physical.words[copy][:] = physical.words[frame]
    disconnect(computer, process, page)
    connect(computer, process, page, copy, writable=True)
    computer.note(Copy, process.pid, 0, page, frame, copy, computer.executing)
    write_to(computer, process, page)


def _grow_stack(computer: Computer, process: Process, address: int, writing: bool) -> None:
    memory = process.memory
    stack = memory.stack_reaching(address)
    if stack is None:
        raise _refused_access(memory, address, "wrote" if writing else "read")
    page = stack.start // memory.page_size - 1
    while page >= address // memory.page_size:
        map_page(computer, process, page, writable=True)
        grown = memory.resize(stack.name, page * memory.page_size, stack.end)
        enter_segment(computer, process, grown)
        page -= 1


def _beyond_limit(memory: AddressSpace, address: int, verb: str) -> Fault:
    """Return the fault of an address that its segment, if there is one, does not reach."""
    number, offset = divmod(address, memory.segment_size)
    own = (s for s in memory.segments.values() if s.start // memory.segment_size == number)
    segment = next(own, None)
    if not 0 <= address < memory.size or segment is None:
        why = f"in segment {number}, which does not exist"
    else:
        size = memory.pages_up(segment.end - segment.start)
        why = f"{offset:#x} into its {segment.kind} of {size:#x} bytes"
    return Fault("segmentation fault", f"{verb} {address:#06x}, {why}")


def _refused_access(memory: AddressSpace, address: int, verb: str) -> Fault:
    if memory.bits:
        return _beyond_limit(memory, address, verb)
    if not memory.guard:
        return Fault(
            "segmentation fault", f"{verb} {address:#06x}, beyond its bounds of {memory.size:#06x}"
        )
    guarded = memory.guard_at(address)
    if guarded is not None:
        return Fault(
            "stack overflow",
            f"{verb} {address:#06x}, in the guard page below its {guarded.name}, which may hold "
            f"{guarded.end - guarded.limit} bytes",
        )
    return Fault(
        "segmentation fault",
        f"{verb} {address:#06x}, which belongs to no segment of its address space; "
        + memory.describe(),
    )


def enter_segment(computer: Computer, process: Process, segment: Segment) -> None:
    """Enter a segment, or new bounds of one."""
    process.memory.segments[segment.name] = segment
    computer.note(SegmentSet, process.pid, segment.tid, segment.name, segment.start, segment.end)


def reach(computer: Computer, process: Process, address: int, writing: bool) -> list[int]:
    """Return the words of the page at `address`, brought into RAM if need be.

    Parameters
    ----------
    computer : Computer
    process : Process
    address : int
        In bytes.
    writing : bool

    Raises
    ------
    Fault
        If the process may not use the address so.
    """
    if address % WORD:
        verb = "wrote" if writing else "read"
        raise Fault("bus error", f"{verb} {address:#06x}, which is not a multiple of {WORD}")
    memory = process.memory
    pages, page = memory.writable if writing else memory.readable, address // memory.page_size
    if page not in pages:
        resolve(computer, process, address, writing)
    return pages[page]
