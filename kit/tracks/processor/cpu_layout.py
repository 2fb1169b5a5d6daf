"""Where things stand in the picture of the CPU."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kit.lang.instructions import REGISTER_NAMES
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.switches import Turnover, turnovers
from kit.tracks.palette import thread_colors, thread_name
from kit.tracks.processor.cpu_cache import CacheGrid
from kit.tracks.processor.queues import longest_queues

WIDTH = 250.0
RIGHT = WIDTH - 4.0
GAP = 10.0
MOST_CARDS = 4
"""With more cores each gets a line of a grid instead of a card."""
MOST_CORES = 64
GRIDS = ((16, 2, 22.0, 9), (64, 3, 20.0, 3))
"""Up to how many cores: columns of the grid, room for a core's number, characters of a name."""
GRID_ROW = 28.0
PILL, PILL_HEIGHT, ROUND = 100.0, 24.0, 6.0
READY_ROW, READY_COLUMNS, MOST_READY = 30.0, 2, 6
BLOCKED_ROW, MOST_BLOCKED = 34.0, 4
HEADING = 20.0
LINE = 16.0
"""From a line of text to the next."""
SWITCH_LINES = 3
FEW = ("pc", "sp", "r0")
LEFT_COLUMN = REGISTER_NAMES[:6]
RIGHT_COLUMN = (*REGISTER_NAMES[6:8], "fp", "sp", "pc")
INSIDE, BESIDE = 14.0, 124.0
"""Where texts begin in a card: at its left, and in its right half."""
NAME_CHARACTERS = 9


@dataclass(frozen=True)
class Slot:
    """Where a thread's token stands, in nominal pixels."""

    x: float
    y: float
    width: float = PILL
    short: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The token's rectangle without its outline, whose wide stroke rounds the corners."""
        right, bottom = self.x + self.width - ROUND, self.y + PILL_HEIGHT - ROUND
        return self.x + ROUND, self.y + ROUND, right, bottom

    @property
    def middle(self) -> tuple[float, float]:
        """Where its name stands."""
        return self.x + self.width / 2, self.y + PILL_HEIGHT / 2


class Layout:
    """The places of a run's cores, queues and threads.

    Parameters
    ----------
    trace : Trace
    registers : str
        "few" or "all".
    """

    def __init__(self, trace: Trace, registers: str) -> None:
        self.trace = trace
        self.all_registers = registers == "all"
        self.cores = min(trace.settings.cores, MOST_CORES)
        self.compact = self.cores > MOST_CARDS
        self.keys = list(thread_colors(trace))
        self._names: dict[tuple[ThreadId, bool], str] = {}
        _, self.columns, self.number, self.characters = next(
            grid for grid in GRIDS if self.cores <= grid[0]
        )
        self.top = 4.0 + (HEADING if self.compact else 0.0)
        rows = -(-self.cores // self.columns) if self.compact else self.cores
        row = GRID_ROW if self.compact else self.card_height + GAP
        self.queue_top = self.top + rows * row + 4.0
        self.most_ready, self.most_blocked = longest_queues(trace, MOST_READY, MOST_BLOCKED)
        self.ready_rows = -(-self.most_ready // READY_COLUMNS)
        self.blocked_top = self.queue_top + HEADING + self.ready_rows * READY_ROW + 10.0
        self.height = self.blocked_top + HEADING + self.most_blocked * BLOCKED_ROW + 4.0

    @cached_property
    def cache(self) -> CacheGrid:
        """How the lines of a cache stand on a card."""
        return CacheGrid(self.trace)

    @cached_property
    def switches(self) -> list[Turnover]:
        """Each time a core goes over to another thread."""
        return list(turnovers(self.trace.record))

    @property
    def cards(self) -> int:
        """How many cores have a card of their own."""
        return 0 if self.compact else self.cores

    @property
    def registers(self) -> tuple[str, ...]:
        """The names of the registers that a card shows, in the order of its lines."""
        return (*LEFT_COLUMN, *RIGHT_COLUMN) if self.all_registers else FEW

    @property
    def slice_line(self) -> float:
        """Where in a card the slice stands."""
        return 66.0 if self.all_registers else 82.0

    @property
    def stack_line(self) -> float:
        """Where in a card the kernel stack stands."""
        return self.slice_line + LINE

    @property
    def card_height(self) -> float:
        """How high a card is."""
        below = self.stack_line + 14.0 + (len(LEFT_COLUMN) * LINE if self.all_registers else 0.0)
        below += self.cache.height
        return below + (SWITCH_LINES * LINE + 6.0 if self.switches else 0.0)

    @property
    def cache_line(self) -> float:
        """Where in a card its part about the cache begins."""
        switches = SWITCH_LINES * LINE + 6.0 if self.switches else 0.0
        return self.card_height - switches - self.cache.height

    @property
    def switch_line(self) -> float:
        """Where in a card the first line about the last switch stands."""
        return self.card_height - SWITCH_LINES * LINE + 4.0

    def card(self, core: int) -> float:
        """Return where a core's card begins."""
        return self.top + core * (self.card_height + GAP)

    def register(self, core: int, line: int) -> tuple[float, float]:
        """Return where a register stands."""
        top = self.card(core)
        if not self.all_registers:
            return BESIDE, top + 32.0 + line * LINE
        column, row = divmod(line, len(LEFT_COLUMN))
        return (INSIDE, BESIDE)[column], top + self.stack_line + 18.0 + row * LINE

    def cell(self, core: int) -> tuple[float, float, float, float]:
        """Return the box of a core: its card, or its place in the grid."""
        if not self.compact:
            return 2.0, self.card(core), RIGHT, self.card(core) + self.card_height
        # One column after the other, so that neighbours stand below each other.
        column, row = divmod(core, -(-self.cores // self.columns))
        width = (RIGHT - 2.0 + 6.0) / self.columns
        left, top = 2.0 + column * width, self.top + row * GRID_ROW
        return left, top, left + width - 6.0, top + GRID_ROW - 3.0

    def on_core(self, core: int) -> Slot:
        """Return where the thread stands that a core runs."""
        left, top, right, _ = self.cell(core)
        if not self.compact:
            return Slot(INSIDE, top + 27.0)
        short = self.characters < NAME_CHARACTERS
        return Slot(left + self.number, top + 0.5, right - left - self.number - 1.0, short)

    def ready(self, number: int) -> Slot:
        """Return where a thread stands in the ready queue."""
        column, row = divmod(number, max(self.ready_rows, 1))
        top = self.queue_top + HEADING + row * READY_ROW
        return Slot(2.0 + column * (PILL + 24.0), top)

    def blocked(self, number: int) -> Slot:
        """Return where a blocked thread stands."""
        return Slot(2.0, self.blocked_top + HEADING + number * BLOCKED_ROW)

    def name(self, key: ThreadId, short: bool = False) -> str:
        """Return what is written on a thread's token."""
        if (key, short) not in self._names:
            room = self.characters if short else NAME_CHARACTERS
            self._names[key, short] = thread_name(self.trace, key, room)
        return self._names[key, short]
