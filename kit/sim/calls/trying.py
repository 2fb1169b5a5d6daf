"""Locks, semaphores and conditions for threads that do not wait forever.

A call answers 1, or 0 where the thread gave up. A thread that gives up leaves the queue, and
nobody can tell that it has been there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim.calls import conditions, locks
from kit.sim.process import Thread
from kit.sim.waits import Reason

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


def _give_up_later(computer: Computer, thread: Thread) -> None:
    """Let a thread that waits do so for as many ticks as it said, and then give up."""
    computer.at(computer.now + thread.registers[1], "do", "give_up", *thread.key)


def _wait_if_asked(computer: Computer, thread: Thread, reason: Reason, address: int) -> int | None:
    """Let a thread wait that did not get what it wanted; 0 if it does not want to wait."""
    if thread.registers[1] <= 0:
        return 0
    locks.wait_in_queue(computer, thread, reason, address)
    _give_up_later(computer, thread)
    return None


def _lock_named(thread: Thread) -> int:
    return locks.lock_of(thread.process, thread.registers[0])


def _try_acquire(computer: Computer, thread: Thread, number: int) -> int:
    return int(locks.take_free_lock(computer, thread, _lock_named(thread)))


def _acquire_timed(computer: Computer, thread: Thread, number: int) -> int | None:
    address = _lock_named(thread)
    if locks.take_free_lock(computer, thread, address):
        return 1
    return _wait_if_asked(computer, thread, "timed_lock", address)


def _try_down(computer: Computer, thread: Thread, number: int) -> int:
    return int(locks.take_one(computer, thread))


def _down_timed(computer: Computer, thread: Thread, number: int) -> int | None:
    if locks.take_one(computer, thread):
        return 1
    return _wait_if_asked(computer, thread, "timed_semaphore", thread.registers[0])


def _wait_timed(computer: Computer, thread: Thread, number: int) -> int | None:
    conditions.release_to_wait(computer, thread)
    if thread.registers[1] <= 0:
        return 0
    # Nobody can tell whether a thread that wakes by itself has waited before.
    if computer.dispatcher.queue.wakes_by_itself():
        computer.ask(thread, "futex_wait")
        return 1
    conditions.join_condition(computer, thread)
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
