"""Program counters and stack pointers at the edge of the columns."""

from __future__ import annotations

from kit.lang.instructions import SP
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.tracks.memory.columns import Column, Layout, box
from kit.tracks.memory.epochs import Band, Epoch
from kit.tracks.memory.room import HEADER, LINE_HEIGHT, rows_of_threads
from kit.tracks.memory.watching import Watch
from kit.tracks.palette import QUIET, thread_colors
from kit.tracks.picture import Picture
from kit.tracks.subjects import thread_subject

INSET = 10.0
"""Between the edge of a stack and a pointer to its very end."""
GLIDE = 0.6


def draw_pointers(picture: Picture, trace: Trace, layout: Layout, watch: Watch) -> None:
    """Mark where each thread's stack pointer and program counter point.

    Parameters
    ----------
    picture : Picture
    trace : Trace
    layout : Layout
    watch : Watch
    """
    colors = thread_colors(trace)
    codes = [(c, epoch, b) for c, epoch, b in layout.bands if b.kind == "code"]
    rows = [(c, epoch, b, row) for c, epoch, b in codes for row in range(b.lines)]
    if rows:
        spots = []
        for column, _, band, row in rows:
            top = box(column, band, band.largest)[1]
            spots.append((column.right + 4.0, top + HEADER + 9.0 + row * LINE_HEIGHT))
        picture.texts("counters", spots, [""] * len(rows), colors=QUIET, bold=True)
    for element, (_, epoch, _, row) in enumerate(rows):
        threads = rows_of_threads(epoch)
        for tid, begin, end in threads[row] if row < len(threads) else ():
            color = colors.get((epoch.process.pid, tid), QUIET)
            picture.change("counters", "colors", element, begin, color)
            picture.change("counters", "text", element, begin, f"◀ T{tid} pc")
            subject = thread_subject(trace, (epoch.process.pid, tid))
            picture.about("counters", element, subject, begin)
            if end is not None:
                picture.change("counters", "text", element, end, "")
                picture.about("counters", element, None, end)
    stacks = [(c, epoch, b) for c, epoch, b in layout.bands if b.kind == "stack" and b.lines]
    if stacks:
        spots = [(c.right + 4.0, b.anchor + INSET) for c, _, b in stacks]
        picture.texts("pointers", spots, [""] * len(stacks), colors=QUIET, bold=True)
    for element, (column, epoch, band) in enumerate(stacks):
        for name, since, until in band.stays(trace.end + 1):
            color = colors.get((epoch.process.pid, SegmentName.of(name).tid), QUIET)
            picture.change("pointers", "colors", element, since, color)
            _follow(picture, trace, watch, element, (column, epoch, band), name, since, until)


def _follow(
    picture: Picture,
    trace: Trace,
    watch: Watch,
    element: int,
    place: tuple[Column, Epoch, Band],
    name: str,
    since: int,
    until: int,
) -> None:
    """Follow the stack pointer of one thread while its stack is there."""
    column, epoch, band = place
    pid, tid = epoch.process.pid, SegmentName.of(name).tid
    record = trace.record.threads.get((pid, tid))
    thread = epoch.process.threads.get(tid)
    if record is None or thread is None:
        return
    begin = max(since, thread.state.ticks[0])
    ticks = watch.stack_ticks(pid, tid, begin, until - 1)
    ticks.update(change.tick for change in band.changes if begin <= change.tick < until)
    shown = False
    for tick in watch.samples(ticks, begin, until - 1) if begin < until else ():
        sp = record.registers_at(tick, thread.program.image)[SP]
        y = stack_depth(column, band, tick, sp)
        picture.change("pointers", "y", element, tick, y, GLIDE if shown else 0.0)
        picture.change("pointers", "text", element, tick, f"◀ T{tid} sp")
        picture.about("pointers", element, thread_subject(trace, (pid, tid)), tick)
        shown = True
    if shown and until <= trace.end:
        picture.change("pointers", "text", element, until, "")
        picture.about("pointers", element, None, until)


def stack_depth(column: Column, band: Band, tick: int, sp: int) -> float:
    """Return how far down its band a stack pointer stands: the fuller, the lower.

    Parameters
    ----------
    column : Column
    band : Band
    tick : int
    sp : int
        The stack pointer, a virtual address.
    """
    change = band.at(tick)
    assert change is not None, "asked for only while there is a stack"
    _, top, _, bottom = box(column, band, change.size)
    share = min(1.0, max(0.0, (change.end - sp) / max(1, change.size)))
    return top + INSET + share * (bottom - top - 2 * INSET)
