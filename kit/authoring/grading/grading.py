"""A whole grading: files are read, each lesson is run once, and the points are reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from kit.authoring.grading.class_results import Submission, not_graded, submissions
from kit.authoring.grading.class_tables import class_summary, write_tables
from kit.authoring.grading.discovery import LESSONS, Found, find_answers, find_lessons
from kit.authoring.grading.keys import read_key
from kit.authoring.grading.marking import Graded, Judging, grade_answers
from kit.authoring.grading.matching import HandedIn, Matching
from kit.authoring.grading.report import csv_of, json_of, summary, tables
from kit.authoring.grading.students import AUTO, deadline, pattern_of
from kit.errors import KitError
from kit.files import check_writable, check_writable_folder, write_text
from kit.quiz.answers import AnswersError, AnswersFile, read

AGAIN = "ask for it once more: exported again, or copied from the folder of the notebook"
"""What to do about a damaged file."""
FEW = 3
"""So many files are shown answer by answer, and as a class only if there is something to note."""
WIDE = 120
"""Columns of tables that go into a file or a log."""


def grade_and_report(
    paths: Sequence[str | Path],
    *,
    lessons: str | None = None,
    as_csv: str | None = None,
    as_json: str | None = None,
    tables_in: Path | None = None,
    student: str = AUTO,
    due: str | None = None,
    each: bool = False,
    key: Path | None = None,
) -> bool:
    """Grade files of answers, print how the class fared, and write what was asked for.

    Parameters
    ----------
    paths : sequence of path
        Files of answers, or folders with such files.
    lessons : str, optional
        The folder with the lessons.
    as_csv, as_json : str, optional
        Files to write.
    tables_in : Path, optional
        A folder for tables by student, question, idea and answer, and of what was not graded.
    student : str
        How to tell whose a file is; see `kit.authoring.grading.students.pattern_of`.
    due : str, optional
        A time after which answers are late.
    each : bool
        Whether to print each answer also where there are many files.
    key : Path, optional
        Of an exam; nothing is run then.

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
    _check_places([as_csv, as_json], tables_in)
    result = grade_class(paths, lessons=lessons, student=student, due=due, key=key)
    graded, handed, found = result.graded, result.handed, result.found
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    many = len(graded) > FEW
    if each or not many:
        console.print(tables(graded))
    if many or any(one.late or one.note for one in handed):
        console.print(class_summary(handed))
    console.print(summary(graded, found.passed_over), soft_wrap=True)
    if tables_in:
        failed = not_graded(graded, found.folders, student)
        write_tables(tables_in, graded, handed, found.passed_over, failed)
    if as_csv:
        whose = {one.graded.file: one.student for one in handed}
        # A spreadsheet takes a file for UTF-8 only if it begins with a mark.
        write_text(Path(as_csv), csv_of(graded, whose), mark=True)
    if as_json:
        write_text(Path(as_json), json_of(graded, found.passed_over))
    return not any(one.problem for one in graded)


@dataclass(frozen=True)
class ClassResult:
    """A class that has been graded.

    Attributes
    ----------
    graded : list of Graded
        Every file of answers, in order.
    handed : list of Submission
        Those that could be graded, and whose they are.
    found : Found
        What was looked at.
    notebooks : list of Path
        The notebooks that were taken for lessons.
    """

    graded: list[Graded]
    handed: list[Submission]
    found: Found
    notebooks: list[Path]


def grade_class(
    paths: Sequence[str | Path],
    *,
    lessons: str | None = None,
    student: str = AUTO,
    due: str | None = None,
    key: Path | None = None,
) -> ClassResult:
    """Grade files of answers, and say on the terminal how far it is.

    Parameters
    ----------
    paths : sequence of path
        Files of answers, or folders with such files.
    lessons : str, optional
        The folder with the lessons.
    student : str
        How to tell whose a file is; see `kit.authoring.grading.students.pattern_of`.
    due : str, optional
        A time after which answers are late.
    key : Path, optional
        Of an exam, as `kit exam` wrote it: answers are judged by it, and nothing is run.

    Raises
    ------
    KitError
        If it could not be asked like that.
    """
    until = deadline(due) if due else None
    pattern_of(student)
    if lessons is not None and not Path(lessons).is_dir():
        raise KitError(f"{lessons}: there is no such folder; name the one with the lessons")
    folder = Path(lessons) if lessons is not None else None
    papers = read_key(key) if key else None
    found = find_answers(paths, folder or LESSONS)
    notebooks = [] if papers is not None else find_lessons(folder, found)
    told = Console(stderr=True, highlight=False)
    with told.status("reading answers") as status:
        graded = grade(found.answers, notebooks, tell=status.update, papers=papers)
    handed = submissions(graded, found.folders, student, until)
    return ClassResult(graded, handed, found, notebooks)


def _check_places(files: Sequence[str | None], folder: Path | None) -> None:
    """Check that what was asked for can be written; a class takes long to grade."""
    for path in filter(None, files):
        check_writable(Path(path))
    if folder:
        check_writable_folder(folder)


def grade(
    files: Sequence[Path],
    notebooks: Sequence[Path],
    *,
    tell: Callable[[str], object] = str,
    papers: Mapping[str, Judging] | None = None,
) -> list[Graded]:
    """Grade files of answers.

    Parameters
    ----------
    files : sequence of Path
    notebooks : sequence of Path
        Those that the answers may be of; they are run.
    tell : callable
        Is told what is being done.
    papers : mapping of str to Judging, optional
        Of an exam, by the names of their notebooks: answers are to these, and nothing is run.

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
            done[file] = Graded(file, "", problem=f"it cannot be read: {why}; {AGAIN}")
    if papers is None:
        done |= Matching(notebooks, tell).grade(handed_in)
    else:
        done |= {one.file: _by_key(one, papers) for one in handed_in}
    for one in handed_in:
        times = [record["time"] for record in one.answers_file.answers.values()]
        last, digest = max(times, default=""), _digest(one.answers_file)
        done[one.file] = replace(done[one.file], time=last, digest=digest)
    return [done[file] for file in files]


def _by_key(one: HandedIn, papers: Mapping[str, Judging]) -> Graded:
    """Return what answers are worth by the key of an exam."""
    answers = one.answers_file
    paper = papers.get(answers.notebook)
    if paper is None:
        why = f"the key has no paper {answers.notebook}; name the key of its exam"
        return Graded(one.file, answers.notebook, problem=why)
    if answers.answers and not any(asked.key in answers.answers for asked in paper.asked):
        why = f"it answers nothing that {answers.notebook} asks; name the key of its exam"
        return Graded(one.file, answers.notebook, problem=why)
    return Graded(one.file, answers.notebook, grade_answers(answers, paper))


def _digest(answers_file: AnswersFile) -> str:
    """Return the same text for files with the same answers, given at the same times."""
    content = json.dumps([answers_file.notebook, answers_file.answers], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
