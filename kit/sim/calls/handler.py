"""What a handler of a system call looks like, and how it says no."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.sim.events.calls import Refuse

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Thread

Handler = Callable[["Computer", "Thread", int], int | None]
"""(machine, calling thread, number in the instruction) -> result, or None."""


def refuse(computer: Computer, thread: Thread, call: str, reason: str) -> int:
    """Write down that a call failed; return what most return then, -1.

    Parameters
    ----------
    computer : Computer
    thread : Thread
    call : str
        Name of the system call.
    reason : str
        Why it failed, for the narration.
    """
    computer.note(Refuse, thread.process.pid, thread.tid, call, reason)
    return -1
