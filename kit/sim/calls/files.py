"""Files on the simulated disk: `open`, `read`, `write`, `seek`, `close`.

A file is a row of words. Whatever was written stays, however the writer ends: a crash does
not damage a file, but an update of several steps that is cut in the middle is half done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.calls import buffers, pipes
from kit.sim.calls.buffers import MOST_WORDS, WITH_BUFFER, BadBufferError
from kit.sim.calls.descriptors import OpenFile, descriptors_of
from kit.sim.calls.handler import Handler, refuse
from kit.sim.calls.kernel import Part
from kit.sim.calls.texts import texts_of
from kit.sim.events.calls import (
    Close,
    FileEnd,
    FilePut,
    Open,
    Read,
    ReadWords,
    Seek,
    Write,
    WriteWords,
)
from kit.sim.process import Process, Thread

if TYPE_CHECKING:
    from kit.sim.computer import Computer

END = -1
"""What reading returns where there is nothing more."""

NOT_OPEN = "this descriptor is not open"


class Files(Part):
    """What stands in the files of the disk.

    Attributes
    ----------
    words : dict of str to list of int
        File -> its words.
    """

    def __init__(self) -> None:
        self.words: dict[str, list[int]] = {}

    def process_ended(self, computer: Computer, process: Process) -> None:
        """Close what a process that has ended had open."""
        for descriptor in sorted(descriptors_of(computer).tables.get(process.pid, {})):
            computer.note(Close, process.pid, 0, descriptor)
            _drop(computer, process, descriptor)
        descriptors_of(computer).tables.pop(process.pid, None)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple((name, tuple(words)) for name, words in self.words.items())

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.words = {name: list(words) for name, words in state}


def put_file(computer: Computer, name: str, words: tuple[int, ...]) -> None:
    """Put a file on the disk, or another content into it."""
    _files(computer).words[name] = list(words)
    computer.note(FilePut, 0, 0, name, words)


def _files(computer: Computer) -> Files:
    files: Files = computer.kernel["files"]
    return files


def _open(computer: Computer, thread: Thread, number: int) -> int:
    name, mode = texts_of(thread, number)
    files, process = _files(computer), thread.process
    if mode in ("r", "r+") and name not in files.words:
        return refuse(computer, thread, "open", f"the disk holds no file '{name}'")
    descriptors = descriptors_of(computer)
    descriptors.check_room(computer, process, 1)
    if mode == "w" or name not in files.words:
        files.words[name] = []
    descriptor = descriptors.add(process.pid, OpenFile("file", name, mode=mode))
    computer.note(Open, process.pid, thread.tid, descriptor, name, mode)
    return descriptor


def _read(computer: Computer, thread: Thread, number: int) -> int | None:
    descriptor, process = thread.registers[0], thread.process
    found = descriptors_of(computer).find(process.pid, descriptor)
    if found is None:
        return refuse(computer, thread, "read", NOT_OPEN)
    place, file = found
    if file.kind == "write end" or file.mode in ("w", "a"):
        return refuse(computer, thread, "read", "this descriptor is for writing")
    if number == WITH_BUFFER:
        return _read_words(computer, thread, place, file)
    if file.pipe:
        return pipes.read(computer, thread, file.pipe, 0)
    words = _files(computer).words[file.name]
    if file.position >= len(words):
        computer.note(FileEnd, process.pid, thread.tid, descriptor, file.name)
        return END
    value = words[file.position]
    descriptors_of(computer).move(place, file.position + 1)
    computer.note(Read, process.pid, thread.tid, descriptor, file.name, file.position, value)
    return value


def _read_words(computer: Computer, thread: Thread, place: int, file: OpenFile) -> int | None:
    """Read into a buffer: as many words as there are, up to the number in r2."""
    descriptor, address, most = thread.registers[:3]
    words = _files(computer).words.get(file.name, [])
    ahead = tuple(words[file.position : file.position + max(most, 0)])
    try:
        buffers.check(computer, thread, most, pipes.CAPACITY if file.pipe else len(ahead))
    except BadBufferError as why:
        return refuse(computer, thread, "read", str(why))
    if not most:
        return 0
    if file.pipe:
        return pipes.read(computer, thread, file.pipe, most)
    process = thread.process
    buffers.put(computer, process, address, ahead)
    descriptors_of(computer).move(place, file.position + len(ahead))
    computer.note(
        ReadWords, process.pid, thread.tid, descriptor, file.name, file.position, most, ahead
    )
    return len(ahead)


def _write(computer: Computer, thread: Thread, number: int) -> int | None:
    descriptor, value = thread.registers[:2]
    process = thread.process
    found = descriptors_of(computer).find(process.pid, descriptor)
    if found is None:
        return refuse(computer, thread, "write", NOT_OPEN)
    place, file = found
    if file.kind == "read end" or file.mode == "r":
        return refuse(computer, thread, "write", "this descriptor is for reading")
    if number == WITH_BUFFER:
        return _write_words(computer, thread, place, file)
    if file.pipe:
        return pipes.write(computer, thread, file.pipe, (value,), 0)
    position = _put(computer, place, file, (value,))
    computer.note(Write, process.pid, thread.tid, descriptor, file.name, position, value)
    return 0


def _write_words(computer: Computer, thread: Thread, place: int, file: OpenFile) -> int | None:
    """Write as many words of a buffer as r2 says."""
    descriptor, _, count = thread.registers[:3]
    try:
        words = buffers.taken(computer, thread, count)
    except BadBufferError as why:
        return refuse(computer, thread, "write", str(why))
    if not words:
        return 0
    if file.pipe:
        return pipes.write(computer, thread, file.pipe, words, count)
    position, process = _put(computer, place, file, words), thread.process
    computer.note(WriteWords, process.pid, thread.tid, descriptor, file.name, position, words)
    return count


def _put(computer: Computer, place: int, file: OpenFile, new: tuple[int, ...]) -> int:
    """Write words into an open file; return where they begin."""
    words = _files(computer).words[file.name]
    position = len(words) if file.mode == "a" else file.position
    words.extend([0] * (position + len(new) - len(words)))
    words[position : position + len(new)] = new
    descriptors_of(computer).move(place, position + len(new))
    return position


def _seek(computer: Computer, thread: Thread, number: int) -> int:
    descriptor, position = thread.registers[:2]
    process = thread.process
    found = descriptors_of(computer).find(process.pid, descriptor)
    if found is None:
        return refuse(computer, thread, "seek", NOT_OPEN)
    place, file = found
    if file.kind != "file" or not 0 <= position <= MOST_WORDS:
        return refuse(computer, thread, "seek", f"there is no word {position} to go to")
    descriptors_of(computer).move(place, position)
    computer.note(Seek, process.pid, thread.tid, descriptor, position)
    return 0


def _close(computer: Computer, thread: Thread, number: int) -> int:
    descriptor, process = thread.registers[0], thread.process
    if descriptors_of(computer).find(process.pid, descriptor) is None:
        return refuse(computer, thread, "close", NOT_OPEN)
    computer.note(Close, process.pid, thread.tid, descriptor)
    _drop(computer, process, descriptor)
    return 0


def _drop(computer: Computer, process: Process, descriptor: int) -> None:
    gone = descriptors_of(computer).drop(process.pid, descriptor)
    if gone is not None and gone.pipe:
        pipes.lose_end(computer, gone)


HANDLERS: dict[str, Handler] = {
    "open": _open,
    "read": _read,
    "write": _write,
    "seek": _seek,
    "close": _close,
}
