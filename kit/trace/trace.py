"""The trace: what happened in a run, from the first tick to the last."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cancellation import check_cancelled
from kit.errors import (
    ArgumentError,
    LimitExceeded,
    TraceError,
    explain_arguments,
    nearest,
    require,
    require_whole,
)
from kit.lang.program import Program
from kit.sim.computer import Computer
from kit.sim.events import EVENTS
from kit.sim.events.event import Event
from kit.sim.events.scheduling import Deadlock, Waiting
from kit.sim.interventions import Intervention
from kit.trace.codec import decode, digest, encode
from kit.trace.dataframes import to_frame
from kit.trace.kernel.crossings import Crossing, Crossings
from kit.trace.limits import MOST_BYTES
from kit.trace.metrics import RunMetrics, measure
from kit.trace.moment import Moment
from kit.trace.narration.narrator import Narrator
from kit.trace.narration.sentences import Narration
from kit.trace.record import Record, Settings
from kit.trace.recorder import record_of
from kit.trace.references import page_uses
from kit.trace.replay import History
from kit.trace.switches import ContextSwitch, context_switches

if TYPE_CHECKING:
    import pandas as pd


class Trace:
    """A finished run: immutable, and complete at every tick.

    Made by `Machine.run` or `Trace.load`.

    Attributes
    ----------
    record : Record
        The raw content.
    no_return : (int, str) or None
        Up to which tick it could still have ended well, and what decided it in words, where
        `kit.explore.point_of_no_return` has found that out. It is no part of the run: neither
        the digest nor a file has it.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.no_return: tuple[int, str] | None = None

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
        return tuple(self.record.events)

    @explain_arguments
    def happened(
        self,
        *kinds: str,
        pid: int | None = None,
        tid: int | None = None,
        after: int = -1,
        until: int | None = None,
    ) -> tuple[Event, ...]:
        """Return what the operating system did of some kinds, in order.

        Parameters
        ----------
        *kinds : str
            Of event, as in `kit.sim.events`, such as "fork"; all if none is given.
        pid, tid : int, optional
            Only what concerns that process, or threads of that number.
        after, until : int, optional
            Only what happened after a tick, and up to another one.

        Raises
        ------
        ArgumentError
            If there is no such kind.
        """
        for kind in kinds:
            if kind not in EVENTS:
                raise ArgumentError(f"Trace.happened: {kind!r} is no kind; {nearest(kind, EVENTS)}")
        last = self.end if until is None else until
        chosen = sorted(chain.from_iterable(self._by_kind.get(kind, ()) for kind in kinds))
        return tuple(
            event
            for event in ([event for _, event in chosen] if kinds else self.events)
            if after < event.tick <= last and pid in (None, event.pid) and tid in (None, event.tid)
        )

    @cached_property
    def _by_kind(self) -> dict[str, list[tuple[int, Event]]]:
        """The events of each kind, with their numbers."""
        found: dict[str, list[tuple[int, Event]]] = {}
        for number, event in enumerate(self.events):
            found.setdefault(event.kind, []).append((number, event))
        return found

    @cached_property
    def deadlocks(self) -> tuple[tuple[int, tuple[Waiting, ...]], ...]:
        """The circles of waiting threads that were found, each as (tick, circle).

        A circle lists its threads as (pid, tid, what it waits for, which one): ("lock",
        the lock's address), ("join", a tid), ("wait", a pid), ("reply", a pid).
        """
        others = self.record.events.others
        return tuple((event.tick, event.cycle) for event in others if isinstance(event, Deadlock))

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
        check_cancelled()
        return Moment(self, tick)

    @explain_arguments
    def branch(self, at: int, do: Intervention | Iterable[Intervention] = ()) -> Trace:
        r"""Return what would have happened with something else done at a tick.

        The machine does everything again, so what comes before the tick is equal. It goes on
        as far as it did, which is to the end unless `Machine.run` was told where to stop.

        Parameters
        ----------
        at : int
            Tick, from 0 to `end`.
        do : Intervention or iterable of Intervention
            `Kill`, `Inject`, `RunNext` or `Write`, one after the other.

        Raises
        ------
        ArgumentError
            If the trace has no such tick, or what is done is not possible at it.
        TraceError
            If the trace was read from a file that does not say how it was made.
        LimitExceeded
            If a limit is reached; its `trace` holds what happened until then.

        Examples
        --------
        >>> machine = Machine()
        >>> pid = machine.launch(Program("hello", "x = 3\ndef main(): print(x)"))
        >>> machine.run().branch(at=0, do=Write(pid, "x", 7)).output(pid)
        '7\n'
        """
        require_whole("Trace.branch: at", at, 0, self.end)
        listed: Any = [do] if isinstance(do, Intervention) else do
        listable = isinstance(listed, Iterable) and not isinstance(listed, str)
        require(listable, f"Trace.branch: {do!r} is no intervention; {_INTERVENTIONS}")
        steps = tuple(checked_intervention("Trace.branch", step) for step in listed)
        recipe = self.record.recipe
        if recipe is None:
            raise TraceError(
                "Trace.branch: the file this trace was read from does not say how it was made, "
                "because a setting of the machine is not one of the kit; run its notebook again"
            )
        computer = Computer(recipe.setup)
        try:
            recipe.follow(computer, at, steps)
        except LimitExceeded as limit:
            limit.trace = Trace(record_of(computer))
            raise
        return Trace(record_of(computer))

    def page_references(self) -> tuple[tuple[int, int], ...]:
        """Return every use of a page by an instruction, in order, as (pid, virtual page).

        An instruction uses the page it stands in, then that of the word it reads or
        writes, if any. What the operating system does by itself is not in it. Made for
        `kit.replace_pages`, which compares policies on it.
        """
        return tuple(page_uses(self.record, self.history))

    @cached_property
    def context_switches(self) -> tuple[ContextSwitch, ...]:
        """Each time a core goes over to another thread: what is saved, what is restored."""
        return tuple(context_switches(self.record, self.history))

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """Each time a core goes to kernel mode or back, and what the system does in between."""
        return tuple(Crossings(self.record, self.history.processes))

    @explain_arguments
    def to_frame(self, of: str = "events") -> pd.DataFrame:
        """Return a table for pandas.

        Parameters
        ----------
        of : str
            "events", what the operating system did; "states", from when to when each
            thread was in which state; "instructions", everything that retired; "processes"
            or "threads", their metrics.

        Returns
        -------
        pandas.DataFrame
            A row for each; times in ticks, sizes and addresses in bytes. What did not
            happen, such as a turnaround of what has not ended, is missing (``<NA>``).
        """
        return to_frame(self, of)

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
        return known[pid].output.whole

    @explain_arguments
    def narrate(self, tick: int) -> str:
        """Return in plain sentences what happened at a tick, the most important one first."""
        return str(self.narration(tick))

    @explain_arguments
    def narration(self, tick: int) -> Narration:
        """Return what happened at a tick: a sentence of at most 20 words, and the details."""
        require_whole("Trace.narrate: tick", tick, 0, self.end)
        check_cancelled()
        return self._narrator.narration(tick)

    def metrics(self) -> RunMetrics:
        """Return response, turnaround and waiting times, and the totals of the run."""
        return self._metrics

    @cached_property
    def _metrics(self) -> RunMetrics:
        return measure(self.record, self.history)

    @explain_arguments
    def save(self, path: str | PathLike[str]) -> None:
        """Write the trace to a file that `load` reads.

        Raises
        ------
        TraceError
            If the file cannot be written, or the run is too long for one.
        """
        try:
            content = encode(self.record)
            Path(_checked("Trace.save", path)).write_bytes(content)
        except OSError as error:
            raise TraceError(
                f"{path}: the trace cannot be written ({error.strerror}); choose another place"
            ) from None

    @classmethod
    @explain_arguments
    def load(cls, path: str | PathLike[str]) -> Trace:
        """Read a trace that `save` wrote.

        Raises
        ------
        TraceError
            If the file is missing or damaged, is no trace, or was written by another version.
        """
        try:
            with Path(_checked("Trace.load", path)).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                data = b"" if size > MOST_BYTES else file.read(MOST_BYTES + 1)
        except OSError as error:
            raise TraceError(
                f"{path}: the trace cannot be read ({error.strerror}); check its name"
            ) from None
        if max(size, len(data)) > MOST_BYTES:
            raise TraceError(
                f"{path}: this file is longer than a trace can be ({MOST_BYTES >> 20} MiB); "
                "give a file of Trace.save"
            )
        return cls(decode(data, str(path)))

    def __repr__(self) -> str:
        names = ", ".join(repr(history.program.name) for history in self.history.processes.values())
        return f"<Trace: {names or 'no process'}; {self.end} ticks>"


_INTERVENTIONS = "give Kill(…), Inject(…), RunNext(…) or Write(…)"


def checked_intervention(label: str, step: object) -> Intervention:
    """Return `step` if it is an intervention.

    Raises
    ------
    ArgumentError
        If it is none.
    """
    if not isinstance(step, Intervention) or isinstance(step, type):
        raise ArgumentError(f"{label}: {step!r} is no intervention; {_INTERVENTIONS}")
    return step


def _checked(label: str, path: object) -> str | PathLike[str]:
    if not isinstance(path, (str, PathLike)):
        raise ArgumentError(f"{label}: the path is {path!r}; give a text such as 'run.trace'")
    return path
