"""Two runs on one clock: what differs between them at each tick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.lang.image import written
from kit.trace import ProcessState, Trace
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture
from kit.tracks.sampling import step_for

MOST_ROWS = 40
MOST_LOOKS = 2000
"""A longer run is compared only every few ticks, but its first difference is found exactly."""
CHARACTERS = 44
SAME, DIFFERENT, NOTHING = "", "≠", "nothing"
VARIABLE = "): "
"""Names the row of a variable; one that only one program has makes no first difference."""

Seen = dict[str, str]
"""What a reader sees of a run at a tick: row -> text."""
Look = tuple[int, Seen, Seen]
"""Tick, and what is seen of both runs."""


@dataclass(frozen=True)
class Difference:
    """The first thing in which two runs are not the same.

    Attributes
    ----------
    tick : int
    what : str
    here, there : str
        What it is in the first and in the second run.
    """

    tick: int
    what: str
    here: str
    there: str


def first_difference(one: Trace, other: Trace) -> Difference | None:
    """Return the first difference between two runs, or None if they never differ."""
    return _first(one, other, _looks(one, other))


def _looks(one: Trace, other: Trace) -> Iterator[Look]:
    """Look at both runs at every tick; at every few where there are too many."""
    end = max(one.end, other.end)
    for tick in [*range(0, end, step_for(end, MOST_LOOKS)), end]:
        yield tick, _seen(one, tick), _seen(other, tick)


def _first(one: Trace, other: Trace, looks: Iterable[Look]) -> Difference | None:
    before = 0
    for look in looks:
        if _different(*look) is not None:
            ticks = range(before, look[0] + 1)
            found = (_different(tick, _seen(one, tick), _seen(other, tick)) for tick in ticks)
            return next(filter(None, found))
        before = look[0]
    return None


def _different(tick: int, here: Seen, there: Seen) -> Difference | None:
    for what in dict.fromkeys((*here, *there)):
        both = what in here and what in there
        if here.get(what) != there.get(what) and (both or VARIABLE not in what):
            return Difference(tick, what, here.get(what, NOTHING), there.get(what, NOTHING))
    return None


def differences(one: Trace, other: Trace, labels: tuple[str, str]) -> Picture:
    """Lay out as a table what two runs are at the same tick; rows that differ are marked."""
    picture = Picture("Differences", 0.0, 0.0)
    looks = list(_looks(one, other))
    names = _rows(looks)
    shown = names[:MOST_ROWS]
    caption = _caption(_first(one, other, looks), labels, len(names) - len(shown))
    picture.table(
        "differences",
        ["what", labels[0], labels[1], "differs"],
        [[name, "", "", ""] for name in shown],
        live=(1, 2, 3),
        mono=(1, 2),
        caption=caption,
        height=260,
    )
    for tick, here, there in looks:
        for row, name in enumerate(shown):
            values = here.get(name, ""), there.get(name, "")
            differs = values[0] != values[1]
            for column, value in enumerate((*values, DIFFERENT if differs else SAME)):
                picture.change("differences", "cells", 3 * row + column, tick, value)
            state = "hidden" if values == ("", "") else "marked" if differs else ""
            picture.change("differences", "states", row, tick, state)
    return picture


def _rows(looks: list[Look]) -> list[str]:
    """Return what to show: what ever differs first, then the rest."""
    names = dict.fromkeys(name for _, here, there in looks for name in (*here, *there))
    ever = {
        name
        for _, here, there in looks
        for name in (*here, *there)
        if here.get(name, "") != there.get(name, "")
    }
    return [n for n in names if n in ever] + [n for n in names if n not in ever]


def in_words(found: Difference | None, labels: tuple[str, str]) -> str:
    """Return the first difference as a sentence."""
    if found is None:
        return "The two runs never differ."
    return (
        f"First difference at tick {found.tick}: {found.what}: "
        f"{found.here} ({labels[0]}), {found.there} ({labels[1]})."
    )


def _caption(found: Difference | None, labels: tuple[str, str], hidden: int) -> str:
    text = in_words(found, labels)
    return f"{text} {hidden} more rows are not shown." if hidden > 0 else text


def _seen(trace: Trace, tick: int) -> Seen:
    """Return what a reader sees of a run at a tick; after its end, what it was then."""
    moment = trace.at(min(tick, trace.end))
    seen = {
        f"core {core} runs": f"pid {key[0]} T{key[1]}" if key else "nobody"
        for core, key in enumerate(moment.running)
    }
    for process in moment.processes.values():
        seen.update(_process_seen(process))
    return {name: value for name, value in seen.items() if value}


def _process_seen(process: ProcessState) -> dict[str, str]:
    whose = f"{process.name} (pid {process.pid})"
    state = process.state
    if process.ended is not None:
        state = f"{state}, {process.ended.told}"
    seen = {f"{whose} is": state}
    for tid, thread in process.threads.items():
        seen[f"{whose} T{tid} is"] = thread.state
    for name, value in process.globals.items():
        seen[f"{whose}: {name}"] = shorten(written(value), CHARACTERS)
    output = process.output.rstrip("\n").replace("\n", " ⏎ ")
    seen[f"{whose} printed"] = output if len(output) <= CHARACTERS else f"…{output[-CHARACTERS:]}"
    return seen
