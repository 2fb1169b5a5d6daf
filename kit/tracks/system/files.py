"""The files on the disk: what is in them, and who has them open."""

from __future__ import annotations

from collections import defaultdict

from kit.lang.program import Program
from kit.trace import Trace
from kit.trace.state.files import Content, Files, OpenFile
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid, show_states

WIDTH = 900.0
HEIGHT = 420
"""Pixels above which the table scrolls."""
MOST_FILES = 60
MOST_WORDS = 16
MOST_USERS = 4
MOST_CHANGES = 2000
NAME_CHARACTERS = 40


def files(trace: Trace) -> Picture:
    """Lay out what stands on the disk: a table with a row a file, programs first."""
    picture = Picture("Files: on the disk", WIDTH, 0.0)
    names = trace.history.files.files
    programs = [_program_row(program) for program in trace.programs]
    room = max(0, MOST_FILES - len(programs))
    rows = {name: len(programs) + index for index, name in enumerate(list(names)[:room])}
    data = [[shorten(name, NAME_CHARACTERS), "data", "", ""] for name in rows]
    hidden = len(names) - len(rows)
    empty = "" if programs or data else "the disk is empty"
    picture.table(
        "files",
        ("file", "kind", "content now", "open by"),
        [*programs, *data],
        live=[2, 3],
        mono=[2],
        caption=f"and {hidden} more files that are not shown" if hidden else empty,
        height=HEIGHT,
    )
    _follow(picture, trace, rows)
    return picture


def _program_row(program: Program) -> list[str]:
    content = f"{program.image.code_bytes} B of code\n{program.image.data_bytes} B of data"
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
        made = grid.at(known.files[name].changes[0][0])
        states = {-1: "hidden", made: ""}
        show_states(picture, "files", row, states, marked=changed[name], end=trace.end)
    for tick, name in known.changes:
        if name in rows:
            users = users_of(known, name, tick)
            picture.change("files", "cells", 2 * rows[name] + 1, grid.at(tick), users)


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
