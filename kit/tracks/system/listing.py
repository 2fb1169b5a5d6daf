"""The listing: source and instructions side by side, and which thread stands where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.errors import nearest, require
from kit.lang.instructions import WORD
from kit.lang.program import Program
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.process_history import ThreadHistory
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid
from kit.tracks.subjects import thread_subject

WIDTH = 900.0
HEIGHT = 420
"""Pixels above which the tables scroll."""
MOST_CHARACTERS, FEW_CHARACTERS = 18, 10
"""Of the names in one cell: of all of them, and of those before "and 5 more"."""
NAME_CHARACTERS = 40
ALIVE = ("ready", "running", "blocked")
TABLES = ("source", "instructions")


@dataclass(frozen=True)
class Stand:
    """Where a thread stands: index of its next instruction, and whether it runs."""

    index: int
    runs: bool


def listing(trace: Trace, *, program: str = "") -> Picture:
    """Lay out the text of a program beside its instructions.

    Parameters
    ----------
    trace : Trace
    program : str
        Its name; "" for the one that was launched first.

    Returns
    -------
    Picture
        Two tables, "source" and "instructions". Their first column names the threads whose
        next instruction stands there.

    Raises
    ------
    ArgumentError
        If there is no such program.
    """
    picture = Picture("Listing: source and instructions", WIDTH, 0.0)
    shown = chosen_program(trace, program)
    if shown is None:
        _add_tables(picture, "no program", [], [])
        return picture
    page = _Page(trace, shown)
    number = [one.name for one in trace.programs].index(shown.name) + 1
    several = f" (program {number} of {len(trace.programs)})" if len(trace.programs) > 1 else ""
    name = f"{shorten(shown.name, NAME_CHARACTERS)}{several}"
    _add_tables(picture, name, page.source, page.instructions, shown.language)
    _move_threads(picture, page, trace)
    return picture


def chosen_program(trace: Trace, name: str) -> Program | None:
    """Return the program of a name, for "" the one launched first; None if there is none.

    Raises
    ------
    ArgumentError
        If a name is given that no program has.
    """
    programs = {program.name: program for program in trace.programs}
    if not name:
        launched = [process.program for process in trace.history.processes.values()]
        return next(iter([*launched, *trace.programs]), None)
    hint = nearest(name, programs)
    require(name in programs, f"Listing: this run has no program '{name}'; {hint}")
    return programs[name]


class _Page:
    """The rows of both tables, and which row an instruction stands in."""

    def __init__(self, trace: Trace, program: Program) -> None:
        image, settings = program.image, trace.settings
        self.program = program
        base = settings.code_base
        heads = {
            routine.start: f"{routine.name}({', '.join(routine.parameters)}):"
            for routine in image.routines.values()
        }
        self.instructions: list[list[str]] = []
        self.row_of_index: dict[int, int] = {}
        for index in range(len(image.code)):
            if index in heads:
                self.instructions.append(["", "", heads[index], ""])
            self.row_of_index[index] = len(self.instructions)
            line = str(image.line_of(index) or "")
            address = f"{base + index * WORD:#06x}"
            self.instructions.append(["", address, f"  {image.describe(index)}", line])
        lines = list(enumerate(program.text.splitlines(), 1))
        while lines and not lines[-1][1].strip():
            lines.pop()
        while lines and not lines[0][1].strip():
            lines.pop(0)
        self.source = [["", str(number), text] for number, text in lines]
        self.row_of_line = {number: row for row, (number, _) in enumerate(lines)}

    def rows(self, index: int) -> tuple[int | None, int | None]:
        """Return the rows of an instruction: in the source, among the instructions."""
        line = self.program.image.line_of(index) if index >= 0 else 0
        return self.row_of_line.get(line), self.row_of_index.get(index)


def _add_tables(
    picture: Picture,
    name: str,
    source: list[list[str]],
    instructions: list[list[str]],
    language: str = "python",
) -> None:
    picture.table(
        "source",
        ("who", "line", f"source of {name}"),
        source,
        live=[0],
        mono=[2],
        code={"2": language},
        numbers=[1],
        caption=f"source of {name}",
        height=HEIGHT,
    )
    picture.table(
        "instructions",
        ("who", "address", f"instructions of {name}", "line"),
        instructions,
        live=[0],
        mono=[1, 2],
        code={"2": "assembly"},
        numbers=[3],
        caption=f"instructions of {name}",
        height=HEIGHT,
    )


def _threads(trace: Trace, program: Program) -> Iterator[tuple[ThreadId, ThreadHistory]]:
    """Yield the threads that execute a program at any time."""
    for pid, process in trace.history.processes.items():
        for tid, thread in process.threads.items():
            if thread.program.name == program.name:
                yield (pid, tid), thread


def _stands(
    trace: Trace, key: ThreadId, thread: ThreadHistory, grid: Grid
) -> Iterator[tuple[int, Stand | None]]:
    """Yield where a thread stands from which tick on; None while it stands nowhere."""
    record = trace.record.threads[key]
    ticks = {grid.at(tick) for tick in thread.state.ticks}
    for start, _, first, last in record.spans():
        ended = start + last - first
        ticks.update(range(grid.at(start + 1), ended + 1, grid.step))
        ticks.add(grid.at(ended))
    before = None
    for tick in sorted(ticks):
        state = thread.state.at(tick)
        stand = Stand(record.index_at(tick), state == "running") if state in ALIVE else None
        if stand != before:
            yield tick, stand
            before = stand


def _move_threads(picture: Picture, page: _Page, trace: Trace) -> None:
    threads = dict(_threads(trace, page.program))
    names = _names(threads)
    named: dict[str, list[ThreadId]] = {}
    started = {key: thread for key, thread in threads.items() if key in trace.record.threads}
    retired = sum(len(trace.record.threads[key].targets) for key in started)
    grid = Grid(trace, retired)
    moves: dict[int, list[tuple[ThreadId, Stand | None]]] = defaultdict(list)
    for key, thread in started.items():
        for tick, stand in _stands(trace, key, thread, grid):
            moves[tick].append((key, stand))
    standing: dict[ThreadId, Stand] = {}
    there: dict[tuple[str, int], set[ThreadId]] = defaultdict(set)
    for tick in sorted(moves):
        touched = set()
        for key, stand in moves[tick]:
            old = standing.pop(key, None)
            for place in _places(page, old):
                there[place].discard(key)
                touched.add(place)
            if stand is not None:
                standing[key] = stand
            for place in _places(page, stand):
                there[place].add(key)
                touched.add(place)
        for table, row in touched:
            keys = sorted(there[table, row], key=lambda key: (not standing[key].runs, key))
            runs = any(standing[key].runs for key in keys)
            shown = [("▶\u00a0" if standing[key].runs else "") + names[key] for key in keys]
            picture.change(table, "cells", row, tick, _listed(shown))
            picture.change(table, "states", row, tick, "marked" if runs else "")
            # Where not all are named, the text tells only of those who are always there with it.
            about = named.setdefault(_listed(shown), keys)
            named[_listed(shown)] = [key for key in about if key in keys]
    subjects = {text: [thread_subject(trace, key) for key in keys] for text, keys in named.items()}
    for table in TABLES:
        # A thread is at another instruction at every tick: steps go from line to line.
        picture.about_texts(table, subjects, steps=table == "source")


def _places(page: _Page, stand: Stand | None) -> list[tuple[str, int]]:
    if stand is None:
        return []
    rows = zip(TABLES, page.rows(stand.index), strict=True)
    return [(table, row) for table, row in rows if row is not None]


def _names(threads: Iterable[ThreadId]) -> dict[ThreadId, str]:
    """Return what to call each thread: T2, or 1.T2 where several processes run the program."""
    keys = list(threads)
    several = len({pid for pid, _ in keys}) > 1
    return {(pid, tid): f"{pid}.T{tid}" if several else f"T{tid}" for pid, tid in keys}


def _listed(names: list[str]) -> str:
    """Return the names with commas, or as many as fit and how many more there are."""
    whole = ", ".join(names)
    if len(whole) <= MOST_CHARACTERS:
        return whole
    shown = names[0]
    for count, name in enumerate(names[1:], 1):
        if len(f"{shown}, {name}") > FEW_CHARACTERS:
            return f"{shown} and\u00a0{len(names) - count}\u00a0more"
        shown = f"{shown}, {name}"
    return shown
