"""What was recorded of a real run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from typing import NamedTuple

from kit.errors import KitError, explain_arguments, require
from kit.host.running.retelling import retold, tick_of
from kit.host.running.schedule import retold_schedule
from kit.lang.image import Words
from kit.lang.program import Program
from kit.lang.signals import Signal, how_ended
from kit.trace.real import RealTrace

FILE = "file"
"""Whence a run comes that was read from a recording of another program."""


class Usage(NamedTuple):
    """What a process has used, as the system counts it.

    Attributes
    ----------
    microseconds : int
        On cores, of all its threads together.
    voluntary, involuntary : int
        How often its threads left a core because they had to wait, and because it was taken.
    page_faults : int
    """

    microseconds: int
    voluntary: int
    involuntary: int
    page_faults: int


class HostEnd(NamedTuple):
    """When it was known that a process had ended, and by whom.

    Attributes
    ----------
    time : int
        Nanoseconds since the run began.
    parent : int
        Pid of the process that waited for it; 1 where it had no parent any longer.
    """

    time: int
    parent: int


@dataclass(frozen=True)
class HostEvent:
    """Something that a real program did.

    Attributes
    ----------
    time : int
        Nanoseconds since the run began.
    pid, tid : int
        Which thread of which process, counted as in the lesson.
    kind : str
        "begin", "forks" in the parent and "fork" in the child, "create", "thread" and "thread
        end", "lock", "unlock", "read lock", "write lock", "down" and "up", "print", "join", "wait",
        "kill", "end"; "wait for lock" and so on before it waits, "sleep", and "go on" after that.
        In a run that was read from a file also "running", "ready", "blocked", "exec", "fault" and
        "reaped".
    what : str
        What it was done with: the text printed, the name of the lock, the parent of a process.
    core : int
        The core that it was done on; -1 where that is not known.
    """

    time: int
    pid: int
    tid: int
    kind: str
    what: str
    core: int = -1


@dataclass(frozen=True)
class HostTrace:
    """A real run of programs of the lesson language.

    Processes and threads have the numbers that the lesson's machine gives them, so that both can
    be compared; `real_pids` says what the system called them. `Timeline`, `Console`,
    `ProcessTable`, `Lifecycle`, `Compare`, `Metrics` and `Stage` of `kit.widgets` show it.

    Attributes
    ----------
    events : tuple of HostEvent
        In the order of time.
    exit_codes : dict of int to int or None
        By pid; None for a process that a signal ended, and for one that still ran or waited when
        the time was up.
    signals : dict of int to Signal
        By pid: the signal that ended a process, if one did.
    globals : dict of int to dict of str to number or tuple
        The last values of the globals of each process that ended by itself, by pid and name.
    real_pids : dict of int to int
    nanoseconds : int
        How long it took.
    stopped : str
        Why the run was ended from outside, in a sentence; "" if it ended by itself.
    programs : dict of str to Program
        Those that could run, by name.
    ends : dict of int to HostEnd
        By pid; not of a process that still ran when the time was up.
    usages : dict of int to Usage
        By pid, of the same processes.
    cores : int
        How many it could use.
    way : str
        "c" or "python": in which language it ran; "file": it was read by `kit.host.read_trace`.
    """

    events: tuple[HostEvent, ...]
    exit_codes: Mapping[int, int | None]
    signals: Mapping[int, Signal]
    globals: Mapping[int, Mapping[str, Words]]
    real_pids: Mapping[int, int]
    nanoseconds: int
    stopped: str = ""
    programs: Mapping[str, Program] = field(default_factory=dict)
    ends: Mapping[int, HostEnd] = field(default_factory=dict)
    usages: Mapping[int, Usage] = field(default_factory=dict)
    cores: int = 1
    way: str = "c"

    @cached_property
    def trace(self) -> RealTrace:
        """The same as the trace of a simulated run, which all that is made for one can read."""
        if self.way == FILE:
            return retold_schedule(self, tick_of(self.nanoseconds))
        return retold(self)

    @property
    def can_be_told(self) -> bool:
        """Whether its events fit each other, which those of a file need not."""
        try:
            for tick in {0, self.trace.end}:
                self.trace.narrate(tick)
        except (KitError, ArithmeticError, LookupError, TypeError, ValueError, StopIteration):
            return False
        return True

    def output(self, pid: int) -> str:
        """Return everything process `pid` printed."""
        return "".join(e.what for e in self.events if e.kind == "print" and e.pid == pid)

    @property
    def outputs(self) -> dict[int, str]:
        """What each process printed, by pid."""
        return {pid: self.output(pid) for pid in self.exit_codes}

    @explain_arguments
    def save(self, path: str | PathLike[str]) -> None:
        """Write the run to a small file that `load` reads: beside a lesson, for its readers.

        Parameters
        ----------
        path : str or path
            Such as "recorded/counter.json".

        Raises
        ------
        FileError
            If it cannot be written.
        """
        from kit.host.running.keeping import save  # noqa: PLC0415 - it needs this class

        save(self, _checked("HostTrace.save", path))

    @classmethod
    @explain_arguments
    def load(cls, path: str | PathLike[str]) -> HostTrace:
        """Read a run that `save` wrote.

        Parameters
        ----------
        path : str or path

        Raises
        ------
        FileError
            If it cannot be read.
        HostError
            If it is damaged, or no real run.
        """
        from kit.host.running.keeping import load  # noqa: PLC0415 - it needs this class

        return load(_checked("HostTrace.load", path))

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return f"<HostTrace: {len(self.exit_codes)} processes, {self.nanoseconds / 1e6:.1f} ms>"

    def _lines(self) -> Iterator[str]:
        for event in self.events:
            what = repr(event.what)[1:-1]
            yield (
                f"{event.time / 1e6:9.3f} ms  process {event.pid}, thread {event.tid}: "
                f"{event.kind} {what}".rstrip()
            )
        over = {e.pid for e in self.events if e.kind == "end"} if self.way == FILE else set()
        for pid, code in self.exit_codes.items():
            signal = self.signals.get(pid)
            runs = code is None and signal is None and pid not in over
            yield f"process {pid}: {'still running' if runs else how_ended(code, signal)}"
        if self.stopped:
            yield self.stopped


def _checked(label: str, path: str | PathLike[str]) -> str | PathLike[str]:
    require(
        isinstance(path, (str, PathLike)),
        f"{label}: the path is {path!r}; give a text such as 'recorded/counter.json'",
    )
    return path
