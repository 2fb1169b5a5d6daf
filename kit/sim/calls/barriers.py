"""Barriers: a word that says how many threads meet, and behind it how many have arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim.calls.locks import queues_of, wait_in_queue
from kit.sim.events.calls import BarrierFull
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


def _wait_barrier(computer: Computer, thread: Thread, number: int) -> None:
    address, process, queues = thread.registers[0], thread.process, queues_of(computer)
    parties = computer.read_word(process, address)
    arrived = computer.read_word(process, address + WORD) + 1
    if arrived < parties:
        computer.write_word(process, address + WORD, arrived)
        wait_in_queue(computer, thread, "barrier", address)
        return
    computer.write_word(process, address + WORD, 0)
    computer.note(BarrierFull, process.pid, thread.tid, address, parties)
    place = computer.location(process, address)
    if place in queues.waiting:
        computer.ask(thread, "futex_wake")
    while (key := queues.first(place)) is not None:
        computer.wake(computer.thread(key), 0)


HANDLERS: dict[str, Handler] = {"wait_barrier": _wait_barrier}
