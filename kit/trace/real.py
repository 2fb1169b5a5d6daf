"""The trace of a real run: what was seen of it, as far as a simulated one has the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from kit.errors import TraceError
from kit.lang.image import Words
from kit.sim.events.event import Event
from kit.sim.events.scheduling import Dispatch
from kit.sim.interventions import Intervention
from kit.sim.recording import ThreadId
from kit.sim.settings import Costs
from kit.sim.setup import MOST_CORES
from kit.trace.metrics import RunMetrics
from kit.trace.narration.names import Names
from kit.trace.narration.narrator import Narrator
from kit.trace.narration.ranks import rank_of
from kit.trace.narration.sentences import Happened, Narration
from kit.trace.record import Record, Settings
from kit.trace.trace import Trace

RUN, MEMORY, WATCHED = "run", "memory", "watched"
"""What is seen: what threads did, what processes had in memory, or what they used."""
THIS_COMPUTER = "this computer"
"""In place of the name of a scheduling policy."""
PAGE = 4096
_MICROSECOND, _MILLISECOND = 1000, 1000_000


class Used(NamedTuple):
    """What a process used, from its beginning on, as the system counts it."""

    switches: int
    page_faults: int


@dataclass(frozen=True)
class Seen:
    """What is known of a real run besides its events.

    Attributes
    ----------
    nanoseconds : int
        How long a tick is.
    start : int
        When tick 0 is, in nanoseconds since the run began.
    used : dict of int to Used
        By pid, of processes that have ended.
    globals : dict of int to dict of str to number or tuple
        The last values of the globals of processes that ended by themselves.
    stopped : bool
        Whether the run was ended from outside.
    kind : str
        `RUN`; `MEMORY` where it is address spaces, `WATCHED` where it is what processes used, at
        some moments, a tick each.
    facts : dict of int to sequence of (int, str)
        By pid: how much RAM a process takes, from each tick on.
    moments : sequence of str
        What is told at each tick, where it is no run.
    scheduled : bool
        Whether it was recorded each time that a thread got a core or left it.
    headings, rows
        Where processes were watched: a table, and at each tick its cells from the third column
        on, by pid.
    """

    nanoseconds: int
    start: int = 0
    used: Mapping[int, Used] = field(default_factory=dict)
    globals: Mapping[int, Mapping[str, Words]] = field(default_factory=dict)
    stopped: bool = False
    kind: str = RUN
    facts: Mapping[int, Sequence[tuple[int, str]]] = field(default_factory=dict)
    moments: Sequence[str] = ()
    scheduled: bool = False
    headings: Sequence[str] = ()
    rows: Sequence[Mapping[int, tuple[str, ...]]] = ()


class RealTrace(Trace):
    """A real run, on a clock of ticks, made from what was recorded of it.

    Its events are those that a simulated run has, too. It knows nothing of instructions,
    registers, memory and files, and between two events of a thread that does not wait it cannot
    tell whether that ran or was ready.

    Parameters
    ----------
    record : Record
    seen : Seen
    """

    def __init__(self, record: Record, seen: Seen) -> None:
        super().__init__(record)
        self.seen = seen

    @property
    def tick_length(self) -> str:
        """How long a tick is: "2 µs"."""
        return duration(self.seen.nanoseconds)

    @property
    def clock(self) -> str:
        """What its ticks are, in a sentence."""
        if self.seen.kind == MEMORY:
            return "Real address spaces: a tick is the next moment at which they were looked at."
        if self.seen.kind == WATCHED:
            return f"Real processes: a tick is the next look at them, {self.tick_length} later."
        if self.seen.scheduled:
            return (
                f"A recording: a tick is {self.tick_length}; what a thread waits for that sleeps "
                "was not recorded."
            )
        start = duration(self.seen.start)
        since = f"; tick 0 is {start} after the run began" if self.seen.start else ""
        return f"A real run: a tick is {self.tick_length}{since}."

    @cached_property
    def _narrator(self) -> Narrator:
        if self.seen.kind != RUN:
            return _Moments(self)
        if self.seen.scheduled:
            return _ScheduleNarrator(self.record, self.history)
        return _RealNarrator(self.record, self.history)

    @cached_property
    def _metrics(self) -> RunMetrics:
        """What the system has counted itself, in place of what the events let one guess."""
        found = super()._metrics
        if self.seen.scheduled:
            return found
        used = self.seen.used
        processes = {
            pid: replace(process, page_faults=used[pid].page_faults) if pid in used else process
            for pid, process in found.processes.items()
        }
        totals = {
            "switches": sum(each.switches for each in used.values()),
            "page_faults": sum(each.page_faults for each in used.values()),
        }
        return RunMetrics(processes, found.totals | totals)

    def branch(
        self,
        at: int,  # noqa: ARG002 - as that of a simulated run
        do: Intervention | Iterable[Intervention] = (),  # noqa: ARG002
    ) -> Trace:
        """Refuse, since a real run cannot be done again.

        Parameters
        ----------
        at, do
            As for a simulated run.

        Raises
        ------
        TraceError
        """
        raise TraceError(
            "Trace.branch: a real run cannot be done again up to a tick; branch the simulated one"
        )

    def __repr__(self) -> str:
        programs = dict.fromkeys(p.program.name for p in self.history.processes.values())
        names = ", ".join(map(repr, programs))
        took = duration(self.end * self.seen.nanoseconds)
        return f"<real run of {names or 'no process'}; {took}, a tick is {self.tick_length}>"


class _RealNarrator(Narrator):
    """Tells what was seen; why a core went to another thread was not."""

    def _switches(self, names: Names, events: list[Event]) -> list[Happened]:
        return [
            self._happened(rank_of("dispatch"), f"{names.who(event)} is seen on core {event.core}.")
            for event in events
            if isinstance(event, Dispatch)
        ]

    def _busy(self, names: Names, core: int, key: ThreadId) -> str:
        return f"{names.thread(*key)} was last seen on core {core}."


class _ScheduleNarrator(_RealNarrator):
    """Tells who got which core; what was saved and restored then was not recorded."""

    def _switches(self, names: Names, events: list[Event]) -> list[Happened]:
        return [
            self._happened(rank_of("dispatch"), f"{names.who(event)} gets core {event.core}.")
            for event in events
            if isinstance(event, Dispatch)
        ]

    def _busy(self, names: Names, core: int, key: ThreadId) -> str:
        return f"{names.thread(*key)} runs on core {core}."


def real_settings(cores: int) -> Settings:
    """Return what a machine would be that has as many cores; of memory it says nothing.

    Parameters
    ----------
    cores : int
    """
    return Settings(
        cores=min(cores, MOST_CORES),
        ram=PAGE,
        page_size=PAGE,
        reserved_frames=0,
        scheduler=THIS_COMPUTER,
        quantum=None,
        seed=0,
        costs=Costs(),
        contiguous=False,
        demand=False,
        swap=0,
        tlb=0,
        asid=False,
    )


def trace_of(run: object) -> object:
    """Return the trace of a real run, such as a `kit.host.HostTrace`; anything else as it is.

    Parameters
    ----------
    run : object
    """
    real = getattr(run, "trace", None)
    return real if isinstance(real, RealTrace) else run


class _Moments(Narrator):
    """Tells what was seen at the moments at which one looked."""

    def __init__(self, trace: RealTrace) -> None:
        super().__init__(trace.record, trace.history)
        self._moments = trace.seen.moments

    def narration(self, tick: int) -> Narration:
        return Narration(self._moments[min(tick, len(self._moments) - 1)])


def duration(nanoseconds: int) -> str:
    """Return a time as it is read: "200 ns", "2 µs", "13.5 ms", "2 s"."""
    for unit, least in (("s", 1000 * _MILLISECOND), ("ms", _MILLISECOND), ("µs", _MICROSECOND)):
        if nanoseconds >= least:
            return f"{round(nanoseconds / least, 1):g} {unit}"
    return f"{nanoseconds} ns"
