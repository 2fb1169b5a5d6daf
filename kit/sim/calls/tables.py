"""The system calls by number, and what the operating system keeps for them."""

from __future__ import annotations

from collections.abc import Callable

from kit.lang.call_instructions import NAMES
from kit.sim.calls import (
    atomic_blocks,
    atomics,
    barriers,
    chance,
    conditions,
    descriptors,
    devices,
    files,
    heap,
    locks,
    messages,
    pipes,
    processes,
    rwlocks,
    shared,
    threads,
    trying,
)
from kit.sim.calls.handler import Handler
from kit.sim.calls.kernel import Part

_SUBJECTS = (
    threads,
    processes,
    heap,
    shared,
    locks,
    conditions,
    trying,
    barriers,
    rwlocks,
    atomics,
    atomic_blocks,
    chance,
    files,
    pipes,
    messages,
    devices,
)
_HANDLERS: dict[str, Handler] = {
    name: handler for subject in _SUBJECTS for name, handler in subject.HANDLERS.items()
}

HANDLERS: tuple[Handler, ...] = tuple(_HANDLERS[name] for name in NAMES)
"""In the order of the system calls' numbers."""

KERNEL: dict[str, Callable[[], Part]] = {
    "locks": locks.WaitQueues,
    "descriptors": descriptors.Descriptors,
    "files": files.Files,
    "pipes": pipes.Pipes,
    "messages": messages.Mailboxes,
    "devices": devices.Devices,
    "atomic": atomic_blocks.AtomicBlocks,
}
"""What the operating system keeps besides processes and memory: name -> class."""

LATER: dict[str, Callable[..., None]] = {
    "finish_io": devices.finish_io,
    "give_up": locks.give_up,
}
"""What a timer can do: name -> function of the machine and plain values."""
