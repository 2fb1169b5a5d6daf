"""Drawing an exam from real lessons."""

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from kit.authoring.exam.drawing import draw
from kit.cli import commands
from kit.errors import KitError
from kit.scenarios import lost_update

pytestmark = pytest.mark.notebook

ASKING = """
from kit.scenarios import lost_update
from kit.quiz import final_value, question
from kit.widgets import Predict
trace = lost_update()
Predict.from_trace(trace, kind="value_read", name="count", at=36)
"""
MADE = """
from kit.widgets import Player
Predict(final_value(trace, name="count"), player=Player(trace))
"""
BY_HAND = 'Predict(question("Why?", "So.", "So.", [("Not.", "No.")], tick=0))'


def lesson(folder: Path, *cells: str) -> Path:
    """Write a notebook."""
    made = [nbformat.v4.new_code_cell(cell) for cell in cells]
    path = folder / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_each_paper_has_an_instance_of_each_question(tmp_path: Path):
    """The kinds of the lesson, about its ideas; what cannot be varied is told."""
    path = lesson(tmp_path, ASKING, MADE, BY_HAND)
    exam, again = (draw([path], title="E", students=30, seed=5, pool=3) for _ in range(2))
    kinds = [[one.question.kind for one in paper.asked] for paper in exam.papers]
    assert kinds == [["value_read", "final_value"]] * 30
    assert len({tuple(one.question.key for one in paper.asked) for paper in exam.papers}) > 4
    assert lost_update().digest not in {
        one.question.run for pool in exam.pools for one in pool.instances
    }
    assert all(len({one.question.ideas for one in pool.instances}) == 1 for pool in exam.pools)
    (left,) = exam.left_out
    assert left.startswith("a.ipynb: Why? Left out: it was put together by hand")
    assert [[one.question.key for one in paper.asked] for paper in exam.papers] == [
        [one.question.key for one in paper.asked] for paper in again.papers
    ]


def test_a_lesson_that_asks_nothing_is_refused(tmp_path: Path):
    """There is no empty exam."""
    with pytest.raises(KitError, match="nothing to make an exam of"):
        draw([lesson(tmp_path, "1 + 1")], title="E", students=1, seed=1)


def test_the_command_writes_all_that_is_wanted(tmp_path: Path, monkeypatch):
    """Papers, key, and with --released notebooks with what is right; another form is refused."""
    monkeypatch.chdir(tmp_path)
    lesson(tmp_path, ASKING)
    arguments = ["exam", "a.ipynb", "--students", "2", "--seed", "1", "--pool", "2"]
    told = CliRunner().invoke(commands, arguments)
    assert told.exit_code == 0, told.output
    assert "2 papers of 1 question" in told.output
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert {
        "exam/key.json",
        "exam/key.csv",
        "exam/moodle.xml",
        "exam/qti.zip",
        "exam/notebooks/exam-001.ipynb",
        "exam/pages/exam-002.html",
        "exam/paper/exam-002.html",
    } <= written
    told = CliRunner().invoke(commands, [*arguments, "--released", "-o", "open"])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "open" / "released" / "exam-002.ipynb").is_file()
    assert not (tmp_path / "open" / "key.json").exists()
    told = CliRunner().invoke(commands, [*arguments, "--as", "docx"])
    assert "name some of notebooks, pages" in str(told.exception)
