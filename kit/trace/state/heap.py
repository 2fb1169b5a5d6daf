"""The heaps of processes: blocks, free lists, and each attempt to change them."""

from __future__ import annotations

from typing import NamedTuple

from kit.sim.events import calls, memory, processes
from kit.trace.process_history import ProcessHistory
from kit.trace.state.reducer import Reducer

Block = tuple[int, int]
"""Address and size in bytes."""


class HeapChange(NamedTuple):
    """A call of alloc or free.

    Attributes
    ----------
    call : str
        "alloc" or "free".
    address, words : int
        The block; 0 and 0 where none was given out.
    searched : int
        How many free blocks were looked at.
    before, after : tuple of Block
        The free list.
    failed : str
        Why no block was given out; "" if one was.
    """

    tick: int
    tid: int
    call: str
    address: int
    words: int
    searched: int
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    failed: str = ""


class Heaps(Reducer):
    """Follows the heap of every process.

    Attributes
    ----------
    changes : dict of int to list of HeapChange
        By pid.
    header : int
        Bytes in front of each block that is given out; 0 if none ever was.
    """

    def __init__(self, histories: dict[int, ProcessHistory]) -> None:
        self._processes = histories
        self.changes: dict[int, list[HeapChange]] = {}
        self.header = 0
        self._first = True

    def _on_fork(self, event: processes.Fork) -> None:
        parent, child = self._processes[event.parent], self._processes[event.pid]
        child.blocks.add(event.tick, parent.blocks.at(event.tick))
        child.free_blocks.add(event.tick, parent.free_blocks.at(event.tick))

    def _on_alloc(self, event: memory.Alloc) -> None:
        process = self._processes[event.pid]
        bounds = process.segments["heap"].at(event.tick)
        if self._first and bounds is not None:
            # The first block of all stands at the very start of a heap.
            self.header = event.address - bounds[0]
        self._first = False
        given = (event.address, event.words)
        process.blocks.add(event.tick, tuple(sorted((*process.blocks.at(event.tick), given))))
        self._change(event, "alloc", *given, event.searched)

    def _on_free(self, event: memory.Free) -> None:
        process = self._processes[event.pid]
        blocks = process.blocks.at(event.tick)
        words = dict(blocks)[event.address]
        process.blocks.add(event.tick, tuple(b for b in blocks if b[0] != event.address))
        self._change(event, "free", event.address, words, 0)

    def _change(
        self,
        event: memory.Alloc | memory.Free,
        call: str,
        address: int,
        words: int,
        searched: int,
    ) -> None:
        steps = self._processes[event.pid].free_blocks
        before, after = steps.at(event.tick), event.free_list
        steps.add(event.tick, after)
        change = HeapChange(event.tick, event.tid, call, address, words, searched, before, after)
        self.changes.setdefault(event.pid, []).append(change)

    def _on_refuse(self, event: calls.Refuse) -> None:
        if event.call == "alloc":
            free = self._processes[event.pid].free_blocks.at(event.tick)
            change = HeapChange(
                event.tick, event.tid, "alloc", 0, 0, 0, free, free, failed=event.reason
            )
            self.changes.setdefault(event.pid, []).append(change)

    def _on_exit(self, event: processes.Exit | processes.Exec) -> None:
        self._processes[event.pid].blocks.add(event.tick, ())
        self._processes[event.pid].free_blocks.add(event.tick, ())

    def _on_exec(self, event: processes.Exec) -> None:
        self._on_exit(event)
