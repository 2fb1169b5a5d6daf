"""What tables of a run have in common: when rows are written anew, and how they look."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from kit.trace import Trace
from kit.tracks.picture import Picture
from kit.tracks.sampling import MOST_SAMPLES, shown_at, step_for


class Grid:
    """The ticks at which a table is written anew: all, or every few where too much changes.

    Parameters
    ----------
    trace : Trace
    changes : int
        How often something in the table changes during the run.
    most : int
        From how many on it is written only every few ticks, about so often in all.

    Attributes
    ----------
    step : int
        Ticks from one to the next.
    """

    def __init__(self, trace: Trace, changes: int, most: int = MOST_SAMPLES) -> None:
        self.end = trace.end
        self.step = 1 if changes <= most else step_for(max(self.end, changes), most)

    def at(self, tick: int) -> int:
        """Return when a change at `tick` is shown."""
        return shown_at(tick, self.step, self.end)


def show_states(
    picture: Picture,
    table: str,
    row: int,
    states: Mapping[int, str],
    *,
    marked: Iterable[int],
    end: int,
) -> None:
    """Let a row of a table look as `states` says from each tick on, and marked at some ticks.

    Parameters
    ----------
    picture : Picture
    table : str
        Name of the mark.
    row : int
    states : mapping of int to str
        Tick -> "", "hidden" or "ended".
    marked : iterable of int
        Ticks at which something happens in the row; a hidden one stays hidden.
    end : int
        Last tick of the run.
    """
    at = sorted(states)
    now = set(marked)
    for tick in sorted({*at, *now, *(tick + 1 for tick in now if tick < end)}):
        index = bisect_right(at, tick)
        state = states[at[index - 1]] if index else ""
        look = f"{state} marked".strip() if tick in now and state != "hidden" else state
        picture.change(table, "states", row, tick, look)
