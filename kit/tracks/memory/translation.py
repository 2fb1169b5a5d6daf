"""Address translation: from virtual to physical address, step by step, as the hardware does it."""

from __future__ import annotations

from kit.errors import require
from kit.trace import Trace
from kit.tracks.memory.accesses import Access, Step, steps_of
from kit.tracks.memory.translation_ways import Way, way_of
from kit.tracks.palette import thread_name
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid

HEADINGS = ("step", "of the instruction", "of its data")
WIDTH = 420.0
NAME_CHARACTERS = 24
MOST_CHANGES = 5_000
NOTHING = "\N{EM DASH}"
CAPTION = "Core {core}, last: the address of an instruction, and of the word that it uses."


def translation(trace: Trace, *, core: int = 0) -> Picture:
    """Lay out how the addresses of the last instruction of a core were translated.

    Below it stands what the translation goes by: how large the page tables are, or the
    segment registers.

    Parameters
    ----------
    trace : Trace
    core : int
        Which core is shown.

    Raises
    ------
    ArgumentError
        If the machine has no such core.
    """
    checked_core(trace, core)
    picture = Picture("Address translation", WIDTH, 0.0)
    way = way_of(trace)
    names = ["thread", *way.steps]
    caption = CAPTION.format(core=core)
    rows = [[name, "", ""] for name in names]
    picture.table("translation", HEADINGS, rows, live=(1, 2), caption=caption)
    steps = _sampled(trace, core)
    _show(picture, trace, way, steps, len(names))
    way.add_tables(picture)
    return picture


def checked_core(trace: Trace, core: int) -> None:
    """Refuse a core that the machine does not have."""
    cores = trace.settings.cores
    require(
        type(core) is int and 0 <= core < cores,
        f"Translation: there is no core {core!r}; the machine has {cores}, numbered from 0",
    )


def _key(step: Step) -> tuple[int, int]:
    access = step.data or step.fetch
    assert access is not None, "a step uses a word at least"
    return access.key


def _sampled(trace: Trace, core: int) -> list[tuple[int, Step]]:
    """Return (tick, step) for each tick from which on a step is shown, in order."""
    found = list(steps_of(trace, core))
    grid = Grid(trace, len(found), MOST_CHANGES)
    shown: dict[int, tuple[int, Step]] = {}
    for tick, step in found:
        at = grid.at(tick)
        if at not in shown or shown[at][0] <= tick:
            shown[at] = tick, step
    return [(at, step) for at, (_, step) in sorted(shown.items())]


def _show(
    picture: Picture, trace: Trace, way: Way, steps: list[tuple[int, Step]], rows: int
) -> None:
    for tick, step in steps:
        name = thread_name(trace, _key(step), NAME_CHARACTERS)
        fetch, data = _column(way, step.fetch, name), _column(way, step.data, name)
        for row in range(rows):
            picture.change("translation", "cells", 2 * row, tick, fetch[row])
            picture.change("translation", "cells", 2 * row + 1, tick, data[row])


def _column(way: Way, access: Access | None, name: str) -> list[str]:
    """Return the cells of a column: whose access it was, and its steps."""
    if access is None:
        return [NOTHING] * (1 + len(way.steps))
    return [name, *way.explain(access)]
