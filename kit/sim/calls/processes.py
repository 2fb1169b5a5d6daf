"""Processes: `fork`, `exec`, `wait`, `exit`, `kill` and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.errors import LimitExceeded
from kit.lang.signals import HARMLESS, MAX_EXIT_CODE, NEVER_IGNORED, Signal
from kit.sim import contiguous, loader, segmentation, sharing
from kit.sim.calls.handler import Handler, refuse
from kit.sim.calls.locks import queues_of
from kit.sim.calls.texts import text_of
from kit.sim.calls.threads import check_threads
from kit.sim.events.processes import Exec, Fork, Ignore, Kill, Print
from kit.sim.faults import Fault
from kit.sim.process import INIT, Thread, exit_code_in, signal_in
from kit.sim.termination import ANY_CHILD, deliver, end_thread, reap, terminate_process

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def _print(computer: Computer, thread: Thread, number: int) -> None:
    process = thread.process
    text = process.program.image.texts[number].printed(thread.registers)
    if computer.printed + len(text) > computer.limits.output:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) printed more than "
            f"{computer.limits.output} characters; print less, or raise Limits(output=…)"
        )
    computer.printed += len(text)
    computer.note(Print, process.pid, thread.tid, text)


def _exit(computer: Computer, thread: Thread, number: int) -> None:
    code = thread.registers[0] & MAX_EXIT_CODE
    terminate_process(computer, thread.process, code, "exit", by=thread)


def _getpid(computer: Computer, thread: Thread, number: int) -> int:
    return thread.process.pid


def _getppid(computer: Computer, thread: Thread, number: int) -> int:
    return thread.process.parent


def _fork(computer: Computer, thread: Thread, number: int) -> int:
    """Copy the process, but of its threads only the one that calls."""
    parent = thread.process
    loader.check_room(computer, parent.program.name)
    check_threads(computer, parent)
    if computer.swap is not None and len(parent.memory.swapped) > computer.swap.room:
        return refuse(computer, thread, "fork", "the swap area is full")
    if computer.regions is not None and not computer.regions.has_room(parent.memory.size):
        return refuse(computer, thread, "fork", f"no hole of {parent.memory.size} bytes is free")
    if computer.stretches is not None:
        sizes = segmentation.copied_sizes(computer, parent)
        if not computer.stretches.have_room(sizes):
            return refuse(computer, thread, "fork", "there are no holes for copies of its segments")
    child = parent.fork_child(computer.next_pid())
    computer.enter(child)
    computer.note(Fork, child.pid, thread.tid, parent.program.name, parent.pid)
    if computer.stretches is not None:
        segmentation.copy(computer, parent, child)
    elif computer.regions is None:
        sharing.share(computer, parent, child)
    else:
        contiguous.place(computer, child)
        contiguous.copy(computer, parent, child)
    copy = child.enter(Thread(child, thread.tid, thread.pc + 1))
    for part in computer.kernel.values():
        part.process_forked(computer, parent, child)
    copy.registers[:] = thread.registers
    copy.registers[0] = 0
    copy.log.checkpoint(computer.now, copy.registers)
    computer.admit(copy)
    return child.pid


def _exec(computer: Computer, thread: Thread, number: int) -> int:
    """Put another program into the process: same pid, same open files, nothing else kept."""
    process, name = thread.process, text_of(thread, number)
    program = computer.disk.get(name)
    if program is None:
        return refuse(computer, thread, "exec", f"the disk holds no program '{name}'")
    if computer.regions is not None:
        size = contiguous.size_of(computer, program, process.share.size)
        if size > computer.regions.size:
            return refuse(computer, thread, "exec", f"all of RAM is smaller than {size} bytes")
    if why := segmentation.why_too_large(computer, program):
        return refuse(computer, thread, "exec", why)
    for other in process.alive:
        end_thread(computer, other, "end" if other is thread else "kill")
    process.main, process.main_failed = next(reversed(process.threads)) + 1, False
    computer.note(Exec, process.pid, process.main, name)
    queues_of(computer).forget_process(process.pid)
    loader.replace_program(computer, process, program)
    process.enter(Thread(process, process.main, program.image.entry))
    computer.begin_loading(process)
    return 0


def _wait(computer: Computer, thread: Thread, number: int) -> int | None:
    process = thread.process
    wanted = thread.registers[0] if number else ANY_CHILD
    children = process.children
    if wanted != ANY_CHILD:
        children = {wanted: children[wanted]} if wanted in children else {}
    if not children:
        return refuse(computer, thread, "wait", "there is no such child")
    for child in children.values():
        if child.ended:
            return reap(computer, thread, child)
    computer.block(thread, "wait", wanted)
    return None


def _exit_status(computer: Computer, thread: Thread, number: int) -> int:
    return exit_code_in(thread.status)


def _term_signal(computer: Computer, thread: Thread, number: int) -> int:
    return signal_in(thread.status)


_NUMBERS = frozenset(signal.value for signal in Signal)


def _signal(number: int) -> Signal | None:
    return Signal(number) if number in _NUMBERS else None


def _kill(computer: Computer, thread: Thread, number: int) -> int:
    signal = _signal(thread.registers[1]) if number > 1 else Signal.SIGKILL
    if signal is None:
        return refuse(computer, thread, "kill", f"no signal has the number {thread.registers[1]}")
    target = computer.processes.get(thread.registers[0])
    if thread.registers[0] == INIT:
        return refuse(computer, thread, "kill", "init cannot be killed")
    if target is None or target.ended == "terminated":
        return refuse(computer, thread, "kill", "there is no such process")
    computer.note(Kill, thread.process.pid, thread.tid, target.pid, signal.value)
    if not target.ended:
        deliver(computer, target, signal)
    return 0


def _ignore(computer: Computer, thread: Thread, number: int) -> int:
    signal = _signal(thread.registers[0])
    if signal is None:
        return refuse(computer, thread, "ignore", f"no signal has the number {thread.registers[0]}")
    if signal in NEVER_IGNORED:
        return refuse(computer, thread, "ignore", f"{signal.name} cannot be ignored")
    if signal in HARMLESS:
        return refuse(computer, thread, "ignore", f"{signal.name} does nothing anyway")
    thread.process.ignore(signal)
    computer.note(Ignore, thread.process.pid, thread.tid, signal.value)
    return 0


def _abort(computer: Computer, thread: Thread, number: int) -> None:
    computer.ask(thread, "kill")
    raise Fault("abort", "called abort")


def _fail_assert(computer: Computer, thread: Thread, number: int) -> None:
    text = text_of(thread, number)
    computer.ask(thread, "kill")
    raise Fault("failed assert", f"found that an assert did not hold{': ' if text else ''}{text}")


HANDLERS: dict[str, Handler] = {
    "print": _print,
    "exit": _exit,
    "getpid": _getpid,
    "getppid": _getppid,
    "fork": _fork,
    "exec": _exec,
    "wait": _wait,
    "exit_status": _exit_status,
    "term_signal": _term_signal,
    "kill": _kill,
    "ignore": _ignore,
    "abort": _abort,
    "fail_assert": _fail_assert,
}
