"""The heap on a state of the engine, as `kit.sim.calls.heap`.

The words of the heap follow those of the data segment. Which blocks are free and which are given
out belongs to a state, in an order of its own, whoever asked for them first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim.calls.heap import MOST_WORDS
from kit.sim.faults import Fault
from kit.sim.free_list import POISON, FreeList

if TYPE_CHECKING:
    from kit.explore.engine.moment import Moment
    from kit.explore.engine.records import Next


def _alloc(moment: Moment, thread: int, call: Next) -> None:
    words, address = call.arguments[0], 0
    if 0 < words <= MOST_WORDS:
        heap, size = _heap_of(moment), words * WORD
        found = heap.allocate(size).address
        if found is None:
            _grow(moment, heap, size)
            found = heap.allocate(size).address
            assert found is not None, "it has just grown by what was missing"
        address = found
        _keep(moment, heap)
    moment.go_on(thread, address)


def _grow(moment: Moment, heap: FreeList, size: int) -> None:
    """Add the pages that are missing; fresh ones hold zeros."""
    machine = moment.machine
    end = machine.address(len(moment.data))
    growth = machine.pages_up(heap.missing(size, end))
    machine.check_room(len(moment.threads), machine.heap_size(len(moment.data)) + growth)
    heap.grow(end, growth)
    moment.data += [0] * (growth // WORD)


def _free(moment: Moment, thread: int, call: Next) -> None:
    machine, address = moment.machine, call.arguments[0]
    heap = _heap_of(moment)
    size = heap.used.get(address, 0) - heap.policy.header
    words = [machine.place.word_at(at) for at in range(address, address + size, WORD)]
    for word in words:
        machine.threads.users.note(word, thread, writes=True)
    if not heap.release(address):
        raise Fault("invalid free", "")
    for word in words if heap.policy.poison else ():
        moment.data[word] = POISON
    _keep(moment, heap)
    moment.go_on(thread, 0)


def _heap_of(moment: Moment) -> FreeList:
    return FreeList.restored(moment.machine.heap, moment.heap)


def _keep(moment: Moment, heap: FreeList) -> None:
    moment.heap = tuple(heap.free), tuple(sorted(heap.used.items()))


HANDLERS = {"alloc": _alloc, "free": _free}
