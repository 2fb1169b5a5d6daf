"""The disk: program files, static until one is loaded."""

from __future__ import annotations

from kit.lang.program import Program
from kit.trace import Trace
from kit.trace.histories import ProcessHistory
from kit.tracks.palette import CODE, DATA, INK, LINE, PALE, QUIET, shorten
from kit.tracks.picture import Picture

WIDTH = 170.0
LEFT, RIGHT = 4.0, 128.0
FOLD = 16.0
CARD, GAP = 148.0, 14.0
MOST_FILES = 4
NAME_CHARACTERS = 13
NOTE_CHARACTERS = 17


def flight(process: ProcessHistory, kind: str) -> tuple[int, float]:
    """Return when the first page of a segment arrives in RAM, and how many ticks it flew.

    It leaves when the page before it has arrived; where loading costs nothing, it is
    shown flying for one tick.
    """
    before = process.launched
    for tick, loaded, _ in process.loaded:
        if loaded == kind:
            return tick, float(min(tick, max(tick - before, 1)))
        before = tick
    return before, 0.0


def disk(trace: Trace) -> Picture:
    """Lay out the program files of a trace.

    A file shows its code and data with their sizes. When a process is made from it,
    copies of both leave to the right, where the address spaces stand.
    """
    programs = trace.programs[:MOST_FILES]
    picture = Picture("Disk: program files", WIDTH, len(programs) * (CARD + GAP) + 8.0, 150.0)
    _draw_files(picture, programs)
    _draw_copies(picture, trace, programs)
    if len(trace.programs) > MOST_FILES:
        more = f"and {len(trace.programs) - MOST_FILES} more files"
        picture.texts("more", [(LEFT, picture.height - 4.0)], [more], colors=QUIET)
    return picture


def _top(place: int) -> float:
    return 4.0 + place * (CARD + GAP)


def _draw_files(picture: Picture, programs: tuple[Program, ...]) -> None:
    shape = []
    for place in range(len(programs)):
        top, bottom = _top(place), _top(place) + CARD
        shape.append(
            [
                (LEFT, top),
                (RIGHT - FOLD, top),
                (RIGHT - FOLD, top + FOLD),
                (RIGHT, top + FOLD),
                (RIGHT, bottom),
                (LEFT, bottom),
                (LEFT, top),
                (RIGHT - FOLD, top),
                (RIGHT, top + FOLD),
            ]
        )
    picture.outlines("files", shape, colors=[LINE] * len(programs), stroke_width=1.5)
    boxes, fills, strokes, places, texts = [], [], [], [], []
    for place, program in enumerate(programs):
        for kind, left, top, right, bottom in _segments(place):
            size = program.image.code_bytes if kind == "code" else program.image.data_bytes
            boxes.append((left, top, right, bottom))
            fills.append(PALE[kind])
            strokes.append(CODE if kind == "code" else DATA)
            places.append((left + 8.0, (top + bottom) / 2))
            texts.append(f"{kind} {size} B")
    picture.rectangles("segments", boxes, fills, strokes=strokes)
    picture.texts("sizes", places, texts, colors=INK)
    names = [shorten(program.name, NAME_CHARACTERS) for program in programs]
    spots = [(LEFT + 8.0, _top(place) + 20.0) for place in range(len(programs))]
    picture.texts("names", spots, names, size=13.0, bold=True)
    under = [(LEFT + 8.0, _top(place) + CARD - 14.0) for place in range(len(programs))]
    picture.texts("notes", under, ["static"] * len(programs), colors=QUIET)


def _segments(place: int) -> list[tuple[str, float, float, float, float]]:
    top = _top(place)
    return [
        ("code", LEFT + 8.0, top + 36.0, RIGHT - 8.0, top + 86.0),
        ("data", LEFT + 8.0, top + 90.0, RIGHT - 8.0, top + 116.0),
    ]


def _draw_copies(picture: Picture, trace: Trace, programs: tuple[Program, ...]) -> None:
    """Draw for each process the copies of code and data that fly into RAM."""
    names = {program.name: place for place, program in enumerate(programs)}
    processes = [p for p in trace.history.processes.values() if p.program.name in names]
    moves = [
        (process, part)
        for process in processes
        for part in _segments(names[process.program.name])
        if any(kind == part[0] for _, kind, _ in process.loaded)
    ]
    if moves:
        picture.rectangles(
            "copies",
            [part[1:] for _, part in moves],
            [PALE[part[0]] for _, part in moves],
            strokes=[CODE if part[0] == "code" else DATA for _, part in moves],
            opacity=0.0,
        )
    for element, (process, part) in enumerate(moves):
        _fly(picture, element, process, part)
    loaded = [(process.loaded[-1][0], process) for process in processes if process.loaded]
    pids: dict[int, list[str]] = {}
    for tick, process in sorted(loaded, key=lambda item: (item[0], item[1].pid)):
        place = names[process.program.name]
        pids.setdefault(place, []).append(str(process.pid))
        told = shorten(f"loaded as pid {', '.join(pids[place])}", NOTE_CHARACTERS)
        picture.change("notes", "text", place, tick, told)
    for place, program in enumerate(programs):
        size = f"{program.image.code_bytes} bytes of code, {program.image.data_bytes} of data;"
        picture.twin.append([f"file {program.name}: {size}", ("notes", "text", place)])


def _fly(
    picture: Picture,
    element: int,
    process: ProcessHistory,
    part: tuple[str, float, float, float, float],
) -> None:
    kind, left, _, right, _ = part
    arrives, length = flight(process, kind)
    if length <= 0:
        return
    start, half = arrives - length, arrives - length / 2
    shift = WIDTH - left + 10.0
    picture.change("copies", "opacities", element, start, 1.0)
    picture.change("copies", "x", element, start, (left, right))
    picture.change("copies", "x", element, half, (left + shift, right + shift), glide=length / 2)
    picture.change("copies", "opacities", element, half, 0.0)
