"""Memory that processes share under a name: `shared`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim import sharing
from kit.sim.calls.handler import Handler, refuse
from kit.sim.calls.heap import MOST_WORDS
from kit.sim.calls.texts import texts_of
from kit.sim.faults import Fault
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def _shared(computer: Computer, thread: Thread, number: int) -> int:
    process, name, words = thread.process, texts_of(thread, number)[0], thread.registers[0]
    if not 0 < words <= MOST_WORDS:
        reason = f"{words} words were asked for"
    else:
        try:
            return sharing.shared_area(computer, process, name, words)
        except Fault as fault:
            reason = fault.detail
    refuse(computer, thread, "shared", reason)
    return 0


HANDLERS: dict[str, Handler] = {"shared": _shared}
