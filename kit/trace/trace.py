"""The trace: what happened in a run, from the first tick to the last."""

from __future__ import annotations

from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from kit.errors import ArgumentError, explain_arguments, nearest, require, require_whole
from kit.lang.program import Program
from kit.sim.events import EVENTS
from kit.trace.codec import decode, digest, encode
from kit.trace.history import History
from kit.trace.metrics import Metrics, measure
from kit.trace.moment import Moment
from kit.trace.narration import Narrator
from kit.trace.record import Record, Settings
from kit.trace.references import page_uses


class Event(NamedTuple):
    """Something the operating system did.

    Attributes
    ----------
    tick : int
    kind : str
        A key of `kit.sim.events.EVENTS`.
    pid, tid : int
        Whom it concerns; 0 for none.
    details : dict
        By the names in `kit.sim.events.EVENTS`.
    """

    tick: int
    kind: str
    pid: int
    tid: int
    details: dict[str, Any]


class Trace:
    """A finished run: immutable, and complete at every tick.

    Made by `Machine.run` or `Trace.load`.

    Attributes
    ----------
    record : Record
        The raw content.
    """

    def __init__(self, record: Record) -> None:
        self.record = record

    @property
    def end(self) -> int:
        """The last tick."""
        return self.record.end

    @property
    def settings(self) -> Settings:
        """What the machine was."""
        return self.record.settings

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs on disk, in order of launch."""
        return self.record.programs

    @cached_property
    def digest(self) -> str:
        """A fingerprint of everything that happened: equal runs have equal digests."""
        return digest(self.record)

    @cached_property
    def history(self) -> History:
        """Everything as step functions."""
        return History(self.record)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What the operating system did, in order."""
        return tuple(
            Event(tick, kind, pid, tid, dict(zip(EVENTS[kind], details, strict=True)))
            for tick, kind, pid, tid, *details in self.record.events
        )

    @cached_property
    def deadlocks(self) -> tuple[tuple[int, tuple[tuple[int, int, str, int], ...]], ...]:
        """The circles of waiting threads that were found, each as (tick, circle).

        A circle lists its threads as (pid, tid, what it waits for, which one): ("lock",
        the lock's address), ("join", a tid), ("wait", a pid), ("reply", a pid).
        """
        return tuple(
            (event[0], event[4]) for event in self.record.events.others if event[1] == "deadlock"
        )

    @cached_property
    def _narrator(self) -> Narrator:
        return Narrator(self.record, self.history)

    @explain_arguments
    def at(self, tick: int) -> Moment:
        """Return the whole machine at a tick, everything that happened at it included.

        Parameters
        ----------
        tick : int
            From 0 to `end`.

        Raises
        ------
        ArgumentError
            If the trace has no such tick.
        """
        require_whole("Trace.at: tick", tick, 0, self.end)
        return Moment(self, tick)

    def page_references(self) -> tuple[tuple[int, int], ...]:
        """Return every use of a page by an instruction, in order, as (pid, virtual page).

        An instruction uses the page it stands in, then that of the word it reads or
        writes, if any. What the operating system does by itself is not in it. Made for
        `kit.replace_pages`, which compares policies on it.
        """
        return tuple(page_uses(self.record, self.history))

    @explain_arguments
    def output(self, pid: int) -> str:
        """Return everything process `pid` printed.

        Raises
        ------
        ArgumentError
            If there was no such process.
        """
        known = self.history.processes
        require(
            pid in list(known),
            f"Trace.output: there is no process {pid!r}; {nearest(str(pid), map(str, known))}",
        )
        output = known[pid].output
        return output.values[-1] if output.values else ""

    @explain_arguments
    def narrate(self, tick: int) -> str:
        """Return in plain sentences what happened at a tick."""
        require_whole("Trace.narrate: tick", tick, 0, self.end)
        return self._narrator.sentence(tick)

    def metrics(self) -> Metrics:
        """Return response, turnaround and waiting times, and the totals of the run."""
        return self._metrics

    @cached_property
    def _metrics(self) -> Metrics:
        return measure(self.record, self.history)

    @explain_arguments
    def save(self, path: str | PathLike[str]) -> None:
        """Write the trace to a file that `load` reads."""
        Path(_checked("Trace.save", path)).write_bytes(encode(self.record))

    @classmethod
    @explain_arguments
    def load(cls, path: str | PathLike[str]) -> Trace:
        """Read a trace that `save` wrote.

        Raises
        ------
        TraceError
            If the file is damaged, is no trace, or was written by another version.
        """
        return cls(decode(Path(_checked("Trace.load", path)).read_bytes(), str(path)))

    def __repr__(self) -> str:
        names = ", ".join(repr(history.program.name) for history in self.history.processes.values())
        return f"<Trace: {names or 'no process'}; {self.end} ticks>"


def _checked(label: str, path: object) -> str | PathLike[str]:
    if not isinstance(path, (str, PathLike)):
        raise ArgumentError(f"{label}: the path is {path!r}; give a text such as 'run.trace'")
    return path
