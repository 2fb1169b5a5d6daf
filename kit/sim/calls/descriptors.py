"""Descriptors: how processes name open files and ends of pipes.

A descriptor is a process's own number for an *open file*, which holds the position. A
child gets the descriptors of its parent but no open files of its own: both move the same
position, as they do on Unix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kit.errors import LimitExceeded
from kit.sim.calls.kernel import Part

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process

FIRST_DESCRIPTOR = 3
"""Those below stand for input, output and errors of a terminal."""


@dataclass(frozen=True)
class OpenFile:
    """A file that is open, or an end of a pipe.

    Attributes
    ----------
    kind : str
        "file", "read end" or "write end".
    name : str
        Of the file; "" for a pipe.
    pipe : int
        Number of the pipe; 0 for a file.
    mode : str
        As given to ``open``.
    position : int
        Word at which a file is read or written next.
    users : int
        Descriptors that name it, in all processes.
    """

    kind: str
    name: str = ""
    pipe: int = 0
    mode: str = "r"
    position: int = 0
    users: int = 1


class Descriptors(Part):
    """The descriptor tables of all processes, and the open files.

    Attributes
    ----------
    tables : dict of int to dict of int to int
        Pid -> descriptor -> number of the open file.
    files : dict of int to OpenFile
        By number.
    """

    def __init__(self) -> None:
        self.tables: dict[int, dict[int, int]] = {}
        self.files: dict[int, OpenFile] = {}
        self.opened = 0

    def find(self, pid: int, descriptor: int) -> tuple[int, OpenFile] | None:
        """Return number and content of what a descriptor names, or None."""
        number = self.tables.get(pid, {}).get(descriptor)
        return None if number is None else (number, self.files[number])

    def move(self, number: int, position: int) -> None:
        """Set the position of an open file."""
        self.files[number] = replace(self.files[number], position=position)

    def check_room(self, computer: Computer, process: Process, count: int) -> None:
        """Refuse more descriptors than may be open.

        Raises
        ------
        LimitExceeded
            If the limit is reached.
        """
        known = sum(len(table) for table in self.tables.values())
        if known + count > computer.limits.files:
            raise LimitExceeded(
                f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) would have "
                f"descriptor {known + count} open, and at most {computer.limits.files} may be; "
                "close some, or raise Limits(files=…)"
            )

    def add(self, pid: int, *opened: OpenFile) -> int:
        """Name open files by the lowest descriptors in a row that are free; return the first."""
        table = self.tables.setdefault(pid, {})
        first = FIRST_DESCRIPTOR
        while any(first + index in table for index in range(len(opened))):
            first += 1
        for index, file in enumerate(opened):
            self.opened += 1
            self.files[self.opened] = file
            table[first + index] = self.opened
        return first

    def drop(self, pid: int, descriptor: int) -> OpenFile | None:
        """Forget a descriptor; return what it named if nothing names that any more."""
        number = self.tables[pid].pop(descriptor)
        file = replace(self.files[number], users=self.files[number].users - 1)
        if file.users:
            self.files[number] = file
            return None
        del self.files[number]
        return file

    def ends(self, kind: str, pipe: int) -> int:
        """Return how many ends of a kind a pipe has."""
        return sum(file.kind == kind and file.pipe == pipe for file in self.files.values())

    def others_at(self, pid: int, descriptor: int) -> list[int]:
        """Return the pids that have the other end of the pipe behind a descriptor open."""
        found = self.find(pid, descriptor)
        if found is None:
            return []
        wanted = "write end" if found[1].kind == "read end" else "read end"
        return [
            other
            for other, table in self.tables.items()
            if any(
                (self.files[n].kind, self.files[n].pipe) == (wanted, found[1].pipe)
                for n in table.values()
            )
        ]

    def process_forked(self, computer: Computer, parent: Process, child: Process) -> None:
        """Let a child name what its parent has open."""
        table = self.tables.get(parent.pid)
        if not table:
            return
        self.check_room(computer, parent, len(table))
        self.tables[child.pid] = dict(table)
        for number in table.values():
            file = self.files[number]
            self.files[number] = replace(file, users=file.users + 1)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        tables = tuple((pid, tuple(table.items())) for pid, table in self.tables.items())
        return tables, tuple(self.files.items()), self.opened

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        tables, files, self.opened = state
        self.tables = {pid: dict(table) for pid, table in tables}
        self.files = dict(files)


def descriptors_of(computer: Computer) -> Descriptors:
    """Return the descriptor tables of a machine."""
    descriptors: Descriptors = computer.kernel["descriptors"]
    return descriptors
