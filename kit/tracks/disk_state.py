"""The files of the simulated disk, done again from the events of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.trace import Event, Trace

KINDS = frozenset({"file", "open", "read", "write", "seek", "close", "fork"})


@dataclass(eq=False)
class OpenFile:
    """A file that is open; a child shares it, with its position, with its parent."""

    name: str
    mode: str
    position: int = 0


@dataclass
class DiskState:
    """What stands in the files of the disk, and who has which of them open.

    Attributes
    ----------
    words : dict of str to list of int
        File -> its words.
    written : dict of str to int
        File -> the word that was written last.
    tables : dict of int to dict of int to OpenFile
        Pid -> descriptor -> file; pipes are left out.
    """

    words: dict[str, list[int]] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    tables: dict[int, dict[int, OpenFile]] = field(default_factory=dict)

    def follow(self, event: Event) -> list[str]:
        """Let an event have its effect; return the files that look otherwise now."""
        pid, details = event.pid, event.details
        if event.kind == "fork":
            inherited = dict(self.tables.get(details["parent"], {}))
            self.tables[pid] = inherited
            return [file.name for file in inherited.values()]
        if event.kind == "file":
            self.words[details["name"]] = list(details["words"])
            return [details["name"]]
        if event.kind == "open":
            return [self._open(pid, details["descriptor"], details["name"], details["mode"])]
        own = self.tables.get(pid, {})
        file = own.get(details["descriptor"])
        if file is None:
            return []  # an end of a pipe
        if event.kind == "close":
            del own[details["descriptor"]]
        elif event.kind == "write":
            self._write(file, details["position"], details["value"])
        else:
            file.position = details["position"] + (event.kind == "read")
        return [file.name]

    def _open(self, pid: int, descriptor: int, name: str, mode: str) -> str:
        if mode == "w" or name not in self.words:
            self.words[name] = []
        self.tables.setdefault(pid, {})[descriptor] = OpenFile(name, mode)
        return name

    def _write(self, file: OpenFile, position: int, value: int) -> None:
        words = self.words[file.name]
        words.extend([0] * (position + 1 - len(words)))
        words[position] = value
        file.position = position + 1
        self.written[file.name] = position


def disk_events(trace: Trace) -> Iterator[Event]:
    """Yield the events that change files, or who has them open."""
    return (event for event in trace.events if event.kind in KINDS)


def rewrites(event: Event) -> bool:
    """Tell whether an event changes what stands in a file that there was before."""
    return event.kind in ("file", "write") or (
        event.kind == "open" and event.details["mode"] == "w"
    )
