"""What stands above each address space: program, pid, threads, frames; and its end in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from kit.errors import plural
from kit.lang.image import written
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.trace.real import RealTrace
from kit.trace.steps import counted
from kit.tracks.memory.columns import MARGIN, NARROW_GAP, Layout
from kit.tracks.palette import QUIET, shorten
from kit.tracks.picture import Picture
from kit.tracks.subjects import process_subject

NAME_Y = 12.0
MARKS = ("facts", "more facts", "last facts")
"""The lines below a name."""
MARKS_Y = (31.0, 47.0, 63.0)
NAME_LETTER = 8.4
"""Nominal width of a character of a name, in pixels."""
MOST_VALUES, VALUE_CHARACTERS = 8, 60

Facts = Iterator[tuple[int, list[str]]]
"""(tick, the lines from then on)."""


def draw_headings(picture: Picture, trace: Trace, layout: Layout) -> None:
    """Write program and facts above each column, and tell what is left after its end."""
    columns, blank = layout.columns, [""] * len(layout.columns)
    spots = [(column.left, column.head + NAME_Y) for column in columns]
    size = 13.0 if layout.narrow else 14.0
    picture.texts("processes", spots, blank, size=size, bold=True)
    lines = 1 + layout.narrow + trace.settings.contiguous
    for mark, y in zip(MARKS[:lines], MARKS_Y, strict=False):
        spots = [(column.left, column.head + y) for column in columns]
        picture.texts(mark, spots, blank, colors=QUIET)
    picture.sentences("told", len(columns))
    for column in columns:
        place, process = column.place, column.process
        pitch = column.right - column.left + (NARROW_GAP if layout.narrow else MARGIN)
        room = int(pitch * column.real / NAME_LETTER)
        for tick, program in [(process.launched, process.program), *process.programs]:
            picture.change("processes", "text", place, tick, shorten(program.name, room))
        picture.about("processes", place, process_subject(trace, process.pid), process.launched)
        for tick, facts in _facts(trace, process, layout.narrow):
            for mark, text in zip(MARKS, [*facts, "", ""][:lines], strict=False):
                picture.change(mark, "text", place, tick, text)
        if process.exit is not None:
            picture.change("told", "text", place, process.exit[0], _remains(trace, process))


def _facts(trace: Trace, process: ProcessHistory, narrow: bool) -> Facts:
    """Yield the facts of a process whenever they can have changed."""
    if isinstance(trace, RealTrace):
        for tick, fact in trace.seen.facts.get(process.pid, ()):
            yield tick, [f"pid {process.pid} · {fact}", ""]
        return
    states = [thread.state for thread in process.threads.values()]
    threads, frames = process.living_threads(), process.held_frames()
    fresh = counted(states, lambda state: state == "new")
    changes = (steps.ticks for steps in (threads, fresh, frames, process.stretch))
    ticks = {process.launched, *chain.from_iterable(changes)}
    last = trace.end if process.exit is None else process.exit[0] - 1
    for tick in sorted(tick for tick in ticks if tick <= last):
        alive, new, held = threads.at(tick), fresh.at(tick), frames.at(tick)
        stretch = process.stretch.at(tick)
        count = plural(alive, "thread")
        if alive == new:
            count = "being loaded"
            if trace.settings.contiguous and not stretch:
                count = "waits" if narrow else "waits for a hole"
        facts = [f"pid {process.pid} · {count}", plural(held, "frame")]
        bounds = [f"base {stretch[0]:#x}", f"bounds {stretch[1]:#x}"] if stretch else []
        if narrow:
            yield tick, [facts[0], *(bounds or facts[1:])]
        else:
            yield tick, [" · ".join(facts), ", ".join(bounds)]
    if process.exit is not None:
        yield from _end(process, narrow)


def _end(process: ProcessHistory, narrow: bool) -> Facts:
    assert process.exit is not None, "the caller has checked it"
    tick = process.exit.tick
    reaped = process.reaped
    states = [(tick, "zombie"), (reaped, "ended")] if reaped != tick else [(tick, "ended")]
    for when, state in states:
        if when is not None:
            facts = [f"pid {process.pid} · {state}", process.exit.brief]
            yield when, facts if narrow else [", ".join(facts)]


def _remains(trace: Trace, process: ProcessHistory) -> str:
    """Tell what is left of a process that has ended."""
    assert process.exit is not None, "the caller has checked it"
    values = trace.at(process.exit[0]).processes[process.pid].globals
    sentences = [f"{name} = {written(value)}" for name, value in list(values.items())[:MOST_VALUES]]
    more = len(values) - len(sentences)
    listed = "; ".join(shorten(text, VALUE_CHARACTERS) for text in sentences)
    rest = f"; and {more} more" if more else ""
    return "its memory is free again" + (f"; last values: {listed}{rest}" if listed else "")
