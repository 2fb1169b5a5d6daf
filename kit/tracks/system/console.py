"""The console: what each process has printed, and how it ended."""

from __future__ import annotations

from collections import defaultdict, deque

from kit.errors import plural
from kit.trace import Trace
from kit.trace.narration.reports import MACHINE, reports
from kit.trace.real import RealTrace
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid, show_states

WIDTH = 900.0
HEIGHT = 420
"""Pixels above which the table scrolls."""
MOST_LINES = 12
MOST_SHOWN = 4000
"""Lines written in all, each new line counted with those still shown above it."""
MOST_CHANGES = 2000
MOST_CHARACTERS = 120
MOST_PROCESSES = 100
NAME_CHARACTERS = 30
PROGRAM, OUTPUT, ERRORS = range(3)


def console(trace: Trace) -> Picture:
    """Lay out output and errors: a table with a row a process.

    Of a long output the last lines are shown, of a very long one fewer of them.
    """
    picture = Picture("Console: output and errors", WIDTH, 0.0)
    pids = list(trace.history.processes)[:MOST_PROCESSES]
    hidden = len(trace.history.processes) - len(pids)
    sentences = reports(trace.history)
    if any(report.pid == MACHINE for report in sentences):
        pids.append(MACHINE)
    rows = {pid: row for row, pid in enumerate(pids)}
    picture.table(
        "console",
        ("pid", "program", "output", "errors and exit"),
        [_first_cells(trace, pid) for pid in pids],
        live=[1, 2, 3],
        mono=[2],
        numbers=[0],
        caption=trace.clock if isinstance(trace, RealTrace) else _caption(len(pids), hidden),
        height=HEIGHT,
    )
    lines: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for tick, pid, text in sentences:
        lines[pid].append((tick, text))
    grid = Grid(trace, len(trace.history.prints), MOST_CHANGES)
    printed = _print(picture, trace, rows, grid)
    for pid, row in rows.items():
        written: list[str] = []
        for tick, text in lines[pid]:
            written.append(text)
            _write(picture, row, ERRORS, tick, "\n".join(written))
        happened = {*printed[pid], *(tick for tick, _ in lines[pid])}
        _show(picture, trace, row, pid, happened)
    return picture


def _caption(rows: int, hidden: int) -> str:
    if hidden:
        return f"and {hidden} more processes that are not shown"
    return "" if rows else "no process"


def _first_cells(trace: Trace, pid: int) -> list[str]:
    if pid == MACHINE:
        return ["", "the machine", "", ""]
    return [str(pid), _name(trace.history.processes[pid].program.name), "", ""]


def _write(picture: Picture, row: int, column: int, tick: int, text: str) -> None:
    picture.change("console", "cells", row * 3 + column, tick, text)


def _show(picture: Picture, trace: Trace, row: int, pid: int, happened: set[int]) -> None:
    """Show a row from its process's first tick on, marked whenever something happens."""
    if pid == MACHINE:
        states = {-1: "hidden", min(happened): ""}
    else:
        process = trace.history.processes[pid]
        for tick, program in process.programs:
            _write(picture, row, PROGRAM, tick, _name(program.name))
        states = {-1: "hidden", process.launched: ""}
        if process.exit is not None:
            states[process.exit[0]] = "ended"
    show_states(picture, "console", row, states, marked=happened, end=trace.end)


def _name(name: str) -> str:
    return shorten(name, NAME_CHARACTERS)


def _print(
    picture: Picture, trace: Trace, rows: dict[int, int], grid: Grid
) -> dict[int, list[int]]:
    """Write what was printed; return when each process did."""
    printed: dict[int, list[int]] = defaultdict(list)
    texts = [line for line in trace.history.prints if line.pid in rows]
    total = sum(line.text.count("\n") for line in texts)
    room = max(2, min(MOST_LINES, MOST_SHOWN // max(total, 1)))
    shown: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=room))
    count: dict[int, int] = defaultdict(int)
    unfinished: dict[int, str] = defaultdict(str)
    for said in texts:
        pid, tick = said.pid, grid.at(said.tick)
        if unfinished[pid]:
            shown[pid].pop()
            count[pid] -= 1
        new = (unfinished[pid] + said.text).split("\n")
        unfinished[pid] = new[-1][: MOST_CHARACTERS + 1]
        if not new[-1]:
            del new[-1]
        shown[pid].extend(shorten(line, MOST_CHARACTERS) for line in new)
        count[pid] += len(new)
        above = count[pid] - len(shown[pid])
        head = [f"… {plural(above, 'earlier line')}"] if above else []
        _write(picture, rows[pid], OUTPUT, tick, "\n".join([*head, *shown[pid]]))
        printed[pid].append(tick)
    return printed
