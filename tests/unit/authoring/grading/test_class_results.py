"""What a class has answered: by student, question and idea."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from kit.authoring.grading.class_results import by_idea, by_question, not_graded, submissions
from kit.authoring.grading.class_tables import (
    STUDENTS,
    class_summary,
    counts,
    students,
    write_tables,
)
from kit.authoring.grading.discovery import PassedOver
from kit.authoring.grading.marking import FOREIGN, MISSING, Graded, GradedAnswer
from kit.authoring.grading.report import table_text

FOLDER = Path("in")
DUE = datetime(2027, 1, 10, tzinfo=UTC)


def answer(first: str, last: str, **more: object) -> GradedAnswer:
    """An answer; what is right is called so, and a wrong one has an idea of its name."""
    ideas = {"": "", "right": ""}
    return GradedAnswer(
        "What?",
        "next_state",
        choice=last,
        right=last == "right",
        points=float(last == "right"),
        tries=2,
        idea=ideas.get(last, f"idea of {last}"),
        first=first,
        first_right=first == "right",
        first_idea=ideas.get(first, f"idea of {first}"),
        **more,
    )


def graded(student: str, day: int, *answers: GradedAnswer, digest: str = "") -> Graded:
    """A file that was graded."""
    file = FOLDER / student / f"{day}.answers.json"
    time = f"2027-01-{day:02d}T10:00:00Z"
    return Graded(file, "a.ipynb", answers, time=time, digest=digest or f"{student}{day}")


def handed(*files: Graded):
    """Those files, told apart by their folders."""
    return submissions(files, [FOLDER], "auto", DUE)


def test_the_last_of_several_files_counts():
    """The earlier one says so, and changes no figure; what came too late is told."""
    one, two = handed(
        graded("ada", 9, answer("x", "x")), graded("ada", 11, answer("right", "right"))
    )
    assert (one.replaced, one.late, two.replaced, two.late) == (True, False, False, True)
    assert one.note == "handed in again: 11.answers.json"
    (question,) = by_question([one, two])
    assert (question.asked, question.right, question.first_right) == (1, 1, 1)
    assert by_idea([one, two]) == []
    assert counts([one, two]) == "1 student, 1 lesson, 1 late, 1 handed in again"


def test_a_question_shows_what_was_thought_first():
    """Right at first, and the wrong answer that most began with, with its idea."""
    found = handed(
        graded("ada", 1, answer("x", "right")),
        graded("bob", 1, answer("x", "y")),
        graded("cyd", 1, answer("y", "y")),
        graded("dan", 1, answer("right", "right")),
        graded("eve", 1, GradedAnswer("What?", "next_state", note="not answered")),
        graded("fay", 1, replace(answer("", "z"), first_right=None)),
    )
    (question,) = by_question(found)
    assert (question.asked, question.answered, question.right) == (6, 5, 2)
    assert (question.first_known, question.first_right) == (4, 1)
    assert (question.wrong, question.wrong_by, question.idea) == ("x", 2, "idea of x")


def test_an_idea_is_held_shaken_or_dropped():
    """Shaken is what one question no longer shows and another still does."""
    found = handed(
        graded("ada", 1, answer("x", "right"), answer("x", "x")),
        graded("bob", 1, answer("x", "right"), answer("right", "right")),
        graded("cyd", 1, answer("right", "y"), answer("x", "right")),
    )
    rows = {one.idea: (one.met, one.dropped, one.shaken, one.held) for one in by_idea(found)}
    assert rows == {"idea of x": (3, 2, 1, 0), "idea of y": (1, 0, 0, 1)}
    assert {one.idea: one.holders for one in by_idea(found)} == {
        "idea of x": ("ada",),
        "idea of y": ("cyd",),
    }


def test_the_same_answers_to_the_second_are_told():
    """Not of one answer, whatever else was asked, nor of one student's two files."""
    three = (answer("x", "x"),) * 3
    empty = (GradedAnswer("What?", "next_state", note=MISSING),) * 3
    found = handed(
        graded("ada", 1, *three, digest="same"),
        graded("bob", 1, *three, digest="same"),
        graded("cyd", 1, answer("x", "x"), *empty, digest="one"),
        graded("dan", 1, answer("x", "x"), *empty, digest="one"),
    )
    assert [one.note for one in found] == ["", "the same answers, to the second, as ada", "", ""]


def test_tables_hold_no_formula(tmp_path: Path):
    """Names of folders and texts of answers come from students."""
    evil = "=HYPERLINK(1)"
    files = [
        graded(evil, 1, answer(evil, "right"), replace(answer("x", evil), note=FOREIGN)),
        Graded(FOLDER / evil, "", problem="-2+3"),
    ]
    written = write_tables(tmp_path / "out", files, handed(*files), [PassedOver(FOLDER, "@x")])
    assert [path.name for path in written] == [
        "students.csv",
        "questions.csv",
        "ideas.csv",
        "answers.csv",
        "not_graded.csv",
    ]
    for path in written:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        assert len(rows) > 1
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_a_file_that_cannot_be_read_has_a_row(tmp_path: Path):
    """Its student is not forgotten: no points, does not count, and what to do."""
    lost = Graded(FOLDER / "bob" / "1.json", "", problem="it cannot be read: x; ask once more")
    files = [graded("ada", 1, answer("x", "right")), lost]
    failed = not_graded(files, [FOLDER], "auto")
    write_tables(tmp_path, files, handed(*files), [], failed)
    text = (tmp_path / "students.csv").read_text("utf-8-sig")
    ada, bob = csv.DictReader(io.StringIO(text))
    assert (ada["student"], ada["points"], ada["counts"]) == ("ada", "1", "yes")
    assert (bob["student"], bob["points"], bob["answered"], bob["counts"]) == ("bob", "", "", "no")
    assert bob["note"] == "not graded: it cannot be read: x; ask once more"
    assert bob["file"] == "in/bob/1.json"


def test_the_screen_shows_a_summary():
    """Many rows are cut, and a name cannot control the terminal."""
    console = Console(file=io.StringIO(), width=120)
    console.print(
        class_summary(handed(*(graded(f"\x1b[2J{n}", 1, answer("x", "x")) for n in range(60))))
    )
    told = console.file.getvalue()
    assert "\x1b" not in told
    assert "… and 20 more rows: see --tables" in told
    assert "60 students, 1 lesson" in told
    assert class_summary([]).plain == ""


def test_a_row_has_what_its_header_says():
    """A row of a student has a cell for each word of the header."""
    text = table_text(STUDENTS, students(handed(graded("ada", 1, answer("x", "right")))))
    header, row = (
        csv.DictReader(io.StringIO(text)).fieldnames,
        next(csv.DictReader(io.StringIO(text))),
    )
    assert header == list(STUDENTS)
    assert (row["student"], row["points"], row["of"], row["counts"]) == ("ada", "1", "1", "yes")
