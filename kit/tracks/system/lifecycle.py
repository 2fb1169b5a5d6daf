"""The life cycle: the states of processes and threads, and who is in which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kit.sim.lifecycle import PROCESS, THREAD, Table
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.steps import Steps
from kit.tracks.palette import INK, LINE, PANEL, QUIET, shorten, thread_name
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid
from kit.tracks.subjects import Subject, process_subject, thread_subject
from kit.tracks.system.diagram import Box, Edge, edges, label_places, way
from kit.tracks.system.facts import all_colors, process_states
from kit.tracks.system.seats import STANDING, Seat, Seats

WIDTH, ALONE = 1000.0, 640.0
"""Of both diagrams side by side, and of one."""
MARGIN, GUTTER = 4.0, 24.0
NARROW = 0.7
"""The least width, as a share of the nominal one."""
ROWS = ((4.0, 44.0), (84.0, 64.0), (186.0, 64.0), (288.0, 64.0))
"""Top and height of each row of nodes."""
HEIGHT = 358.0
NODE = 0.25
"""Width of a node, as a share of its diagram's."""
HEADER, SEAT_HEIGHT = 22.0, 18.0
SEAT_GAP, ROW_GAP = 5.0, 3.0
ROUND = 5.0
BOLD, THIN = 7.2, 3.6
"""Room a character of a token takes, and one such as "i"; pixels on the screen."""
GLIDE = 0.7
"""Ticks a token takes from one state to the next."""
MOST_TOKENS = {"process": 48, "thread": 96}
MOST_TOLD = {"process": 24, "thread": 64}
MOST_CHANGES = 5000
TITLES = {"process": ("processes", "by pid"), "thread": ("threads", "as pid.tid")}
"""What is shown, and how it is called where its tokens carry only numbers."""
LEGENDS = {
    "process": "dashed: ended from outside",
    "thread": "dashed: ended from outside, or with its process",
}
GROUND, FAINT = "#fafaf8", "#a3abb3"
NAME_CHARACTERS = 14

Positions = Mapping[str, tuple[int, int]]
_COMMON = {"new": (0, 1), "ready": (0, 2), "running": (2, 2), "blocked": (1, 3)}
PROCESS_POSITIONS: Positions = {
    "program": (0, 0),
    **_COMMON,
    "zombie": (1, 1),
    "terminated": (2, 1),
}
THREAD_POSITIONS: Positions = {**_COMMON, "terminated": (1, 1)}
"""State -> column and row of its node."""
LAUNCH: Table = {("program", "launch"): "new"}
"""How a process begins. A program is a file: it stays what it is, and is in no state."""

Token = ThreadId
"""(pid, tid) of a thread, (pid, 0) of a process."""


@dataclass
class _Diagram:
    """One of the two diagrams."""

    kind: str
    table: Table
    positions: Positions
    left: float
    width: float
    states: dict[Token, Steps[str]]
    labels: dict[Token, str]
    names: dict[Token, str]
    origins: dict[Token, Token | str]
    boxes: dict[str, Box] = field(init=False)
    token_width: float = field(init=False)
    per_row: int = field(init=False)

    def __post_init__(self) -> None:
        node = self.width * NODE
        step = (self.width - node) / 2
        self.boxes = {}
        for state, (column, row) in self.positions.items():
            left, (top, height) = self.left + step * column, ROWS[row]
            self.boxes[state] = Box(left, top, left + node, top + height)
        widest = max(map(_room_of, self.drawn.values()), default=2 * BOLD)
        self.token_width = min((widest + 6.0) / NARROW, node - 8.0)
        self.per_row = max(1, int((node - 8.0 + SEAT_GAP) / (self.token_width + SEAT_GAP)))

    @property
    def drawn(self) -> dict[Token, str]:
        """The tokens that may be seen, with their labels; all others are only counted."""
        return dict(list(self.labels.items())[: MOST_TOKENS[self.kind]])

    @cached_property
    def room(self) -> dict[str, int]:
        """State -> how many tokens its node has room for."""
        rows = {
            state: int((box.bottom - box.top - HEADER + ROW_GAP) / (SEAT_HEIGHT + ROW_GAP))
            for state, box in self.boxes.items()
        }
        # The last one is where those without a seat are counted.
        return {s: count * self.per_row - 1 for s, count in rows.items() if s != "program"}

    def seat(self, state: str, number: int) -> Box:
        """Return where a token stands; one without a seat where they are counted."""
        box = self.boxes[state]
        number = self.room[state] if number == STANDING else number
        row, column = divmod(number, self.per_row)
        left = box.left + 4.0 + column * (self.token_width + SEAT_GAP)
        top = box.top + HEADER + row * (SEAT_HEIGHT + ROW_GAP)
        return Box(left, top, left + self.token_width, top + SEAT_HEIGHT)

    def passing(self, state: str) -> Box:
        """Return where a token is that passes through a state."""
        x, y = self.boxes[state].middle
        half, high = self.token_width / 2, SEAT_HEIGHT / 2
        return Box(x - half, y - high, x + half, y + high)


def _room_of(label: str) -> float:
    return sum(THIN if character in "i. " else BOLD for character in label)


def lifecycle(trace: Trace, *, show: str = "both") -> Picture:
    """Lay the states of processes and threads out as diagrams that are drawn from their tables.

    Parameters
    ----------
    trace : Trace
    show : str
        "processes", "threads" or "both".
    """
    across = WIDTH if show == "both" else ALONE
    picture = Picture("Life cycle of processes and threads", across, HEIGHT, across * NARROW)
    width = (WIDTH - GUTTER) / 2 - MARGIN if show == "both" else ALONE - 2 * MARGIN
    diagrams = []
    if show != "threads":
        diagrams.append(_processes(trace, MARGIN, width))
    if show != "processes":
        diagrams.append(_threads(trace, across - width - MARGIN, width))
    for diagram in diagrams:
        _draw_edges(picture, diagram)
        _draw_nodes(picture, trace, diagram)
    for diagram in diagrams:
        _draw_tokens(picture, trace, diagram)
        _move_tokens(picture, trace, diagram)
        _tell(picture, trace, diagram)
    return picture


def _processes(trace: Trace, left: float, width: float) -> _Diagram:
    processes = trace.history.processes
    forks = {pid: process.parent for pid, process in processes.items() if process.origin == "fork"}
    return _Diagram(
        "process",
        {**LAUNCH, **PROCESS},
        PROCESS_POSITIONS,
        left,
        width,
        {(pid, 0): process_states(process) for pid, process in processes.items()},
        {(pid, 0): f"pid {pid}" if len(processes) < 10 else str(pid) for pid in processes},
        {(pid, 0): f"{p.program.name} (pid {pid})" for pid, p in processes.items()},
        {(pid, 0): (forks[pid], 0) if pid in forks else "program" for pid in processes},
    )


def _threads(trace: Trace, left: float, width: float) -> _Diagram:
    processes = trace.history.processes
    keys = [(pid, tid) for pid, process in processes.items() for tid in process.threads]
    births = trace.history.births.items()
    origins: dict[Token, Token | str] = {
        key: birth.creator for key, birth in births if birth.creator is not None
    }
    alone = len(processes) == 1
    return _Diagram(
        "thread",
        THREAD,
        THREAD_POSITIONS,
        left,
        width,
        {(pid, tid): processes[pid].threads[tid].state for pid, tid in keys},
        {(pid, tid): f"T{tid}" if alone else f"{pid}.{tid}" for pid, tid in keys},
        {(pid, tid): thread_name(trace, (pid, tid), 40) for pid, tid in keys},
        origins,
    )


def _is_forced(edge: Edge) -> bool:
    """Tell whether a transition is an end that does not come from running to it."""
    return edge.trigger == "kill" or (edge.trigger == "exit" and edge.source != "running")


def _draw_edges(picture: Picture, diagram: _Diagram) -> None:
    lines = edges(diagram.table, diagram.boxes)
    for forced in (True, False):
        own = [line for line in lines if _is_forced(line) is forced]
        name = f"{diagram.kind} {'kills' if forced else 'edges'}"
        colors = [FAINT if forced else INK] * len(own)
        picture.outlines(name, [(e.start, e.end) for e in own], colors=colors, dashed=forced)
        picture.outlines(f"{name}: heads", [e.head for e in own], colors=colors)
    picture.texts(
        f"{diagram.kind} triggers",
        label_places(lines, diagram.boxes.values(), NARROW),
        [line.trigger for line in lines],
        colors=[QUIET if _is_forced(line) else INK for line in lines],
        align="middle",
    )


def _draw_nodes(picture: Picture, trace: Trace, diagram: _Diagram) -> None:
    kind, boxes = diagram.kind, list(diagram.boxes.values())
    strokes = [LINE if state == "program" else QUIET for state in diagram.boxes]
    corners = [box.corners for box in boxes]
    picture.rectangles(f"{kind} nodes", corners, [GROUND] * len(boxes), strokes=strokes)
    names = [(box.left + 6.0, box.top + 12.0) for box in boxes]
    picture.texts(f"{kind} states", names, list(diagram.boxes), bold=True)
    counts = [diagram.seat(state, STANDING).middle for state in diagram.room]
    picture.texts(f"{kind} counts", counts, [""] * len(counts), colors=QUIET, align="middle")
    column = 1 if "program" in diagram.boxes else 0
    x = diagram.left + (diagram.width * (1 - NODE) / 2) * column
    picture.texts(f"{kind} title", [(x, 14.0)], [_title(diagram)], size=14.0, bold=True)
    picture.texts(f"{kind} legend", [(x, 34.0)], [LEGENDS[kind]], colors=QUIET)
    if "program" in diagram.boxes:
        files = [program.name for program in trace.programs]
        on_disk = files[0] if len(files) == 1 else f"{len(files)} files"
        box = diagram.boxes["program"]
        place = (box.left + 6.0, box.top + 31.0)
        picture.texts("programs", [place], [shorten(on_disk, NAME_CHARACTERS)], colors=QUIET)


def _title(diagram: _Diagram) -> str:
    named = all(label[:1].isalpha() for label in diagram.labels.values())
    return TITLES[diagram.kind][0] if named else ", ".join(TITLES[diagram.kind])


def _draw_tokens(picture: Picture, trace: Trace, diagram: _Diagram) -> None:
    drawn = diagram.drawn
    if not drawn:
        return
    kind, colors = diagram.kind, all_colors(trace)
    is_thread = kind == "thread"
    start = diagram.passing("new")
    picture.rectangles(
        f"{kind} tokens",
        [_inner(start, kind)] * len(drawn),
        [colors[token] if is_thread else PANEL for token in drawn],
        strokes=[colors[token] if is_thread else INK for token in drawn],
        opacity=0.0,
        stroke_width=2 * ROUND if is_thread else 1.5,
    )
    picture.texts(
        f"{kind} names",
        [start.middle] * len(drawn),
        [""] * len(drawn),
        colors="#ffffff" if is_thread else INK,
        bold=True,
        align="middle",
    )


def _inner(box: Box, kind: str) -> tuple[float, float, float, float]:
    """Return a token without its outline; that of a thread is wide and rounds the corners."""
    across, down = (ROUND / NARROW, ROUND) if kind == "thread" else (1.0, 1.0)
    return box.left + across, box.top + down, box.right - across, box.bottom - down


def _move_tokens(picture: Picture, trace: Trace, diagram: _Diagram) -> None:
    """Let every token go through its states, and count those that have no seat."""
    grid = Grid(trace, sum(len(steps) for steps in diagram.states.values()), MOST_CHANGES)
    due: dict[int, dict[Token, None]] = {}
    for token, steps in diagram.states.items():
        for tick in steps.ticks:
            due.setdefault(grid.at(tick), {})[token] = None
    mover = _Mover(picture, trace, diagram)
    for tick in sorted(due):
        mover.move(tick, {token: diagram.states[token].at(tick) for token in due[tick]})


class _Mover:
    """Moves the tokens of one diagram."""

    def __init__(self, picture: Picture, trace: Trace, diagram: _Diagram) -> None:
        self.picture, self.trace, self.diagram = picture, trace, diagram
        self.elements = {token: element for element, token in enumerate(diagram.drawn)}
        self.seats: Seats[Token] = Seats(diagram.room)
        self.states: dict[Token, str] = {}
        self.uncounted: Counter[str] = Counter()

    def move(self, tick: int, states: dict[Token, str]) -> None:
        """Let tokens be in other states from a tick on."""
        moved = {token: s for token, s in states.items() if self.states.get(token, "") != s}
        for token in moved.keys() - self.elements.keys():
            self.uncounted[self.states.get(token, "")] -= 1
            self.uncounted[moved[token]] += 1
        self.states |= moved
        before = dict(self.seats.seats)
        changed = self.seats.move({t: s for t, s in moved.items() if t in self.elements})
        for token, seat in changed.items():
            if seat is not None:
                self._show(token, tick, before, seat)
        for index, state in enumerate(self.diagram.room):
            count = self.uncounted[state] + self.seats.standing(state)
            text = f"+{count}" if count else ""
            self.picture.change(f"{self.diagram.kind} counts", "text", index, tick, text)

    def _show(self, token: Token, tick: int, before: dict[Token, Seat], seat: Seat) -> None:
        old = before.get(token)
        was_seen, is_seen = old is not None and old[1] != STANDING, seat[1] != STANDING
        if not (was_seen or is_seen):
            return
        legs, start = self._legs(token, before, seat)
        if tick == 0 or start is None:
            legs = [self.diagram.seat(*seat)]
        elif not was_seen:
            self._put(token, tick - GLIDE, start, 0.0)
            self._appear(token, tick - GLIDE)
        length = GLIDE / len(legs) if tick and start is not None else 0.0
        for left, leg in zip(range(len(legs) - 1, -1, -1), legs, strict=True):
            self._put(token, tick - left * length, leg, length)
        if is_seen:
            self._appear(token, tick)
        else:
            self._appear(token, tick, False)

    def _legs(
        self, token: Token, before: dict[Token, Seat], seat: Seat
    ) -> tuple[list[Box], Box | None]:
        """Return where a token comes by on its way, and where it starts; None for nowhere."""
        diagram, goal = self.diagram, [self.diagram.seat(*seat)]
        old, origin = before.get(token), diagram.origins.get(token, "")
        if old is not None:
            start = None if old[0] == seat[0] else diagram.seat(*old)
            begin = old[0]
        elif isinstance(origin, str):
            start = diagram.passing(origin) if origin else None
            begin = origin or seat[0]
        else:
            parent = before.get(origin)
            return goal, None if parent is None else diagram.seat(*parent)
        passed = way(diagram.table, begin, seat[0])[1:-1]
        return [*map(diagram.passing, passed), *goal], start

    def _put(self, token: Token, tick: float, box: Box, glide: float) -> None:
        kind, element = self.diagram.kind, self.elements[token]
        left, top, right, bottom = _inner(box, kind)
        (x, y), change = box.middle, self.picture.change
        change(f"{kind} tokens", "x", element, tick, (left, right), glide)
        change(f"{kind} tokens", "y", element, tick, (top, bottom), glide)
        change(f"{kind} names", "x", element, tick, x, glide)
        change(f"{kind} names", "y", element, tick, y, glide)

    def _appear(self, token: Token, tick: float, seen: bool = True) -> None:
        kind, element = self.diagram.kind, self.elements[token]
        label = self.diagram.labels[token] if seen else ""
        self.picture.change(f"{kind} tokens", "opacities", element, tick, float(seen))
        self.picture.change(f"{kind} names", "text", element, tick, label)
        subject = self._subject(token) if seen else None
        self.picture.about(f"{kind} tokens", element, subject, tick)

    def _subject(self, token: Token) -> Subject:
        if self.diagram.kind == "thread":
            return thread_subject(self.trace, token)
        return process_subject(self.trace, token[0])


def _tell(picture: Picture, trace: Trace, diagram: _Diagram) -> None:
    """Say of each process and thread in which state it is, and since when."""
    mark = f"{diagram.kind} told"
    tokens = list(diagram.states)[: MOST_TOLD[diagram.kind]]
    grid = Grid(trace, sum(len(diagram.states[token]) for token in tokens), MOST_CHANGES)
    picture.sentences(mark, len(tokens))
    for index, token in enumerate(tokens):
        last = ""
        for tick, state in diagram.states[token]:
            if state != last:
                text, last = f"{state} since tick {tick}", state
                picture.change(mark, "text", index, grid.at(tick), text)
        picture.text_alternative.append([f"{diagram.names[token]}:", (mark, "text", index)])
    if hidden := len(diagram.states) - len(tokens):
        picture.text_alternative.append([f"and {hidden} more {TITLES[diagram.kind][0]}"])
