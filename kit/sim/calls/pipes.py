"""Pipes: words that go from one end to the other, in order.

A pipe holds a few words. Writing to a full one waits for a reader, reading from an empty one
for a writer. When nobody can write any more, readers are told; when nobody can read any more,
a writer is stopped by a signal (SIGPIPE), at its next write or in the one that waits.

What is written is a stream: a reader that asks for several words gets those that are there,
however they were written. A write of at most `WHOLE` words goes in as a whole, a larger one in
parts, between which the words of others may come.

Definition: IEEE Std 1003.1 (POSIX), `pipe`, `read` and `write`; `pipe(7)` of Linux. A word here
is a byte there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.lang.signals import Signal
from kit.sim.calls import buffers
from kit.sim.calls.descriptors import OpenFile, descriptors_of
from kit.sim.calls.handler import refuse
from kit.sim.calls.kernel import Part
from kit.sim.events.calls import (
    PipeEnd,
    PipeMade,
    PipeRead,
    PipeWrite,
    StreamRead,
    StreamWrite,
)
from kit.sim.faults import Fault
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.termination import deliver, handle_fault

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer

CAPACITY = 8
"""Words a pipe holds."""

WHOLE = 4
"""The longest write that is never taken apart: PIPE_BUF of POSIX."""

Reader = tuple[ThreadId, int, int]
"""((pid, tid), address of its buffer, how many words at most); the last is 0 for a thread that
gets one word as the result of its call."""

Writer = tuple[ThreadId, tuple[int, ...], int]
"""((pid, tid), its words that are not in the pipe yet, how many it writes); the last is 0 for a
thread that passes one word itself."""


class Pipe:
    """What is in one pipe, and who waits at its ends.

    Attributes
    ----------
    words : list of int
        Oldest first.
    readers : list of Reader
        Those who wait for a word.
    writers : list of Writer
        Those who wait for room, with their words.
    """

    def __init__(self) -> None:
        self.words: list[int] = []
        self.readers: list[Reader] = []
        self.writers: list[Writer] = []

    @property
    def fitting(self) -> int:
        """How many words of the first writer can go in now; 0 if there is none."""
        if not self.writers:
            return 0
        _, words, asked = self.writers[0]
        room = CAPACITY - len(self.words)
        return 0 if asked <= WHOLE and room < len(words) else min(room, len(words))


class Pipes(Part):
    """All pipes, by number."""

    def __init__(self) -> None:
        self.pipes: dict[int, Pipe] = {}
        self.made = 0

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Take a thread that has ended out of the queues at pipes."""
        key = thread.key
        for pipe in self.pipes.values():
            pipe.readers = [reader for reader in pipe.readers if reader[0] != key]
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


def read(computer: Computer, thread: Thread, number: int, most: int) -> int | None:
    """Take words out of a pipe, as many as are there, or wait for one.

    Parameters
    ----------
    computer : Computer
    thread : Thread
        The one that calls: its r0 is the descriptor, its r1 where the words go.
    number : int
        Of the pipe.
    most : int
        How many words it asks for; 0 for one that is the result.
    """
    pipe, process = _pipes(computer).pipes[number], thread.process
    descriptor, address = thread.registers[:2]
    if not (pipe.words or descriptors_of(computer).ends("write end", number)):
        computer.note(PipeEnd, process.pid, thread.tid, number)
        return _end_for(most)
    pipe.readers.append((thread.key, address if most else 0, most))
    result = _move_words(computer, pipe, number, thread)
    if result is None and thread.state == "running":
        computer.block(thread, "pipe_read", descriptor)
    return result


def write(
    computer: Computer, thread: Thread, number: int, words: tuple[int, ...], asked: int
) -> int | None:
    """Put words into a pipe, or wait for room.

    Parameters
    ----------
    computer : Computer
    thread : Thread
        The one that calls: its r0 is the descriptor.
    number : int
        Of the pipe.
    words : tuple of int
    asked : int
        How many they are; 0 for one that the call was given itself.

    Raises
    ------
    Fault
        If nobody can read it any more.
    """
    pipe, descriptor = _pipes(computer).pipes[number], thread.registers[0]
    if not descriptors_of(computer).ends("read end", number):
        if thread.process.ignores(Signal.SIGPIPE):
            return _unheard(computer, thread)
        raise _broken()
    pipe.writers.append((thread.key, words, asked))
    result = _move_words(computer, pipe, number, thread)
    if result is None and thread.state == "running":
        computer.block(thread, "pipe_write", descriptor)
    return result


def _move_words(computer: Computer, pipe: Pipe, number: int, caller: Thread) -> int | None:
    """Move words as long as that is possible; return the caller's result, None if it has none.

    Others whose call is over then are woken.
    """
    result = None
    while True:
        if pipe.readers and pipe.words:
            key, finished = pipe.readers[0][0], _take_words(computer, pipe, number)
        elif pipe.fitting:
            key, finished = pipe.writers[0][0], _put_words(computer, pipe, number)
        else:
            return result
        if finished is None:
            continue
        if key == caller.key:
            result = finished
        else:
            computer.wake(computer.thread(key), finished)


def _take_words(computer: Computer, pipe: Pipe, number: int) -> int | None:
    """Give the first reader what is there; return its result, None if it has ended instead."""
    key, address, most = pipe.readers.pop(0)
    count = max(most, 1)
    words, pipe.words[:count] = tuple(pipe.words[:count]), []
    if not most:
        computer.note(PipeRead, *key, number, words[0])
        return words[0]
    reader = computer.thread(key)
    try:
        buffers.put(computer, reader.process, address, words)
    except Fault as fault:
        handle_fault(computer, reader, fault)
        return None
    computer.note(StreamRead, *key, number, most, words)
    return len(words)


def _put_words(computer: Computer, pipe: Pipe, number: int) -> int | None:
    """Let the first writer put in what fits; return its result, None if it has more to write."""
    count = pipe.fitting
    key, words, asked = pipe.writers.pop(0)
    pipe.words += words[:count]
    if not asked:
        computer.note(PipeWrite, *key, number, words[0])
        return 0
    computer.note(StreamWrite, *key, number, asked, words[:count])
    if count == len(words):
        return asked
    pipe.writers.insert(0, (key, words[count:], asked))
    return None


def _end_for(most: int) -> int:
    """Return the result, at the end of a pipe, of a read that asked for so many words."""
    return 0 if most else -1


def _unheard(computer: Computer, thread: Thread) -> int:
    """Let the write of a thread that ignores SIGPIPE fail, because nobody can read it."""
    return refuse(computer, thread, "write", "no process can read the pipe any longer")


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
            key, _, most = pipe.readers.pop(0)
            computer.note(PipeEnd, *key, end.pipe)
            computer.wake(computer.thread(key), _end_for(most))
        return
    while pipe.writers and not pid_tids.ends("read end", end.pipe):
        key, words, asked = pipe.writers.pop(0)
        writer, done = computer.thread(key), max(asked - len(words), 0)
        if writer.process.ignores(Signal.SIGPIPE) or writer.process.stopped:
            deliver(computer, writer.process, Signal.SIGPIPE)
            # As POSIX has it, a write that has put in a part of its words returns how many.
            computer.wake(writer, done or _unheard(computer, writer))
        else:
            handle_fault(computer, writer, _broken())


def _drop_if_lost(computer: Computer, number: int) -> None:
    """Forget a pipe of which no end is open."""
    descriptors = descriptors_of(computer)
    if not (descriptors.ends("read end", number) or descriptors.ends("write end", number)):
        _pipes(computer).pipes.pop(number, None)


HANDLERS: dict[str, Handler] = {"pipe": _pipe}
