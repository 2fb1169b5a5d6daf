"""Files on the disk, and pipes: what is in them, and who has them open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kit.lang.program import Program
from kit.trace import Trace
from kit.trace.state.files import Content, Files, OpenFile
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid, show_states
from kit.tracks.subjects import file_subject, pipe_subject, process_subject

WIDTH = 900.0
HEIGHT = 420
"""Pixels above which the table scrolls."""
MOST_FILES = 60
MOST_WORDS = 16
MOST_USERS = 4
MOST_CHANGES = 2000
NAME_CHARACTERS = 40


def files(trace: Trace) -> Picture:
    """Lay out what can be read: a table with a row a file, programs first, pipes last."""
    picture = Picture("Files: on the disk", WIDTH, 0.0)
    names = trace.history.files.files
    programs = [_program_row(program) for program in trace.programs]
    room = max(0, MOST_FILES - len(programs))
    rows = {name: len(programs) + index for index, name in enumerate(list(names)[:room])}
    data = [[shorten(name, NAME_CHARACTERS), "data", "", ""] for name in rows]
    above = len(programs) + len(rows)
    pipes = {number: above + index for index, number in enumerate(trace.history.pipes.made)}
    pipes = dict(list(pipes.items())[: max(0, MOST_FILES - above)])
    piped = [[f"pipe {number}", "pipe, in memory", "", ""] for number in pipes]
    hidden = len(names) - len(rows) + len(trace.history.pipes.made) - len(pipes)
    empty = "" if programs or data else "the disk is empty"
    picture.table(
        "files",
        ("file", "kind", "content now", "open by"),
        [*programs, *data, *piped],
        live=[2, 3],
        mono=[2],
        caption=f"and {hidden} more that are not shown" if hidden else empty,
        height=HEIGHT,
    )
    _follow(picture, trace, rows)
    _follow_pipes(picture, trace, pipes)
    return picture


def _program_row(program: Program) -> list[str]:
    content = f"{program.image.code_bytes} B of code\n{program.image.bss_offset} B of data"
    return [shorten(program.name, NAME_CHARACTERS), "program", content, ""]


def _follow(picture: Picture, trace: Trace, rows: dict[str, int]) -> None:
    known = trace.history.files
    grid = Grid(trace, len(known.changes), MOST_CHANGES)
    changed: dict[str, set[int]] = defaultdict(set)
    for name, row in rows.items():
        for content in known.files[name].contents():
            tick = grid.at(content.tick)
            changed[name].add(tick)
            picture.change("files", "cells", 2 * row, tick, content_of(content))
            picture.about("files", 2 * row, file_subject(name), tick)
        made = grid.at(known.files[name].changes[0][0])
        states = {-1: "hidden", made: ""}
        show_states(picture, "files", row, states, marked=changed[name], end=trace.end)
    for tick, name in known.changes:
        if name in rows:
            users = users_of(known, name, tick)
            picture.change("files", "cells", 2 * rows[name] + 1, grid.at(tick), users)
            tables = known.tables.items()
            pids = [p for p, t in sorted(tables) if any(f.name == name for _, f in t.at(tick))]
            _name_users(picture, trace, 2 * rows[name] + 1, pids, grid.at(tick))


def _follow_pipes(picture: Picture, trace: Trace, rows: dict[int, int]) -> None:
    known, opened = trace.history.pipes, trace.history.files
    grid = Grid(trace, len(opened.ends), MOST_CHANGES)
    changed: dict[int, set[int]] = defaultdict(set)
    for number, row in rows.items():
        made = grid.at(known.made[number])
        picture.change("files", "cells", 2 * row, made, words_of(()))
        picture.about("files", 2 * row, pipe_subject(number), made)
        for tick, words in known.words[number]:
            changed[number].add(grid.at(tick))
            picture.change("files", "cells", 2 * row, grid.at(tick), words_of(words))
        states = {-1: "hidden", made: ""}
        show_states(picture, "files", row, states, marked=changed[number], end=trace.end)
    for tick, number in opened.ends:
        if number in rows:
            ends = ends_of(opened, number, tick)
            picture.change("files", "cells", 2 * rows[number] + 1, grid.at(tick), ends)
            tables = opened.tables.items()
            pids = [p for p, t in sorted(tables) if any(e.pipe == number for _, e in t.at(tick))]
            _name_users(picture, trace, 2 * rows[number] + 1, pids, grid.at(tick))


def _name_users(picture: Picture, trace: Trace, cell: int, pids: Iterable[int], tick: int) -> None:
    """Say which processes have something open, so that pointing at one marks the cell."""
    picture.about("files", cell, [process_subject(trace, pid) for pid in pids], tick)


def words_of(words: tuple[int, ...]) -> str:
    """Return what is in a pipe, the oldest word first."""
    return ", ".join(map(str, words)) or "empty"


def ends_of(files: Files, pipe: int, tick: int) -> str:
    """Return who has an end of a pipe open at a tick, a line an end."""
    lines = [
        f"pid {pid}, descriptor {descriptor}: {end.kind}"
        for pid, table in sorted(files.tables.items())
        for descriptor, end in table.at(tick)
        if end.pipe == pipe
    ]
    hidden = len(lines) - MOST_USERS
    more = [f"and {hidden} more"] if hidden > 0 else []
    return "\n".join(lines[:MOST_USERS] + more) or "no process: gone"


def content_of(content: Content) -> str:
    """Return a file's words; of a long file those around the one written last."""
    words = content.words
    if not words:
        return "empty"
    if len(words) <= MOST_WORDS:
        return ", ".join(map(str, words))
    middle = min(content.written, len(words) - 1)
    first = max(0, min(middle - MOST_WORDS // 2, len(words) - MOST_WORDS))
    shown = ", ".join(map(str, words[first : first + MOST_WORDS]))
    last = first + MOST_WORDS - 1
    return f"words {first} to {last} of {len(words)}: {shown}"


def users_of(files: Files, name: str, tick: int) -> str:
    """Return who has a file open at a tick, a line an open file."""
    holders: dict[OpenFile, list[str]] = defaultdict(list)
    for pid, table in sorted(files.tables.items()):
        for descriptor, file in table.at(tick):
            if file.name == name:
                holders[file].append(f"pid {pid}, descriptor {descriptor}")
    lines = [
        f"{'; '.join(who)}: {file.mode}, at word {file.positions.at(tick)}"
        + (" (shared)" if len(who) > 1 else "")
        for file, who in holders.items()
    ]
    hidden = len(lines) - MOST_USERS
    return "\n".join(lines[:MOST_USERS] + ([f"and {hidden} more"] if hidden > 0 else []))
