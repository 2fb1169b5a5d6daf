"""Who is in which frame of RAM and in which slot of the swap area, and when."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.trace.process_history import Bounds, ProcessHistory, pages_of
from kit.trace.steps import Steps

Page = tuple[int, int]
"""(pid, virtual page)."""
Run = tuple[int, int]
"""Numbers that follow each other, as (first, how many)."""
AREA = 0
"""Pid that stands for areas of shared memory themselves."""


class Use(NamedTuple):
    """What a page is, and where.

    Attributes
    ----------
    segment : str
        "" where it is in none, as room in a stretch of contiguous memory that is not used.
    mode : str
        As in `kit.trace.process_history.PageContent`.
    frame : int
        -1 while it is in the swap area.
    """

    pid: int
    page: int
    program: str
    segment: str
    mode: str
    frame: int

    @property
    def kind(self) -> str:
        """Kind of its segment, or "room"."""
        return SegmentName.of(self.segment).kind or "room"


class Numbers:
    """A set of numbers that knows its runs without looking at each number."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._sorted = sorted(numbers)

    def __len__(self) -> int:
        return len(self._sorted)

    def put(self, number: int, *, inside: bool) -> None:
        """Let a number be in the set, or not."""
        index = bisect_left(self._sorted, number)
        there = index < len(self) and self._sorted[index] == number
        if inside and not there:
            self._sorted.insert(index, number)
        elif there and not inside:
            del self._sorted[index]

    def runs(self) -> Iterator[Run]:
        """Yield the runs, lowest numbers first."""
        numbers, place = self._sorted, 0
        while place < len(numbers):
            # In a run numbers grow as places do; behind it they are ahead.
            ahead = numbers[place] - place + 1
            end = bisect_left(
                range(len(numbers)), ahead, lo=place, key=lambda place: numbers[place] - place
            )
            yield numbers[place], end - place
            place = end


class Occupancy:
    """Frames and slots over time.

    Attributes
    ----------
    pages : dict of Page to Steps
        Page -> `Use`, or None where it is mapped to nothing.
    areas : dict of int to (int, Use)
        Frame of an area of shared memory -> the tick at which it became that, and what it is.
    ticks : dict of int to list of int
        Frame that is ever used -> the ticks at which anything about it changes.
    slots : dict of int to Steps
        Slot of the swap area -> the `Use` of the page in it, or None.
    """

    def __init__(self, trace: Trace) -> None:
        self.settings, self.history = trace.settings, trace.history
        self.size = trace.settings.page_size
        self.areas: dict[int, tuple[int, Use]] = {}
        self.pages: dict[Page, Steps[Use | None]] = {}
        for process in self.history.processes.values():
            self.pages.update(self._pages(process))
        for frame, (tick, name, number) in self.history.memory.areas.items():
            segment = str(SegmentName("shared", area=name))
            self.areas[frame] = tick, Use(AREA, number, "", segment, "w", frame)
        self.ticks = self._ticks()
        self.slots = dict(self._slots())

    def _slots(self) -> Iterator[tuple[int, Steps[Use | None]]]:
        for slot, steps in self.history.memory.slots.items():
            uses: Steps[Use | None] = Steps(None)
            for tick, page in steps:
                uses.add(tick, self.pages[page].at(tick) if page else None)
            yield slot, uses

    def _ticks(self) -> dict[int, list[int]]:
        ticks: dict[int, set[int]] = defaultdict(set)
        for frame, (tick, _) in self.areas.items():
            ticks[frame].add(tick)
        for steps in self.pages.values():
            before = -1
            for tick, use in steps:
                frame = use.frame if use else -1
                for touched in (before, frame):
                    if touched >= 0:
                        ticks[touched].add(tick)
                before = frame
        for frame, changes in self.history.memory.dirty.items():
            ticks[frame].update(changes.ticks)
        return {frame: sorted(ticks[frame]) for frame in sorted(ticks)}

    def is_dirty(self, frame: int, tick: int) -> bool:
        """Tell whether the content of a frame has changed since it came, if that matters."""
        changes = self.history.memory.dirty.get(frame)
        return changes is not None and changes.at(tick)

    def free_frames(self) -> Iterator[tuple[int, Numbers]]:
        """Yield the free frames at tick 0 and whenever they may have changed; always one object."""
        due: dict[int, list[int]] = defaultdict(list, {0: []})
        for frame, ticks in self.ticks.items():
            for tick in ticks:
                due[tick].append(frame)
        settings = self.settings
        free = Numbers(range(settings.reserved_frames, settings.ram // settings.page_size))
        for tick in sorted(due):
            for frame in due[tick]:
                free.put(frame, inside=not self.history.frames[frame].at(tick))
            yield tick, free

    def users(self, frame: int, tick: int) -> list[Page]:
        """Return the pages that are mapped to a frame, those of areas left out."""
        return [user for user in self.history.frames[frame].at(tick) if user[0] != AREA]

    def area(self, frame: int, tick: int) -> Use | None:
        """Return the area of shared memory that a frame belongs to."""
        since, use = self.areas.get(frame, (tick + 1, None))
        return use if since <= tick else None

    def _pages(self, process: ProcessHistory) -> Iterator[tuple[Page, Steps[Use | None]]]:
        moved: dict[int, set[int]] = defaultdict(set)
        for bounds in process.segments.values():
            before: Bounds = None
            for tick, now in bounds:
                for page in _changed(before, now, self.size):
                    moved[page].add(tick)
                before = now
        for page, holdings in process.pages.items():
            steps: Steps[Use | None] = Steps(None)
            for tick in sorted({*holdings.ticks, *moved[page]}):
                held, use = holdings.at(tick), None
                if held is not None:
                    program = process.programs.at(tick).name
                    segment = process.segment_of(page, tick)
                    use = Use(process.pid, page, program, segment, held.mode, held.frame)
                if steps.ticks or use is not None:
                    steps.add(tick, use)
            yield (process.pid, page), steps


def _changed(before: Bounds, now: Bounds, size: int) -> Iterable[int]:
    """Return the pages that came to a segment or left it; perhaps some more."""
    old, new = pages_of(before, size), pages_of(now, size)
    if not old or not new:
        return chain(old, new)
    starts, ends = sorted((old.start, new.start)), sorted((old.stop, new.stop))
    return chain(range(*starts), range(*ends))
