"""Conditions, of Mesa's kind: a thread that is notified is only woken.

It has no place in the queue for the lock until it runs again and asks for it like any other
thread, so others may come first. In memory a condition is a lock, which stands elsewhere if
several have it, and behind it the number of threads that wait to be notified.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on condition
variables; Lampson & Redell, *Experience with Processes and Monitors in Mesa* (1980).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.instructions import WORD
from kit.sim.calls.locks import Choice, end_wait, give_lock_back, lock_of, queues_of
from kit.sim.events.calls import Notify
from kit.sim.faults import Fault
from kit.sim.process import Process, Thread

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


def _wait_condition(computer: Computer, thread: Thread, number: int) -> int | None:
    address, lock = thread.registers[0], release_to_wait(computer, thread)
    computer.ask(thread, "futex_wait")
    # Nobody can tell whether a thread that wakes by itself has waited before.
    if computer.dispatcher.queue.wakes_by_itself():
        return lock
    join_condition(computer, thread)
    computer.block(thread, "condition", address)
    return None


def release_to_wait(computer: Computer, thread: Thread) -> int:
    """Release the lock of the condition at which a thread is to wait; return its address.

    Raises
    ------
    Fault
        If the thread does not hold it.
    """
    address, process = thread.registers[0], thread.process
    lock = lock_of(process, address)
    if queues_of(computer).holders.get(computer.location(process, lock)) != thread.key:
        raise Fault(
            "invalid release", f"waited at the condition at {address:#06x} without holding its lock"
        )
    give_lock_back(computer, thread, lock)
    return lock


def join_condition(computer: Computer, thread: Thread) -> None:
    """Let a thread be among those that wait at the condition that it names."""
    address, process = thread.registers[0], thread.process
    queues_of(computer).join(computer.location(process, address + WORD), thread.key)
    _count_waiting(computer, process, address, +1)


def _count_waiting(computer: Computer, process: Process, address: int, change: int) -> None:
    waiting = computer.read_word(process, address + WORD)
    computer.write_word(process, address + WORD, waiting + change)


def _notify(computer: Computer, thread: Thread, number: int) -> None:
    _check_held(computer, thread)
    _ask_to_wake(computer, thread)
    _notify_one(computer, thread, computer.dispatcher.queue.choose)


def _notify_all(computer: Computer, thread: Thread, number: int) -> None:
    _check_held(computer, thread)
    _ask_to_wake(computer, thread)
    while _notify_one(computer, thread, lambda _: None):
        pass


def _ask_to_wake(computer: Computer, thread: Thread) -> None:
    """Ask the system to wake, if somebody waits."""
    place = computer.location(thread.process, thread.registers[0] + WORD)
    if place in queues_of(computer).waiting:
        computer.ask(thread, "futex_wake")


def _check_held(computer: Computer, thread: Thread) -> None:
    if computer.setup.notify_without_lock:
        return
    address = thread.registers[0]
    place = computer.location(thread.process, lock_of(thread.process, address))
    if queues_of(computer).holders.get(place) != thread.key:
        raise Fault(
            "invalid release", f"notified the condition at {address:#06x} without holding its lock"
        )


def _notify_one(computer: Computer, thread: Thread, choose: Choice) -> bool:
    """Wake a thread that waits, with the address of its lock; False if none does.

    It is the one that has waited longest, unless the policy says another one. The lock is not
    given to it: its program asks for the lock in the next instruction.
    """
    address, process, queues = thread.registers[0], thread.process, queues_of(computer)
    key = queues.one_of(computer.location(process, address + WORD), choose)
    if key is None:
        return False
    _count_waiting(computer, process, address, -1)
    notified = computer.thread(key)
    computer.note(Notify, process.pid, thread.tid, address, *key)
    lock = lock_of(notified.process, notified.waits_for[1])
    computer.wake(notified, end_wait(computer, notified) or lock)
    return True


HANDLERS: dict[str, Handler] = {
    "wait_condition": _wait_condition,
    "notify": _notify,
    "notify_all": _notify_all,
}
