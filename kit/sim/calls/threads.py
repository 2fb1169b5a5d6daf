"""Threads and time: `spawn`, `join`, `thread_exit`, `gettid`, `sleep`, the instruction `WORK`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.lang.instructions import WORD
from kit.sim import loader
from kit.sim.calls.handler import Handler, refuse
from kit.sim.events.processes import ThreadMade
from kit.sim.faults import Fault
from kit.sim.process import Process, Thread
from kit.sim.termination import finish_thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def check_threads(computer: Computer, process: Process) -> None:
    """Refuse one more thread where the limit is reached."""
    alive = sum(len(process.living) for process in computer.alive.values())
    if alive >= computer.limits.threads:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) asked for thread "
            f"{alive + 1}, and at most {computer.limits.threads} may be alive; "
            "raise Limits(threads=…)"
        )


def _spawn(computer: Computer, thread: Thread, number: int) -> int:
    process = thread.process
    check_threads(computer, process)
    start, *arguments = thread.registers[: number + 1]
    index, rest = divmod(start - process.layout.code_base, WORD)
    if rest or not 0 <= index < process.layout.code_length:
        raise process.layout.no_instruction(start, f"started a thread at {start:#06x}")
    tid = process.next_tid
    new = process.enter(Thread(process, tid, index))
    try:
        loader.give_stack(computer, process, tid, tuple(arguments))
    except Fault as fault:
        process.withdraw(new)
        return refuse(computer, thread, "spawn", fault.detail)
    routine = process.program.image.routine_at(index)
    name = routine.name if routine else str(index)
    computer.note(ThreadMade, process.pid, tid, name, tuple(arguments), thread.tid)
    computer.admit(new)
    return tid


def _join(computer: Computer, thread: Thread, number: int) -> int | None:
    wanted = thread.process.threads.get(thread.registers[0])
    if wanted is None or wanted is thread:
        reason = "there is no such thread" if wanted is None else "a thread cannot wait for itself"
        return refuse(computer, thread, "join", reason)
    if wanted.state == "terminated":
        return wanted.result
    computer.ask(thread, "futex_wait")
    computer.block(thread, "join", wanted.tid)
    return None


def _thread_exit(computer: Computer, thread: Thread, number: int) -> None:
    thread.result = thread.registers[0] if number else 0
    finish_thread(computer, thread, "end")


def _gettid(computer: Computer, thread: Thread, number: int) -> int:
    return thread.tid


def _sleep(computer: Computer, thread: Thread, number: int) -> None:
    ticks = thread.registers[0]
    if ticks > 0:
        until = computer.now + ticks
        computer.block(thread, "sleep", until)
        computer.at(until, "wake", thread.process.pid, thread.tid)


def _work(computer: Computer, thread: Thread, number: int) -> None:
    thread.busy = max(0, thread.registers[0] - 1)


HANDLERS: dict[str, Handler] = {
    "spawn": _spawn,
    "join": _join,
    "thread_exit": _thread_exit,
    "gettid": _gettid,
    "sleep": _sleep,
    "work": _work,
}
