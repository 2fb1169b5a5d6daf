"""Processes: `print`, `exit`, `getpid`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.sim import loader
from kit.sim.process import Thread

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer


def _print(computer: Computer, thread: Thread, number: int) -> None:
    process = thread.process
    values = iter(thread.registers)
    parts = [
        str(next(values)) if part is None else part for part in process.program.image.texts[number]
    ]
    text = " ".join(parts) + "\n"
    if computer.printed + len(text) > computer.limits.output:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) printed more than "
            f"{computer.limits.output} characters; print less, or raise Limits(output=…)"
        )
    computer.printed += len(text)
    computer.note("print", process.pid, thread.tid, text)


def _exit(computer: Computer, thread: Thread, number: int) -> None:
    code = thread.registers[0]
    loader.end_process(computer, thread.process, code, "exit", by=thread)


def _getpid(computer: Computer, thread: Thread, number: int) -> int:
    return thread.process.pid


HANDLERS: dict[str, Handler] = {
    "print": _print,
    "exit": _exit,
    "getpid": _getpid,
}
