"""Faults in the picture: what went wrong in a column, and the way that does not exist."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.trace import Trace
from kit.trace.state.processes import Fault
from kit.tracks.memory.columns import LETTER, Column, Layout, box
from kit.tracks.memory.epochs import Band
from kit.tracks.palette import ALARM
from kit.tracks.picture import Picture

STAYS = 10
"""Ticks for which a way that does not exist is drawn."""
REACH = 0.9
"""Ticks before the fault in which it is tried."""
LABEL_ROOM = 54.0
APART = 18.0
"""Pixels between its label and a pointer at least, where there is room for that."""
INSET = 10.0
AWAY = (-50.0, -50.0)
"""Outside of the picture, where a line is that is not there."""
NAME_SIZE = 14.0
NAME_LETTER = 8.0
MOST_NAME_LINES = 2
_ADDRESS = re.compile(r"(?:read|wrote|returned to) (0x[0-9a-f]+)")


@dataclass(frozen=True)
class Failure:
    """A fault as it is shown.

    Attributes
    ----------
    note : str
        Whose the address is, in words, or which thread it was.
    target : (Column, Band) or None
        The segment of another process that was meant.
    """

    tick: int
    column: Column
    fault: str
    told: str
    note: str
    target: tuple[Column, Band] | None
    has_address: bool = False

    @property
    def crosses(self) -> bool:
        """Whether the line to the target goes from column to column."""
        return self.target is not None and self.target[0].row == self.column.row


def failures(trace: Trace, layout: Layout) -> list[Failure]:
    """Return the faults of the processes that are shown, in order."""
    found = []
    for fault in trace.history.faults:
        column = layout.column(fault.pid)
        if column is not None:
            found.append(_failure(trace, layout, column, fault))
    return found


def _failure(trace: Trace, layout: Layout, column: Column, failed: Fault) -> Failure:
    tick, pid, tid, fault, message = failed
    process = trace.history.processes[pid]
    name = process.programs.at(tick).name
    detail = message.removeprefix(f"tick {tick}: thread {tid} of '{name}' (pid {pid}) ")
    match = _ADDRESS.match(detail)
    who = f"T{tid} of pid {pid}: {fault}"
    if match is None:
        return Failure(tick, column, fault, who, f"in T{tid}", None)
    address = int(match[1], 16)
    own = _own(column, address, tick)
    target = None if own else _target(trace, layout, column, address, tick)
    if own:
        note = f"{address:#06x} is in its {own}"
    elif target is not None:
        note = f"{address:#06x} is {_named(target[1], tick)} of pid {target[0].pid}"
    elif fault == "stack overflow":
        note = f"{address:#06x} is below its stack"
    else:
        note = f"{address:#06x} is in no segment"
    return Failure(tick, column, fault, f"{who}, {note}", note, target, has_address=True)


def _own(column: Column, address: int, tick: int) -> str:
    """Return the segment of the process's own that an address is in; at the fault all may go."""
    for name, steps in column.process.segments.items():
        bounds = steps.at(tick) or steps.at(tick - 1)
        if bounds is not None and bounds[0] <= address < bounds[1]:
            return name
    return ""


def _named(band: Band, tick: int) -> str:
    change = band.at(tick)
    return change.name if change is not None else band.kind


def _target(
    trace: Trace, layout: Layout, column: Column, address: int, tick: int
) -> tuple[Column, Band] | None:
    """Return the segment of another process that an address is in, of the nearest one."""
    found = []
    for other in layout.columns:
        epoch = other.epoch_at(tick)
        if other is column or epoch is None:
            continue
        inside = _address_in(trace, column, other, address, tick)
        for band in epoch.bands:
            change, arrival = band.at(tick), epoch.arrival(band)
            if change is None or arrival is None or arrival > tick:
                continue
            if change.start <= inside < change.end:
                distance = (other.row != column.row, abs(other.place - column.place))
                found.append((distance, other.place, other, band))
    return min(found, key=lambda item: item[:2])[2:] if found else None


def _address_in(trace: Trace, column: Column, other: Column, address: int, tick: int) -> int:
    """Return what an address of one process would be in another one.

    With pages every address space has the same addresses. Without, an address is a place in
    RAM, counted from the base of its process.
    """
    if not trace.settings.contiguous:
        return address
    own = column.process.stretch.at(tick) or column.process.stretch.at(tick - 1)
    their = other.process.stretch.at(tick)
    return address + own[0] - their[0] if own and their else -1


def draw_ways(picture: Picture, found: list[Failure]) -> None:
    """Draw the line from a process to what it tried to reach; it goes behind the columns."""
    crossing = [failure for failure in found if failure.crosses]
    _add_ways(picture, "ways", len(crossing))


def _add_ways(picture: Picture, name: str, count: int) -> None:
    blank = [[AWAY, AWAY]] * count
    if count:
        picture.outlines(name, blank, colors=[ALARM] * count, stroke_width=2.0, dashed=True)


def label_ways(picture: Picture, layout: Layout, found: list[Failure]) -> None:
    """Move the lines at their ticks, and put a cross and "no way in" on each."""
    tries = [failure for failure in found if failure.crosses]
    if not tries:
        return
    blank = [(0.0, 0.0)] * len(tries)
    picture.texts(
        "crosses", blank, [""] * len(tries), colors=ALARM, size=20.0, bold=True, align="middle"
    )
    picture.texts("no way in", blank, [""] * len(tries), colors=ALARM, align="middle")
    for element, failure in enumerate(tries):
        _label(picture, layout, element, failure)


def _label(picture: Picture, layout: Layout, element: int, failure: Failure) -> None:
    assert failure.target is not None, "only such ways are drawn"
    column, (other, band), tick = failure.column, failure.target, failure.tick
    to_right = other.left > column.left
    start, end = (column.right, other.left) if to_right else (column.left, other.right)
    row = next(row for row in layout.rows if column in row)
    index = row.index(column)
    beside = row[index + 1] if to_right else row[index - 1]
    middle = (start + (beside.left if to_right else beside.right)) / 2
    y = _height(picture, other, band, tick, (min(start, beside.right), max(start, beside.left)))
    until = tick + STAYS
    picture.change("ways", "x", element, tick - REACH, (start, start))
    picture.change("ways", "y", element, tick - REACH, (y, y))
    picture.change("ways", "x", element, tick, (start, end), glide=REACH)
    for mark, text, below in (("crosses", "✕", 0.0), ("no way in", "no way in", -15.0)):
        if mark == "no way in" and abs(middle - start) * 2 * column.real < LABEL_ROOM:
            continue
        picture.change(mark, "x", element, tick, middle)
        picture.change(mark, "y", element, tick, y + below)
        picture.change(mark, "text", element, tick, text)
        if until <= layout.end:
            picture.change(mark, "text", element, until, "")
    if until <= layout.end:
        picture.change("ways", "x", element, until, (AWAY[0], AWAY[0]))


def _height(
    picture: Picture, column: Column, band: Band, tick: int, between: tuple[float, float]
) -> float:
    """Return where in the target's band the line ends: away from pointers in its way."""
    change = band.at(tick)
    assert change is not None, "the target is there"
    _, top, _, bottom = box(column, band, change.size)
    taken = [
        y[0]
        for mark in ("pointers", "counters")
        if (mark, "text") in picture.channels
        for x, y, text in zip(
            picture.channels[mark, "x"].at(tick),
            picture.channels[mark, "y"].at(tick),
            picture.channels[mark, "text"].at(tick),
            strict=True,
        )
        if text and between[0] - 1 <= x[0] <= between[1] + 1
    ]
    spots = [top + 8.0 + step for step in range(0, max(1, int(bottom - top - 16.0)), 3)]

    def free(y: float) -> tuple[float, float]:
        near = min((min(abs(y - other), abs(y - 15.0 - other)) for other in taken), default=APART)
        return min(near, APART), -abs(y - (top + bottom) / 2)

    return max(spots, key=free)


def draw_faults(picture: Picture, found: list[Failure]) -> None:
    """Write into a column what failed in it: the last fault, if there are several."""
    columns = list({failure.column.place: failure.column for failure in found}.values())
    if not columns:
        return
    names, notes = [], []
    for column in columns:
        x, y = _middle(column)
        lift = 0.0 if _is_roomy(column) else 8.0
        names.extend([(x, y - 8.0 - lift), (x, y + 9.0 - lift)])
        notes.append((x, y + 18.0 + lift))
    picture.texts(
        "faults", names, [""] * len(names), colors=ALARM, size=NAME_SIZE, bold=True, align="middle"
    )
    picture.texts("fault notes", notes, [""] * len(notes), colors=ALARM, align="middle")
    picture.sentences("failed", len(columns))
    _add_ways(picture, "nowhere", len(columns))
    for failure in found:
        element = columns.index(failure.column)
        lines = _name_lines(failure)
        for line in range(MOST_NAME_LINES):
            text = lines[line] if line < len(lines) else ""
            picture.change("faults", "text", element * MOST_NAME_LINES + line, failure.tick, text)
        fits = len(failure.note) * LETTER <= failure.column.room
        short = failure.note.partition(" ")[0] if failure.has_address else failure.note
        note = failure.note if fits else short
        picture.change("fault notes", "text", element, failure.tick, note)
        picture.change("failed", "text", element, failure.tick, failure.told)
        _point_nowhere(picture, element, failure)
    picture.text_alternative.extend(
        [("failed", "text", element)] for element in range(len(columns))
    )


def _point_nowhere(picture: Picture, element: int, failure: Failure) -> None:
    """Let a line lead into free space where the address belongs to no other process either."""
    column, tick = failure.column, failure.tick
    start = column.right
    end = column.left + INSET
    _, y = _middle(column)
    y += 5.0 if _is_roomy(column) else 14.0
    if not failure.has_address or failure.crosses:
        picture.change("nowhere", "x", element, tick, (AWAY[0], AWAY[0]))
        return
    picture.change("nowhere", "x", element, tick - REACH, (start, start))
    picture.change("nowhere", "y", element, tick - REACH, (y, y))
    picture.change("nowhere", "x", element, tick, (start, end), glide=REACH)


def _is_roomy(column: Column) -> bool:
    return column.room >= len("✕ segmentation fault") * NAME_LETTER


def _middle(column: Column) -> tuple[float, float]:
    return (column.left + column.right) / 2, sum(column.gap) / 2


def _name_lines(failure: Failure) -> list[str]:
    text = f"✕ {failure.fault}"
    if len(text) * NAME_LETTER <= failure.column.room:
        return [text]
    first, _, rest = text.rpartition(" ")
    return [first, rest]
