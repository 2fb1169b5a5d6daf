"""Where things stand in the perspective: cards of cores, boxes of processes, ways between."""

from __future__ import annotations

from dataclasses import dataclass

from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.trace.steps import Steps
from kit.tracks.palette import shorten
from kit.tracks.system.facts import KINDS, frame_counts
from kit.tracks.system.seats import STANDING, Seat, Seats

WIDTH, LEAST = 1000.0, 640.0
NARROW = LEAST / WIDTH
MOST_CARDS, MOST_BOXES = 4, 6
MOST_ROWS = {1: 8, 2: 5, 3: 3}
"""Rows of boxes -> how many threads each box has room for."""
LEFT, RIGHT = 4.0, WIDTH - 4.0
CARD, CARD_GAP, CARD_RIGHT = 62.0, 12.0, 216.0
TOP = 56.0
BOXES_LEFT, COLUMN_GAP, ROW_GAP = 290.0, 46.0, 34.0
ALONE = 520.0
"""Width of the only box of a run."""
HEADER, CELL, FILES, ROW = 44.0, 22.0, 24.0, 23.0
TOKEN, TOKEN_HEIGHT = 56.0, 19.0
LANE, HIGH_LANE = 11.0, 5.0
"""Between the lines of two cores, side by side and one above the other."""
CHARACTER, LETTER, BOLD = 6.8, 6.4, 8.4
"""Room a character takes, one of a long text, and one of a name; pixels on the screen."""

Rectangle = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Stay:
    """A process that has a box, from tick `start` until `end`; None for good."""

    process: ProcessHistory
    box: int
    start: int
    end: int | None


class Plan:
    """The measures of one perspective, in nominal pixels.

    Attributes
    ----------
    stays : list of Stay
    rows : int
        How many threads a box has room for.
    kinds : tuple of str
        What frames are for in this run; a box has a cell for each.
    """

    def __init__(self, trace: Trace) -> None:
        processes = list(trace.history.processes.values())
        self.cards = min(trace.settings.cores, MOST_CARDS)
        self.boxes = min(len(processes), MOST_BOXES)
        self.columns = min(self.boxes, 2)
        self.stays = _stays(processes)
        most = max((max(p.living_threads().values, default=1) for p in processes), default=1)
        box_rows = -(-self.boxes // 2) or 1
        self.rows = min(max(1, most), MOST_ROWS[box_rows])
        self.crowded = most > self.rows
        self.frames = {process.pid: frame_counts(process) for process in processes}
        self.kinds = tuple(
            kind
            for index, kind in enumerate(KINDS)
            if index < 4 or any(c[index] for steps in self.frames.values() for c in steps.values)
        )
        room = RIGHT - BOXES_LEFT
        self.box_width = (room - COLUMN_GAP) / 2 if self.columns == 2 else ALONE
        self.cells_across = self._cells_across()
        cell_rows = -(-len(self.kinds) // self.cells_across)
        self.files_top = HEADER + cell_rows * CELL
        self.rows_top = self.files_top + FILES
        self.box_height = self.rows_top + (self.rows + self.crowded) * ROW + 4.0
        self.more_top = TOP + box_rows * (self.box_height + ROW_GAP) - ROW_GAP + 16.0
        cards = TOP + self.cards * (CARD + CARD_GAP) + 14.0
        self.height = max(self.more_top + 14.0 * (len(processes) > self.boxes) - 8.0, cards)

    def _cells_across(self) -> int:
        """Return how many cells stand side by side, so that their texts fit at the least width."""
        counts = [count for steps in self.frames.values() for count in steps.values]
        most = [max(column) for column in zip(*counts, strict=True)] or [0] * len(KINDS)
        longest = max(len(f"{kind} {most[KINDS.index(kind)]}") for kind in self.kinds)
        need = (longest * CHARACTER + 4.0) / NARROW + 4.0
        fitting = max(1, int((self.box_width - 16.0) / need))
        rows = -(-len(self.kinds) // fitting)
        return -(-len(self.kinds) // rows)

    def cut(self, text: str, where: str) -> str:
        """Return a text cut to the room for it: of "names", "files" or "words" behind a token."""
        taken = {"names": 100.0, "files": 20.0, "words": TOKEN + 26.0}[where]
        character = BOLD if where == "names" else LETTER
        return shorten(text, int((self.box_width - taken) * NARROW / character))

    def card(self, core: int) -> Rectangle:
        """Return the card of a core."""
        top = TOP + core * (CARD + CARD_GAP)
        return LEFT, top, CARD_RIGHT, top + CARD

    def box(self, number: int) -> Rectangle:
        """Return the box of a process."""
        row, column = divmod(number, 2)
        left = BOXES_LEFT + column * (self.box_width + COLUMN_GAP)
        top = TOP + row * (self.box_height + ROW_GAP)
        return left, top, left + self.box_width, top + self.box_height

    def cell(self, number: int, place: int) -> Rectangle:
        """Return the cell of a box that says how many frames there are of one kind."""
        left, top, right, _ = self.box(number)
        row, column = divmod(place, self.cells_across)
        width = (right - left - 16.0) / self.cells_across
        x, y = left + 8.0 + column * width, top + HEADER + row * CELL
        return x + 1.0, y, x + width - 1.0, y + CELL - 4.0

    def token(self, number: int, row: int) -> Rectangle:
        """Return where the token of a thread stands in a box."""
        left, top, _, _ = self.box(number)
        y = top + self.rows_top + row * ROW
        return left + 10.0, y, left + 10.0 + TOKEN, y + TOKEN_HEIGHT

    def line(self, core: int, to: tuple[int, int] | None) -> list[Point]:
        """Return the way from a core to (box, row), or to where the rest is counted, in 6 points.

        It runs between the boxes, never across one.
        """
        y = self.card(core)[1] + 42.0
        bus = CARD_RIGHT + 14.0 + core * LANE
        if to is None:
            x, end = BOXES_LEFT - 4.0, self.more_top
            return [(CARD_RIGHT, y), (bus, y), *[(bus, end)] * 3, (x, end)]
        x, top, _, bottom = self.token(*to)
        end = (top + bottom) / 2
        if to[0] % 2 == 0:
            return [(CARD_RIGHT, y), (bus, y), *[(bus, end)] * 3, (x, end)]
        left, box_top, _, _ = self.box(to[0])
        lane, high = left - 38.0 + core * LANE, box_top - 22.0 + core * HIGH_LANE
        return [(CARD_RIGHT, y), (bus, y), (bus, high), (lane, high), (lane, end), (x, end)]

    def no_line(self, core: int) -> list[Point]:
        """Return a way of no length, for a core that is idle."""
        return [(CARD_RIGHT, self.card(core)[1] + 42.0)] * 6


def _stays(processes: list[ProcessHistory]) -> list[Stay]:
    """Give each process a box; where there are more, those who have been reaped leave theirs."""
    if len(processes) <= MOST_BOXES:
        return [Stay(p, number, p.launched, None) for number, p in enumerate(processes)]
    moves: dict[int, dict[int, str]] = {}
    for process in processes:
        moves.setdefault(process.launched, {})[process.pid] = "boxes"
        if process.reaped is not None:
            moves.setdefault(process.reaped, {})[process.pid] = ""
    seats: Seats[int] = Seats({"boxes": MOST_BOXES})
    begun: dict[int, tuple[int, int]] = {}
    ended: dict[int, int] = {}
    for tick in sorted(moves):
        for pid, seat in seats.move(moves[tick]).items():
            if seat is None and pid in begun:
                ended[pid] = tick
            elif seat is not None and seat[1] != STANDING:
                begun[pid] = (tick, seat[1])
    known = {process.pid: process for process in processes}
    return [Stay(known[pid], box, start, ended.get(pid)) for pid, (start, box) in begun.items()]


class Rows:
    """Which thread has which row of its process's box: first of all those that run."""

    def __init__(self, rows: int) -> None:
        self.seats: Seats[int] = Seats({"rows": rows})
        self.where: dict[ThreadId, Steps[int | None]] = {}
        self._running: set[int] = set()
        self._since: dict[int, int] = {}

    def move(self, pid: int, tick: int, states: dict[int, str]) -> None:
        """Let threads be in these states from a tick on."""
        moves = {}
        for tid, state in states.items():
            self._since[tid] = tick
            (self._running.add if state == "running" else self._running.discard)(tid)
            ended = state == "terminated"
            if state and (tid in self.seats.seats) is ended:
                moves[tid] = "" if ended else "rows"
        changed = self.seats.move(moves) | self._prefer_running()
        for tid, seat in changed.items():
            steps = self.where.setdefault((pid, tid), Steps[int | None](None))
            steps.add(tick, None if seat is None or seat[1] == STANDING else seat[1])

    def _prefer_running(self) -> dict[int, Seat | None]:
        """Let a thread that runs have the row of one that has been in its state for longest."""
        changed: dict[int, Seat | None] = {}
        for tid in sorted(self._running):
            idle = [other for other in self.now.values() if other not in self._running]
            if self.seats.seats[tid][1] == STANDING and idle:
                longest = min(idle, key=lambda other: (self._since[other], other))
                changed |= self.seats.swap(tid, longest)
        return changed

    @property
    def now(self) -> dict[int, int]:
        """Row -> tid."""
        return {row: tid for tid, (_, row) in self.seats.seats.items() if row != STANDING}

    @property
    def hidden(self) -> int:
        """How many threads have no row."""
        return self.seats.standing("rows")
