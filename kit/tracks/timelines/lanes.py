"""The lanes of a timeline: whose they are, and where they stand across time."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.tracks.palette import shorten

ACROSS, DOWN_MARGIN = 1120.0, 8.0
"""Nominal width of a timeline, and what it leaves free at the right when time runs down."""
DENSITIES = ((12, 26.0, 16.0, 4.0), (32, 16.0, 6.0, 3.0), (64, 11.0, 3.0, 2.0))
"""Up to how many lanes: how high a lane is, the gap above it, and more gap above a group."""
MOST_RIGHT = DENSITIES[-1][0]
MOST_DOWN = 24
"""The most lanes, where time runs to the right and where it runs down."""
WIDEST_PITCH, WIDEST = 220.0, {"thread": 72.0, "core": 120.0}
"""Side by side: the most from lane to lane, and the most that a lane is wide."""
ROOMY_PITCH = 75.0
"""From here on something can be written between two lanes."""
SHARES = {"thread": 0.42, "core": 0.66}
"""How much of the way from lane to lane a lane is."""
TOP = 4.0
RULER_DOWN = 56.0
"""Room for the ticks at the left, where time runs down."""
TITLE_CHARACTERS = 13
CHARACTER = 13.5
"""Nominal width of a bold character, where a picture is drawn as narrow as it gets."""


@dataclass
class Lane:
    """One lane: a thread or a core.

    Attributes
    ----------
    name : str
    start, stop : float
        Its edges across time, in nominal pixels.
    gap : float
        Room before it, where something may be written.
    """

    name: str
    start: float = 0.0
    stop: float = 0.0
    gap: float = 0.0

    @property
    def middle(self) -> float:
        """Half way between its edges."""
        return (self.start + self.stop) / 2


@dataclass
class Group:
    """The lanes of one process: their numbers, and what the process is called."""

    title: str
    pid: int
    first: int
    last: int


@dataclass
class Lanes:
    """All lanes of a timeline.

    Attributes
    ----------
    kind : str
        "thread" or "core".
    down : bool
        Whether time runs down, and lanes stand side by side.
    keys : dict of ThreadId to int
        The lane of each thread that has one.
    hidden : int
        How many more there would be.
    """

    kind: str
    down: bool
    lanes: list[Lane] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    keys: dict[ThreadId, int] = field(default_factory=dict)
    hidden: int = 0
    roomy: bool = True

    @property
    def edge(self) -> float:
        """Where time ends across it: behind the last lane, and behind what is written there."""
        return self.lanes[-1].stop + max(7.0, self.lanes[-1].gap) if self.lanes else TOP

    def between(self, number: int) -> float:
        """Return the middle of the gap before a lane, or of that behind the last one."""
        if number < len(self.lanes):
            return self.lanes[number].start - self.lanes[number].gap / 2 + 0.5
        return self.lanes[-1].stop + self.lanes[-1].gap / 2


def arrange_lanes(trace: Trace, kind: str, direction: str) -> Lanes:
    """Give threads, by process, or cores their lanes.

    Parameters
    ----------
    trace : Trace
    kind : str
        "thread" or "core".
    direction : str
        "right" or "down".
    """
    found = Lanes(kind, direction == "down")
    most = MOST_DOWN if found.down else MOST_RIGHT
    if kind == "core":
        names = [f"core {core}" for core in range(trace.settings.cores)]
        found.hidden = max(0, len(names) - most)
        found.lanes = [Lane(name) for name in names[:most]]
    else:
        for process in trace.history.processes.values():
            _add_process(found, process, most)
    if found.down:
        _place_down(found)
    else:
        _place_right(found)
    return found


def _add_process(found: Lanes, process: ProcessHistory, most: int) -> None:
    first = len(found.lanes)
    for tid in process.threads:
        if len(found.lanes) == most:
            found.hidden += 1
            continue
        found.keys[process.pid, tid] = len(found.lanes)
        found.lanes.append(Lane(f"T{tid}"))
    if len(found.lanes) > first:
        found.groups.append(Group(title(process), process.pid, first, len(found.lanes) - 1))


def title(process: ProcessHistory) -> str:
    """Return the programs a process ran, one after the other."""
    names = [process.program.name, *(program.name for program in process.programs.values)]
    return " → ".join(dict.fromkeys(names))


def _place_right(found: Lanes) -> None:
    count = len(found.lanes)
    size, gap, more = next(
        (entry[1:] for entry in DENSITIES if count <= entry[0]), DENSITIES[-1][1:]
    )
    found.roomy = count <= DENSITIES[0][0]
    starts = {group.first for group in found.groups}
    place = TOP
    for number, lane in enumerate(found.lanes):
        lane.gap = gap
        lane.start = place + gap + (more if number in starts and number else 0.0)
        lane.stop = place = lane.start + size


def _place_down(found: Lanes) -> None:
    count = max(1, len(found.lanes))
    room = ACROSS - RULER_DOWN - DOWN_MARGIN
    pitch = min(WIDEST_PITCH, room / count)
    size = min(pitch * SHARES[found.kind], WIDEST[found.kind])
    found.roomy = pitch >= ROOMY_PITCH
    for number, lane in enumerate(found.lanes):
        lane.start = RULER_DOWN + number * pitch + 6.0
        lane.stop = lane.start + size
        lane.gap = pitch - size


def group_title(found: Lanes, group: Group) -> tuple[str, str]:
    """Return what is written at a group, in one line or in two: name and pid."""
    pid = f"pid {group.pid}"
    if found.down:
        first, last = found.lanes[group.first], found.lanes[group.last]
        room = int((last.stop + last.gap - first.start) / CHARACTER)
        return shorten(group.title, room), pid if len(pid) <= room else f"#{group.pid}"
    if found.roomy:
        return shorten(group.title, TITLE_CHARACTERS), pid
    return f"{shorten(group.title, TITLE_CHARACTERS - len(pid))} {pid}", ""
