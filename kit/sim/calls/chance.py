"""What programs leave to chance: `choose`.

The machine draws from its seed, so that a run can be repeated. A policy may give the value
instead: an explorer tries every one, and `Follow` repeats those of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim.calls.handler import Handler
from kit.sim.events.processes import Chosen
from kit.sim.faults import Fault
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def _choose(computer: Computer, thread: Thread, number: int) -> int:
    values = thread.registers[0]
    if values < 1:
        raise Fault("arithmetic fault", f"chose one of {values} values, and there must be one")
    value = computer.dispatcher.queue.choose(values)
    if value is None:
        value = computer.random.randrange(values)
    computer.note(Chosen, thread.process.pid, thread.tid, values, value)
    return value


HANDLERS: dict[str, Handler] = {"choose": _choose}
