"""What the operating system does for each system call, a file a subject.

A handler takes the machine, the calling thread and the number in the instruction,
finds its arguments in r0 to r5 and returns the result, or None where there is none
or the thread was blocked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.lang.system_calls import NAMES
from kit.sim.calls import (
    atomics,
    descriptors,
    devices,
    files,
    heap,
    locks,
    messages,
    pipes,
    processes,
    shared,
    threads,
)
from kit.sim.calls.handler import Handler
from kit.sim.calls.kernel import Part

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process, Thread


_SUBJECTS = (
    threads,
    processes,
    heap,
    shared,
    locks,
    atomics,
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
}
"""What the operating system keeps besides processes and memory: name -> class."""

LATER: dict[str, Callable[..., None]] = {"finish_io": devices.finish_io}
"""What a timer can do: name -> function of the machine and plain values."""

ON_FORK: tuple[Callable[[Computer, Process, Process], None], ...] = (
    descriptors.copy_descriptors,
    locks.copy_holders,
)
"""What else a child gets from its parent."""

ON_THREAD_END: tuple[Callable[[Computer, Thread], None], ...] = (
    locks.leave_queues,
    pipes.leave_pipes,
    messages.leave_mail,
    devices.leave_devices,
)
"""What else happens when a thread ends."""

ON_PROCESS_END: tuple[Callable[[Computer, Process], None], ...] = (
    locks.forget_memory,
    files.close_all,
    messages.close_mailbox,
)
"""What else happens when a process ends, before its memory is taken back."""
