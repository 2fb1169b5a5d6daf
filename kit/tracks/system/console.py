"""The console: what each process has printed, and how it ended."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any

from kit.errors import plural
from kit.trace import Event, Trace
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
MACHINE = 0
"""Stands for the pid of the machine itself."""


def console(trace: Trace) -> Picture:
    """Lay out output and errors: a table with a row a process.

    Of a long output the last lines are shown, of a very long one fewer of them.
    """
    picture = Picture("Console: output and errors", WIDTH, 0.0)
    pids = list(trace.history.processes)[:MOST_PROCESSES]
    hidden = len(trace.history.processes) - len(pids)
    if any(event.kind == "limit" for event in trace.events):
        pids.append(MACHINE)
    rows = {pid: row for row, pid in enumerate(pids)}
    picture.table(
        "console",
        ("pid", "program", "output", "errors and exit"),
        [_first_cells(trace, pid) for pid in pids],
        live=[1, 2, 3],
        mono=[2],
        numbers=[0],
        caption=_caption(len(pids), hidden),
        height=HEIGHT,
    )
    lines: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for tick, pid, text in _errors(trace):
        lines[pid].append((tick, text))
    prints = sum(event.kind == "print" for event in trace.events)
    grid = Grid(trace, prints, MOST_CHANGES)
    printed = _print(picture, trace, rows, grid)
    for pid, row in rows.items():
        told: list[str] = []
        for tick, text in lines[pid]:
            told.append(text)
            _write(picture, row, ERRORS, tick, "\n".join(told))
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
    texts = [event for event in trace.events if event.kind == "print" and event.pid in rows]
    total = sum(event.details["text"].count("\n") for event in texts)
    room = max(2, min(MOST_LINES, MOST_SHOWN // max(total, 1)))
    shown: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=room))
    count: dict[int, int] = defaultdict(int)
    for event in texts:
        new = event.details["text"].removesuffix("\n").split("\n")
        shown[event.pid].extend(shorten(line, MOST_CHARACTERS) for line in new)
        count[event.pid] += len(new)
        above = count[event.pid] - len(shown[event.pid])
        head = [f"… {plural(above, 'earlier line')}"] if above else []
        tick = grid.at(event.tick)
        _write(picture, rows[event.pid], OUTPUT, tick, "\n".join([*head, *shown[event.pid]]))
        printed[event.pid].append(tick)
    return printed


def _errors(trace: Trace) -> Iterator[tuple[int, int, str]]:
    """Yield (tick, pid, what the operating system reports)."""
    for event in trace.events:
        if event.kind == "fault":
            # Where the segments are stands in the narration, and in the address spaces.
            yield event.tick, event.pid, event.details["message"].partition("; code 0x")[0]
            if not _ends_process(trace, event):
                yield event.tick, event.pid, f"nobody catches it: T{event.tid} ends, alone"
        elif event.kind == "exit":
            yield event.tick, event.pid, _exit(**event.details)
        elif event.kind == "limit":
            yield event.tick, MACHINE, f"the run is stopped: {event.details['message']}"
        elif event.kind == "deadlock":
            circle = event.details["cycle"]
            for pid in dict.fromkeys(pid for pid, *_ in circle):
                yield event.tick, pid, _deadlock(circle)
        elif event.kind == "stuck":
            for pid, text in _stuck(event):
                yield event.tick, pid, text


def _stuck(event: Event) -> Iterator[tuple[int, str]]:
    waiting = defaultdict(list)
    for pid, tid, *_ in event.details["waiting"]:
        waiting[pid].append(f"T{tid}")
    for pid, names in waiting.items():
        yield pid, f"waiting for what will never come: {', '.join(names)}"


def _ends_process(trace: Trace, event: Event) -> bool:
    exited = trace.history.processes[event.pid].exit
    return exited is not None and (exited[0], exited[2]) == (event.tick, event.details["fault"])


def _exit(exit_code: int, reason: str) -> str:
    if exit_code < 0:
        return f"exit code {exit_code}: ended by signal {-exit_code} ({reason})"
    return f"exit code {exit_code}"


def _deadlock(circle: tuple[tuple[int, int, str, Any], ...]) -> str:
    several = len({pid for pid, *_ in circle}) > 1
    names = [f"T{tid} of pid {pid}" if several else f"T{tid}" for pid, tid, *_ in circle]
    circle_of_names = ", which waits for ".join([*names[1:], names[0]])
    return f"deadlock: {names[0]} waits for {circle_of_names}"
