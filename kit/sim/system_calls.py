"""What the operating system does for each system call.

A handler takes the machine, the calling thread and the number in the instruction,
finds its arguments in r0 to r5 and returns the result, or None where there is none
or the thread was blocked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.lang.instructions import WORD
from kit.lang.system_calls import NAMES
from kit.sim import loader
from kit.sim.faults import Fault
from kit.sim.memory import Segment
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer

MOST_WORDS = 1 << 24
"""More words than any heap can hold."""


def _print(computer: Computer, thread: Thread, number: int) -> None:
    process = thread.process
    values = iter(thread.registers)
    parts = [
        str(next(values)) if part is None else part for part in process.program.image.texts[number]
    ]
    text = " ".join(parts) + "\n"
    if computer.printed + len(text) > computer.limits.output:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) printed more than "
            f"{computer.limits.output} characters; print less, or raise Limits(output=…)"
        )
    computer.printed += len(text)
    computer.note("print", process.pid, thread.tid, text)


def _exit(computer: Computer, thread: Thread, number: int) -> None:
    code = thread.registers[0]
    loader.end_process(computer, thread.process, code, "exit", by=thread)


def _spawn(computer: Computer, thread: Thread, number: int) -> int:
    process = thread.process
    alive = sum(len(p.alive) for p in computer.processes.values() if not p.ended)
    if alive >= computer.limits.threads:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) asked for thread "
            f"{alive + 1}, and at most {computer.limits.threads} may be alive; "
            "raise Limits(threads=…)"
        )
    start, *arguments = thread.registers[: number + 1]
    index = (start - process.layout.code_base) // WORD
    tid = len(process.threads) + 1
    new = process.threads[tid] = Thread(process, tid, index)
    try:
        loader.give_stack(computer, process, tid, tuple(arguments))
    except Fault as fault:
        del process.threads[tid]
        computer.note("refuse", process.pid, thread.tid, "spawn", fault.detail)
        return -1
    routine = process.program.image.routine_at(index)
    name = routine.name if routine else str(index)
    computer.note("thread", process.pid, tid, name, tuple(arguments), thread.tid)
    computer.admit(new)
    return tid


def _join(computer: Computer, thread: Thread, number: int) -> int | None:
    wanted = thread.process.threads.get(thread.registers[0])
    if wanted is None or wanted is thread:
        computer.note("refuse", thread.process.pid, thread.tid, "join", "there is no such thread")
        return -1
    if wanted.state == "terminated":
        return wanted.result
    computer.block(thread, "join", wanted.tid)
    return None


def _thread_exit(computer: Computer, thread: Thread, number: int) -> None:
    thread.result = thread.registers[0] if number else 0
    computer.end_thread(thread, "end")
    computer.wake_joining(thread)
    if not thread.process.alive:
        loader.end_process(computer, thread.process, 0, "its last thread ended")


def _gettid(computer: Computer, thread: Thread, number: int) -> int:
    return thread.tid


def _getpid(computer: Computer, thread: Thread, number: int) -> int:
    return thread.process.pid


def _alloc(computer: Computer, thread: Thread, number: int) -> int:
    process, words = thread.process, thread.registers[0]
    if not 0 < words <= MOST_WORDS:
        computer.note("refuse", process.pid, thread.tid, "alloc", f"{words} words were asked for")
        return 0
    size = words * WORD
    address = process.heap.take(size)
    if address is None and _grow_heap(computer, thread, size):
        address = process.heap.take(size)
    if address is None:
        computer.note("refuse", process.pid, thread.tid, "alloc", "no memory is left")
        return 0
    computer.note("alloc", process.pid, thread.tid, address, words)
    return address


def _grow_heap(computer: Computer, thread: Thread, size: int) -> bool:
    """Add the pages that `size` more bytes need; False if there is no room for them."""
    process, memory = thread.process, thread.process.memory
    base = memory.pages_up(max(s.end for s in memory.segments.values() if s.kind != "stack"))
    heap = memory.segments.get("heap") or Segment("heap", base, base, base)
    growth = memory.pages_up(process.heap.missing(size, heap.end))
    pages = growth // memory.page_size
    if heap.end + growth > memory.heap_limit() or pages > computer.physical.free_count:
        return False
    first = heap.end // memory.page_size
    for page in range(first, first + pages):
        loader.map_page(computer, process, page, writable=True)
    process.heap.add(heap.end, growth)
    grown = Segment("heap", heap.start, heap.end + growth, memory.heap_limit())
    loader.add_segment(computer, process, grown)
    return True


def _free(computer: Computer, thread: Thread, number: int) -> None:
    address = thread.registers[0]
    if not thread.process.heap.give_back(address):
        raise Fault("invalid free", f"freed {address:#06x}, which alloc did not give or has back")
    computer.note("free", thread.process.pid, thread.tid, address)


def _sleep(computer: Computer, thread: Thread, number: int) -> None:
    ticks = thread.registers[0]
    if ticks > 0:
        until = computer.now + ticks
        computer.block(thread, "sleep", until)
        computer.at(until, "wake", thread.process.pid, thread.tid)


def _work(computer: Computer, thread: Thread, number: int) -> None:
    thread.busy = max(0, thread.registers[0] - 1)


Handler = Callable[["Computer", Thread, int], int | None]

_HANDLERS: dict[str, Handler] = {
    "print": _print,
    "exit": _exit,
    "spawn": _spawn,
    "join": _join,
    "thread_exit": _thread_exit,
    "gettid": _gettid,
    "getpid": _getpid,
    "alloc": _alloc,
    "free": _free,
    "sleep": _sleep,
    "work": _work,
}

HANDLERS: tuple[Handler, ...] = tuple(_HANDLERS[name] for name in NAMES)
"""In the order of the system calls' numbers."""
