"""From a program on disk to a process in RAM, and back to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.lang.instructions import FP, SP, WORD
from kit.sim import calls, contiguous
from kit.sim.events.memory import Drop
from kit.sim.events.processes import Exit, Faulted, Launch, ThreadMade
from kit.sim.execute import decode
from kit.sim.faults import EXCEPTIONS, SIGNALS, Fault
from kit.sim.free_list import FreeList
from kit.sim.layout import Execute, Layout
from kit.sim.memory import AddressSpace, Segment
from kit.sim.paging import bring, drop, enter_segment, fill, map_page, release
from kit.sim.process import Process, Share, Thread
from kit.sim.segments import SegmentName

if TYPE_CHECKING:
    from kit.lang.program import Program
    from kit.sim.computer import Computer


def create_process(
    computer: Computer, pid: int, program: Program, share: Share | None = None
) -> Process:
    """Make an entry in the process table, with an empty address space."""
    check_room(computer, program.name)
    heap = FreeList(policy=computer.setup.heap)
    share = share or Share()
    process = Process(pid, 0, program, *lay_out(computer, program, share), heap)
    process.share = share
    computer.enter(process)
    computer.note(Launch, pid, 0, program.name, 0)
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
    computer: Computer, program: Program, share: Share
) -> tuple[AddressSpace, Layout, list[Execute]]:
    """Return an empty address space for a program, its layout and its decoded code.

    Code starts behind one unmapped page, so that address 0 belongs to nobody and a
    null pointer faults; where memory is contiguous it starts at 0. Data follows on the
    next page, then the heap. Stacks stand at the top.
    """
    size, base = computer.page_size, computer.setup.code_base
    if computer.regions is None:
        memory = AddressSpace(size, computer.address_space, computer.stack_size)
    else:
        room = contiguous.size_of(computer, program, share.size)
        memory = AddressSpace(size, room, computer.stack_size, guard=0)
    data = base + memory.pages_up(program.image.code_bytes)
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


def load_next_page(computer: Computer, process: Process) -> None:
    """Bring the next page of the program from disk into a frame."""
    number, process.loaded = process.loaded, process.loaded + 1
    page = process.layout.code_base // process.memory.page_size + number
    segment = process.memory.segment_at(page * process.memory.page_size)
    assert segment is not None, "code and data stand page by page behind each other"
    bring(computer, process, page, segment)


def give_stack(
    computer: Computer, process: Process, tid: int, arguments: tuple[int, ...]
) -> Thread:
    """Give thread `tid` a stack that holds its arguments and where to return to."""
    memory, image = process.memory, process.program.image
    limit, end = memory.stack_slot()
    top_page = end // memory.page_size - 1
    thread = process.threads[tid]
    routine = image.routine_at(thread.pc)
    silent = routine is not None and not routine.returns_value
    back = process.layout.code_base + (image.thread_exit + silent) * WORD
    words = (back, *reversed(arguments)) if tid != process.main else ()
    # Without paging nothing can grow: a stack is there as a whole.
    start = end - memory.page_size if computer.regions is None else limit
    if top_page not in memory.table:
        map_page(computer, process, top_page, writable=True)
    enter_segment(computer, process, Segment("stack", start, end, limit, tid))
    if words:
        fill(computer, process, top_page, memory.page_size // WORD - len(words), words)
    thread.registers[SP] = end - len(words) * WORD
    thread.registers[FP] = end
    thread.log.checkpoint(computer.now, thread.registers)
    return thread


def start_main(computer: Computer, process: Process) -> None:
    """Let the loaded process run: its main thread gets a stack and becomes ready."""
    thread = give_stack(computer, process, process.main, ())
    computer.note(ThreadMade, process.pid, process.main, "main", (), 0)
    computer.admit(thread)


def take_stack_back(computer: Computer, process: Process, tid: int) -> None:
    """Free the stack of a thread that ended."""
    memory = process.memory
    segment = memory.segments.pop(str(SegmentName("stack", tid)), None)
    if segment is None:
        return
    if computer.regions is None:
        for page in range(segment.start // memory.page_size, segment.end // memory.page_size):
            drop(computer, process, page)
    computer.note(Drop, process.pid, tid, segment.name)


def end_process(
    computer: Computer, process: Process, exit_code: int, reason: str, by: Thread | None = None
) -> None:
    """End every thread of a process and take back what it was given."""
    for thread in process.alive:
        computer.end_thread(thread, "end" if thread is by else "kill")
    for also in calls.ON_PROCESS_END:
        also(computer, process)
    process.exit_code = exit_code
    process.ended = "zombie"
    del computer.alive[process.pid]
    computer.note(Exit, process.pid, by.tid if by else 0, exit_code, reason)
    release(computer, process)
    calls.processes.tell_parent(computer, process)
    if computer.regions is not None:
        contiguous.admit_waiting(computer)


def fail(computer: Computer, thread: Thread, fault: Fault) -> None:
    """Let a fault take down the whole process, or only the thread where it is an exception.

    What an exception ends keeps its locks; in CPython a `with` would release them.
    """
    process = thread.process
    message = (
        f"tick {computer.now}: thread {thread.tid} of '{process.program.name}' "
        f"(pid {process.pid}) {fault.detail}"
    )
    computer.note(Faulted, process.pid, thread.tid, fault.kind, message)
    if computer.setup.exceptions == "thread" and fault.kind in EXCEPTIONS:
        computer.finish_thread(thread, "exception")
    else:
        end_process(computer, process, -SIGNALS[fault.kind], fault.kind)
