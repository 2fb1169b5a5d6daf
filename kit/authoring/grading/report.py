"""Marks as tables for people, and as CSV and JSON for machines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kit import __version__
from kit.authoring.grading.discovery import MOST_TOLD, PassedOver
from kit.authoring.grading.marking import Graded, GradedAnswer
from kit.authoring.writing.printable import printable, visible

COLUMNS = (
    *("file", "lesson", "question", "kind", "choice", "right"),
    *("points", "of", "tries", "time", "note"),
    *("student", "idea", "first_choice", "first_right", "first_idea"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
"""How a cell begins that a spreadsheet would compute; the last four are the wide signs."""
Row = Sequence[object]
_SIGNS = {True: "✓ right", False: "✗ wrong", None: "not judged"}
_WORDS = {True: "yes", False: "no", None: ""}


def summary(graded: Sequence[Graded], passed_over: Sequence[PassedOver]) -> Text:
    """Return what was not graded and why, and in a last line how many files were."""
    failed = [one for one in graded if one.problem]
    lines = [f"not graded: {one.file}: {one.problem}" for one in failed]
    lines += [f"passed over: {one.file}: {one.why}" for one in passed_over]
    counts = [f"{len(graded) - len(failed)} graded", f"{len(failed)} not graded"]
    if passed_over:
        names = [one.file.name for one in passed_over[:MOST_TOLD]]
        more = len(passed_over) - len(names)
        names += [f"{more} more"] if more else []
        counts.append(f"{len(passed_over)} passed over: {', '.join(names)}")
    else:
        counts.append("0 passed over")
    lines.append(", ".join(counts))
    return Text("\n".join(map(visible, lines)))


def tables(graded: Sequence[Graded]) -> RenderableType:
    """Return a table for each file, and its points."""
    return Group(*(part for one in graded for part in _parts(one)))


def _parts(graded: Graded) -> Iterator[RenderableType]:
    yield Text(visible(str(graded.file)), style="bold")
    if graded.problem:
        yield Text(f"not graded: {visible(graded.problem)}\n", style="red")
        return
    table = Table()
    for name in ("question", "answer", "", "tries", "note"):
        table.add_column(name, justify="right" if name == "tries" else "left", overflow="fold")
    for answer in graded.answers:
        cells = (
            answer.question,
            answer.choice,
            _SIGNS[answer.right],
            str(answer.tries),
            answer.note,
        )
        table.add_row(*(Text(visible(cell)) for cell in cells))
    yield table
    named = f" (answered in {visible(graded.named)})" if graded.named else ""
    yield Text(f"{graded.notebook}: {graded.points:g} of {graded.of:g} points{named}\n")


def csv_of(graded: Sequence[Graded], whose: Mapping[Path, str] | None = None) -> str:
    """Return a line for each answer, with a header.

    Parameters
    ----------
    graded : sequence of Graded
    whose : mapping of Path to str, optional
        The student of each file.
    """
    students = whose or {}
    rows = (
        _row(one, answer, students.get(one.file, ""))
        for one in graded
        for answer in one.answers or (GradedAnswer("", "", of=0.0, note=one.problem),)
    )
    return table_text(COLUMNS, rows)


def table_text(header: Sequence[str], rows: Iterable[Row]) -> str:
    """Return a table as CSV, in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _row(graded: Graded, answer: GradedAnswer, student: str) -> tuple[str, ...]:
    return (
        *(graded.file.as_posix(), graded.notebook, answer.question, answer.kind, answer.choice),
        *(_WORDS[answer.right], f"{answer.points:g}", f"{answer.of:g}", str(answer.tries)),
        *(answer.time, answer.note, student, answer.idea, answer.first),
        *(_WORDS[answer.first_right], answer.first_idea),
    )


def safe_cell(cell: str) -> str:
    """Return a cell that no spreadsheet computes: a formula could read or send other cells."""
    cell = printable(cell)
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def json_of(graded: Sequence[Graded], passed_over: Sequence[PassedOver] = ()) -> str:
    """Return the answers as JSON, with the files that were passed over."""
    files = [
        {
            "file": one.file.as_posix(),
            "lesson": one.notebook,
            "points": one.points,
            "of": one.of,
            "problem": one.problem,
            "answers": [asdict(answer) for answer in one.answers],
        }
        for one in graded
    ]
    left = [{"file": one.file.as_posix(), "why": one.why} for one in passed_over]
    content = {"kit": __version__, "files": files, "passed_over": left}
    return json.dumps(content, indent=1) + "\n"
