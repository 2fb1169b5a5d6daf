"""How much room each band gets: lines of text, page cells, and height for its size."""

from __future__ import annotations

from collections.abc import Iterable

from kit.lang.instructions import WORD
from kit.tracks.memory.epochs import Band, Epoch, alive, threads_of

LINE_HEIGHT = 17.0
HEADER = 20.0
PADDING = 6.0
EDGE = 8.0
"""Pixels between what stands at the right of a band and its edge."""
CELL_WIDTH, CELL_HEIGHT = 34.0, 18.0
MOST_SHARE = 64.0
"""Pixels that a band's size adds at most to what its lines need."""
STEEPEST = 0.06
"""Pixels a byte, where there is room for it."""
LEAST_SHARES = 24.0
"""Pixels for the shares of an epoch's bands together, however full its column is."""
STACK_LINES = {1: 3, 2: 2, 3: 2, 4: 2}
BASE_LINES = {"data": 4, "heap": 2}
MOST_LINES = {"data": 8, "heap": 4}
MOST_AREA_WORDS = 4
"""Words of shared memory that have a line each; of larger areas the first ones share a line."""
MOST_CELL_ROWS = 5


def size_in_words(size: int) -> str:
    """Return a size in bytes as people write it."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f}".removesuffix(".0") + " KiB"


def cells_a_row(width: float) -> int:
    """Return how many page cells stand side by side at the right of a band."""
    return max(1, min(4, int(width * 0.45 / CELL_WIDTH)))


def give_lines(epoch: Epoch, detail: str, width: float, page_size: int) -> None:
    """Decide how many lines and cells each band of an epoch has at least.

    Parameters
    ----------
    epoch : Epoch
    detail : str
        As in `AddressSpaces`.
    width : float
        Of the column, in the units of the picture.
    page_size : int
        Bytes.
    """
    stacks = sum(band.kind == "stack" for band in epoch.bands)
    for band in epoch.bands:
        if detail != "overview":
            band.lines = _base_lines(epoch, band, stacks)
        if detail == "pages":
            pages = -(-band.largest // page_size)
            band.cells = min(pages, MOST_CELL_ROWS * cells_a_row(width))
        _set_floor(band, width)


def _base_lines(epoch: Epoch, band: Band, stacks: int) -> int:
    if band.kind == "stack":
        return STACK_LINES.get(stacks, 1)
    if band.kind == "shared":
        words = band.largest // WORD
        return words if words <= MOST_AREA_WORDS else 1
    if band.kind == "code":
        return max(1, len(rows_of_threads(epoch)))
    return min(_wanted(epoch, band), BASE_LINES[band.kind])


def _wanted(epoch: Epoch, band: Band) -> int:
    """Return how many lines the content of data or heap could fill."""
    if band.kind == "data":
        return max(1, len(epoch.program.image.variables))
    counts = (len(blocks) for tick, blocks in epoch.process.blocks if epoch.holds(tick))
    inherited = len(epoch.process.blocks.at(epoch.start))
    return max(1, inherited, *counts)


def _set_floor(band: Band, width: float) -> None:
    rows = -(-band.cells // cells_a_row(width))
    band.floor = HEADER + max(band.lines * LINE_HEIGHT, rows * CELL_HEIGHT) + PADDING


def add_lines(epoch: Epoch, spare: float, width: float) -> None:
    """Give data and heap more lines while there is room for them."""
    growing = [band for band in epoch.bands if band.kind in MOST_LINES and band.lines]
    for band in growing:
        most = min(_wanted(epoch, band), MOST_LINES[band.kind])
        while band.lines < most and spare >= LINE_HEIGHT + LEAST_SHARES:
            before = band.floor
            band.lines += 1
            _set_floor(band, width)
            spare -= band.floor - before


def set_scale(spares: Iterable[tuple[list[Band], float]]) -> float:
    """Return how many pixels a byte takes, the same in all columns.

    Parameters
    ----------
    spares : iterable of (list of Band, float)
        For each epoch, pixels that are left when its bands have room for their lines.
    """
    low, high = 0.0, STEEPEST
    known = [(bands, max(spare, LEAST_SHARES)) for bands, spare in spares]
    for _ in range(30):
        middle = (low + high) / 2
        fits = all(
            sum(min(MOST_SHARE, band.largest * middle) for band in bands) <= spare
            for bands, spare in known
        )
        low, high = (middle, high) if fits else (low, middle)
    for bands, _ in known:
        for band in bands:
            band.scale = low
    return low


def rows_of_threads(epoch: Epoch) -> list[list[tuple[int, int, int | None]]]:
    """Return for each line of the code band its threads, as (tid, first tick, last or None).

    Threads that have their stacks in the same place, one after the other, share a line.
    """
    known = threads_of(epoch)
    rows: list[list[tuple[int, int, int | None]]] = []
    for band in epoch.bands:
        row = []
        for tid in dict.fromkeys(band.tids):
            span = alive(known[tid]) if tid in known else None
            if span is not None and span[0] != span[1]:
                row.append((tid, *span))
        if row:
            rows.append(row)
    return rows
