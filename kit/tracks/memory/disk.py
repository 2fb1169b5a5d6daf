"""The disk: program files, static until one is loaded, and what programs write to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.errors import plural
from kit.lang.program import Program
from kit.trace import Trace
from kit.tracks.memory.data_files import FILE_HEIGHT, MOST_FILES, contents, draw_data_files
from kit.tracks.memory.epochs import LOADED, Epoch, epochs
from kit.tracks.memory.loading import Flight
from kit.tracks.palette import INK, LINE, PALE, QUIET, SEGMENTS, shorten
from kit.tracks.picture import Picture

WIDTH, LEAST_WIDTH = 170.0, 150.0
LEFT, RIGHT = 4.0, 134.0
FOLD = 16.0
TOP, EDGE = 4.0, 8.0
HEIGHT = 500.0
"""Pixels; where whole cards would be higher, they are small."""
MOST_SMALL = 6
NAME_CHARACTERS = 14
NOTE_CHARACTERS = 18
LEAVE = 10.0
MORE_HEIGHT = 20.0

Edges = tuple[float, float, float, float]


@dataclass(frozen=True)
class Cards:
    """How program files are drawn.

    Attributes
    ----------
    small : bool
        Without sizes, because there are many of them.
    """

    programs: tuple[Program, ...]
    small: bool

    @property
    def height(self) -> float:
        """Of one card."""
        return 66.0 if self.small else 148.0

    @property
    def pitch(self) -> float:
        """From one card to the next."""
        return self.height + (8.0 if self.small else 14.0)

    def top(self, place: int) -> float:
        """Return where a card begins."""
        return TOP + place * self.pitch

    def segment(self, place: int, kind: str) -> Edges:
        """Return where a program's code or data stands on its card."""
        top, left, right = self.top(place), LEFT + EDGE, RIGHT - EDGE
        if self.small:
            across = (left, left + 46.0) if kind == "code" else (left + 50.0, right)
            return across[0], top + 27.0, across[1], top + 45.0
        first, last = (36.0, 86.0) if kind == "code" else (90.0, 116.0)
        return left, top + first, right, top + last


def disk(trace: Trace) -> Picture:
    """Lay out the program files of a trace, and the files that programs use.

    A program file shows its code and data with their sizes. When a process is made from it,
    or executes it, copies of both leave to the right, where the address spaces stand.
    """
    files = contents(trace)
    room = HEIGHT - min(MOST_FILES, len(files)) * FILE_HEIGHT
    count = len(trace.programs)
    small = count * Cards((), False).pitch > room
    shown = trace.programs[: MOST_SMALL if small else count]
    cards = Cards(shown, small)
    picture = Picture("Disk: files", WIDTH, cards.top(len(shown)) + EDGE, LEAST_WIDTH)
    _draw_cards(picture, cards)
    loadings = list(_loadings(trace, cards))
    _draw_copies(picture, cards, loadings)
    _write_notes(picture, cards, loadings)
    hidden = count - len(shown)
    if hidden:
        more = f"and {plural(hidden, 'more program')}"
        picture.texts("more", [(LEFT, picture.height + 2.0)], [more], colors=QUIET)
        picture.text_alternative.append([more])
        picture.height += MORE_HEIGHT
    draw_data_files(picture, files, (LEFT, RIGHT))
    return picture


def outline(top: float, bottom: float) -> list[tuple[float, float]]:
    """Return the shape of a file: a sheet with a corner folded down."""
    return [
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


def _draw_cards(picture: Picture, cards: Cards) -> None:
    programs = cards.programs
    places = range(len(programs))
    shapes = [outline(cards.top(place), cards.top(place) + cards.height) for place in places]
    picture.outlines("files", shapes, colors=[LINE] * len(shapes), stroke_width=1.5)
    boxes, kinds, spots, texts = [], [], [], []
    for place, program in enumerate(programs):
        for kind in LOADED:
            left, top, _, bottom = edges = cards.segment(place, kind)
            size = program.image.code_bytes if kind == "code" else program.image.bss_offset
            boxes.append(edges)
            kinds.append(kind)
            spots.append((left + (5.0 if cards.small else EDGE), (top + bottom) / 2))
            texts.append(f"no {kind}" if not size else kind if cards.small else f"{kind} {size} B")
    fills, strokes = [PALE[kind] for kind in kinds], [SEGMENTS[kind] for kind in kinds]
    picture.rectangles("segments", boxes, fills, strokes=strokes)
    picture.texts("sizes", spots, texts, colors=INK)
    names = [shorten(program.name, NAME_CHARACTERS) for program in programs]
    spots = [(LEFT + EDGE, cards.top(place) + (15.0 if cards.small else 20.0)) for place in places]
    picture.texts("names", spots, names, size=13.0, bold=True)
    under = [(LEFT + EDGE, cards.top(place + 1) - cards.pitch + cards.height) for place in places]
    lift = 11.0 if cards.small else 14.0
    spots = [(x, y - lift) for x, y in under]
    picture.texts("notes", spots, ["static"] * len(programs), colors=QUIET)


@dataclass(frozen=True)
class Loading:
    """A program of a card that comes into a process.

    Attributes
    ----------
    place : int
        Of the card.
    done : int or None
        When the process could begin to run it.
    """

    place: int
    epoch: Epoch
    done: int | None


def _loadings(trace: Trace, cards: Cards) -> Iterator[Loading]:
    places = {program.name: index for index, program in enumerate(cards.programs)}
    for process in trace.history.processes.values():
        for epoch in epochs(process):
            if epoch.origin != "fork" and epoch.program.name in places:
                yield Loading(places[epoch.program.name], epoch, epoch.ready)


def _draw_copies(picture: Picture, cards: Cards, loadings: list[Loading]) -> None:
    """Draw the copies of code and data that fly into RAM; a copy that is back flies again."""
    flights = sorted(
        (flight.starts, flight, loading.place, kind)
        for loading in loadings
        for kind, flight in _flights(loading.epoch)
        if flight.ticks > 0
    )
    free: dict[tuple[int, str], list[tuple[float, int]]] = {}
    made: list[tuple[int, str]] = []
    moves: list[tuple[int, Flight]] = []
    for start, flight, place, kind in flights:
        known = free.setdefault((place, kind), [])
        element = next((number for until, number in known if until < start), None)
        if element is None:
            element = len(made)
            made.append((place, kind))
        known[:] = [item for item in known if item[1] != element]
        known.append((flight.half, element))
        moves.append((element, flight))
    if not made:
        return
    boxes = [cards.segment(place, kind) for place, kind in made]
    fills, strokes = [PALE[kind] for _, kind in made], [SEGMENTS[kind] for _, kind in made]
    picture.rectangles("copies", boxes, fills, strokes=strokes, opacity=0.0)
    for element, flight in moves:
        left, _, right, _ = boxes[element]
        away = (WIDTH + LEAVE, WIDTH + LEAVE + right - left)
        picture.change("copies", "x", element, flight.starts, (left, right))
        picture.change("copies", "opacities", element, flight.starts, 1.0)
        picture.change("copies", "x", element, flight.half, away, glide=flight.ticks / 2)
        picture.change("copies", "opacities", element, flight.half, 0.0)


def _flights(epoch: Epoch) -> Iterator[tuple[str, Flight]]:
    """Yield what flies for an epoch: code and data as a whole, later page by page on demand."""
    yield from epoch.flights.items()
    for tick, kind, _ in epoch.process.loaded:
        on_demand = epoch.ready is not None and tick > epoch.ready and epoch.holds(tick)
        if on_demand and tick > epoch.flights[kind].arrives:
            yield kind, Flight(tick, 1.0)


def _write_notes(picture: Picture, cards: Cards, loadings: list[Loading]) -> None:
    """Say which processes a file has become."""
    count = len(cards.programs)
    picture.sentences("told", count)
    for place in range(count):
        picture.change("told", "text", place, 0, "static")
    events: list[tuple[int, int, Loading]] = []
    for number, loading in enumerate(loadings):
        if loading.done is None or loading.done > loading.epoch.start:
            events.append((loading.epoch.start, number, loading))
        if loading.done is not None:
            events.append((loading.done, number, loading))
    pids: dict[tuple[int, str], list[str]] = {}
    for tick, _, loading in sorted(events, key=lambda event: event[:2]):
        place, epoch = loading.place, loading.epoch
        if tick == loading.done:
            known = pids.setdefault((place, epoch.origin), [])
            known.append(str(epoch.process.pid))
            how = "exec by pid" if epoch.origin == "exec" else "loaded as pid"
            note = f"{how} {', '.join(dict.fromkeys(known))}"
        else:
            note = f"loading for pid {epoch.process.pid}"
        picture.change("notes", "text", place, tick, shorten(note, NOTE_CHARACTERS))
        listed = [
            f"{word} {', '.join(dict.fromkeys(pids[place, origin]))}"
            for origin, word in (("launch", "loaded as pid"), ("exec", "executed by pid"))
            if (place, origin) in pids
        ]
        now = [] if tick == loading.done else [note]
        picture.change("told", "text", place, tick, "; ".join([*listed, *now]))
    for place, program in enumerate(cards.programs):
        size = f"{program.image.code_bytes} bytes of code, {program.image.bss_offset} of data;"
        picture.text_alternative.append(
            [f"program {program.name}: {size}", ("told", "text", place)]
        )
