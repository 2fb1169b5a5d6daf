"""Grading: a real lesson is run, and every answer is judged by it."""

import csv
import json
import os
import shutil
from pathlib import Path

import nbclient
import nbformat
import pytest
from click.testing import CliRunner

from kit.authoring.grading.lesson import Asked, Lesson
from kit.authoring.grading.marking import Graded, GradedAnswer, grade_answers
from kit.authoring.grading.report import csv_of
from kit.cli import commands
from kit.errors import KitError
from kit.quiz.answers import AnswersFile, read

pytestmark = pytest.mark.notebook

SETUP = """
from kit import Program
from kit.explore import Spec
from kit.quiz import Choice, Question
from kit.widgets import Predict, score
from kit.widgets.answers.exercise import Exercise
def asked(prompt, **more):
    choices = (Choice("=one", False, "No."), Choice("two", True, "Yes."))
    return Predict(Question(prompt, choices, tick=0, **more))
"""
FIRST = 'first = asked("First?")\nfirst'
SECOND = 'second = asked("Second?", form="order", order=(1, 0), why="So.")\nsecond'
TASK = """
task = Exercise("def main():\\n    print(0)\\n", spec=Spec(output="1"), task="Print 1.")
task
"""
RIGHT = "def main():\n    print(1)\n"
NAME = "01_lesson.ipynb"
ANSWERS = "01_lesson.answers.json"


def write_lesson(folder: Path, *cells: str) -> Path:
    """Write a notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [nbformat.v4.new_code_cell(cell) for cell in cells]
    path = folder / NAME
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def execute(path: Path, *cells: str) -> list[str]:
    """Run a notebook in a kernel of its own, as nbgrader does; return what cells came to."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    resources = {"metadata": {"path": str(path.parent)}}
    nbclient.NotebookClient(notebook, timeout=60, resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    return [o["data"]["text/plain"] for o in outputs if o["output_type"] == "execute_result"]


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a lesson, and the answers of somebody who has got one question wrong."""
    folder = tmp_path_factory.mktemp("course") / "lessons"
    lesson = write_lesson(folder, SETUP, FIRST, SECOND, TASK)
    deeds = (
        *("first.answer(1)", "second.answer(0, 1)"),
        f"task.text = {RIGHT!r}\ntask.check()",
        # The check runs beside the kernel, and its result comes by the event loop.
        "import asyncio\nwhile not task.passed:\n    await asyncio.sleep(0.01)",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_ANSWERS", str(folder / ANSWERS))
        patch.delenv("JPY_SESSION_NAME", raising=False)
        execute(lesson, *deeds)
    return folder


@pytest.fixture
def course(answered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that: a folder with lessons, and one that a student has handed in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KIT_ANSWERS", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    handed_in = tmp_path / "handed in" / "s1"
    handed_in.mkdir(parents=True)
    shutil.copytree(answered, tmp_path / "lessons")
    (tmp_path / "lessons" / ANSWERS).rename(handed_in / ANSWERS)
    return tmp_path


def run(*arguments: str):
    """Run the command; a mistake of the user is an exception."""
    return CliRunner().invoke(commands, ["grade", *arguments])


def change(course: Path, deed) -> Path:
    """Change what a student has handed in, and return the file."""
    path = course / "handed in" / "s1" / ANSWERS
    content = json.loads(path.read_text(encoding="utf-8"))
    deed(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_nbgrader_finds_the_answers(answered: Path, tmp_path: Path, monkeypatch):
    """Run from top to bottom with its answers beside it, a notebook ends in the student's score."""
    monkeypatch.delenv("KIT_ANSWERS", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    folder = tmp_path / "autograded"
    shutil.copytree(answered, folder)
    before = (folder / ANSWERS).read_bytes()
    assert float(execute(folder / NAME, "score(out_of=9)")[-1]) == 6.0
    assert (folder / ANSWERS).read_bytes() == before
    (folder / ANSWERS).unlink()
    assert float(execute(folder / NAME, "score(out_of=9)")[-1]) == 0.0


def test_answers_are_graded(course: Path):
    """Points come out as a table, as CSV and as JSON."""
    done = run("handed in", "--csv", "out.csv", "--json", "out.json")
    assert done.exit_code == 0, done.output
    assert "01_lesson.ipynb: 2 of 3 points" in done.output
    with (course / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == (
        *("file", "lesson", "question", "kind", "choice", "right"),
        *("points", "of", "tries", "time", "note"),
        *("student", "idea", "first_choice", "first_right", "first_idea"),
    )
    assert {row["student"] for row in rows} == {"s1"}
    assert [row["first_choice"] for row in rows] == ["two", "'=one; two", ""]
    assert {row["file"] for row in rows} == {f"handed in/s1/{ANSWERS}"}
    shown = [(r["question"], r["choice"], r["right"], r["points"], r["tries"]) for r in rows]
    assert shown == [
        ("First?", "two", "yes", "1", "1"),
        ("Second?", "'=one; two", "no", "0", "1"),
        ("Print 1.", "program of 2 lines", "yes", "1", "1"),
    ]
    (one,) = json.loads((course / "out.json").read_text(encoding="utf-8"))["files"]
    assert (one["points"], one["of"], len(one["answers"])) == (2, 3, 3)


def test_what_a_file_says_of_itself_is_not_believed(course: Path):
    """Tampered scores, foreign keys, choices that there are not, and wrong programs get nothing."""

    def tamper(content) -> None:
        for record in content["answers"].values():
            record |= {"correct": True, "points": 100}
            if record["kind"] == "exercise":
                record["text"] = "def main():\n    while True:\n        pass\n"
            elif record["prompt"] == "First?":
                record["chosen"] = [5]
                foreign = record | {"prompt": "=HYPERLINK(1)", "chosen": [1]}
        content["answers"]["0000"] = foreign

    path = change(course, tamper)
    assert run(str(path), "--csv", "out.csv").exit_code == 0
    with (course / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["question"]: row for row in csv.DictReader(file)}
    assert {row["points"] for row in rows.values()} == {"0"}
    assert rows["First?"]["note"] == "it names a choice that there is not"
    assert rows["Print 1."]["note"].startswith("the file says that it passes, and it does not: ")
    foreign = rows["'=HYPERLINK(1)"]
    assert (foreign["of"], foreign["right"], foreign["note"]) == ("0", "", "not in the lesson")


def test_what_was_not_answered_counts(course: Path):
    """A question without an answer has no points, but could have had one."""
    path = change(course, lambda content: content["answers"].clear())
    done = run(str(path))
    assert done.output.count("not answered") == 3
    assert "0 of 3 points" in done.output


def test_a_lesson_is_run_once_for_all(course: Path):
    """However many have answered, a lesson is executed once."""
    write_lesson(
        course / "lessons",
        "import pathlib\nwith pathlib.Path('runs.txt').open('a') as file:\n    file.write('x')",
        *(SETUP, FIRST),
    )
    other = course / "handed in" / "s2" / ANSWERS
    other.parent.mkdir()
    shutil.copy(course / "handed in" / "s1" / ANSWERS, other)
    done = run("handed in")
    assert done.output.count("1 of 1 points") == 2
    assert (course / "lessons" / "runs.txt").read_text(encoding="utf-8") == "x"


def test_a_notebook_that_was_handed_in_is_not_run(course: Path):
    """Where the teacher has the lesson, that of the student is not executed."""
    write_lesson(course / "handed in" / "s1", "import pathlib\npathlib.Path('ran').touch()")
    assert "2 of 3 points" in run("handed in").output
    assert not list(course.rglob("ran"))


def test_no_answers_count_where_a_lesson_is_run_for_others(course: Path, monkeypatch):
    """Also if a notebook starts the grading, its own answers are neither used nor written."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(course / "lessons" / NAME))
    shutil.copy(course / "handed in" / "s1" / ANSWERS, course / "lessons")
    before = (course / "lessons" / ANSWERS).read_bytes()
    unanswered = "assert first.tries == 0\nfirst.answer(0)"
    with Lesson(write_lesson(course / "lessons", SETUP, FIRST, unanswered)) as lesson:
        assert [one.prompt for one in lesson.asked] == ["First?"]
    assert (course / "lessons" / ANSWERS).read_bytes() == before


def test_a_program_that_cannot_be_checked_stops_nothing(course: Path):
    """A check that does not end, or ends the kernel, costs that answer its point and no more."""
    machine = (
        "def machine(program):\n"
        "    import os, time\n"
        "    if 'late' in program.text:\n        time.sleep(60)\n"
        "    if 'die' in program.text:\n        os._exit(3)\n"
        "    machine = Machine()\n    machine.launch(program)\n    return machine"
    )
    task = (
        "from kit import Machine\n"
        'task = Exercise("def main():\\n    print(0)\\n", spec=Spec(output="1"), machine=machine)'
    )
    with Lesson(write_lesson(course / "lessons", SETUP, machine, task)) as lesson:
        key, kernel = lesson.asked[0].key, lesson._kernel
        kernel.cell_seconds = 1
        late = lesson.judge(key, f"{RIGHT}# late\n")
        kernel.cell_seconds = 60
        assert late == (False, "the check did not end within 1 s")
        assert lesson.judge(key, RIGHT) == (True, "")
        dead = lesson.judge(key, f"{RIGHT}# die\n")
        assert dead == (False, "the kernel died while it was checked (exit code 3)")
        assert lesson.judge(key, f"{RIGHT}# alive\n") == (True, "")


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (lambda course: write_lesson(course / "lessons", "1 / 0"), "stops at cell 1: ZeroDivision"),
        (lambda course: write_lesson(course / "lessons", "exit()"), "ends its kernel in cell 1"),
        (lambda course: (course / "lessons" / NAME).write_text("{"), "no valid JSON"),
    ],
    ids=["fails", "exits", "damaged"],
)
def test_a_lesson_that_cannot_be_run_is_told(course: Path, deed, told: str):
    """Answers to it are not graded, and it is said why."""
    deed(course)
    done = run("handed in", "--csv", "out.csv")
    assert done.exit_code == 1
    flat = " ".join(done.output.split())
    assert "not graded: " in flat
    assert told in flat


def test_a_damaged_file_is_told_and_the_others_are_graded(course: Path):
    """One bad file does not keep the others from being graded."""
    (course / "handed in" / "a.answers.json").write_bytes(b"\xff")
    done = run("handed in", "--csv", "out.csv")
    assert "not graded: it cannot be read: it is not UTF-8 text" in done.output
    assert "2 of 3 points" in done.output
    first = (course / "out.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert "it cannot be read: it is not UTF-8 text" in first


def test_what_is_late_is_told_of_a_single_file(course: Path):
    """A deadline is given to be told of what came after it, however few files there are."""
    assert "1 student, 1 lesson, 1 late" in run("handed in", "--due", "2020-01-01").output
    assert "1 student" not in run("handed in", "--due", "2999-01-01").output


def test_a_foreign_program_with_odd_choices_stops_nothing(course: Path):
    """What an exercise of nowhere says that it chose is not looked at."""

    def tamper(content) -> None:
        program = next(r for r in content["answers"].values() if r["kind"] == "exercise")
        content["answers"] |= {
            f"000{n}": program | {"choice": odd, "prompt": f"odd {n}"}
            for n, odd in enumerate((None, 1, [2], {"a": 3}))
        }

    done = run(str(change(course, tamper)))
    assert done.exit_code == 0, done.exception
    assert "2 of 3 points" in done.output
    assert done.output.count("not in the lesson") == 4


def test_names_that_no_file_can_have_stop_nothing(course: Path):
    """A notebook's name may lead elsewhere, and a file's name be no UTF-8."""
    change(course, lambda content: content.update(notebook="../x.ipynb"))
    good = course / "handed in" / "s2" / ANSWERS
    good.parent.mkdir()
    shutil.copy(course / "handed in" / "s1" / ANSWERS, good)
    content = json.loads(good.read_text(encoding="utf-8")) | {"notebook": NAME}
    good.write_text(json.dumps(content), encoding="utf-8")
    odd = os.fsdecode(b"handed in/\xff\x1b[2J.answers.json")
    shutil.copy(good, odd)
    done = run("handed in", "--csv", "out.csv", "--json", "out.json")
    assert done.exit_code == 1, done.exception
    assert done.output.count("2 of 3 points") == 2
    assert "\x1b" not in done.output
    assert "which is no notebook's file name" in done.output


def test_marks_are_shown_where_they_cannot_be_written(course: Path):
    """A file that cannot be written is told when the tables have been printed."""
    done = run("handed in", "--csv", "/dev/full")
    assert isinstance(done.exception, KitError)
    assert "/dev/full: it cannot be written (No space left on device)" in str(done.exception)
    assert "2 of 3 points" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody.answers.json"], "nobody.answers.json: there is no such file"),
        (["lessons"], "lessons: there is no file NAME.answers.json in this folder, nor one of"),
        (["lessons/01_lesson.ipynb"], "give a file that ends in .answers.json"),
        (["handed in", "--lessons", "nowhere"], "nowhere: there is no such folder"),
        (["handed in", "--csv", "no/where.csv"], "there is no folder no"),
        (["handed in", "--json", "lessons"], "lessons: this is a folder"),
        (["handed in", "--tables", f"lessons/{NAME}/marks"], f"{NAME} is a file; name a folder"),
    ],
)
def test_a_wrong_use_is_told(course: Path, arguments, told: str):
    """What cannot be asked like that is said in a sentence, before anything is run."""
    done = run(*arguments)
    assert isinstance(done.exception, KitError)
    assert told in str(done.exception)


def test_lessons_that_ask_the_same_are_not_guessed(course: Path):
    """Of two notebooks that ask the same, and are called so, the teacher names the folder."""
    for folder in ("a", "b"):
        shutil.copytree(course / "lessons", course / "twice" / folder)
    done = run("handed in", "--lessons", "twice")
    assert done.exit_code == 1
    assert "there are 2 notebooks that ask this (twice/a/01_lesson.ipynb, " in done.output
    assert "2 of 3 points" in run("handed in", "--lessons", "twice/b").output


NAMES = ("01_lesson.answers (1).json", "answers.json", "hand-in.JSON.txt", "01_lesson_Schmidt.json")
NOTEBOOKS = ("01_lesson (1).ipynb", "01_lesson_Schmidt.ipynb", "x.ipynb", "01_lesson-Copy1.ipynb")


def test_the_lesson_is_the_one_that_asks_this(course: Path):
    """Whatever file and notebook are called, answers are graded by the questions they are to."""
    (course / "lessons" / NAME).rename(course / "lessons" / "01_lesson_2.ipynb")
    write_lesson(course / "lessons", "'another lesson'")
    (course / "lessons" / NAME).rename(course / "lessons" / "00_other.ipynb")
    (course / "lessons" / "01_lesson_2.ipynb").rename(course / "lessons" / NAME)
    for name, notebook in zip(NAMES, NOTEBOOKS, strict=True):
        path = change(course, lambda content, name=notebook: content.update(notebook=name))
        shutil.copy(path, path.with_name(name))
    path.unlink()
    done = run("handed in", "--each")
    assert done.exit_code == 0, done.output
    for notebook in NOTEBOOKS:
        assert f"01_lesson.ipynb: 2 of 3 points (answered in {notebook})" in done.output
    assert done.output.splitlines()[-1] == "4 graded, 0 not graded, 0 passed over"


def test_a_lesson_of_another_name_is_found_though_one_is_called_so(course: Path):
    """A student may give a notebook the name of another lesson: the questions count."""
    lessons = course / "lessons"
    (lessons / NAME).rename(lessons / "02_right.ipynb")
    write_lesson(lessons, SETUP, 'asked("Something else?")')
    assert "02_right.ipynb: 2 of 3 points (answered in 01_lesson.ipynb)" in run("handed in").output


def test_answers_to_no_lesson_are_told(course: Path):
    """What no notebook asks is not graded, and is said to be so."""

    def rename(content) -> None:
        content["notebook"] = "y.ipynb"
        content["answers"] = {f"x{key}": one for key, one in content["answers"].items()}

    change(course, rename).rename(course / "handed in" / "s1" / "answers.json")
    done = run("handed in")
    assert done.exit_code == 1
    assert "none of 1 notebook asks what is answered here, in y.ipynb" in done.output
    assert done.output.splitlines()[-1] == "0 graded, 1 not graded, 0 passed over"


def test_what_is_not_looked_at_is_named(course: Path):
    """Every other file in the folder is told with the reason, and a last line counts."""
    folder = course / "handed in" / "s1"
    write_lesson(folder, "1 / 0")
    (folder / "data.json").write_text('{"a": 1}', encoding="utf-8")
    (folder / "all.zip").write_bytes(b"PK")
    (folder / "cut.json").write_text('{"format": "os-course-kit answers"', encoding="utf-8")
    (folder / ".hidden.json").write_text("{}", encoding="utf-8")
    done = run("handed in", "--json", "out.json")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[-5].startswith("not graded: handed in/s1/cut.json: it cannot be read: ")
    assert lines[-4:] == [
        "passed over: handed in/s1/01_lesson.ipynb: a notebook, which holds no answers",
        "passed over: handed in/s1/all.zip: packed; unpack it first",
        "passed over: handed in/s1/data.json: it is not “os-course-kit answers”",
        "1 graded, 1 not graded, 3 passed over: 01_lesson.ipynb, all.zip, data.json",
    ]
    told = json.loads((course / "out.json").read_text(encoding="utf-8"))["passed_over"]
    assert [one["why"] for one in told][1] == "packed; unpack it first"
    # The marks of an earlier grading are no answers, though they speak of such.
    (course / "out.json").rename(folder / "out.json")
    assert "out.json" in run("handed in").output.splitlines()[-1]


def test_what_was_handed_in_is_not_run(course: Path):
    """A notebook beside the answers is run only if its folder is named as that of the lessons."""
    shutil.rmtree(course / "lessons")
    write_lesson(course / "handed in" / "s1", "import pathlib\npathlib.Path('ran').touch()")
    done = run("handed in")
    assert isinstance(done.exception, KitError)
    assert "name the folder with your notebooks by --lessons DIR" in str(done.exception)
    done = run("handed in", "--lessons", ".")
    assert "no notebook in this folder but those that were handed in" in str(done.exception)
    assert not list(course.rglob("ran"))
    run("handed in", "--lessons", "handed in/s1")
    assert list(course.rglob("ran"))


class FakeLesson:
    """Knows what is asked, and passes no program."""

    def __init__(self, *asked: Asked) -> None:
        self.asked = list(asked)

    def judge(self, _key: str, _text: str) -> tuple[bool, str]:
        """No program passes."""
        return False, "No."


def test_texts_that_are_not_those_of_the_choices_are_told(answered: Path):
    """What somebody has written over is graded by its places, and a note says so."""
    answers_file = read(answered / ANSWERS)
    record = next(one for one in answers_file.answers.values() if one["prompt"] == "First?")
    asked = Asked("k", record["kind"], "First?", "one", ("=one", "two"), (1,))
    changed = AnswersFile(NAME, {"k": record | {"choice": ["three"]}})
    (answer,) = grade_answers(changed, FakeLesson(asked))
    assert answer.right
    assert answer.note == "its texts are not those of the choices it names"


def test_an_answer_of_another_kind_gets_nothing(answered: Path):
    """A program is no answer to a question, nor are choices a program."""
    answers_file = read(answered / ANSWERS)
    program = next(one for one in answers_file.answers.values() if one["kind"] == "exercise")
    asked = Asked("k", "own", "First?", "one", ("one", "two"), (1,))
    (answer,) = grade_answers(AnswersFile(NAME, {"k": program}), FakeLesson(asked))
    assert (answer.points, answer.of, answer.right) == (0, 1, None)


def test_an_explanation_is_handed_in_and_not_graded():
    """It is listed with its text, and is worth nothing, whether it was written or not."""
    record = {"kind": "explanation", "prompt": "Why?", "text": "So\nit is.", "ticked": [0]}
    record |= {"tries": 2, "time": "2026-01-01T00:00:00Z"}
    asked = Asked("k", "explanation", "Why?")
    (answer,) = grade_answers(AnswersFile(NAME, {"k": record}), FakeLesson(asked))
    assert (answer.choice, answer.note) == ("So it is.", "handed in, not graded")
    assert (answer.points, answer.of, answer.right) == (0, 0, None)
    (answer,) = grade_answers(AnswersFile(NAME), FakeLesson(asked))
    assert (answer.points, answer.of, answer.note) == (0, 0, "not answered")
    question = Asked("k", "own", "First?", "one", ("one", "two"), (1,))
    (answer,) = grade_answers(AnswersFile(NAME, {"k": record}), FakeLesson(question))
    assert (answer.points, answer.of, answer.right) == (0, 1, None)
    (answer,) = grade_answers(AnswersFile(NAME, {"k": record}), FakeLesson())
    assert answer.note == "not in the lesson"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\uff1d1"])
def test_no_cell_is_a_formula(cell: str):
    """Whatever somebody has answered, a spreadsheet takes it for text."""
    graded = Graded(Path("a"), cell, (GradedAnswer(cell, cell, cell, note=cell),))
    _, row = csv.reader(csv_of([graded]).splitlines(keepends=True))
    assert sum(one.startswith("'") for one in row) == 5


SCHEDULING = """
from kit.scenarios import deadlock
from kit.widgets import Scheduling
mine = Scheduling(deadlock, goal=lambda outcome: outcome.deadlock, task="Reach the deadlock.")
mine
"""


@pytest.mark.parametrize(("text", "points"), [("T2 T3 T2", "1"), ("T2 T2", "0"), ("T9", "0")])
def test_a_schedule_is_chosen_anew(tmp_path: Path, monkeypatch, text: str, points: str):
    """What the file says of itself is not believed: the choices have to lead to the goal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    lesson = write_lesson(tmp_path / "lessons", SCHEDULING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_ANSWERS", str(tmp_path / "handed in" / ANSWERS))
        (tmp_path / "handed in").mkdir()
        execute(lesson, 'mine.text = "T2 T3 T2"')
    path = tmp_path / "handed in" / ANSWERS
    content = json.loads(path.read_text(encoding="utf-8"))
    (record,) = content["answers"].values()
    assert (record["text"], record["passed"], record["tries"]) == ("T2 T3 T2", True, 1)
    record["text"] = text
    path.write_text(json.dumps(content), encoding="utf-8")
    done = run("handed in", "--csv", "out.csv")
    assert done.exit_code == 0, done.output
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["question"], row["points"], row["of"]) == ("Reach the deadlock.", points, "1")


def test_a_class_is_graded(course: Path):
    """Students, questions and ideas have tables; the screen shows sums, not every answer."""
    source = course / "handed in" / "s1" / ANSWERS
    for number in range(2, 6):
        place = course / "handed in" / f"Ada_{number}_assignsubmission_file_" / "x.json"
        place.parent.mkdir()
        content = json.loads(source.read_text(encoding="utf-8"))
        for record in content["answers"].values():
            record["time"] = f"2027-01-0{number}T10:00:00Z"
        place.write_text(json.dumps(content), encoding="utf-8")
    done = run("handed in", "--tables", "out", "--due", "2027-01-03T12:00+00:00")
    assert done.exit_code == 0, done.output
    assert "5 students, 1 lesson, 2 late" in done.output.splitlines()[-2]
    assert "answer │" not in done.output
    with (course / "out" / "students.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["Ada (5)"]["late"] == "late"
    assert rows["Ada (2)"]["late"] == "in time"
    assert {row["points"] for row in rows.values()} == {"2"}
    with (course / "out" / "questions.csv").open(encoding="utf-8-sig", newline="") as file:
        first, _second, task = csv.DictReader(file)
    assert (first["right"], first["right_at_first"]) == ("5", "5")
    assert (task["students"], task["right"]) == ("5", "5")


def test_a_deleted_question_is_worth_nothing(answered: Path, tmp_path: Path, monkeypatch):
    """The cell that `kit score` prints counts what the lesson asks, not what is left of it."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    done = CliRunner().invoke(commands, ["score", str(answered / NAME), "--out-of", "12"])
    assert done.exit_code == 0, done.output
    monkeypatch.setenv("KIT_ANSWERS", str(tmp_path / "none" / ANSWERS))
    tampered = write_lesson(tmp_path, SETUP, "one = asked('First?')\none.answer(1)")
    mine = "mine = asked('Mine?')\nmine.answer(1)"
    assert execute(tampered, mine, done.output)[-1] == "4.0"
    gone = write_lesson(tmp_path, SETUP, "Predict = Exercise = lambda *a, **k: None")
    assert execute(gone, done.output)[-1] == "0.0"


def test_an_answer_to_another_instance_is_judged_by_the_lesson(tmp_path: Path, monkeypatch):
    """It counts as the last answer, the first one stays; an instance of another lesson is none."""
    monkeypatch.setenv("KIT_ANSWERS", "off")
    ask_twice = (
        'three = (Choice("three", True, "Yes."), Choice("four", False, "No."))\n'
        'fresh = Question("Again?", three, 0)\n'
        'two = Question("First?", (Choice("=one", False, "No."), Choice("two", True, "Yes.")), 0)\n'
        "first = Predict(two, instances=[fresh])\nfirst"
    )
    with Lesson(write_lesson(tmp_path, SETUP, ask_twice)) as lesson:
        (asked,) = lesson.asked
    (instance,) = asked.instances
    time = "2027-01-01T10:00:00Z"
    tries = [{"try": number, "time": time, "chosen": [0]} for number in (1, 2)]
    tries.append({"try": 3, "time": time, "chosen": [0], "instance": instance.key})
    record = {"kind": "own", "prompt": "First?", "choice": ["three"], "chosen": [0], "tries": 3}
    record |= {"time": time, "history": tries, "misses": [[0], [0]], "instance": instance.key}
    (graded,) = grade_answers(AnswersFile(NAME, {asked.key: record}), lesson)
    assert (graded.choice, graded.right, graded.points) == ("three", True, 1.0)
    assert (graded.first, graded.first_right) == ("=one", False)
    assert graded.note == "to another instance: Again?"
    (graded,) = grade_answers(AnswersFile(NAME, {asked.key: record | {"instance": "x"}}), lesson)
    assert (graded.right, graded.points) == (False, 0.0)
