"""Physical memory in words: for each process the frames that its segments are in."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from kit.errors import plural
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.tracks.memory.occupancy import AREA, Numbers, Occupancy, Use
from kit.tracks.palette import shorten
from kit.tracks.picture import Part, Picture

MOST_PROCESSES = 16
"""Processes that are told at once; the others are counted."""
MOST_RUNS = 8
MOST_SEGMENTS = 6
NAME_CHARACTERS = 24
PARTS = ("code", "data", "heap", "stack", "shared", "room", "swap")
"""What is told of a process, a text each."""
SHARED, COPIED, FREE, MORE, DIRTY = range(5)


def describe(picture: Picture, trace: Trace, occupancy: Occupancy) -> None:
    """Add the picture's text alternative: sentences grouped by process and segment."""
    settings, rows = trace.settings, min(len(trace.history.processes) + 1, MOST_PROCESSES)
    picture.sentences("names", rows)
    picture.sentences("held", rows * len(PARTS))
    picture.sentences("others", 5)
    picture.text_alternative.append([("ram", "summary", 0), ("ram", "summary", 1)])
    if settings.reserved_frames:
        sentence = numbered("frame", Numbers(range(settings.reserved_frames)))
        picture.text_alternative.append([f"operating system: {sentence}"])
    for row in range(rows):
        held: list[Part] = [("held", "text", row * len(PARTS) + part) for part in range(len(PARTS))]
        picture.text_alternative.append([("names", "text", row), *held])
    picture.text_alternative.extend(
        [("others", "text", place)] for place in (MORE, SHARED, COPIED, DIRTY, FREE)
    )
    if settings.swap:
        picture.text_alternative.append([("swap", "summary", 0), ("swap", "summary", 1)])
    _Teller(picture, occupancy).tell()
    for tick, free in occupancy.free_frames():
        # Which frames are free matters only where they have to stand side by side.
        sentence = numbered("frame", free, places=not settings.paged)
        picture.change("others", "text", FREE, tick, f"free: {sentence}")


def numbered(unit: str, numbers: Numbers, *, places: bool = True) -> str:
    """Return how many frames or slots there are and, if wanted, which."""
    sentence = plural(len(numbers), unit)
    if not places:
        return sentence
    shown = [
        str(first) if length == 1 else f"{first} to {first + length - 1}"
        for first, length in islice(numbers.runs(), MOST_RUNS + 1)
    ]
    if len(shown) > MOST_RUNS:
        shown[-1] = "…"
    return f"{sentence} ({', '.join(shown)})" if shown else sentence


def size_in_words(size: int) -> str:
    """Return a size in bytes as people write it."""
    return f"{size // 1024} KiB" if size % 1024 == 0 else f"{size} B"


class _Teller:
    """Follows who holds what, and tells what has changed at each tick."""

    def __init__(self, picture: Picture, occupancy: Occupancy) -> None:
        self.picture, self.occupancy = picture, occupancy
        self.held: dict[int, dict[str, Numbers]] = defaultdict(lambda: defaultdict(Numbers))
        self.names: dict[int, str] = {}
        self.rows: dict[int, int] = {}
        self.several, self.copied, self.dirty = Numbers(), Numbers(), Numbers()
        self.changed: dict[int, set[str]] = defaultdict(set)

    def tell(self) -> None:
        """Enter all sentences."""
        changes = self._changes()
        frames: dict[int, list[int]] = defaultdict(list)
        for frame, ticks in self.occupancy.ticks.items():
            for tick in ticks:
                frames[tick].append(frame)
        for tick in sorted({*changes, *frames}):
            for before, _, slot in changes.get(tick, ()):
                self._move(before, slot, add=False)
            for _, after, slot in changes.get(tick, ()):
                self._move(after, slot, add=True)
            self._assign(tick)
            self._tell_shared(tick, frames.get(tick, []))

    def _changes(self) -> dict[int, list[tuple[Use | None, Use | None, int]]]:
        """Return what came in place of what, by tick; with the slot, or -1 for RAM."""
        found: dict[int, list[tuple[Use | None, Use | None, int]]] = defaultdict(list)
        everything = [(steps, -1) for steps in self.occupancy.pages.values()]
        everything += [(steps, slot) for slot, steps in self.occupancy.slots.items()]
        for steps, slot in everything:
            before: Use | None = None
            for tick, use in steps:
                found[tick].append((before, use, slot))
                before = use
        for tick, use in self.occupancy.areas.values():
            found[tick].append((None, use, -1))
        return found

    def _move(self, use: Use | None, slot: int, *, add: bool) -> None:
        if use is None or (use.frame < 0 and slot < 0):
            return
        name, number = ("swap", slot) if slot >= 0 else (use.segment or "room", use.frame)
        held = self.held[use.pid]
        held[name].put(number, inside=add)
        if not held[name]:
            del held[name]
        if add:
            called = f"{shorten(use.program, NAME_CHARACTERS)} (pid {use.pid}):"
            self.names[use.pid] = called if use.pid != AREA else "areas of shared memory:"
        self.changed[use.pid].add("swap" if slot >= 0 else use.kind)

    def _assign(self, tick: int) -> None:
        """Give rows to the processes that hold something, and tell what has changed of them."""
        room = self.picture.channels["names", "text"].elements
        for pid in list(self.rows):
            if not self.held[pid]:
                row = self.rows.pop(pid)
                self.picture.change("names", "text", row, tick, "")
                for index in range(len(PARTS)):
                    self._tell(row, index, tick, "")
        holders = [pid for pid, held in self.held.items() if held]
        for pid in sorted(set(holders).difference(self.rows)):
            free = min(set(range(room)).difference(self.rows.values()), default=None)
            if free is None:
                break
            self.rows[pid] = free
            self.changed[pid] = set(PARTS)
        for pid, parts in self.changed.items():
            if pid in self.rows:
                self.picture.change("names", "text", self.rows[pid], tick, self.names[pid])
                for part in parts:
                    self._tell(self.rows[pid], PARTS.index(part), tick, self._part(pid, part))
        self.changed.clear()
        more = len(holders) - len(self.rows)
        text = f"and {plural(more, 'more process')}" if more else ""
        self.picture.change("others", "text", MORE, tick, text)

    def _tell(self, row: int, part: int, tick: int, text: str) -> None:
        self.picture.change("held", "text", row * len(PARTS) + part, tick, text)

    def _part(self, pid: int, part: str) -> str:
        """Tell what a process has of one kind, such as "stack T1 2 frames (8, 12)"."""
        held = self.held[pid]
        if part == "swap":
            return f"in the swap area {numbered('slot', held['swap'])}" if "swap" in held else ""
        names = sorted(
            (n for n in held if SegmentName.of(n).kind == part), key=lambda n: (len(n), n)
        )
        sentences = [
            f"{'not used' if name == 'room' else name} {numbered('frame', held[name])}"
            for name in names[:MOST_SEGMENTS]
        ]
        if len(names) > MOST_SEGMENTS:
            sentences.append(f"{len(names) - MOST_SEGMENTS} more of them")
        return ", ".join(sentences)

    def _tell_shared(self, tick: int, frames: list[int]) -> None:
        for frame in frames:
            users = self.occupancy.users(frame, tick)
            first = self.occupancy.pages[users[0]].at(tick) if users else None
            self.several.put(frame, inside=len(users) > 1)
            self.copied.put(frame, inside=first is not None and first.mode == "c")
            self.dirty.put(frame, inside=bool(users) and self.occupancy.is_dirty(frame, tick))
        for place, numbers, sentence in (
            (SHARED, self.several, "used by several pages: "),
            (COPIED, self.copied, "copied when written: "),
            (DIRTY, self.dirty, "dirty, changed since they came: "),
        ):
            text = sentence + numbered("frame", numbers) if numbers else ""
            self.picture.change("others", "text", place, tick, text)
