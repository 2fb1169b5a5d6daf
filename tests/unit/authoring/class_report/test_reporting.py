"""The whole report: a real lesson is run, and what was handed in becomes a page or a notebook."""

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from kit.authoring.grading.lesson import Lesson
from kit.authoring.running import run as execute
from kit.cli import commands
from kit.quiz.answers import AnswersFile

pytestmark = pytest.mark.notebook

LESSON = """
from kit.quiz import Choice, Question
from kit.widgets import Predict
choices = (Choice("one", False, "No.", "own_data"), Choice("two", True, "Yes."))
Predict(Question("How many?", choices, tick=0))
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lesson, and what three students have handed in, one of it damaged."""
    monkeypatch.chdir(tmp_path)
    lesson = tmp_path / "lessons" / "a.ipynb"
    lesson.parent.mkdir()
    cells = [nbformat.v4.new_code_cell(LESSON)]
    metadata = {"kit": {"title": "Counting"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), lesson)
    with Lesson(lesson) as run:
        (asked,) = run.asked
    for student, place in (("ada", 0), ("bob", 1)):
        record = {
            "kind": asked.kind,
            "prompt": asked.prompt,
            "tries": 1,
            "time": "2027-01-01T10:00:00Z",
            "choice": [asked.choices[place]],
            "chosen": [place],
        }
        file = tmp_path / "in" / student / "a.answers.json"
        file.parent.mkdir(parents=True)
        file.write_text(AnswersFile("a.ipynb", {asked.key: record}).text(), encoding="utf-8")
    (tmp_path / "in" / "eve").mkdir()
    (tmp_path / "in" / "eve" / "a.answers.json").write_text("{", encoding="utf-8")
    return tmp_path


def test_a_report_of_a_class(course: Path):
    """The page has the lesson's title and its idea; what is damaged is counted, not named."""
    told = CliRunner().invoke(commands, ["report", "in"])
    assert told.exit_code == 1
    assert "eve/a.answers.json: it cannot be read" in told.stderr
    assert "report.html tells what 2 students believe, from 2 files." in told.stdout
    page = (course / "report.html").read_text(encoding="utf-8")
    assert "Counting" in page
    assert "each thread has its own data and heap" in page
    assert "1 file could not be graded" in page
    assert "eve/" not in page


def test_a_report_as_a_notebook(course: Path):
    """The name of the file says what it becomes; with names it says who holds what, and it runs."""
    (course / "in" / "eve" / "a.answers.json").unlink()
    told = CliRunner().invoke(commands, ["report", "in", "-o", "report.ipynb", "--names"])
    assert told.exit_code == 0, told.output
    notebook = nbformat.read(course / "report.ipynb", as_version=4)
    text = "".join(cell.source for cell in notebook.cells)
    assert "ada" in text
    assert "bob" not in text
    execute(notebook, course / "report.ipynb")
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert ["Figure(" in output["data"]["text/plain"] for output in outputs] == [True]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in", "-o", "report.txt"], "end it in .html or .ipynb"),
        (["in/eve"], "none of 1 file could be graded"),
        (["in", "-o", "nowhere/report.html"], "nowhere"),
    ],
)
def test_what_cannot_be_reported(course: Path, arguments: list[str], said: str):
    """It is said before anything is run, or when nothing could be graded; no file is written."""
    told = CliRunner().invoke(commands, ["report", *arguments])
    assert told.exit_code != 0
    assert said in str(told.exception)
    assert not list(course.glob("report.*"))
