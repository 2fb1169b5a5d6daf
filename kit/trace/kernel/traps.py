"""What brings a core into kernel mode, and which handler the trap table has for it."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from kit.lang.call_instructions import call_of, is_library_call, is_system_call
from kit.lang.instructions import Instruction
from kit.sim.recording import ThreadId
from kit.trace.process_history import ProcessHistory
from kit.trace.record import Record

TRAP_TABLE = {
    "system call": "system_call",
    "page fault": "page_fault",
    "divide error": "divide_error",
    "bound range exceeded": "bound_range_exceeded",
    "invalid opcode": "invalid_opcode",
    "alignment check": "alignment_check",
    "general protection": "general_protection",
    "timer": "timer_interrupt",
    "device": "device_interrupt",
    "disk": "disk_interrupt",
    "console": "console_interrupt",
    "reschedule": "reschedule_interrupt",
}
"""What leads into the kernel -> name of the handler; the hardware looks it up at a trap.

The first seven happen to the instruction that executes, the others are interrupts. At the console
somebody launches a program or acts from outside; a core is told by "reschedule" that another
thread has to run there, or that its own has ended.
"""

INTERRUPTS = frozenset({"timer", "device", "disk", "console", "reschedule"})
"""The kinds of trap that have nothing to do with the instruction that they interrupt."""

_RAISED = {
    "divide by zero": "divide error",
    "arithmetic fault": "divide error",
    "index out of range": "bound range exceeded",
    "illegal instruction": "invalid opcode",
    "bus error": "alignment check",
    "general protection": "general protection",
}
"""Kind of fault that an instruction raises -> kind of trap; all others are page faults."""


_BY_LIBRARY = frozenset({"invalid free", "invalid release", "abort", "failed assert"})
"""What the library finds wrong itself: it asks the system to end the process."""


class Trap(NamedTuple):
    """What brought a core into kernel mode.

    Attributes
    ----------
    kind : str
        A key of `TRAP_TABLE`; "start" for a thread that has not run yet, "boot" for a core that
        starts, "idle" for one that has no thread.
    name : str
        Which one: of a system call its name, of a fault what it is; else "".
    """

    kind: str
    name: str = ""

    @property
    def handler(self) -> str:
        """The name of the handler that runs."""
        return TRAP_TABLE.get(self.kind, self.kind)


START, BOOT, IDLE = Trap("start"), Trap("boot"), Trap("idle")


def trap_of_fault(instruction: Instruction, fault: str) -> Trap:
    """Return by which trap a fault of an instruction comes to the operating system.

    Parameters
    ----------
    instruction : Instruction
        The one that could not be carried out.
    fault : str
        A key of `kit.sim.faults.SIGNALS`.
    """
    if is_system_call(instruction):
        return Trap("system call", call_of(instruction))
    if fault in _BY_LIBRARY and is_library_call(instruction):
        return Trap("system call", "kill")
    return Trap(_RAISED.get(fault, "page fault"), fault)


def system_calls(
    record: Record, processes: dict[int, ProcessHistory]
) -> Iterator[tuple[int, int, ThreadId, str]]:
    """Yield (tick, core, thread, name) of each system call that came to its end, in order.

    Those that the library makes are events.
    """
    return merge(*(_of_thread(record, processes, key) for key in record.threads))


def _of_thread(
    record: Record, processes: dict[int, ProcessHistory], key: ThreadId
) -> Iterator[tuple[int, int, ThreadId, str]]:
    code = processes[key[0]].threads[key[1]].program.image.code
    names = [call_of(one) if is_system_call(one) else "" for one in code]
    for tick, core, _, index in record.threads[key].executed():
        if name := names[index] if index < len(names) else "":
            yield tick, core, key, name
