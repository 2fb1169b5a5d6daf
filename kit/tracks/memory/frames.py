"""Physical memory: who owns each frame, what is shared, what is in the swap area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kit.trace import Trace
from kit.trace.steps import counted
from kit.tracks.memory.frame_words import describe, size_in_words
from kit.tracks.memory.occupancy import Numbers, Occupancy, Run, Use
from kit.tracks.palette import FREE as EMPTY
from kit.tracks.palette import SEGMENTS, SYSTEM, shorten
from kit.tracks.picture import Picture
from kit.tracks.subjects import frame_subject, process_subject

MOST_FRAMES = 4096
"""Frames, or slots, that are shown; there is no room for the others, which are only counted."""
MOST_RESERVED = 64
"""Frames of the system that are shown where there is not room for all."""
MOST_OTHERS = 3
"""Pages that are told of a shared frame, beside the first; the others are counted."""
MOST_PIDS = 3
NAME_CHARACTERS = 16
MOST_POINTED = 128
"""Frames that change at some time that can be pointed at; of more none, since each takes room."""
WIDTH = 240.0
NAMES = {
    "code": "code",
    "data": "data",
    "heap": "heap",
    "stack": "stack",
    "shared": "shared memory",
    "room": "not used by its process",
    "system": "operating system",
    "free": "free",
}
"""What a frame can hold, in words, in the order of the legend."""

TIMES = "\N{MULTIPLICATION SIGN}"


def _halfway(color: str) -> str:
    """Return a colour mixed with as much white: dark text stands on it."""
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{(part + 255) // 2:02x}" for part in parts)


COLORS = {
    **{kind: [_halfway(color), color] for kind, color in SEGMENTS.items()},
    "system": [SYSTEM, SYSTEM],
    "free": [EMPTY, EMPTY],
}
"""Kind -> its pale and its strong colour."""

State = tuple[Any, ...]
"""What `kit.widgets.pictures.frame_grid.FrameGrid` needs to know of a frame; see there."""
FREE: State = ()


class _Tables:
    """The states of frames, or of slots, each written down once."""

    def __init__(self) -> None:
        self.owners: dict[tuple[str, int, str, str], int] = {}
        self.states: dict[State, int] = {FREE: 0}

    def place(self, state: State) -> int:
        return self.states.setdefault(state, len(self.states))

    def owner(self, use: Use) -> int:
        key = use.kind, use.pid, shorten(use.program, NAME_CHARACTERS), use.segment
        return self.owners.setdefault(key, len(self.owners))

    def kinds(self) -> set[str]:
        return {owner[0] for owner in self.owners}


def frames(trace: Trace) -> Picture:
    """Lay out the frames of RAM and the slots of the swap area, each a cell of a grid.

    A cell shows the segment that its page belongs to, by colour and by the side of its
    edge, the pid, and by patterns whether several pages share it and whether it is copied
    when it is written.
    """
    picture = Picture("RAM: physical frames", WIDTH, 0.0, WIDTH)
    occupancy = Occupancy(trace)
    _add_frames(picture, trace, occupancy)
    if trace.settings.swap:
        _add_slots(picture, trace, occupancy)
    describe(picture, trace, occupancy)
    return picture


def _add_frames(picture: Picture, trace: Trace, occupancy: Occupancy) -> None:
    settings, tables = trace.settings, _Tables()
    total = settings.ram // settings.page_size
    changes = {
        frame: [(tick, tables.place(_state(occupancy, tables, frame, tick))) for tick in ticks]
        for frame, ticks in occupancy.ticks.items()
    }
    fixed = {
        "unit": "frame",
        "label": "Physical frames",
        "total": total,
        "reserved": settings.reserved_frames,
        "contiguous": not settings.paged,
        "legend": _legend(tables, settings.reserved_frames),
    }
    _add_grid(picture, "ram", trace, fixed, tables, changes)
    _name_frames(picture, trace, occupancy, {frame: occupancy.ticks[frame] for frame in changes})
    size, reserved = size_in_words(settings.page_size), settings.reserved_frames
    system = f" · {reserved} of them for the operating system" if reserved else ""
    more = _window_in_words(fixed)
    for tick, free in occupancy.free_frames():
        holes = f" · {_holes(free, settings.page_size)}" if fixed["contiguous"] else ""
        in_use = f"{total - len(free)} of {total} frames in use"
        picture.change("ram", "summary", 0, tick, in_use)
        picture.change("ram", "summary", 1, tick, f"{size} each{system}{holes}{more}")


def _name_frames(
    picture: Picture, trace: Trace, occupancy: Occupancy, ticks: Mapping[int, Iterable[int]]
) -> None:
    """Say of each cell which frame it is, and which processes have it, if there are few."""
    live = _live(picture.marks[-1].fixed, ticks)
    for element, frame in enumerate(live if len(live) <= MOST_POINTED else ()):
        own = [frame_subject(frame)]
        picture.about("ram", element, own)
        for tick in ticks[frame]:
            pids = dict.fromkeys(pid for pid, _ in occupancy.users(frame, tick) if pid)
            # Of more, the label does not name them either.
            named = pids if len(pids) <= MOST_PIDS else ()
            processes = [process_subject(trace, pid) for pid in named]
            picture.about("ram", element, [*own, *processes], tick)


def _holes(free: Numbers, page_size: int) -> str:
    sizes = [size_in_words(count * page_size) for _, count in sorted(free.runs(), key=_length)]
    if len(sizes) > 1:
        return f"{len(sizes)} holes, the largest {sizes[-1]}"
    return f"1 hole, {sizes[0]}" if sizes else "no hole"


def _length(run: Run) -> int:
    return run[1]


def _window_in_words(fixed: dict[str, Any]) -> str:
    first, last = fixed["first"], fixed["first"] + fixed["count"] - 1
    return f" · numbers {first} to {last} are shown" if fixed["count"] < fixed["total"] else ""


def _state(occupancy: Occupancy, tables: _Tables, frame: int, tick: int) -> State:
    """Return a frame's owner, page, pids, the other pages mapped to it, and mode."""
    users, area = occupancy.users(frame, tick), occupancy.area(frame, tick)
    if not users:
        return (tables.owner(area), area.page) if area is not None else FREE
    first = occupancy.pages[users[0]].at(tick)
    assert first is not None, "a page that uses a frame is something"
    copied = "c" if first.mode == "c" else ""
    pids = list(dict.fromkeys(pid for pid, _ in users))
    label = "+".join(map(str, pids)) if len(pids) <= MOST_PIDS else f"{TIMES}{len(pids)}"
    others = [occupancy.pages[user].at(tick) for user in users[1 : MOST_OTHERS + 1]]
    sentences = [_other(first, other) for other in others if other is not None]
    if len(users) > MOST_OTHERS + 1:
        sentences.append(f"{len(users) - MOST_OTHERS - 1} more")
    state = [tables.owner(first), first.page, label, _listed(sentences), copied]
    if len(users) == 1:
        state[2] = ""
    while state[-1] == "":
        state.pop()
    return tuple(state)


def _other(first: Use, other: Use) -> str:
    """Name another page of a shared frame, by what is not the same."""
    page = f"page {other.page} of " if other.page != first.page else ""
    if other.program == first.program:
        return f"{page}pid {other.pid}"
    return f"{page}{shorten(other.program, NAME_CHARACTERS)} (pid {other.pid})"


def _listed(texts: list[str]) -> str:
    return " and ".join([*([", ".join(texts[:-1])] if texts[1:] else []), *texts[-1:]])


def _add_slots(picture: Picture, trace: Trace, occupancy: Occupancy) -> None:
    size, tables = trace.settings.page_size, _Tables()
    total = trace.settings.swap // size
    changes = {
        slot: [(tick, tables.place(_in_slot(tables, use))) for tick, use in steps]
        for slot, steps in sorted(occupancy.slots.items())
    }
    # The grid of frames has the same colours and says what they mean.
    fixed = {"unit": "slot", "label": "Swap area on disk", "total": total}
    _add_grid(picture, "swap", trace, fixed, tables, changes)
    more = _window_in_words(fixed)
    taken = counted(occupancy.slots.values(), lambda use: use is not None)
    for tick, in_use in [(0, taken.at(0)), *taken]:
        picture.change("swap", "summary", 0, tick, f"{in_use} of {total} slots in use")
        picture.change("swap", "summary", 1, tick, f"{size_in_words(size)} each{more}")


def _in_slot(tables: _Tables, use: Use | None) -> State:
    return (tables.owner(use), use.page) if use is not None else FREE


def _add_grid(
    picture: Picture,
    name: str,
    trace: Trace,
    fixed: dict[str, Any],
    tables: _Tables,
    changes: dict[int, list[tuple[int, int]]],
) -> None:
    """Add a grid; only cells that change at some time are elements of its channel."""
    fixed["count"] = count = min(fixed["total"], MOST_FRAMES)
    # Where there is not room for all, most of what only the system has is left out.
    ahead = fixed.get("reserved", 0) - MOST_RESERVED
    fixed["first"] = max(0, min(ahead, fixed["total"] - count)) // 64 * 64
    live = _live(fixed, changes)
    fixed |= {
        "size": trace.settings.page_size,
        "owners": [list(owner) for owner in tables.owners],
        "states": [list(state) for state in tables.states],
        "live": [list(run) for run in Numbers(live).runs()],
    }
    picture.own(name, "frames", fixed, shown=[0.0] * len(live), summary=["", ""])
    for element, place in enumerate(live):
        for tick, state in changes[place]:
            picture.change(name, "shown", element, tick, state)


def _live(fixed: dict[str, Any], changes: Iterable[int]) -> list[int]:
    """Return the cells that change, and for which there is room, in the order of their elements."""
    first = fixed["first"]
    return [place for place in changes if first <= place < first + fixed["count"]]


def _legend(tables: _Tables, reserved: int) -> list[list[str]]:
    """Return the looks that occur in the run, each with what it means."""
    kinds = tables.kinds() | {"free"} | ({"system"} if reserved else set())
    legend = [[kind, sentence] for kind, sentence in NAMES.items() if kind in kinds]
    if any(len(state) > 3 and state[3] for state in tables.states):
        legend.append(["several", "used by several pages"])
    if any(len(state) > 4 and state[4] for state in tables.states):
        legend.append(["copied", "copied when written"])
    return legend
