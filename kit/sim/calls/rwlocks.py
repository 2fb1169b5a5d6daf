"""Locks for many readers or one writer.

Two words: the tid of the writer, 0 while there is none, and how many read. Whoever cannot have
it waits in one queue, in the order of arrival, so that readers who come later do not overtake a
writer who waits, and no writer starves. When it is given back it goes to the writer at the head
of the queue, or to all readers up to the next writer.

Definitions: Courtois, Heymans & Parnas, *Concurrent Control with "Readers" and "Writers"* (1971);
Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on semaphores, reader-writer locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim.calls.handler import Handler
from kit.sim.calls.locks import check_is_lock, queues_of, wait_in_queue
from kit.sim.events.calls import AcquireRead, AcquireWrite, ReleaseRead, ReleaseWrite
from kit.sim.faults import Fault
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def _acquire_read(computer: Computer, thread: Thread, number: int) -> None:
    address, process = thread.registers[0], thread.process
    place, queues = computer.location(process, address), queues_of(computer)
    if computer.read_word(process, address) or place in queues.waiting:
        check_is_lock(computer, process, address)
        wait_in_queue(computer, thread, "read_lock", address)
    else:
        _read(computer, thread, address)


def _acquire_write(computer: Computer, thread: Thread, number: int) -> None:
    address, process = thread.registers[0], thread.process
    readers = computer.read_word(process, address + WORD)
    if computer.read_word(process, address) or readers:
        check_is_lock(computer, process, address)
        wait_in_queue(computer, thread, "write_lock", address)
    else:
        _write(computer, thread, address)


def _read(computer: Computer, thread: Thread, address: int) -> None:
    process = thread.process
    readers = computer.read_word(process, address + WORD) + 1
    computer.write_word(process, address + WORD, readers)
    queues_of(computer).taken(computer.location(process, address), thread.key, 1)
    computer.note(AcquireRead, process.pid, thread.tid, address, readers)


def _write(computer: Computer, thread: Thread, address: int) -> None:
    process = thread.process
    computer.write_word(process, address, thread.tid)
    queues_of(computer).holders[computer.location(process, address)] = thread.key
    computer.note(AcquireWrite, process.pid, thread.tid, address)


def _release_read(computer: Computer, thread: Thread, number: int) -> None:
    address, process = thread.registers[0], thread.process
    readers = computer.read_word(process, address + WORD)
    if readers <= 0:
        raise Fault(
            "invalid release",
            f"stopped reading under the lock at {address:#06x}, which no thread reads under",
        )
    computer.write_word(process, address + WORD, readers - 1)
    queues_of(computer).taken(computer.location(process, address), thread.key, -1)
    computer.note(ReleaseRead, process.pid, thread.tid, address, readers - 1)
    if readers == 1:
        _hand_on(computer, thread, address)


def _release_write(computer: Computer, thread: Thread, number: int) -> None:
    address, process = thread.registers[0], thread.process
    if not computer.read_word(process, address):
        raise Fault(
            "invalid release",
            f"stopped writing under the lock at {address:#06x}, which no thread writes under",
        )
    computer.write_word(process, address, 0)
    queues_of(computer).holders.pop(computer.location(process, address), None)
    computer.note(ReleaseWrite, process.pid, thread.tid, address)
    _hand_on(computer, thread, address)


def _hand_on(computer: Computer, thread: Thread, address: int) -> None:
    """Give a free lock to the writer who has waited longest, or to the readers before the next."""
    place, queues = computer.location(thread.process, address), queues_of(computer)
    reads = False
    if place in queues.waiting:
        computer.ask(thread, "futex_wake")
    while waiting := queues.waiting.get(place):
        following = computer.thread(waiting[0])
        reason, known_as = following.waits_for
        if reason == "write_lock" and reads:
            return
        queues.first(place)
        if reason == "write_lock":
            _write(computer, following, known_as)
            computer.wake(following, 0)
            return
        reads = True
        _read(computer, following, known_as)
        computer.wake(following, 0)


HANDLERS: dict[str, Handler] = {
    "acquire_read": _acquire_read,
    "release_read": _release_read,
    "acquire_write": _acquire_write,
    "release_write": _release_write,
}
