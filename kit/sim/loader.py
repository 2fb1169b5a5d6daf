"""From a program on disk to a process in RAM; `kit.sim.termination` is the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.lang.instructions import FP, SP, WORD
from kit.sim import contiguous, page_faults, segmentation
from kit.sim.decoder import decode
from kit.sim.events.processes import Launch, ThreadMade
from kit.sim.free_list import FreeList
from kit.sim.layout import Execute, Layout
from kit.sim.memory import AddressSpace, Segment
from kit.sim.page_faults import bring
from kit.sim.paging import enter_segment, fill, map_page, release, write_to
from kit.sim.process import INIT, LaunchOptions, Process, Thread
from kit.sim.segments import SegmentName

if TYPE_CHECKING:
    from kit.lang.program import Program
    from kit.sim.computer import Computer


def create_process(
    computer: Computer, pid: int, program: Program, share: LaunchOptions | None = None
) -> Process:
    """Make an entry in the process table, with an empty address space.

    Parameters
    ----------
    computer : Computer
    pid : int
    program : Program
    share : LaunchOptions, optional
    """
    check_room(computer, program.name)
    heap = FreeList(policy=computer.setup.heap)
    share = share or LaunchOptions()
    process = Process(pid, INIT, program, *lay_out(computer, program, share), heap)
    process.share = share
    computer.enter(process)
    computer.note(Launch, pid, 0, program.name, INIT)
    enter_program(computer, process)
    process.enter(Thread(process, 1, program.image.entry))
    return process


def check_room(computer: Computer, name: str) -> None:
    """Refuse one more process where the limit is reached."""
    alive = len(computer.alive)
    if alive >= computer.limits.processes:
        raise LimitExceeded(
            f"tick {computer.now}: '{name}' would be process {alive + 1}, and at most "
            f"{computer.limits.processes} may be alive; raise Limits(processes=…)"
        )


def lay_out(
    computer: Computer, program: Program, share: LaunchOptions
) -> tuple[AddressSpace, Layout, list[Execute]]:
    """Return an empty address space for a program, its layout and its decoded code.

    Code starts behind one unmapped page, so that address 0 belongs to nobody and a
    null pointer faults; where memory is contiguous it starts at 0. Data follows on the
    next page, then the heap. Stacks stand at the top. With segmentation each of them has a
    part of the address space of its own.
    """
    size, base = computer.page_size, computer.setup.code_base
    if computer.setup.segmentation is not None:
        bits = computer.setup.segmentation.bits
        memory = AddressSpace(size, computer.address_space, computer.stack_size, 0, bits)
    elif computer.regions is None:
        memory = AddressSpace(size, computer.address_space, computer.stack_size)
    else:
        room = contiguous.size_of(computer, program, share.size)
        memory = AddressSpace(size, room, computer.stack_size, guard=0)
    behind = base + memory.pages_up(program.image.code_bytes)
    data = memory.segment_size if memory.bits else behind
    layout = Layout(size.bit_length() - 1, size - 1, base, data, len(program.image.code))
    code = computer.decoded.get(program)
    if code is None:
        code = computer.decoded[program] = decode(program.image, layout)
    return memory, layout, code


def enter_program(computer: Computer, process: Process) -> None:
    """Enter the segments of a process's program; nothing of it is in RAM yet."""
    image, layout, memory = process.program.image, process.layout, process.memory
    start, data = layout.code_base, layout.data_base
    enter_segment(computer, process, Segment("code", start, start + image.code_bytes, data))
    if image.data:
        end = data + image.data_bytes
        enter_segment(computer, process, Segment("data", data, end, memory.pages_up(end)))
    process.loaded = 0


def replace_program(computer: Computer, process: Process, program: Program) -> None:
    """Throw a process's address space away and give it one for another program."""
    release(computer, process)
    process.program = program
    process.memory, process.layout, process.code = lay_out(computer, program, process.share)
    process.heap = FreeList(policy=computer.setup.heap)
    enter_program(computer, process)


def pages_to_load(process: Process) -> int:
    """Return how many pages of a program are brought from disk."""
    memory, image = process.memory, process.program.image
    return (memory.pages_up(image.code_bytes) + memory.pages_up(image.data_bytes)) // (
        memory.page_size
    )


def next_page(process: Process) -> int:
    """Return the virtual page of the program that is brought next."""
    number, memory, layout = process.loaded, process.memory, process.layout
    code = memory.pages_up(process.program.image.code_bytes) // memory.page_size
    start = layout.code_base if number < code else layout.data_base
    return start // memory.page_size + (number if number < code else number - code)


def comes_from_disk(computer: Computer, process: Process) -> bool:
    """Tell whether the next page is in the file, and not in RAM yet for another process."""
    page = next_page(process)
    in_file = page_faults.is_in_file(computer, process, page)
    return in_file and page_faults.frame_of_code(computer, process, page) is None


def load_next_page(computer: Computer, process: Process) -> None:
    """Bring the next page of the program from disk into a frame, unless it is in one."""
    memory, page = process.memory, next_page(process)
    process.loaded += 1
    segment = memory.segment_at(page * memory.page_size)
    assert segment is not None, "code and data stand page by page behind each other"
    bring(computer, process, page, segment)


def give_stack(
    computer: Computer, process: Process, tid: int, arguments: tuple[int, ...]
) -> Thread:
    """Give thread `tid` a stack that holds its arguments and where to return to.

    Parameters
    ----------
    computer : Computer
    process : Process
    tid : int
    arguments : tuple of int
        Of its function, in order.
    """
    memory, image = process.memory, process.program.image
    limit, end = memory.stack_slot()
    top_page = end // memory.page_size - 1
    thread = process.threads[tid]
    routine = image.routine_at(thread.pc)
    silent = routine is not None and not routine.returns_value
    back = process.layout.code_base + (image.thread_exit + silent) * WORD
    words = (back, *reversed(arguments)) if tid != process.main else ()
    # Without paging nothing can grow: a stack is there as a whole.
    start = end - memory.page_size if computer.setup.paged else limit
    if computer.stretches is not None:
        name = str(SegmentName("stack", tid))
        segmentation.place(computer, process, name, limit, end - limit)
    elif top_page not in memory.table:
        map_page(computer, process, top_page, writable=True)
    enter_segment(computer, process, Segment("stack", start, end, limit, tid))
    if words:
        fill(computer, process, top_page, memory.page_size // WORD - len(words), words)
        write_to(computer, process, top_page)
    thread.registers[SP] = end - len(words) * WORD
    thread.registers[FP] = end
    thread.log.checkpoint(computer.now, thread.registers)
    return thread


def start_main(computer: Computer, process: Process) -> None:
    """Let the loaded process run: its main thread gets a stack and becomes ready."""
    thread = give_stack(computer, process, process.main, ())
    computer.note(ThreadMade, process.pid, process.main, "main", (), 0)
    computer.admit(thread)
