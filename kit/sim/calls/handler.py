"""What a handler of a system call looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Thread

Handler = Callable[["Computer", "Thread", int], int | None]
"""(machine, calling thread, number in the instruction) -> result, or None."""
