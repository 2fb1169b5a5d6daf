"""From a program on disk to a process in RAM, and back to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.lang.instructions import FP, SP, WORD
from kit.sim import calls
from kit.sim.execute import decode
from kit.sim.faults import SIGNALS, Fault
from kit.sim.layout import Layout
from kit.sim.memory import AddressSpace, Segment
from kit.sim.process import Process, Thread

if TYPE_CHECKING:
    from kit.lang.program import Program
    from kit.sim.computer import Computer


def create_process(computer: Computer, pid: int, program: Program) -> Process:
    """Make an entry in the process table, with an empty address space.

    Code starts behind one unmapped page, so that address 0 belongs to nobody and a
    null pointer faults; data follows on the next page, then the heap. Stacks stand at
    the top.
    """
    alive = sum(not process.ended for process in computer.processes.values())
    if alive >= computer.limits.processes:
        raise LimitExceeded(
            f"tick {computer.now}: '{program.name}' would be process {alive + 1}, and at most "
            f"{computer.limits.processes} may be alive; raise Limits(processes=…)"
        )
    size = computer.page_size
    memory = AddressSpace(size, computer.address_space, computer.stack_size)
    data = size + memory.pages_up(program.image.code_bytes)
    layout = Layout(size.bit_length() - 1, size - 1, size, data, len(program.image.code))
    code = computer.decoded.get(program)
    if code is None:
        code = computer.decoded[program] = decode(program.image, layout)
    process = Process(pid, 0, program, memory, layout, code)
    computer.processes[pid] = process
    computer.note("launch", pid, 0, program.name, 0)
    add_segment(computer, process, Segment("code", size, size + program.image.code_bytes, data))
    if program.image.data:
        end = data + program.image.data_bytes
        add_segment(computer, process, Segment("data", data, end, memory.pages_up(end)))
    process.threads[1] = Thread(process, 1, program.image.entry)
    return process


def add_segment(computer: Computer, process: Process, segment: Segment) -> None:
    """Enter a segment, or new bounds of one."""
    process.memory.segments[segment.name] = segment
    computer.note("segment", process.pid, segment.tid, segment.name, segment.start, segment.end)


def pages_to_load(process: Process) -> int:
    """Return how many pages of a program are brought from disk."""
    memory, image = process.memory, process.program.image
    return (memory.pages_up(image.code_bytes) + memory.pages_up(image.data_bytes)) // (
        memory.page_size
    )


def load_next_page(computer: Computer, process: Process) -> None:
    """Bring the next page of the program from disk into a frame."""
    image, layout = process.program.image, process.layout
    number, process.loaded = process.loaded, process.loaded + 1
    page_words = process.memory.page_size // WORD
    page = layout.code_base // process.memory.page_size + number
    address = page * process.memory.page_size
    in_code = address < layout.data_base
    words, base = (image.words, layout.code_base) if in_code else (image.data, layout.data_base)
    start = (address - base) // WORD
    frame = map_page(computer, process, page, writable=not in_code)
    fill(computer, process, page, 0, words[start : start + page_words])
    computer.note("load", process.pid, 0, "code" if in_code else "data", page, frame)


def map_page(computer: Computer, process: Process, page: int, writable: bool) -> int:
    """Give a process a frame for one of its pages; return the frame."""
    frame = computer.physical.take(process.pid)
    process.memory.connect(page, frame, computer.physical.words[frame], writable)
    computer.note("map", process.pid, 0, page, frame, writable)
    return frame


def fill(
    computer: Computer, process: Process, page: int, word: int, values: tuple[int, ...]
) -> None:
    """Let the operating system write words into a page."""
    process.memory.readable[page][word : word + len(values)] = values
    computer.note("fill", process.pid, 0, process.memory.table[page], word, values)


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
    words = (back, *reversed(arguments)) if tid > 1 else ()
    map_page(computer, process, top_page, writable=True)
    add_segment(computer, process, Segment("stack", end - memory.page_size, end, limit, tid))
    if words:
        fill(computer, process, top_page, memory.page_size // WORD - len(words), words)
    thread.registers[SP] = end - len(words) * WORD
    thread.registers[FP] = end
    thread.log.checkpoint(computer.now, thread.registers)
    return thread


def start_main(computer: Computer, process: Process) -> None:
    """Let the loaded process run: its main thread gets a stack and becomes ready."""
    thread = give_stack(computer, process, 1, ())
    computer.note("thread", process.pid, 1, "main", (), 0)
    computer.admit(thread)


def take_stack_back(computer: Computer, process: Process, tid: int) -> None:
    """Free the stack of a thread that ended."""
    memory = process.memory
    segment = memory.segments.pop(f"stack T{tid}", None)
    if segment is None:
        return
    for page in range(segment.start // memory.page_size, segment.end // memory.page_size):
        frame = memory.disconnect(page)
        computer.physical.give_back(frame)
        computer.note("unmap", process.pid, 0, page, frame)
    computer.note("drop", process.pid, tid, segment.name)


def handle_page_fault(computer: Computer, process: Process, address: int, writing: bool) -> None:
    """Grow a stack that reached its next page, or refuse the access.

    Raises
    ------
    Fault
        If the address belongs to nobody, may not be written, or RAM is full.
    """
    memory = process.memory
    verb = "wrote" if writing else "read"
    segment = memory.segment_at(address)
    if segment is not None:
        raise Fault(
            "protection fault",
            f"wrote {address:#06x}, which is in its {segment.name} and may only be read",
        )
    stack = memory.stack_reaching(address)
    if stack is None:
        raise _refused_access(memory, address, verb)
    page = stack.start // memory.page_size - 1
    while page >= address // memory.page_size:
        map_page(computer, process, page, writable=True)
        grown = memory.resize(stack.name, page * memory.page_size, stack.end)
        add_segment(computer, process, grown)
        page -= 1


def reach(computer: Computer, process: Process, address: int, writing: bool) -> list[int]:
    """Return the words of the page at `address`, brought into RAM if need be.

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
        handle_page_fault(computer, process, address, writing)
    return pages[page]


def _refused_access(memory: AddressSpace, address: int, verb: str) -> Fault:
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


def end_process(
    computer: Computer, process: Process, exit_code: int, reason: str, by: Thread | None = None
) -> None:
    """End every thread of a process and take back what it was given."""
    for thread in process.alive:
        computer.end_thread(thread, "end" if thread is by else "kill")
    for also in calls.ON_PROCESS_END:
        also(computer, process)
    process.exit_code = exit_code
    computer.note("exit", process.pid, by.tid if by else 0, exit_code, reason)
    for frame in process.memory.clear():
        computer.physical.give_back(frame)
    process.ended = "terminated"
    computer.note("reap", process.pid, 0, process.parent)


def fail(computer: Computer, thread: Thread, fault: Fault) -> None:
    """Let a fault take down the whole process."""
    process = thread.process
    message = (
        f"tick {computer.now}: thread {thread.tid} of '{process.program.name}' "
        f"(pid {process.pid}) {fault.detail}"
    )
    computer.note("fault", process.pid, thread.tid, fault.kind, message)
    end_process(computer, process, -SIGNALS[fault.kind], fault.kind)
