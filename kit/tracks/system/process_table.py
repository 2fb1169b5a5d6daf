"""The process table: what the operating system keeps of each process and each thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.errors import plural
from kit.lang.instructions import SP, WORD
from kit.sim.process import INIT
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.trace.real import RealTrace
from kit.trace.steps import Steps
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid
from kit.tracks.subjects import process_subject, thread_subject
from kit.tracks.system.facts import (
    frame_counts,
    merged_ticks,
    open_files,
    process_states,
    thread_ticks,
    waiting,
)

HEADINGS = (
    "pid",
    "program",
    "parent",
    "state",
    "threads",
    "frames",
    "open files",
    "exit status",
)
CAPTION = (
    "Fold a process out to see its threads: pc and sp are those that a trap has saved on the "
    "thread's kernel stack; while it is in user mode, they are in the core. Grey: ended; "
    "a terminated process no longer has an entry."
)
REAL = (
    "Fold a process out to see its threads. Memory, files and registers are not recorded. "
    "Grey: ended; a terminated process no longer has an entry."
)
"""In place of that of a real run."""
WIDTH = 900.0
HEIGHT = 460
"""Pixels above which the table scrolls."""
MOST_PROCESSES, MOST_THREADS = 24, 64
MOST_CHANGES = 20_000
MOST_FILES = 4
NAME_CHARACTERS = 24
LIVE = tuple(range(1, len(HEADINGS)))
NOTHING = "—"


_OF_INIT = {
    "program": "init",
    "parent": "0",
    "state": "blocked",
    "threads": "waits for children",
    "frames": NOTHING,
    "open files": NOTHING,
    "exit status": NOTHING,
}
"""The row of init, which is the same all the time."""


@dataclass(frozen=True)
class Row:
    """A row: a process, a thread of it, the threads (tid -1) or processes (pid 0) left out."""

    pid: int
    tid: int = 0


class _Rows:
    """Which rows there are, and how often they are written."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.processes = list(trace.history.processes.values())
        self.shown = self.processes[:MOST_PROCESSES]
        self.files = open_files(trace)
        self.share = _share(self.shown)
        self.rows: list[Row] = [Row(INIT)]
        self.parents: list[int] = [-1]
        for process in self.shown:
            self._add(process)
        if len(self.processes) > len(self.shown):
            self.rows.append(Row(0))
            self.parents.append(-1)
        threads = [trace.history.processes[r.pid].threads[r.tid] for r in self.rows if r.tid > 0]
        self.grid = Grid(trace, sum(len(thread.state) for thread in threads), MOST_CHANGES)

    def _add(self, process: ProcessHistory) -> None:
        tids = list(process.threads)[: self.share]
        below = [Row(process.pid, tid) for tid in tids]
        if len(tids) < len(process.threads):
            below.append(Row(process.pid, -1))
        parent = len(self.rows)
        self.rows += [Row(process.pid), *below]
        self.parents += [-1, *[parent] * len(below)]

    def ticks(self, exact: Iterable[int]) -> list[int]:
        """Return the ticks at which changes at the given ones are shown."""
        return sorted({self.grid.at(tick) for tick in exact})


def _share(processes: list[ProcessHistory]) -> int:
    """Return how many rows each process may have for its threads, at most."""
    counts = [len(process.threads) for process in processes]
    share = max(counts, default=0)
    while sum(min(count, share) for count in counts) > MOST_THREADS:
        share -= 1
    return share


def process_table(trace: Trace) -> Picture:
    """Lay out the process table: a row a process, which folds out to its threads.

    A thread's row is its control block, with pc and sp as a trap has saved them on the kernel
    stack of the thread; while it is in user mode they are nowhere but in its core.
    """
    rows = _Rows(trace)
    picture = Picture("Process table", WIDTH, 0.0)
    texts = [_first_cell(row) for row in rows.rows]
    picture.table(
        "processes",
        HEADINGS,
        [[text] + [""] * len(LIVE) for text in texts],
        live=LIVE,
        parents=rows.parents,
        caption=f"{trace.clock} {REAL}" if isinstance(trace, RealTrace) else CAPTION,
        height=HEIGHT,
        about=[_about(picture, trace, row) for row in rows.rows],
    )
    for index, row in enumerate(rows.rows):
        picture.change("processes", "states", index, 0, "hidden")
        if row.pid == INIT:
            _write(picture, index, 0, _OF_INIT)
            picture.change("processes", "states", index, 0, "")
        elif row.pid == 0:
            _count_processes(picture, rows, index)
        elif row.tid == 0:
            _follow_process(picture, rows, index, trace.history.processes[row.pid])
        elif row.tid < 0:
            _count_threads(picture, rows, index, trace.history.processes[row.pid])
        else:
            _follow_thread(picture, rows, index, (row.pid, row.tid))
    return picture


def _about(picture: Picture, trace: Trace, row: Row) -> str:
    """Return the key of what a row is about; "" for what cannot be pointed at."""
    if row.pid in (0, INIT) or row.tid < 0:
        return ""
    key = (row.pid, row.tid)
    subject = thread_subject(trace, key) if row.tid else process_subject(trace, row.pid)
    picture.subjects[subject.key] = subject.name
    return subject.key


def _first_cell(row: Row) -> str:
    if row.tid > 0:
        return f"T{row.tid}"
    return str(row.pid) if row.pid and not row.tid else "…"


def _count(picture: Picture, rows: _Rows, place: int, noun: str, since: list[int]) -> None:
    """Say in a row of its own how many there are that have none, given when each was made."""
    for tick in rows.ticks(since):
        count = sum(made <= tick for made in since)
        text = f"and {plural(count, f'more {noun}')}"
        _write(picture, place, tick, {"program": text})
        picture.change("processes", "states", place, tick, "")


def _count_processes(picture: Picture, rows: _Rows, place: int) -> None:
    since = [process.launched for process in rows.processes[len(rows.shown) :]]
    _count(picture, rows, place, "process", since)


def _count_threads(picture: Picture, rows: _Rows, place: int, process: ProcessHistory) -> None:
    since = [thread.state.ticks[0] for thread in list(process.threads.values())[rows.share :]]
    _count(picture, rows, place, "thread", since)


def _write(picture: Picture, place: int, tick: int, cells: dict[str, str]) -> None:
    for heading, text in cells.items():
        element = place * len(LIVE) + HEADINGS.index(heading) - LIVE[0]
        picture.change("processes", "cells", element, tick, text)


def _look(state: str) -> str:
    """Return the look of a row whose process or thread is in a state."""
    return {"": "hidden", "running": "marked", "terminated": "ended"}.get(state, "")


def _follow_process(picture: Picture, rows: _Rows, place: int, process: ProcessHistory) -> None:
    states, living, frames = (
        process_states(process),
        process.living_threads(),
        frame_counts(process),
    )
    files: Steps[tuple[str, ...]] = rows.files[process.pid]
    all_steps = (states, living, frames, files, process.programs, process.parents)
    real = isinstance(rows.trace, RealTrace)
    for tick in rows.ticks(merged_ticks(all_steps)):
        parent = process.parents.at(tick)
        cells = {
            "program": shorten(process.programs.at(tick).name, NAME_CHARACTERS),
            "parent": f"{parent} (init)" if parent == INIT else str(parent),
            "state": states.at(tick),
            "threads": str(living.at(tick)),
            "frames": NOTHING if real else str(sum(frames.at(tick))),
            "open files": NOTHING if real else _listed(files.at(tick)),
            "exit status": _exit_status(process, tick),
        }
        _write(picture, place, tick, cells)
        picture.change("processes", "states", place, tick, _look(states.at(tick)))


def _listed(files: tuple[str, ...]) -> str:
    hidden = len(files) - MOST_FILES
    more = [f"and {hidden} more"] if hidden > 0 else []
    return ", ".join([*(shorten(f, NAME_CHARACTERS) for f in files[:MOST_FILES]), *more]) or NOTHING


def _exit_status(process: ProcessHistory, tick: int) -> str:
    ended = process.exit
    if ended is None or ended.tick > tick:
        return NOTHING
    if ended.signal is not None:
        return ended.signal.told
    return str(ended.exit_code) if ended.reason == "exit" else f"{ended.exit_code} ({ended.reason})"


def _follow_thread(picture: Picture, rows: _Rows, place: int, key: ThreadId) -> None:
    thread = rows.trace.history.processes[key[0]].threads[key[1]]
    for tick in rows.ticks(thread_ticks(thread)):
        state, core = thread.state.at(tick), thread.core.at(tick)
        where = {"new": "being loaded", "ready": "in the ready queue"}.get(state, "")
        if state == "running":
            where = f"on core {core}"
        elif state == "blocked":
            where = f"waits for {waiting(rows.trace, key, tick)}"
        cells = {"program": thread.function, "state": state, "threads": where}
        _write(picture, place, tick, cells | _saved(rows.trace, key, tick, state, core))
        picture.change("processes", "states", place, tick, _look(state))


def _saved(trace: Trace, key: ThreadId, tick: int, state: str, core: int) -> dict[str, str]:
    """Return what a control block says of pc and sp."""
    record = trace.record.threads.get(key)
    if state == "running":
        pc = sp = f"in core {core}"
    elif state in ("new", "terminated") or record is None:
        pc = sp = NOTHING
    else:
        process = trace.history.processes[key[0]]
        image = process.threads[key[1]].program.image
        pc = f"{process.code_base + record.index_at(tick) * WORD:#x}"
        sp = f"{record.registers_at(tick, image)[SP]:#x}"
    return {"frames": f"pc {pc}", "open files": f"sp {sp}"}
