"""What stood where in an address space, and when: from step functions to bands.

A process that calls `exec` gets a new address space for another program. So what is drawn
is an *epoch*: a process from its launch, fork or exec to its next exec or its end. In it
each place has one band for good; a stack's place is taken by another thread's stack when
its thread has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kit.lang.program import Program
from kit.sim.segments import SegmentName
from kit.trace.process_history import ProcessHistory, ThreadHistory
from kit.tracks.memory.loading import Flight, flights

LOADED = ("code", "data")
"""The kinds of segment that come from a program file."""


class Change(NamedTuple):
    """What stands in a band's place from a tick on; the name is "" where nothing does."""

    tick: int
    name: str
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start


@dataclass
class Band:
    """The place of a segment in the picture of one address space.

    Attributes
    ----------
    kind : str
        "stack", "shared", "heap", "data" or "code".
    key : str or int
        What it is known by: the segment's name, for stacks the address of their end.
    changes : list of Change
        In order of time; at most one a tick but where one segment makes room for another.
    lines : int
        Lines of text it has room for.
    cells : int
        Page cells it has room for.
    element : int
        Its number among all bands of the picture.
    first : int
        The number of its first line, among those of code or among the others.
    anchor : float
        The edge that stays where it is: the upper one of stacks and shared memory, the
        lower one of the rest.
    floor : float
        Pixels it is high at least.
    scale : float
        Pixels that a byte adds.
    """

    kind: str
    key: str | int
    changes: list[Change] = field(default_factory=list)
    lines: int = 0
    cells: int = 0
    element: int = -1
    first: int = 0
    anchor: float = 0.0
    floor: float = 0.0
    scale: float = 0.0

    @property
    def largest(self) -> int:
        """Bytes it has at most."""
        return max((change.size for change in self.changes), default=0)

    @property
    def tids(self) -> list[int]:
        """Whose stacks have been there, in order."""
        names = [change.name for change in self.changes if change.name]
        return [SegmentName.of(name).tid for name in names] if self.kind == "stack" else []

    def at(self, tick: float) -> Change | None:
        """Return what stands there at a tick, or None."""
        found = None
        for change in self.changes:
            if change.tick > tick:
                break
            found = change if change.name else None
        return found

    def stays(self, end: int) -> list[tuple[str, int, int]]:
        """Return who was there, as (name, first tick, tick at which it was gone).

        Parameters
        ----------
        end : int
            What stands for the tick at which a segment was gone that never was.
        """
        found: list[tuple[str, int, int]] = []
        name, since = "", 0
        for change in self.changes:
            if change.name != name:
                if name:
                    found.append((name, since, change.tick))
                name, since = change.name, change.tick
        return [*found, (name, since, end)] if name else found


@dataclass
class Epoch:
    """A process from its launch, fork or exec to its next exec or its end.

    Attributes
    ----------
    origin : str
        "launch", "fork" or "exec".
    end : int or None
        None if it lasts as long as the run.
    ready : int or None
        When a thread of it could run for the first time.
    flights : dict of str to Flight
        How code and data came from the disk.
    bands : list of Band
        From high addresses to low ones.
    hidden : list of Band
        Stacks for which there is no room.
    """

    process: ProcessHistory
    program: Program
    start: int
    end: int | None
    origin: str
    ready: int | None = None
    flights: dict[str, Flight] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    hidden: list[Band] = field(default_factory=list)

    def band(self, kind: str, key: str | int | None = None) -> Band | None:
        """Return the band of a kind, or of a kind and key; None if there is none."""
        found = (b for b in self.bands if b.kind == kind and key in (None, b.key))
        return next(found, None)

    def arrival(self, band: Band) -> int | None:
        """Return when the content of a band is first there; None if the run ends before.

        Code and data come from the disk. Where pages wait until they are touched they are
        there, for the program, as soon as it can run.
        """
        if band.kind not in LOADED:
            return band.changes[0].tick if band.changes else None
        flight = self.flights.get(band.kind)
        known = [t for t in (flight.arrives if flight else None, self.ready) if t is not None]
        return min(known, default=None)

    def flies(self, band: Band) -> Flight | None:
        """Return how a band comes from the disk, or None if it does not."""
        flight = self.flights.get(band.kind)
        return flight if flight is not None and flight.arrives == self.arrival(band) else None

    def holds(self, tick: int) -> bool:
        """Tell whether it lasts at a tick."""
        return self.start <= tick and (self.end is None or tick < self.end)


def epochs(process: ProcessHistory) -> list[Epoch]:
    """Return the epochs of a process in order."""
    execs = [(tick, program) for tick, program, _ in process.execs]
    starts = [(process.launched, process.program), *execs]
    last = process.exit[0] if process.exit is not None else None
    ends = [*(tick for tick, _ in execs), last]
    found: list[Epoch] = []
    for (start, program), end in zip(starts, ends, strict=True):
        origin = "exec" if found else process.origin
        epoch = Epoch(process, program, start, end, origin)
        epoch.ready = _ready(epoch)
        if origin != "fork":
            epoch.flights = flights(process, start, end)
        _enter_bands(epoch)
        found.append(epoch)
    return found


def threads_of(epoch: Epoch) -> dict[int, ThreadHistory]:
    """Return the threads that were made in an epoch, by tid."""
    return {
        tid: thread
        for tid, thread in epoch.process.threads.items()
        if thread.state.ticks and epoch.holds(thread.state.ticks[0])
    }


def alive(thread: ThreadHistory) -> tuple[int, int | None] | None:
    """Return from when to when a thread could run; None if it never could."""
    begin = next((tick for tick, state in thread.state if state not in ("new", "terminated")), None)
    if begin is None:
        return None
    return begin, next((tick for tick, state in thread.state if state == "terminated"), None)


def _ready(epoch: Epoch) -> int | None:
    spans = (alive(thread) for thread in threads_of(epoch).values())
    return min((span[0] for span in spans if span is not None), default=None)


def _enter_bands(epoch: Epoch) -> None:
    """Sort what the segments of a process were in an epoch into bands."""
    bands: dict[str | int, Band] = {}
    for name, steps in epoch.process.segments.items():
        kind, where = SegmentName.of(name).kind, None
        for tick, bounds in steps:
            if not epoch.holds(tick):
                continue
            key = None if bounds is None else bounds[1] if kind == "stack" else name
            if where is not None and key != where:
                bands[where].changes.append(Change(tick, "", 0, 0))
            if bounds is not None and key is not None:
                band = bands.setdefault(key, Band(kind, key))
                band.changes.append(Change(tick, name, *bounds))
            where = key
        if where is not None and epoch.end is not None:
            bands[where].changes.append(Change(epoch.end, "", 0, 0))
    for band in bands.values():
        # What goes makes room for what comes at the same tick.
        band.changes.sort(key=lambda change: (change.tick, change.name != ""))
    order = ("stack", "shared", "heap", "data", "code")
    epoch.bands = sorted(
        bands.values(),
        key=lambda b: (order.index(b.kind), -b.key if isinstance(b.key, int) else 0),
    )
