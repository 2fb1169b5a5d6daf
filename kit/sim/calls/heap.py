"""The heap: `alloc` and `free`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim import paging, segmentation
from kit.sim.calls.handler import Handler, refuse
from kit.sim.events.memory import Alloc, Free
from kit.sim.faults import Fault
from kit.sim.free_list import POISON
from kit.sim.memory import Segment
from kit.sim.process import Process, Thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer


MOST_WORDS = 1 << 24
"""More words than any heap can hold."""


def _alloc(computer: Computer, thread: Thread, number: int) -> int:
    process, words = thread.process, thread.registers[0]
    if not 0 < words <= MOST_WORDS:
        refuse(computer, thread, "alloc", f"{words} words were asked for")
        return 0
    size, heap = words * WORD, process.heap
    address, searched = heap.allocate(size)
    if address is None and _grow_heap(computer, thread, size):
        address, more = heap.allocate(size)
        searched += more
    if address is None:
        refuse(computer, thread, "alloc", "no memory is left")
        return 0
    computer.note(Alloc, process.pid, thread.tid, address, words, searched, tuple(heap.free))
    return address


def _grow_heap(computer: Computer, thread: Thread, size: int) -> bool:
    """Add the pages that `size` more bytes need; False if there is no room for them."""
    process, memory = thread.process, thread.process.memory
    base = memory.heap_base()
    heap = memory.segments.get("heap") or Segment("heap", base, base, base)
    growth = memory.pages_up(process.heap.missing(size, heap.end))
    pages = growth // memory.page_size
    computer.ask(thread, "brk")
    if heap.end + growth > memory.heap_limit():
        return False
    first = heap.end // memory.page_size
    new = [page for page in range(first, first + pages) if page not in memory.table]
    # With demand paging they come when they are touched.
    if computer.stretches is not None:
        if not segmentation.extend(computer, process, "heap", base, growth):
            return False
    elif not computer.setup.demand and not _map_all(computer, process, new):
        return False
    process.heap.grow(heap.end, growth)
    grown = Segment("heap", heap.start, heap.end + growth, memory.heap_limit())
    paging.enter_segment(computer, process, grown)
    return True


def _map_all(computer: Computer, process: Process, pages: list[int]) -> bool:
    """Give a process frames for some pages, all or none; False if RAM has too few."""
    if computer.swap is None and len(pages) > computer.physical.free_count:
        return False
    for index, page in enumerate(pages):
        try:
            paging.map_page(computer, process, page, writable=True)
        except Fault:
            for mapped in pages[:index]:
                paging.drop(computer, process, mapped)
            return False
    return True


def _free(computer: Computer, thread: Thread, number: int) -> None:
    process, address = thread.process, thread.registers[0]
    heap, freed = process.heap, freed_words(process, address)
    if not heap.release(address):
        raise Fault("invalid free", f"freed {address:#06x}, which alloc did not give or has back")
    computer.note(Free, process.pid, thread.tid, address, tuple(heap.free))
    if heap.policy.poison:
        for word in freed:
            computer.write_word(process, word, POISON)


def freed_words(process: Process, address: int) -> range:
    """Return the addresses of the words that a program gives back with a block."""
    heap = process.heap
    return range(address, address + heap.used.get(address, 0) - heap.policy.header, WORD)


HANDLERS: dict[str, Handler] = {
    "alloc": _alloc,
    "free": _free,
}
