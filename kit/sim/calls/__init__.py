"""What the operating system does for each system call, a file a subject.

A handler takes the machine, the calling thread and the number in the instruction,
finds its arguments in r0 to r5 and returns the result, or None where there is none
or the thread was blocked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.lang.system_calls import NAMES
from kit.sim.calls import atomics, heap, locks, processes, shared, threads
from kit.sim.calls.handler import Handler
from kit.sim.calls.kernel import Part
from kit.sim.faults import Fault

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process, Thread


def _missing(*_: object) -> None:
    raise Fault("illegal jump", "asked for a system call that this machine does not have")


_HANDLERS: dict[str, Handler] = {
    **threads.HANDLERS,
    **processes.HANDLERS,
    **heap.HANDLERS,
    **shared.HANDLERS,
    **locks.HANDLERS,
    **atomics.HANDLERS,
}

HANDLERS: tuple[Handler, ...] = tuple(_HANDLERS.get(name, _missing) for name in NAMES)
"""In the order of the system calls' numbers."""

KERNEL: dict[str, Callable[[], Part]] = {"locks": locks.WaitQueues}
"""What the operating system keeps besides processes and memory: name -> class."""

LATER: dict[str, Callable[..., None]] = {}
"""What a timer can do: name -> function of the machine and plain values."""

ON_FORK: tuple[Callable[[Computer, Process, Process], None], ...] = ()
"""What else a child gets from its parent."""

ON_THREAD_END: tuple[Callable[[Computer, Thread], None], ...] = (locks.leave_queues,)
"""What else happens when a thread ends."""

ON_PROCESS_END: tuple[Callable[[Computer, Process], None], ...] = (locks.forget_memory,)
"""What else happens when a process ends, before its memory is taken back."""
