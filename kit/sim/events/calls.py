"""The kinds of event: locks, files, pipes, messages and devices."""

from __future__ import annotations

from kit.sim.events.event import Event


class Refuse(Event, kind="refuse"):
    """A system call fails."""

    call: str
    reason: str


class SystemCall(Event, kind="system_call"):
    """The library makes a system call for the thread that called it."""

    call: str


class Acquire(Event, kind="acquire"):
    """A thread has a lock."""

    address: int


class Release(Event, kind="release"):
    """A thread gives a lock back."""

    address: int


class AcquireRead(Event, kind="acquire_read"):
    """A thread may read under a lock for readers and writers; `readers` may now."""

    address: int
    readers: int


class ReleaseRead(Event, kind="release_read"):
    """A thread no longer reads under such a lock; `readers` still do."""

    address: int
    readers: int


class AcquireWrite(Event, kind="acquire_write"):
    """A thread may write under a lock for readers and writers."""

    address: int


class ReleaseWrite(Event, kind="release_write"):
    """A thread no longer writes under such a lock."""

    address: int


class LockLeftHeld(Event, kind="lock_left_held"):
    """A thread ended with a lock: at an address, or in an area of shared memory."""

    address: int
    area: str


class Down(Event, kind="down"):
    """A thread takes one from a semaphore, which leaves `count`."""

    address: int
    count: int  # type: ignore[assignment]  # hides tuple.count


class Up(Event, kind="up"):
    """A thread gives one to a semaphore, which makes `count`."""

    address: int
    count: int  # type: ignore[assignment]  # hides tuple.count


class Notify(Event, kind="notify"):
    """A thread lets another one go on that waits at a condition."""

    address: int
    waiting_pid: int
    waiting_tid: int


class GiveUp(Event, kind="give_up"):
    """A thread has waited as long as it wanted to, for a reason, for what is at an address."""

    reason: str
    address: int


class BarrierFull(Event, kind="barrier"):
    """The last thread is at a barrier: all go on."""

    address: int
    parties: int


class FilePut(Event, kind="file"):
    """A file is put on the disk from outside."""

    name: str
    words: tuple[int, ...]


class Open(Event, kind="open"):
    """A file is opened."""

    descriptor: int
    name: str
    mode: str


class Read(Event, kind="read"):
    """A word is read from a file."""

    descriptor: int
    name: str
    position: int
    value: int


class ReadWords(Event, kind="read_words"):
    """Words are read from a file into a buffer: those that are there, up to `most`."""

    descriptor: int
    name: str
    position: int
    most: int
    values: tuple[int, ...]


class FileEnd(Event, kind="file_end"):
    """There is nothing more to read."""

    descriptor: int
    name: str


class Write(Event, kind="write"):
    """A word is written to a file."""

    descriptor: int
    name: str
    position: int
    value: int


class WriteWords(Event, kind="write_words"):
    """The words of a buffer are written to a file."""

    descriptor: int
    name: str
    position: int
    values: tuple[int, ...]


class Seek(Event, kind="seek"):
    """The position in an open file is set."""

    descriptor: int
    position: int


class Close(Event, kind="close"):
    """A descriptor is closed; tid 0 where its process has ended."""

    descriptor: int


class PipeMade(Event, kind="pipe"):
    """A pipe is made, with a descriptor for each end."""

    read_end: int
    write_end: int
    pipe: int


class PipeRead(Event, kind="pipe_read"):
    """A word is taken out of a pipe."""

    pipe: int
    value: int


class PipeWrite(Event, kind="pipe_write"):
    """A word is put into a pipe."""

    pipe: int
    value: int


class StreamRead(Event, kind="stream_read"):
    """Words are taken out of a pipe into a buffer: those that are there, up to `most`."""

    pipe: int
    most: int
    values: tuple[int, ...]


class StreamWrite(Event, kind="stream_write"):
    """Words of a buffer are put into a pipe: all that are `asked` for, or those that fit."""

    pipe: int
    asked: int
    values: tuple[int, ...]


class PipeEnd(Event, kind="pipe_end"):
    """A reader is told that nobody can write any more."""

    pipe: int


class Send(Event, kind="send"):
    """A word is sent to a process."""

    to: int
    value: int


class Receive(Event, kind="receive"):
    """A thread gets a word from process `sender`."""

    sender: int
    value: int


class Call(Event, kind="call"):
    """A thread calls a process, and will wait for its reply."""

    to: int
    value: int


class Serve(Event, kind="serve"):
    """A thread takes a call."""

    caller_pid: int
    caller_tid: int
    value: int


class Reply(Event, kind="reply"):
    """A thread answers a call."""

    caller_pid: int
    caller_tid: int
    value: int


class IoStart(Event, kind="io_start"):
    """A device begins to work for a thread."""

    device: int
    ticks: int


class IoDone(Event, kind="io_done"):
    """A device has finished."""

    device: int
