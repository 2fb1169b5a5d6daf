"""One word read and written in one step: what locks are built from.

On real hardware each of these is one instruction; here too they take one tick and no more,
whatever a system call costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim.arithmetic import wrap
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


def _test_and_set(computer: Computer, thread: Thread, number: int) -> int:
    return _exchange(computer, thread, 1)


def _fetch_and_add(computer: Computer, thread: Thread, number: int) -> int:
    value = computer.read_word(thread.process, thread.registers[0]) + thread.registers[1]
    return _exchange(computer, thread, wrap(value))


def _compare_and_swap(computer: Computer, thread: Thread, number: int) -> int:
    address, expected, value = thread.registers[:3]
    if computer.read_word(thread.process, address) != expected:
        return 0
    computer.write_word(thread.process, address, value)
    return 1


def _exchange(computer: Computer, thread: Thread, value: int) -> int:
    address, process = thread.registers[0], thread.process
    before = computer.read_word(process, address)
    computer.write_word(process, address, value)
    return before


HANDLERS: dict[str, Handler] = {
    "test_and_set": _test_and_set,
    "fetch_and_add": _fetch_and_add,
    "compare_and_swap": _compare_and_swap,
}
