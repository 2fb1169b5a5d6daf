"""Which pages a run used, in order: what page replacement policies are compared on."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

from kit.lang.instructions import WORD
from kit.sim.recording import ThreadId
from kit.sim.registers import after, touches
from kit.trace.record import Record
from kit.trace.replay import History

PageUse = tuple[int, int]
"""(pid, virtual page)."""


class Executed(NamedTuple):
    """An instruction that was executed, and the word of memory that it read or wrote.

    Attributes
    ----------
    tick, core : int
    instruction : int
        Its index in the code.
    touched : (int, bool) or None
        Address in bytes, and whether it was written; None if it uses no word.
    """

    tick: int
    core: int
    instruction: int
    touched: tuple[int, bool] | None


def page_uses(record: Record, history: History) -> Iterator[PageUse]:
    """Yield every use of a page by an instruction, in order: its own page, then its data's.

    Cores that execute at the same tick do so in the order of their numbers.
    """
    streams = [_uses_of(record, history, key) for key in record.threads]
    for _, _, use in heapq.merge(*streams, key=itemgetter(0, 1)):
        yield use


def _uses_of(record: Record, history: History, key: ThreadId) -> Iterator[tuple[int, int, PageUse]]:
    """Yield (tick, core, use) of one thread."""
    process, size = history.processes[key[0]], history.page_size
    for done in executed(record, history, key):
        yield done.tick, done.core, (key[0], (process.code_base + done.instruction * WORD) // size)
        if done.touched is not None:
            yield done.tick, done.core, (key[0], done.touched[0] // size)


def executed(record: Record, history: History, key: ThreadId) -> Iterator[Executed]:
    """Yield every instruction of a thread that was carried out, in order."""
    pid, tid = key
    thread, process = record.threads[key], history.processes[pid]
    program = process.threads[tid].program
    code, data_base = program.image.code, process.data_base_of(program)
    saved = iter(thread.checkpoints)
    registers: list[int] = []
    ahead = next(saved, None)
    for tick, core, number, index in thread.executed():
        while ahead is not None and ahead[1] <= number:
            registers, ahead = list(ahead[2]), next(saved, None)
        yield Executed(tick, core, index, touches(code[index], registers, data_base))
        after(code[index], registers, thread.values[number])
