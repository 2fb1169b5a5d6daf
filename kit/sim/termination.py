"""How threads and processes end, and what a fault does.

A thread that ends gives back its core, its stack and its place in every queue; the locks
that it holds stay held. The last one takes its process along. A process that ends gives back
its memory and becomes a zombie, until its parent, or init (pid 1), has waited for it.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on the process
API; IEEE Std 1003.1 (POSIX), `exit`, `wait` and `kill`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.lang.signals import Signal, effect_of, first_delivered
from kit.sim import contiguous
from kit.sim.events.memory import Drop
from kit.sim.events.processes import Adopt, End, Exit, Faulted, Pending, Reap
from kit.sim.faults import EXCEPTIONS, Fault, reason_of, signal_of
from kit.sim.paging import drop, release
from kit.sim.process import INIT, Process, Thread
from kit.sim.segments import SegmentName

if TYPE_CHECKING:
    from kit.sim.computer import Computer

ANY_CHILD = 0
"""What `wait` without a pid waits for."""


def handle_fault(computer: Computer, thread: Thread, fault: Fault) -> None:
    """Let a fault end the whole process, or only the thread where it is an exception.

    What an exception ends keeps its locks; in CPython a `with` would release them.
    """
    process = thread.process
    message = (
        f"tick {computer.now}: thread {thread.tid} of '{process.program.name}' "
        f"(pid {process.pid}) {fault.detail}"
    )
    computer.note(Faulted, process.pid, thread.tid, fault.kind, message)
    if computer.setup.exceptions == "thread" and fault.kind in EXCEPTIONS:
        finish_thread(computer, thread, "exception")
    else:
        terminate_process(computer, process, None, fault.kind)


def kill_process(computer: Computer, process: Process) -> None:
    """End a process as the signal SIGKILL does."""
    deliver(computer, process, Signal.SIGKILL)


def deliver(computer: Computer, process: Process, signal: Signal) -> None:
    """Let a signal that was sent do what it does by default, unless the process ignores it.

    A process that is stopped gets all but SIGCONT and SIGKILL when it goes on.

    Parameters
    ----------
    computer : Computer
    process : Process
    signal : Signal
    """
    effect = effect_of(signal, ignored=process.ignores(signal), stopped=process.stopped)
    if effect == "end":
        terminate_process(computer, process, None, reason_of(signal))
    elif effect == "pending":
        process.pending |= 1 << (signal - 1)
        computer.note(Pending, process.pid, 0, signal.value)
    elif effect == "stop":
        _stop(computer, process)
    elif effect == "continue":
        _go_on(computer, process)


def _stop(computer: Computer, process: Process) -> None:
    """Stop a process: what runs leaves its core now, what is ready when it gets one."""
    process.stopped = True
    computer.stopped.add(process.pid)
    for thread in process.alive:
        if thread.state == "running":
            computer.block(thread, "stopped", 0)


def _go_on(computer: Computer, process: Process) -> None:
    """Let a stopped process go on, unless a signal that has waited ends it."""
    process.stopped = False
    computer.stopped.discard(process.pid)
    pending, process.pending = process.pending, 0
    if pending:
        terminate_process(computer, process, None, reason_of(first_delivered(pending)))
        return
    for thread in process.alive:
        if thread.waits_for[:1] == ("stopped",):
            computer.wake(thread, None)


# Threads


def end_thread(computer: Computer, thread: Thread, how: str) -> None:
    """End a thread and free its stack.

    Parameters
    ----------
    computer : Computer
    thread : Thread
    how : str
        "end" if by itself, "exception" if by one that it did not catch, "kill".
    """
    core = -1
    if thread.state == "ready":
        computer.dispatcher.queue.remove(thread)
    elif thread.state == "running":
        core = computer.dispatcher.leave(thread, "end")
    if core < 0:
        computer.dispatcher.queue.left(thread, "end")
    computer.dispatcher.give_up(thread)
    thread.move("end" if thread.state == "running" and how != "kill" else "kill")
    del thread.process.living[thread.tid]
    thread.context = None
    computer.note(End, thread.process.pid, thread.tid, core, how, thread.result)
    _free_stack(computer, thread)
    for part in computer.kernel.values():
        part.thread_ended(computer, thread)
    thread.waits_for = ()


def finish_thread(computer: Computer, thread: Thread, how: str) -> None:
    """End a thread and wake those that join it; the last one ends its process.

    Parameters
    ----------
    computer : Computer
    thread : Thread
    how : str
        As in `end_thread`.
    """
    process = thread.process
    is_last = len(process.living) == 1
    if is_last:
        process.move("exit")
    end_thread(computer, thread, how)
    for waiting in process.alive:
        if waiting.waits_for == ("join", thread.tid):
            computer.wake(waiting, thread.result)
    if thread.tid == process.main and how != "end":
        process.main_failed = True
    if is_last:
        _become_zombie(computer, process, int(process.main_failed), "its last thread ended")


def _free_stack(computer: Computer, thread: Thread) -> None:
    process, memory = thread.process, thread.process.memory
    segment = memory.segments.pop(str(SegmentName("stack", thread.tid)), None)
    if segment is None:
        return
    if computer.regions is None:
        for page in range(segment.start // memory.page_size, segment.end // memory.page_size):
            drop(computer, process, page)
    if computer.stretches is not None:
        computer.stretches.leave(process.pid, segment.name)
    computer.note(Drop, process.pid, thread.tid, segment.name)


# Processes


def terminate_process(
    computer: Computer,
    process: Process,
    exit_code: int | None,
    reason: str,
    by: Thread | None = None,
) -> None:
    """End every thread of a process and take back what it was given.

    Parameters
    ----------
    computer : Computer
    process : Process
    exit_code : int or None
        None where a signal ends it.
    reason : str
        "exit", or what stands for the signal; see `kit.sim.faults.signal_of`.
    by : Thread, optional
        The thread that asked for it.
    """
    process.move("exit")
    for thread in process.alive:
        end_thread(computer, thread, "end" if thread is by else "kill")
    _become_zombie(computer, process, exit_code, reason, by.tid if by else 0)


def _become_zombie(
    computer: Computer, process: Process, exit_code: int | None, reason: str, by: int = 0
) -> None:
    for part in computer.kernel.values():
        part.process_ended(computer, process)
    process.exit_code, process.signal = exit_code, signal_of(reason)
    process.stopped, process.pending = False, 0
    computer.stopped.discard(process.pid)
    del computer.alive[process.pid]
    computer.note(Exit, process.pid, by, exit_code, reason)
    release(computer, process)
    _tell_family(computer, process)
    if computer.regions is not None:
        contiguous.admit_waiting(computer)


def _tell_family(computer: Computer, process: Process) -> None:
    """Let init adopt the children of a process that has ended, and its parent know.

    Where the parent is init itself, which waits for whatever ends, nothing is left of the
    process; otherwise it stays a zombie until the parent waits for it.
    """
    for child in process.children.values():
        child.parent = INIT
        computer.note(Adopt, child.pid, 0, INIT)
        if child.ended:
            _reap_by_init(computer, child)
    process.children.clear()
    parent = computer.alive.get(process.parent)
    if parent is None:
        _reap_by_init(computer, process)
        return
    for waiting in parent.alive:
        if waiting.waits_for in {("wait", ANY_CHILD), ("wait", process.pid)}:
            computer.wake(waiting, reap(computer, waiting, process))
            _disappoint(computer, parent, process)
            return


def reap(computer: Computer, thread: Thread, child: Process) -> int:
    """Let a thread that has waited for a child know how it ended; return the child's pid."""
    child.move("reap")
    del thread.process.children[child.pid]
    thread.status = child.wait_status
    computer.note(Reap, child.pid, 0, thread.process.pid)
    return child.pid


def _reap_by_init(computer: Computer, process: Process) -> None:
    process.move("reap")
    computer.note(Reap, process.pid, 0, INIT)


def _disappoint(computer: Computer, parent: Process, child: Process) -> None:
    """Let threads go on that wait for a child which another one has just waited for."""
    for waiting in parent.alive:
        in_vain = waiting.waits_for == ("wait", child.pid)
        if in_vain or (waiting.waits_for == ("wait", ANY_CHILD) and not parent.children):
            computer.wake(waiting, -1)
