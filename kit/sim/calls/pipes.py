"""Pipes: words that go from one end to the other, in order.

A pipe holds a few words. Writing to a full one waits for a reader, reading from an empty one
for a writer. When nobody can write any more, readers get -1; when nobody can read any more,
a writer is stopped by a signal (SIGPIPE), at its next write or in the one that waits.

Definition: IEEE Std 1003.1 (POSIX), `pipe`, `read` and `write`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.calls.descriptors import OpenFile, descriptors_of
from kit.sim.calls.kernel import Part
from kit.sim.events.calls import PipeEnd, PipeMade, PipeRead, PipeWrite
from kit.sim.faults import Fault
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.termination import handle_fault

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer

CAPACITY = 8
"""Words a pipe holds."""


class Pipe:
    """What is in one pipe, and who waits at its ends.

    Attributes
    ----------
    words : list of int
        Oldest first.
    readers : list of (pid, tid)
        Those who wait for a word.
    writers : list of ((pid, tid), int)
        Those who wait for room, with their words.
    """

    def __init__(self) -> None:
        self.words: list[int] = []
        self.readers: list[ThreadId] = []
        self.writers: list[tuple[ThreadId, int]] = []


class Pipes(Part):
    """All pipes, by number."""

    def __init__(self) -> None:
        self.pipes: dict[int, Pipe] = {}
        self.made = 0

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Take a thread that has ended out of the queues at pipes."""
        key = thread.key
        for pipe in self.pipes.values():
            pipe.readers = [reader for reader in pipe.readers if reader != key]
            pipe.writers = [writer for writer in pipe.writers if writer[0] != key]

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        pipes = tuple(
            (number, tuple(pipe.words), tuple(pipe.readers), tuple(pipe.writers))
            for number, pipe in self.pipes.items()
        )
        return pipes, self.made

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        pipes, self.made = state
        self.pipes = {}
        for number, words, readers, writers in pipes:
            pipe = self.pipes[number] = Pipe()
            pipe.words, pipe.readers, pipe.writers = list(words), list(readers), list(writers)


def _pipes(computer: Computer) -> Pipes:
    pipes: Pipes = computer.kernel["pipes"]
    return pipes


def _pipe(computer: Computer, thread: Thread, number: int) -> int:
    process, pipes, descriptors = thread.process, _pipes(computer), descriptors_of(computer)
    descriptors.check_room(computer, process, 2)
    pipes.made += 1
    pipes.pipes[pipes.made] = Pipe()
    first = descriptors.add(
        process.pid,
        OpenFile("read end", pipe=pipes.made, mode="r"),
        OpenFile("write end", pipe=pipes.made, mode="w"),
    )
    computer.note(PipeMade, process.pid, thread.tid, first, first + 1, pipes.made)
    return first


def read(computer: Computer, thread: Thread, number: int, descriptor: int) -> int | None:
    """Take the oldest word out of a pipe, or wait for one.

    Parameters
    ----------
    computer : Computer
    thread : Thread
    number : int
        Of the pipe.
    descriptor : int
        By which the thread names it.
    """
    pipe, process = _pipes(computer).pipes[number], thread.process
    if not pipe.words:
        if not descriptors_of(computer).ends("write end", number):
            computer.note(PipeEnd, process.pid, thread.tid, number)
            return -1
        pipe.readers.append(thread.key)
        computer.block(thread, "pipe_read", descriptor)
        return None
    value = pipe.words.pop(0)
    computer.note(PipeRead, process.pid, thread.tid, number, value)
    if pipe.writers:
        key, waiting = pipe.writers.pop(0)
        pipe.words.append(waiting)
        computer.note(PipeWrite, *key, number, waiting)
        computer.wake(computer.thread(key), 0)
    return value


def write(
    computer: Computer, thread: Thread, number: int, descriptor: int, value: int
) -> int | None:
    """Put a word into a pipe, or wait for room.

    Parameters
    ----------
    computer : Computer
    thread : Thread
    number : int
        Of the pipe.
    descriptor : int
        By which the thread names it.
    value : int

    Raises
    ------
    Fault
        If nobody can read it any more.
    """
    pipe, process = _pipes(computer).pipes[number], thread.process
    if not descriptors_of(computer).ends("read end", number):
        raise _broken()
    if len(pipe.words) == CAPACITY:
        pipe.writers.append((thread.key, value))
        computer.block(thread, "pipe_write", descriptor)
        return None
    computer.note(PipeWrite, process.pid, thread.tid, number, value)
    if pipe.readers:
        key = pipe.readers.pop(0)
        computer.note(PipeRead, *key, number, value)
        computer.wake(computer.thread(key), value)
    else:
        pipe.words.append(value)
    return 0


def _broken() -> Fault:
    return Fault("broken pipe", "wrote to a pipe that nobody can read any more")


def lose_end(computer: Computer, end: OpenFile) -> None:
    """Let those who wait at the other end of a pipe know that an end is gone."""
    _tell_other_end(computer, end)
    _drop_if_lost(computer, end.pipe)


def _tell_other_end(computer: Computer, end: OpenFile) -> None:
    pipe, pid_tids = _pipes(computer).pipes[end.pipe], descriptors_of(computer)
    if end.kind == "write end":
        while pipe.readers:
            key = pipe.readers.pop(0)
            computer.note(PipeEnd, *key, end.pipe)
            computer.wake(computer.thread(key), -1)
        return
    while pipe.writers and not pid_tids.ends("read end", end.pipe):
        key, _ = pipe.writers.pop(0)
        handle_fault(computer, computer.thread(key), _broken())


def _drop_if_lost(computer: Computer, number: int) -> None:
    """Forget a pipe of which no end is open."""
    descriptors = descriptors_of(computer)
    if not (descriptors.ends("read end", number) or descriptors.ends("write end", number)):
        _pipes(computer).pipes.pop(number, None)


HANDLERS: dict[str, Handler] = {"pipe": _pipe}
