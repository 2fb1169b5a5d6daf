"""Page faults: how an access that found no page it may use is made possible, or refused.

A page that is swapped out comes back; one to be copied is copied at the first write; one that was
never touched comes from the program's file, or is filled with zeros; a stack grows.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapters on swapping and
complete virtual memory systems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim.events.memory import Copy, Load, Own, ShareCode, SwapIn
from kit.sim.faults import Fault
from kit.sim.memory import AddressSpace, Segment
from kit.sim.paging import (
    connect,
    disconnect,
    enter_segment,
    fill,
    has_to_write,
    is_code,
    map_page,
    take_frame,
    write_to,
)

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process


def disk_ticks(computer: Computer, process: Process, page: int) -> int:
    """Return how long a page fault has to wait for the disk."""
    memory, costs = process.memory, computer.setup.costs
    if page in memory.swapped:
        ticks = costs.page_in
    elif page in memory.table or frame_of_code(computer, process, page) is not None:
        return 0
    else:
        ticks = costs.load_page if is_in_file(computer, process, page) else 0
    return ticks + costs.page_out if has_to_write(computer) else ticks


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
    """Tell whether the file of a process's program holds anything of a page."""
    image, layout = process.program.image, process.layout
    return image.is_in_file(page * computer.page_size, layout.code_base, layout.data_base)


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
