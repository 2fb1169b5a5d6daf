"""A whole grading: files are read, each lesson is run once, and the points are reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from kit.authoring.grading.discovery import LESSONS, find_answers, find_lessons
from kit.authoring.grading.marking import Graded
from kit.authoring.grading.matching import HandedIn, Matching
from kit.authoring.grading.report import csv_of, json_of, summary, tables
from kit.errors import KitError
from kit.files import check_writable, write_text
from kit.quiz.answers import AnswersError, read

WIDE = 120
"""Columns of tables that go into a file or a log."""


def grade_and_report(
    paths: Sequence[str | Path],
    *,
    lessons: str | None = None,
    as_csv: str | None = None,
    as_json: str | None = None,
) -> bool:
    """Grade files of answers, print a table for each, and write what was asked for.

    Parameters
    ----------
    paths : sequence of path
        Files of answers, or folders with such files.
    lessons : str, optional
        The folder with the lessons.
    as_csv, as_json : str, optional
        Files to write.

    Returns
    -------
    bool
        Whether every file of answers was graded.

    Raises
    ------
    KitError
        If it could not be asked like that, and no file is written then; or if a file cannot
        be written, when the tables have been printed.
    """
    for path in (as_csv, as_json):
        if path:
            check_writable(Path(path))
    if lessons is not None and not Path(lessons).is_dir():
        raise KitError(f"{lessons}: there is no such folder; name the one with the lessons")
    folder = Path(lessons) if lessons is not None else None
    found = find_answers(paths, folder or LESSONS)
    notebooks = find_lessons(folder, found)
    told = Console(stderr=True, highlight=False)
    with told.status("reading answers") as status:
        graded = grade(found.answers, notebooks, tell=status.update)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    console.print(tables(graded))
    console.print(summary(graded, found.passed_over), soft_wrap=True)
    if as_csv:
        # A spreadsheet takes a file for UTF-8 only if it begins with a mark.
        write_text(Path(as_csv), csv_of(graded), mark=True)
    if as_json:
        write_text(Path(as_json), json_of(graded, found.passed_over))
    return not any(one.problem for one in graded)


def grade(
    files: Sequence[Path], notebooks: Sequence[Path], *, tell: Callable[[str], object] = str
) -> list[Graded]:
    """Grade files of answers.

    Parameters
    ----------
    files : sequence of Path
    notebooks : sequence of Path
        Those that the answers may be of; they are run.
    tell : callable
        Is told what is being done.

    Returns
    -------
    list of Graded
        In the order of the files.
    """
    done: dict[Path, Graded] = {}
    handed_in = []
    for file in files:
        try:
            handed_in.append(HandedIn(file, read(file)))
        except (AnswersError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            done[file] = Graded(file, "", problem=f"it cannot be read: {why}")
    done |= Matching(notebooks, tell).grade(handed_in)
    return [done[file] for file in files]
