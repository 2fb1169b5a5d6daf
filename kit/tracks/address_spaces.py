"""Address spaces side by side: what each process was given, and what is in it."""

from __future__ import annotations

from kit.trace import Moment, ProcessState, Trace
from kit.tracks.columns import HEADER, LINE_HEIGHT, Band, Column
from kit.tracks.contents import content
from kit.tracks.disk import flight
from kit.tracks.palette import (
    ALARM,
    CODE,
    DATA,
    FREE,
    HEAP,
    LINE,
    PALE,
    QUIET,
    STACK,
    shorten,
)
from kit.tracks.picture import Part, Picture
from kit.tracks.pointers import Pointers
from kit.tracks.sampling import sample_ticks, thinned

TOP = 46.0
FREE_LEAST = 34.0
WIDTH = 700.0
COLUMN_LEAST, COLUMN_MOST = 150.0, 380.0
MARGIN = 78.0
"""Room at the right of each column for the program counters and stack pointers."""
HEIGHT = 440.0
MOST_PROCESSES = 6
MOST_STACKS = 8
MOST_LINES = {"stack": 2, "heap": 2, "data": 4, "code": 4}
STRIPE = 6.0
SEAM = 2.0
STROKE = {"code": CODE, "data": DATA, "heap": HEAP, "stack": STACK}


def address_spaces(trace: Trace) -> Picture:
    """Lay out the address space of every process as a column.

    High addresses are at the top: stacks, free space, heap, data, code. A segment
    shows its name and content: variables with their values, the instruction each
    thread executes next. Markers at the right edge show where each thread's stack
    pointer and program counter point.
    """
    shown = list(trace.history.processes.values())[:MOST_PROCESSES]
    pitch = min(max(COLUMN_LEAST + MARGIN, WIDTH / max(1, len(shown))), COLUMN_MOST + MARGIN)
    columns = [
        Column(process, 10.0 + pitch * place, 10.0 + pitch * (place + 1) - MARGIN)
        for place, process in enumerate(shown)
    ]
    for column in columns:
        column.bands = _bands(column)
    height = _place_bands(columns)
    width = max(WIDTH, 10.0 + pitch * len(columns))
    least = (COLUMN_LEAST + MARGIN) * len(columns)
    picture = Picture("Address spaces, one a process", width, height, least)
    _draw_columns(picture, columns, height)
    _draw_bands(picture, columns)
    _draw_headings(picture, trace, columns)
    _draw_lines(picture, trace, columns)
    _draw_faults(picture, trace, columns)
    hidden = len(trace.history.processes) - len(shown)
    if hidden > 0:
        text = f"and {hidden} more processes"
        picture.texts("more", [(10.0, height - 6.0)], [text], colors=QUIET)
    return picture


def _bands(column: Column) -> list[Band]:
    process = column.process
    names = list(process.segments)
    stacks = sorted((name for name in names if name.startswith("stack")), key=_tid)
    column.hidden_stacks = max(0, len(stacks) - MOST_STACKS)
    stacks = stacks[:MOST_STACKS]
    lines = 1 if len(stacks) > 4 else MOST_LINES["stack"]
    bands = [Band(name, "stack", _tid(name), lines) for name in stacks]
    if "heap" in names:
        bands.append(Band("heap", "heap", 0, MOST_LINES["heap"]))
    if "data" in names:
        # exec may put a program with more variables into the process.
        programs = process.program, *process.programs.values
        most = max(len(program.image.variables) for program in programs)
        count = min(max(1, most), MOST_LINES["data"])
        bands.append(Band("data", "data", 0, count))
    if "code" in names:
        bands.append(Band("code", "code", 0, max(1, min(len(stacks), MOST_LINES["code"]))))
    return bands


def _tid(name: str) -> int:
    return int(name.removeprefix("stack T"))


def _place_bands(columns: list[Column]) -> float:
    """Give bands their places: stacks from the top, the rest from the bottom."""
    tallest = max(
        (sum(b.height + SEAM for b in c.bands) + FREE_LEAST for c in columns), default=0.0
    )
    bottom = TOP + max(HEIGHT - TOP - 8.0, tallest)
    for column in columns:
        top = TOP
        for band in column.bands:
            if band.kind == "stack":
                band.top, top = top, top + band.height + SEAM
        low = bottom
        for band in reversed(column.bands):
            if band.kind != "stack":
                band.top = low - band.height
                low = band.top - SEAM
    return bottom + 8.0


def _draw_columns(picture: Picture, columns: list[Column], height: float) -> None:
    if not columns:
        return
    picture.rectangles(
        "columns",
        [(c.left, TOP, c.right, height - 8.0) for c in columns],
        [FREE] * len(columns),
        strokes=[LINE] * len(columns),
        opacity=0.0,
    )
    for place, column in enumerate(columns):
        start = float(column.process.launched)
        picture.change("columns", "opacities", place, start, 1.0, glide=1.0)


def _all_bands(columns: list[Column]) -> list[tuple[Column, Band]]:
    return [(column, band) for column in columns for band in column.bands]


def _draw_bands(picture: Picture, columns: list[Column]) -> None:
    bands = _all_bands(columns)
    if not bands:
        return
    boxes = [(c.left, b.top, c.right, b.bottom) for c, b in bands]
    picture.rectangles("bands", boxes, [PALE[b.kind] for _, b in bands], opacity=0.0)
    stripes = [(c.left, b.top, c.left + STRIPE, b.bottom) for c, b in bands]
    picture.rectangles("stripes", stripes, [STROKE[b.kind] for _, b in bands], opacity=0.0)
    picture.texts(
        "band names",
        [(c.left + 14.0, b.top + 12.0) for c, b in bands],
        [""] * len(bands),
        bold=True,
    )
    for element, (column, band) in enumerate(bands):
        for tick, bounds in column.process.segments[band.name]:
            if bounds is not None and _is_shown(picture, element):
                continue
            _show_band(picture, element, column, band, tick, bounds is not None)


def _is_shown(picture: Picture, element: int) -> bool:
    return bool(picture.channels["bands", "opacities"].keys[element][-1][1] == (1.0,))


def _show_band(
    picture: Picture, element: int, column: Column, band: Band, tick: int, exists: bool
) -> None:
    """Let a segment come or go. Code and data fly in from the disk, the rest unfolds."""
    process, when = column.process, float(tick)
    if exists and band.kind in ("code", "data"):
        if not any(kind == band.kind for _, kind, _ in process.loaded):
            return  # the run ended before it came
        arrival, length = flight(process, band.kind)
        when = float(arrival)
        if length > 0:
            _fly_in(picture, element, column, when, length / 2)
    elif exists:
        middle = band.top if band.kind == "stack" else band.bottom
        for mark in ("bands", "stripes"):
            picture.change(mark, "y", element, max(0.0, when - 1.0), (middle, middle))
            picture.change(mark, "y", element, when, (band.top, band.bottom), glide=0.8)
    for mark in ("bands", "stripes"):
        picture.change(mark, "opacities", element, when, 1.0 if exists else 0.0, glide=0.5)
    picture.change("band names", "text", element, when, band.name if exists else "")


def _fly_in(picture: Picture, element: int, column: Column, when: float, length: float) -> None:
    width = column.right - column.left
    for mark, wide in (("bands", width), ("stripes", STRIPE)):
        start = (-width - 10.0, wide - width - 10.0)
        end = (column.left, column.left + wide)
        picture.change(mark, "x", element, max(0.0, when - length), start)
        picture.change(mark, "opacities", element, when - length, 1.0)
        picture.change(mark, "x", element, when, end, glide=length)


def _draw_headings(picture: Picture, trace: Trace, columns: list[Column]) -> None:
    names = [(c.left, 12.0) for c in columns]
    under = [(c.left, 31.0) for c in columns]
    picture.texts("processes", names, [""] * len(columns), size=14.0, bold=True)
    picture.texts("facts", under, [""] * len(columns), colors=QUIET)
    kinds = ("dispatch", "preempt", "block", "wake", "print", "fill")
    ticks = thinned(trace, (event.tick for event in trace.events if event.kind not in kinds))
    for place, column in enumerate(columns):
        name = shorten(column.process.program.name, column.characters + 8)
        picture.change("processes", "text", place, column.process.launched, name)
        for tick in ticks:
            process = trace.at(tick).processes.get(column.process.pid)
            if process is not None:
                picture.change("facts", "text", place, tick, _facts(process))


def _facts(process: ProcessState) -> str:
    if process.exit_code is not None:
        return f"pid {process.pid} · ended, exit code {process.exit_code}"
    count = sum(thread.state != "terminated" for thread in process.threads.values())
    threads = "1 thread" if count == 1 else f"{count} threads"
    if process.state == "new":
        threads = "being loaded"
    return f"pid {process.pid} · {threads} · {len(process.page_table)} frames"


def _draw_lines(picture: Picture, trace: Trace, columns: list[Column]) -> None:
    """Write the content of every segment, and mark program counters and stack pointers."""
    bands = _all_bands(columns)
    rows = [(n, c, b, k) for n, (c, b) in enumerate(bands) for k in range(b.lines)]
    if not rows:
        return
    places = [(c.left + 14.0, b.top + HEADER + 9.0 + k * LINE_HEIGHT) for _, c, b, k in rows]
    picture.rectangles(
        "fresh",
        [
            (c.left + 10.0, y - 8.0, c.right - 3.0, y + 8.0)
            for (_, c, _, _), (_, y) in zip(rows, places, strict=True)
        ],
        ["#ffffff"] * len(rows),
        opacity=0.0,
    )
    picture.texts("lines", places, [""] * len(rows), mono=True)
    markers = Pointers(picture, trace, columns)
    first = {}
    for element, (n, _, _, k) in enumerate(rows):
        if k == 0:
            first[n] = element
    for place, column in enumerate(columns):
        own = [(n, band) for n, (c, band) in enumerate(bands) if c is column]
        for tick in _lifetime(trace, column):
            moment = trace.at(tick)
            process = moment.processes[column.process.pid]
            for n, band in own:
                _write(picture, first[n], band, column, process, moment)
            markers.point(column, process, tick)
        picture.twin.append([("processes", "text", place), ("facts", "text", place)])
        for n, band in own:
            parts: list[Part] = [("band names", "text", n)]
            parts.extend(("lines", "text", first[n] + k) for k in range(band.lines))
            picture.twin.append(parts)


def _lifetime(trace: Trace, column: Column) -> list[int]:
    process = column.process
    end = process.exit[0] if process.exit else trace.end
    ticks = list(sample_ticks(trace, process.launched, end))
    return ticks if ticks and ticks[-1] == end else [*ticks, end]


FRESH = 3.0
"""Ticks for which a value that changed is lit up."""


def _write(
    picture: Picture,
    first: int,
    band: Band,
    column: Column,
    process: ProcessState,
    moment: Moment,
) -> None:
    lines = content(band, column, process, moment.tick)
    for k in range(band.lines):
        text = shorten(lines[k], column.characters) if k < len(lines) else ""
        before = picture.channels["lines", "text"].keys[first + k][-1][1]
        picture.change("lines", "text", first + k, moment.tick, text)
        if band.kind != "code" and text and before and text != before:
            picture.channels["fresh", "opacities"].forget(first + k, moment.tick)
            picture.change("fresh", "opacities", first + k, moment.tick, 0.9)
            picture.change("fresh", "opacities", first + k, moment.tick + FRESH, 0.0, glide=FRESH)


def _draw_faults(picture: Picture, trace: Trace, columns: list[Column]) -> None:
    """Mark a process that a fault took down."""
    places = {column.process.pid: column for column in columns}
    faults = [e for e in trace.events if e.kind == "fault" and e.pid in places]
    if not faults:
        return
    spots = []
    for event in faults:
        column = places[event.pid]
        spots.append(((column.left + column.right) / 2, TOP + 90.0))
    picture.texts(
        "faults", spots, [""] * len(faults), colors=ALARM, size=14.0, bold=True, align="middle"
    )
    for place, event in enumerate(faults):
        text = f"✕ {event.details['fault']}"
        picture.change("faults", "text", place, event.tick, text)
        picture.twin.append([("faults", "text", place)])
