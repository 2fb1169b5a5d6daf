"""The results of a class as tables: files for a spreadsheet, and a summary on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kit.authoring.grading.class_results import QuestionResult, Submission, by_idea, by_question
from kit.authoring.grading.discovery import PassedOver
from kit.authoring.grading.marking import Graded
from kit.authoring.grading.report import Row, csv_of, table_text
from kit.authoring.writing.printable import visible
from kit.errors import plural
from kit.files import write_text

MOST_ROWS = 40
"""Rows of a table on the screen."""

_LATE = {True: "late", False: "in time", None: ""}

STUDENTS = (
    *("student", "lesson", "points", "of", "answered", "right_at_first", "tries"),
    *("last_answer", "late", "counts", "note", "file"),
)
QUESTIONS = (
    *("lesson", "question", "kind", "students", "answered", "right", "first_known"),
    *("right_at_first", "most_chosen_wrong", "by", "idea"),
)
IDEAS = ("lesson", "idea", "students", "dropped", "shaken", "still_held")
LEFT = ("file", "what", "why")


def students(handed: Sequence[Submission]) -> list[Row]:
    """Return a row for each student and lesson, also for what could not be graded."""
    return [
        (
            *(one.student, one.graded.notebook, *_points(one)),
            *(one.graded.time, _LATE[one.late], _counts(one)),
            *(one.note, one.graded.file.as_posix()),
        )
        for one in _by_student(handed)
    ]


def _points(one: Submission) -> Row:
    """Return points, of how many, answered, right at first and tries; nothing if not graded."""
    if one.graded.problem:
        return ("",) * 5
    return (
        *(f"{one.graded.points:g}", f"{one.graded.of:g}"),
        sum(answer.right is not None for answer in one.answers),
        sum(answer.first_right is True for answer in one.answers),
        sum(answer.tries for answer in one.answers),
    )


def _counts(one: Submission) -> str:
    return "no" if one.replaced or one.graded.problem else "yes"


def _by_student(handed: Sequence[Submission]) -> list[Submission]:
    return sorted(handed, key=lambda one: (one.student, one.graded.notebook))


def questions(handed: Sequence[Submission]) -> list[Row]:
    """Return a row for each question of each lesson."""
    return [
        (
            *(one.lesson, one.question, one.kind, one.asked, one.answered, one.right),
            *(one.first_known, one.first_right, one.wrong, one.wrong_by or "", one.idea),
        )
        for one in by_question(handed)
    ]


def ideas(handed: Sequence[Submission]) -> list[Row]:
    """Return a row for each idea of each lesson."""
    return [
        (one.lesson, one.idea, one.met, one.dropped, one.shaken, one.held)
        for one in by_idea(handed)
    ]


def left(graded: Sequence[Graded], passed_over: Sequence[PassedOver]) -> list[Row]:
    """Return a row for each file that was not graded, or not looked at."""
    failed = [(one.file.as_posix(), "not graded", one.problem) for one in graded if one.problem]
    return [*failed, *((one.file.as_posix(), "passed over", one.why) for one in passed_over)]


def write_tables(
    folder: Path,
    graded: Sequence[Graded],
    handed: Sequence[Submission],
    passed_over: Sequence[PassedOver],
    failed: Sequence[Submission] = (),
) -> list[Path]:
    """Write all tables into a folder, and return their files.

    Parameters
    ----------
    folder : Path
        Made if there is none.
    graded : sequence of Graded
    handed : sequence of Submission
        Those of them that could be graded.
    passed_over : sequence of PassedOver
    failed : sequence of Submission
        Those that could not be graded.

    Raises
    ------
    KitError
        If one cannot be written.
    """
    tables = {
        "students.csv": table_text(STUDENTS, students([*handed, *failed])),
        "questions.csv": table_text(QUESTIONS, questions(handed)),
        "ideas.csv": table_text(IDEAS, ideas(handed)),
        "answers.csv": csv_of(graded, {one.graded.file: one.student for one in handed}),
        "not_graded.csv": table_text(LEFT, left(graded, passed_over)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        # A spreadsheet takes a file for UTF-8 only if it begins with a mark.
        write_text(folder / name, text, mark=True)
    return [folder / name for name in tables]


def class_summary(handed: Sequence[Submission]) -> RenderableType:
    """Return what a lecturer wants to see first: sums by student, questions, ideas."""
    if not handed:
        return Text("")
    parts: list[RenderableType] = [
        _shown("students", ("student", "lesson", "points", "", "late", "note"), _sums(handed)),
        _shown(
            "questions",
            ("lesson", "question", "right", "at first", "most chosen wrong answer", "idea"),
            [
                (
                    one.lesson,
                    one.question,
                    f"{one.right} of {one.asked}",
                    _first(one),
                    one.wrong,
                    one.idea,
                )
                for one in by_question(handed)
            ],
        ),
        _shown(
            "ideas", ("lesson", "idea", "students", "dropped"), [row[:4] for row in ideas(handed)]
        ),
    ]
    return Group(*parts, Text(counts(handed)))


def _first(one: QuestionResult) -> str:
    return f"{one.first_right} of {one.first_known}" if one.first_known else ""


def _sums(handed: Sequence[Submission]) -> list[Row]:
    return [
        (
            *(one.student, one.graded.notebook, f"{one.graded.points:g} of {one.graded.of:g}"),
            "does not count" if one.replaced else "",
            "late" if one.late else "",
            one.note,
        )
        for one in _by_student(handed)
    ]


def counts(handed: Sequence[Submission]) -> str:
    """Return in a line how many have handed in what."""
    people = len({one.student for one in handed})
    lessons = len({one.graded.notebook for one in handed})
    late = sum(one.late is True and not one.replaced for one in handed)
    again = sum(one.replaced for one in handed)
    copied = sum("the same answers" in one.note for one in handed)
    told = [plural(people, "student"), plural(lessons, "lesson")]
    told += [f"{late} late"] if late else []
    told += [f"{again} handed in again"] if again else []
    told += [f"{copied} with the same answers as another student"] if copied else []
    return ", ".join(told)


def _shown(title: str, header: Sequence[str], rows: Sequence[Row]) -> RenderableType:
    table = Table(title=title, title_justify="left")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows[:MOST_ROWS]:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    more = len(rows) - MOST_ROWS
    if more <= 0:
        return table
    return Group(table, Text(f"… and {plural(more, 'more row')}: see --tables"))
