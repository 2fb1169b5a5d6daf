"""Which pages a run used, in order: what page replacement policies are compared on."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from operator import itemgetter

from kit.lang.instructions import WORD
from kit.sim.recording import Key
from kit.sim.registers import after, touches
from kit.trace.history import History
from kit.trace.record import Record

PageUse = tuple[int, int]
"""(pid, virtual page)."""


def page_uses(record: Record, history: History) -> Iterator[PageUse]:
    """Yield every use of a page by an instruction, in order: its own page, then its data's.

    Cores that execute at the same tick do so in the order of their numbers.
    """
    streams = [_uses_of(record, history, key) for key in record.threads]
    for _, _, use in heapq.merge(*streams, key=itemgetter(0, 1)):
        yield use


def _uses_of(record: Record, history: History, key: Key) -> Iterator[tuple[int, int, PageUse]]:
    """Yield (tick, core, use) of one thread."""
    pid, tid = key
    thread, process, size = record.threads[key], history.processes[pid], history.page_size
    program = process.threads[tid].program
    code, data_base = program.image.code, process.data_base_of(program)
    saved = iter(thread.checkpoints)
    registers: list[int] = []
    ahead = next(saved, None)
    for tick, core, number, index in thread.executed():
        while ahead is not None and ahead[1] <= number:
            registers, ahead = list(ahead[2]), next(saved, None)
        instruction = code[index]
        yield tick, core, (pid, (process.code_base + index * WORD) // size)
        touched = touches(instruction, registers, data_base)
        if touched is not None:
            yield tick, core, (pid, touched[0] // size)
        after(instruction, registers, thread.values[number])
