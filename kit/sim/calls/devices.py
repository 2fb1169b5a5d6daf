"""Devices: `io`. A request takes its time on a device, not on a core.

Without a limit every request has a device of its own; with ``Machine(devices=n)`` there
are n, and requests queue for them, first come, first served. A device that has finished
interrupts a core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.calls.kernel import Part
from kit.sim.events.calls import IoDone, IoStart
from kit.sim.process import Thread
from kit.sim.recording import ThreadId

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


class Devices(Part):
    """Which devices work for whom.

    Attributes
    ----------
    busy : dict of int to (pid, tid)
        Device -> whose request it works on.
    queue : list of ((pid, tid), ticks)
        Requests that wait for a device.
    """

    def __init__(self) -> None:
        self.busy: dict[int, ThreadId] = {}
        self.queue: list[tuple[ThreadId, int]] = []

    def free(self, most: int | None) -> int | None:
        """Return the free device with the lowest number, or None."""
        number = 0
        while number in self.busy:
            number += 1
        return number if most is None or number < most else None

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Withdraw the request of a thread that has ended, if no device has begun with it."""
        self.queue = [request for request in self.queue if request[0] != thread.key]

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.busy.items()), tuple(self.queue)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        busy, queue = state
        self.busy, self.queue = dict(busy), list(queue)


def _devices(computer: Computer) -> Devices:
    devices: Devices = computer.kernel["devices"]
    return devices


def _io(computer: Computer, thread: Thread, number: int) -> None:
    ticks = thread.registers[0] if number else computer.setup.costs.io
    if ticks <= 0:
        return
    devices = _devices(computer)
    device = devices.free(computer.setup.devices)
    if device is None:
        devices.queue.append((thread.key, ticks))
        computer.block(thread, "io", -1)
        return
    computer.block(thread, "io", device)
    _start(computer, thread.key, device, ticks)


def _start(computer: Computer, key: ThreadId, device: int, ticks: int) -> None:
    _devices(computer).busy[device] = key
    computer.note(IoStart, *key, device, ticks)
    computer.at(computer.now + ticks, "do", "finish_io", *key, device)


def finish_io(computer: Computer, pid: int, tid: int, device: int) -> None:
    """Let a device be free again, and the thread go on that waited for it.

    Parameters
    ----------
    computer : Computer
    pid, tid : int
    device : int
        Its number.
    """
    devices = _devices(computer)
    del devices.busy[device]
    computer.note(IoDone, pid, tid, device)
    thread = computer.processes[pid].threads.get(tid)
    if thread is not None and thread.waits_for == ("io", device):
        computer.io_done(thread)
    if devices.queue:
        key, ticks = devices.queue.pop(0)
        computer.wait_for(computer.thread(key), "io", device)
        _start(computer, key, device, ticks)


HANDLERS: dict[str, Handler] = {"io": _io}
