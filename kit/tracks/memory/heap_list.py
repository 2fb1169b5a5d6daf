"""The heap of a process to scale, and the free list of its allocator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.errors import nearest, plural, require
from kit.lang.instructions import WORD
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.trace.state.heap import Block
from kit.tracks.memory.heap_steps import Step, heap_steps
from kit.tracks.palette import ALARM, FREE, HEAP, INK, LINE, PALE, PANEL, QUIET, process_name
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid, show_states
from kit.tracks.subjects import block_subject

WIDTH, LEAST_WIDTH, HEIGHT = 640.0, 340.0, 92.0
LEFT, RIGHT = 4.0, WIDTH - 4.0
TOP, MIDDLE, BOTTOM = 26.0, 48.0, 70.0
"""Allocated blocks reach from top to bottom, free ones only from the middle down."""
CHARACTER = 7.2 * WIDTH / LEAST_WIDTH
"""Nominal width of a character where the picture is narrowest."""
MOST_BLOCKS = 150
MOST_ROWS = 24
MOST_TOLD = 12
MOST_CHANGES = 600
NAME_CHARACTERS = 24
COLUMNS = ("place", "address", "bytes", "next in the list", "after it in memory", "the search")
LIVE = range(1, len(COLUMNS))
FACTS = ("heap", "allocated", "last step", "allocator", "drawn")
SUMMARY, ALLOCATED, TOLD, SEARCHED, DRAWN = range(len(FACTS))
LEGEND = "full height: allocated, in words, the header dark; lower half, dashed: free"


@dataclass(frozen=True)
class _Frame:
    """The heap at one tick."""

    tick: int
    bounds: Block | None
    used: tuple[Block, ...]
    free: tuple[Block, ...]
    step: Step | None
    last: Step | None


def heap_list(trace: Trace, *, pid: int = 0) -> Picture:
    """Lay out a heap and its free list.

    Parameters
    ----------
    trace : Trace
    pid : int
        Whose heap; 0 for the first process that has one.

    Returns
    -------
    Picture
        A strip of the heap, to scale, and a table "free list" in the order of the list.

    Raises
    ------
    ArgumentError
        If there is no such process.
    """
    picture = Picture("Heap: blocks and free list", WIDTH, HEIGHT, LEAST_WIDTH)
    process = chosen_process(trace, pid)
    if process is None:
        picture.height = 30.0
        picture.texts("words", [(LEFT, 14.0)], ["no process of this run has a heap"], colors=QUIET)
        picture.text_alternative.append([("words", "text", 0)])
        return picture
    name = process_name(trace, process.pid, NAME_CHARACTERS)
    if "heap" not in process.segments:
        picture.height = 30.0
        picture.texts("words", [(LEFT, 14.0)], [f"{name} has no heap in this run"], colors=QUIET)
        picture.text_alternative.append([("words", "text", 0)])
        return picture
    frames = _frames(trace, process)
    header = trace.history.heaps.header
    _Strip(picture, process, header, frames).draw()
    _tell(picture, f"{name} (pid {process.pid})", header, frames)
    _list_free_blocks(picture, frames, trace.end)
    return picture


def chosen_process(trace: Trace, pid: int) -> ProcessHistory | None:
    """Return a process, for 0 the first that has a heap; None if none has.

    Raises
    ------
    ArgumentError
        If a pid is given that no process has.
    """
    processes = trace.history.processes
    if not pid:
        return next((p for p in processes.values() if "heap" in p.segments), None)
    hint = nearest(str(pid), map(str, processes))
    require(pid in processes, f"HeapList: this run has no process {pid}; {hint}")
    return processes[pid]


def _frames(trace: Trace, process: ProcessHistory) -> list[_Frame]:
    """Return the heap at every tick at which its picture changes."""
    steps = list(heap_steps(trace, process.pid))
    bounds = process.segments["heap"]
    changes = {*bounds.ticks, *process.blocks.ticks, *process.free_blocks.ticks}
    grid = Grid(trace, len(changes | {step.tick for step in steps}), MOST_CHANGES)
    shown = {grid.at(step.tick): step for step in steps}
    ticks = {0, *map(grid.at, changes), *shown, *(tick + 1 for tick in shown if tick < trace.end)}
    header, last, frames = trace.history.heaps.header, None, []
    for tick in sorted(ticks):
        step = shown.get(tick)
        last = step or last
        used = tuple(
            (address - header, words * WORD + header) for address, words in process.blocks.at(tick)
        )
        now = bounds.at(tick)
        free = process.free_blocks.at(tick) if now else ()
        frames.append(_Frame(tick, now, used if now else (), free, step, last))
    return frames


class _Strip:
    """Blocks drawn to scale."""

    def __init__(
        self, picture: Picture, process: ProcessHistory, header: int, frames: Sequence[_Frame]
    ) -> None:
        self.picture, self.header, self.frames = picture, header, frames
        self.pid = process.pid
        extents = [bounds for bounds in process.segments["heap"].values if bounds is not None]
        self.start = min(start for start, _ in extents)
        self.end = max(end for _, end in extents)

    def x(self, address: int) -> float:
        """Return where an address stands."""
        return LEFT + (address - self.start) / (self.end - self.start) * (RIGHT - LEFT)

    def sides(self, block: Block) -> tuple[float, float]:
        """Return left and right of a block."""
        return self.x(block[0]), self.x(sum(block))

    def draw(self) -> None:
        """Draw the strip and let it change."""
        self._ground()
        self._blocks("free", MIDDLE, [(f.tick, f.free) for f in self.frames])
        self._blocks("used", TOP, [(f.tick, f.used) for f in self.frames])
        self._marker()

    def _ground(self) -> None:
        picture = self.picture
        box = (LEFT, TOP, RIGHT, BOTTOM)
        picture.rectangles("ground", [box], [PANEL], strokes=[LINE])
        picture.rectangles("extent", [box], [PANEL], strokes=[INK], opacity=0.0)
        below, apart = BOTTOM + 13.0, 18 * CHARACTER
        picture.texts("first", [(LEFT, below)], [""], colors=QUIET, mono=True)
        picture.texts("last", [(RIGHT, below)], [""], colors=QUIET, mono=True, align="end")
        for frame in self.frames:
            tick, bounds = frame.tick, frame.bounds
            picture.change("extent", "opacities", 0, tick, 1.0 if bounds else 0.0)
            picture.change("first", "text", 0, tick, f"{bounds[0]:#06x}" if bounds else "")
            picture.change("last", "text", 0, tick, f"{bounds[1]:#06x}" if bounds else "")
            if bounds:
                left, right = self.x(bounds[0]), self.x(bounds[1])
                picture.change("extent", "x", 0, tick, (left, right))
                end = min(RIGHT, max(right, left + apart))
                picture.change("last", "x", 0, tick, end)
                picture.change("first", "x", 0, tick, min(left, end - apart))

    def _blocks(
        self, name: str, top: float, states: Sequence[tuple[int, tuple[Block, ...]]]
    ) -> None:
        picture, used = self.picture, name == "used"
        count, changes = slots([(tick, blocks[:MOST_BLOCKS]) for tick, blocks in states])
        boxes = [(LEFT, top, LEFT, BOTTOM)] * count
        fill, stroke = (PALE["heap"], HEAP) if used else (FREE, QUIET)
        if not count:
            return
        picture.rectangles(
            name, boxes, [fill] * count, strokes=[stroke] * count, opacity=0.0, dashed=not used
        )
        if used:
            picture.rectangles("headers", boxes, [HEAP] * count, opacity=0.0, stroke_width=0.0)
        center = (LEFT, (top + BOTTOM) / 2)
        labels = f"{name} labels"
        picture.texts(labels, [center] * count, [""] * count, colors=INK, align="middle")
        for tick, slot, block in changes:
            shown = 0.0 if block is None else 1.0
            picture.change(name, "opacities", slot, tick, shown)
            if used:
                address = None if block is None else block[0] + self.header
                about = None if address is None else block_subject(self.pid, address)
                picture.about(name, slot, about, tick)
                picture.change("headers", "opacities", slot, tick, shown)
            if block is None:
                picture.change(labels, "text", slot, tick, "")
                continue
            left, right = self.sides(block)
            picture.change(name, "x", slot, tick, (left, right))
            inner = left
            if used:
                inner = self.x(block[0] + self.header)
                picture.change("headers", "x", slot, tick, (left, inner))
            picture.change(labels, "x", slot, tick, (inner + right) / 2)
            picture.change(labels, "text", slot, tick, self._label(block, used, right - inner))

    def _label(self, block: Block, used: bool, room: float) -> str:
        words = (block[1] - self.header) // WORD
        texts = [plural(words, "word"), str(words)] if used else [f"free {block[1]} B", "free"]
        return next((text for text in texts if (len(text) + 1) * CHARACTER <= room), "")

    def _marker(self) -> None:
        """Frame the block that was just allocated or freed."""
        picture = self.picture
        box = (LEFT, TOP - 3.0, LEFT, BOTTOM + 3.0)
        picture.rectangles(
            "now", [box], [PANEL], strokes=[ALARM], opacity=0.0, fill_opacity=0.0, stroke_width=3.0
        )
        picture.texts("verb", [(LEFT, TOP - 13.0)], [""], colors=ALARM, bold=True, align="middle")
        for frame in self.frames:
            place = frame.step.place if frame.step else None
            picture.change("now", "opacities", 0, frame.tick, 1.0 if place else 0.0)
            verb = frame.step.verb if frame.step and place else ""
            picture.change("verb", "text", 0, frame.tick, f"▼ {verb}" if verb else "")
            if place:
                left, right = self.sides(place)
                half = 6 * CHARACTER
                picture.change("now", "x", 0, frame.tick, (left, right))
                center = min(max((left + right) / 2, LEFT + half), RIGHT - half)
                picture.change("verb", "x", 0, frame.tick, center)


def _tell(picture: Picture, name: str, header: int, frames: Sequence[_Frame]) -> None:
    """Say in a table what the strip shows, and what was done last."""
    rows = [[fact, ""] for fact in FACTS]
    rows[DRAWN][1] = LEGEND
    picture.table("facts", ("what", f"of {name}"), rows, live=[1])
    for frame in frames:
        last = frame.last
        texts = {
            SUMMARY: _summary(frame),
            ALLOCATED: _allocated(frame, header),
            TOLD: f"tick {last.tick}: {last.told}" if last else "",
            SEARCHED: last.searched if last else "",
        }
        for row, text in texts.items():
            picture.change("facts", "cells", row, frame.tick, text)
        picture.change("facts", "states", TOLD, frame.tick, "marked" if frame.step else "")


def _allocated(frame: _Frame, header: int) -> str:
    if not frame.used:
        return "nothing"
    sentences = [
        f"{start + header:#06x} ({plural((size - header) // WORD, 'word')})"
        for start, size in frame.used[:MOST_TOLD]
    ]
    hidden = len(frame.used) - MOST_TOLD
    return ", ".join(sentences + ([f"and {hidden} more"] if hidden > 0 else []))


def _summary(frame: _Frame) -> str:
    if frame.bounds is None:
        return "there is none"
    start, end = frame.bounds
    used, free = sum(size for _, size in frame.used), sum(size for _, size in frame.free)
    hidden = max(len(frame.used), len(frame.free)) - MOST_BLOCKS
    more = f"; {hidden} more are not drawn" if hidden > 0 else ""
    return (
        f"{end - start} bytes from {start:#06x}: {used} in {plural(len(frame.used), 'block')} "
        f"allocated, {free} in {plural(len(frame.free), 'block')} free{more}"
    )


def slots(
    states: Iterable[tuple[int, tuple[Block, ...]]],
) -> tuple[int, list[tuple[int, int, Block | None]]]:
    """Give each block an element for as long as it is there.

    Parameters
    ----------
    states : iterable of (int, tuple of Block)
        Tick, and the blocks that are there from then on.

    Returns
    -------
    int
        How many elements that takes.
    list of (int, int, Block or None)
        Tick, element, and what it becomes; None where it disappears.
    """
    where: dict[Block, int] = {}
    empty: list[int] = []
    count = 0
    changes: list[tuple[int, int, Block | None]] = []
    for tick, blocks in states:
        there = set(blocks)
        gone = [block for block in where if block not in there]
        left = {where[block]: block for block in gone}
        empty.extend(where.pop(block) for block in gone)
        for block in blocks:
            if block in where:
                continue
            if not empty:
                empty.append(count)
                count += 1
            slot = where[block] = empty.pop()
            left.pop(slot, None)
            changes.append((tick, slot, block))
        changes.extend((tick, slot, None) for slot in left)
    return count, changes


def _list_free_blocks(picture: Picture, frames: Sequence[_Frame], end: int) -> None:
    longest = max(len(frame.free) for frame in frames)
    count = min(longest, MOST_ROWS)
    rows = [[str(index + 1), *[""] * len(LIVE)] for index in range(count)]
    if longest > MOST_ROWS:
        rows.append([""] * len(COLUMNS))
    picture.table(
        "free list",
        COLUMNS,
        rows,
        live=list(LIVE),
        mono=[1, 3],
        numbers=[0, 2],
        caption="free list, in its order",
    )
    states: list[dict[int, str]] = [{-1: "hidden"} for _ in rows]
    marked: list[list[int]] = [[] for _ in rows]
    for frame in frames:
        for index in range(count):
            there = index < len(frame.free)
            states[index][frame.tick] = "" if there else "hidden"
            cells = _cells(frame, index) if there else [""] * len(LIVE)
            for column, text in enumerate(cells):
                element = index * len(LIVE) + column
                picture.change("free list", "cells", element, frame.tick, text)
            if there and frame.step and frame.step.focus == frame.free[index]:
                marked[index].append(frame.tick)
        hidden = len(frame.free) - MOST_ROWS
        if longest > MOST_ROWS:
            states[count][frame.tick] = "" if hidden > 0 else "hidden"
            more = f"and {hidden} more" if hidden > 0 else ""
            picture.change("free list", "cells", count * len(LIVE), frame.tick, more)
    for row in range(len(rows)):
        show_states(picture, "free list", row, states[row], marked=marked[row], end=end)


def _cells(frame: _Frame, place: int) -> list[str]:
    block = frame.free[place]
    after = f"{frame.free[place + 1][0]:#06x}" if place + 1 < len(frame.free) else "end of the list"
    looks: Any = frame.step.looks if frame.step else {}
    return [
        f"{block[0]:#06x}",
        str(block[1]),
        after,
        _behind(frame, sum(block)),
        looks.get(block, ""),
    ]


def _behind(frame: _Frame, address: int) -> str:
    if any(start == address for start, _ in frame.free):
        return "a free block, not merged"
    if any(start == address for start, _ in frame.used):
        return "an allocated block"
    return "the end of the heap"
