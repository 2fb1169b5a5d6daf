"""Files of the simulated disk: what is in them, and who has them open."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from kit.sim.events import calls, processes
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


@dataclass(eq=False)
class OpenFile:
    """A file that is open, or an end of a pipe; a child shares it with its parent.

    Attributes
    ----------
    kind : str
        "file", "read end" or "write end".
    name : str
        Of the file; "" for a pipe.
    mode : str
        As given to ``open``.
    pipe : int
        Number of the pipe; 0 for a file.
    positions : Steps of int
        Word at which the file is read or written next.
    """

    kind: str
    name: str = ""
    mode: str = ""
    pipe: int = 0
    positions: Steps[int] = field(default_factory=lambda: Steps(0, compact=True))

    def __str__(self) -> str:
        return f"pipe {self.pipe} ({self.kind})" if self.pipe else f"{self.name} ({self.mode})"


class Content(NamedTuple):
    """What is in a file from a tick on.

    Attributes
    ----------
    tick : int
    words : list of int
        One list for the whole run, which changes: copy what is to be kept.
    written : int
        The word that was written last.
    """

    tick: int
    words: list[int]
    written: int


@dataclass
class FileHistory:
    """A file over time.

    Attributes
    ----------
    changes : list of tuple
        (tick, position, words): the words that were written from a position on; the
        position is -1 where they are the whole file from then on.
    """

    changes: list[tuple[int, int, tuple[int, ...]]] = field(default_factory=list)

    def contents(self, until: float = inf) -> Iterator[Content]:
        """Yield its content at each change up to a tick, in order."""
        words: list[int] = []
        written = 0
        for tick, position, new in self.changes[: bisect_right(self.changes, until, key=_tick)]:
            if position < 0:
                words[:] = new
            else:
                words.extend([0] * (position + len(new) - len(words)))
                words[position : position + len(new)] = new
                written = position + len(new) - 1
            yield Content(tick, words, written)

    def at(self, tick: int) -> tuple[int, ...] | None:
        """Return its words at a tick; None if it did not exist yet."""
        words: list[int] | None = None
        for content in self.contents(tick):
            words = content.words
        return None if words is None else tuple(words)


def _tick(change: tuple[int, int, tuple[int, ...]]) -> int:
    return change[0]


Table = tuple[tuple[int, OpenFile], ...]
"""(descriptor, what it names), by descriptor."""


class Files(Reducer):
    """Follows them.

    Attributes
    ----------
    files : dict of str to FileHistory
        In order of appearance.
    tables : dict of int to Steps of Table
        Pid -> what it has open.
    changes : list of (int, str)
        (tick, file): whenever a file, or who has it open at which position, is another.
    ends : list of (int, int)
        (tick, number of a pipe): whenever other processes have an end of it open.
    """

    def __init__(self) -> None:
        self.files: dict[str, FileHistory] = defaultdict(FileHistory)
        self.tables: dict[int, Steps[Table]] = defaultdict(lambda: Steps(()))
        self.changes: list[tuple[int, str]] = []
        self.ends: list[tuple[int, int]] = []

    def find(self, pid: int, descriptor: int, tick: int) -> OpenFile | None:
        """Return what a descriptor of a process names, or None."""
        return dict(self.tables[pid].at(tick)).get(descriptor)

    def _enter(self, pid: int, tick: int, descriptor: int, opened: OpenFile | None) -> None:
        table = dict(self.tables[pid].at(tick))
        table.pop(descriptor, None)
        if opened is not None:
            table[descriptor] = opened
        self.tables[pid].add(tick, tuple(sorted(table.items(), key=lambda entry: entry[0])))

    def _on_file(self, event: calls.FilePut) -> None:
        self.files[event.name].changes.append((event.tick, -1, event.words))
        self.changes.append((event.tick, event.name))

    def _on_open(self, event: calls.Open) -> None:
        if event.mode == "w" or event.name not in self.files:
            self.files[event.name].changes.append((event.tick, -1, ()))
        opened = OpenFile("file", event.name, event.mode)
        self._enter(event.pid, event.tick, event.descriptor, opened)
        self.changes.append((event.tick, event.name))

    def _on_pipe(self, event: calls.PipeMade) -> None:
        for descriptor, kind in ((event.read_end, "read end"), (event.write_end, "write end")):
            end = OpenFile(kind, mode=kind[0], pipe=event.pipe)
            self._enter(event.pid, event.tick, descriptor, end)
        self.ends.append((event.tick, event.pipe))

    def _on_read(self, event: calls.Read) -> None:
        self._move(event, event.position + 1)

    def _on_read_words(self, event: calls.ReadWords) -> None:
        self._move(event, event.position + len(event.values))

    def _on_write(self, event: calls.Write) -> None:
        self._write(event, (event.value,))

    def _on_write_words(self, event: calls.WriteWords) -> None:
        self._write(event, event.values)

    def _write(self, event: calls.Write | calls.WriteWords, new: tuple[int, ...]) -> None:
        self.files[event.name].changes.append((event.tick, event.position, new))
        self._move(event, event.position + len(new))

    def _on_seek(self, event: calls.Seek) -> None:
        self._move(event, event.position)

    def _move(
        self,
        event: calls.Read | calls.ReadWords | calls.Write | calls.WriteWords | calls.Seek,
        position: int,
    ) -> None:
        opened = self.find(event.pid, event.descriptor, event.tick)
        assert opened is not None, "only what is open is read or written"
        opened.positions.add(event.tick, position)
        self.changes.append((event.tick, opened.name))

    def _on_close(self, event: calls.Close) -> None:
        opened = self.find(event.pid, event.descriptor, event.tick)
        self._enter(event.pid, event.tick, event.descriptor, None)
        if opened is not None:
            self._changes(event.tick, opened)

    def _on_fork(self, event: processes.Fork) -> None:
        table = self.tables[event.parent].at(event.tick)
        if table:
            self.tables[event.pid].add(event.tick, table)
        for _, opened in table:
            self._changes(event.tick, opened)

    def _changes(self, tick: int, opened: OpenFile) -> None:
        if opened.pipe:
            self.ends.append((tick, opened.pipe))
        else:
            self.changes.append((tick, opened.name))
