"""Locks, semaphores and conditions for those who do not wait for ever.

A call answers 1, or 0 where the thread gave up. A thread that gives up leaves the queue, and
nobody can tell that it has been there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim.calls import locks
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


def _give_up_later(computer: Computer, thread: Thread) -> None:
    """Let a thread that waits do so for as many ticks as it said, and then give up."""
    computer.at(computer.now + thread.registers[1], "do", "give_up", *thread.key)


def _take(computer: Computer, thread: Thread) -> bool:
    """Take the lock that a thread names, if it is free."""
    process = thread.process
    address = locks.lock_of(process, thread.registers[0])
    if computer.read_word(process, address):
        locks.check_is_lock(computer, process, address)
        return False
    locks.own(computer, thread, computer.location(process, address), address)
    return True


def _try_acquire(computer: Computer, thread: Thread, number: int) -> int:
    return int(_take(computer, thread))


def _acquire_timed(computer: Computer, thread: Thread, number: int) -> int | None:
    if _take(computer, thread):
        return 1
    if thread.registers[1] <= 0:
        return 0
    address = locks.lock_of(thread.process, thread.registers[0])
    locks.queues_of(computer).join(computer.location(thread.process, address), thread.key)
    computer.ask(thread, "futex_wait")
    computer.block(thread, "timed_lock", address)
    _give_up_later(computer, thread)
    return None


def _try_down(computer: Computer, thread: Thread, number: int) -> int:
    return int(locks.take_one(computer, thread))


def _down_timed(computer: Computer, thread: Thread, number: int) -> int | None:
    if locks.take_one(computer, thread):
        return 1
    if thread.registers[1] <= 0:
        return 0
    address = thread.registers[0]
    locks.queues_of(computer).join(computer.location(thread.process, address), thread.key)
    computer.ask(thread, "futex_wait")
    computer.block(thread, "timed_semaphore", address)
    _give_up_later(computer, thread)
    return None


def _wait_timed(computer: Computer, thread: Thread, number: int) -> int | None:
    locks.release_to_wait(computer, thread)
    if thread.registers[1] <= 0:
        return 0
    # Nobody can tell whether a thread that wakes by itself has waited before.
    if computer.dispatcher.queue.wakes_by_itself():
        computer.ask(thread, "futex_wait")
        return 1
    locks.join_condition(computer, thread)
    computer.ask(thread, "futex_wait")
    computer.block(thread, "timed_condition", thread.registers[0])
    _give_up_later(computer, thread)
    return None


HANDLERS: dict[str, Handler] = {
    "try_acquire": _try_acquire,
    "acquire_timed": _acquire_timed,
    "try_down": _try_down,
    "down_timed": _down_timed,
    "wait_timed": _wait_timed,
}
