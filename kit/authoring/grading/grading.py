"""A whole grading: files are read, each lesson is run once, and the marks are reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from kit.authoring.grading.finding import find_answers, find_lesson
from kit.authoring.grading.lesson import Lesson
from kit.authoring.grading.marking import Graded, mark_sheet
from kit.authoring.grading.report import csv_of, json_of, tables
from kit.errors import KitError
from kit.quiz.answers import AnswersError, Sheet, read

WIDE = 120
"""Columns of tables that go into a file or a log."""


def grade_and_report(
    paths: Sequence[str | Path],
    *,
    lessons: str | None = None,
    as_csv: str | None = None,
    as_json: str | None = None,
) -> None:
    """Grade files of answers, print a table for each, and write what was asked for.

    Parameters
    ----------
    paths : sequence of path
        Files of answers, or folders with such files.
    lessons : str, optional
        The folder with the lessons.
    as_csv, as_json : str, optional
        Files to write.

    Raises
    ------
    KitError
        If it could not be asked like that, and no file is written then; or if a file cannot
        be written, when the tables have been printed.
    """
    written = [
        (Path(path), write) for path, write in ((as_csv, csv_of), (as_json, json_of)) if path
    ]
    for path, _ in written:
        if path.is_dir() or not path.parent.is_dir():
            found = "this is a folder" if path.is_dir() else f"there is no folder {path.parent}"
            raise KitError(f"{path}: {found}; name a file in a folder that there is")
    if lessons is not None and not Path(lessons).is_dir():
        raise KitError(f"{lessons}: there is no such folder; name the one with the lessons")
    files = find_answers(paths)
    told = Console(stderr=True, highlight=False)
    with told.status("reading answers") as status:
        graded = grade(files, Path(lessons) if lessons else None, tell=status.update)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    console.print(tables(graded))
    for path, write in written:
        # A spreadsheet takes a file for UTF-8 only if it begins with a mark.
        coding = "utf-8-sig" if write is csv_of else "utf-8"
        try:
            path.write_text(write(graded), encoding=coding, newline="")
        except OSError as error:
            raise KitError(
                f"{path}: it cannot be written ({error.strerror}); name another file"
            ) from None


def grade(
    files: Sequence[Path], lessons: Path | None = None, *, tell: Callable[[str], object] = str
) -> list[Graded]:
    """Grade files of answers.

    Parameters
    ----------
    files : sequence of Path
    lessons : Path, optional
        The folder with the lessons.
    tell : callable
        Is told what is being done.

    Returns
    -------
    list of Graded
        In the order of the files.
    """
    done: dict[Path, Graded] = {}
    grouped: dict[Path, list[tuple[Path, Sheet]]] = {}
    for file in files:
        try:
            sheet = read(file)
        except (AnswersError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            done[file] = Graded(file, "", problem=f"it cannot be read: {why}")
            continue
        try:
            lesson = find_lesson(sheet.notebook, file, lessons)
        except KitError as error:
            done[file] = Graded(file, sheet.notebook, problem=str(error))
            continue
        grouped.setdefault(lesson.resolve(), []).append((file, sheet))
    for path, sheets in grouped.items():
        tell(f"running {path.name}")
        done |= _by_lesson(path, sheets)
    return [done[file] for file in files]


def _by_lesson(path: Path, sheets: Sequence[tuple[Path, Sheet]]) -> dict[Path, Graded]:
    done: dict[Path, Graded] = {}
    try:
        with Lesson(path) as lesson:
            for file, sheet in sheets:
                done[file] = Graded(file, sheet.notebook, mark_sheet(sheet, lesson))
    except KitError as error:
        for file, sheet in sheets:
            done.setdefault(file, Graded(file, sheet.notebook, problem=str(error)))
    return done
