"""A course has a storyline of its own, and what is taught is told to the checker from outside."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit import KitError
from kit.authoring.course.repository import make_course
from kit.authoring.coverage.lessons import Covered
from kit.authoring.coverage.page import coverage_page
from kit.authoring.storyline import STORYLINE
from kit.authoring.writing.lessons import Plan, new_lesson, write_lesson
from kit.check.course import installed, storyline_of
from kit.check.static import check

TEA = '[tool.kit]\nstoryline = ["Water: how it boils", "Leaves"]\n'


def course_of(text: str) -> Any:
    """What a lesson says of itself."""
    return json.loads(text)["metadata"]["kit"]


def told(path: Path, storyline: list[int] | None) -> list[str]:
    """What the check finds in the metadata of a lesson that tells some lines."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kit"].pop("storyline", None)
    if storyline is not None:
        notebook.metadata["kit"]["storyline"] = storyline
    nbformat.write(notebook, path)
    (result,) = (one for one in check([path]) if one.path == path)
    return [str(one) for one in result.problems if one.rule == "metadata"]


def test_a_new_course_has_a_storyline_of_its_own(tmp_path: Path):
    """`kit init` writes down the lines of the first lesson, which passes, and no others of ours."""
    course = make_course(tmp_path / "course")
    assert [*storyline_of(course.lesson).values()] == [STORYLINE[line] for line in (5, 6, 7)]
    assert course_of(course.lesson.read_text(encoding="utf-8"))["storyline"] == [1, 2, 3]
    assert all(result.passed for result in check([course.lesson]))


@pytest.mark.slow
def test_lessons_name_lines_of_the_own_storyline(tmp_path: Path):
    """A line of it passes; a line that only ours has, and none at all, are told."""
    (tmp_path / "pyproject.toml").write_text(TEA)
    path, _ = write_lesson(tmp_path / "tea.ipynb", Plan("Tea", ["lost_update"], storyline=[1]))
    assert told(path, [2]) == []
    (found,) = told(path, [7])
    assert '"storyline" in the metadata "kit" is [7]' in found
    assert "such as [2]: 1 Water, 2 Leaves" in found
    (found,) = told(path, None)
    assert 'the metadata "kit" has no "storyline"' in found


@pytest.mark.slow
def test_a_line_without_a_lesson_is_told_of_the_whole_course(tmp_path: Path):
    """It is told of the file that has the storyline, and only when all lessons are checked."""
    (tmp_path / "pyproject.toml").write_text(TEA)
    one, _ = write_lesson(tmp_path / "1.ipynb", Plan("Tea", ["lost_update"], storyline=[1]))
    *_, course = check([one])
    assert course.path.name == "pyproject.toml"
    (problem,) = course.problems
    assert str(problem) == (
        "no lesson tells line 2 of the storyline, 'Leaves'; write a lesson that tells it, or take "
        "it out of storyline in [tool.kit] [storyline]"
    )
    two, _ = write_lesson(tmp_path / "2.ipynb", Plan("Leaves", ["zombie"], storyline=[2]))
    assert [result.path for result in check([one])] == [one]
    assert [result.path for result in check([one, two])] == [one, two]


def test_without_an_own_storyline_ours_counts(tmp_path: Path):
    """A lesson that belongs to no course with one is asked for lines 1 to 11."""
    path, _ = write_lesson(tmp_path / "tea.ipynb", Plan("Tea", ["lost_update"]))
    assert told(path, [11]) == []
    (found,) = told(path, [12])
    assert "such as [7]: 1 A program is a file" in found


def test_a_course_may_have_no_storyline(tmp_path: Path):
    """Where it is an empty list, no lesson is asked for a line, and a new one names none."""
    (tmp_path / "pyproject.toml").write_text("[tool.kit]\nstoryline = []\n")
    path, _ = write_lesson(tmp_path / "tea.ipynb", Plan("Tea", ["lost_update"]))
    assert "storyline" not in course_of(path.read_text(encoding="utf-8"))
    assert told(path, None) == []
    with pytest.raises(KitError, match="write the course's own into storyline"):
        new_lesson(Plan("Tea", ["lost_update"], storyline=[1]), tmp_path)


@pytest.mark.parametrize("value", ['"tea"', "[1]", '["tea", " "]'])
def test_a_wrong_storyline_is_explained(tmp_path: Path, value: str):
    """What is no list of texts is one sentence that names the file."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.kit]\nstoryline = {value}\n")
    with pytest.raises(KitError, match=r"pyproject\.toml: \[tool\.kit\] storyline is .*; give a"):
        storyline_of(tmp_path)


def test_the_page_of_a_course_has_its_own_lines(tmp_path: Path):
    """`kit coverage` says of each line of this course which lesson tells it."""
    (tmp_path / "pyproject.toml").write_text(TEA)
    course = {"title": "Tea", "goal": "Make it.", "minutes": 5, "storyline": [2]}
    page = coverage_page([Covered(tmp_path / "tea.ipynb", course, (), (), (), 0)])
    assert "| 1 | Water: how it boils |  |" in page
    assert "| 2 | Leaves | [Tea](tea.ipynb) |" in page
    assert STORYLINE[11] not in page


def test_ours_is_found_by_its_entry_point():
    """The checker, which imports nothing of the course, knows its storyline and its widgets."""
    assert installed().storyline == STORYLINE
    assert installed().exercise == "Exercise"


@pytest.mark.notebook
def test_the_checker_works_without_any_course(tmp_path: Path):
    """Where no course is installed, notebooks are still checked, and nothing above is loaded."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import random\n1 +")])
    nbformat.write(notebook, tmp_path / "a.ipynb")
    program = (
        "import sys\nfrom pathlib import Path\nfrom kit.check import course, static\n"
        "course.GROUP = 'nothing.of.this.name'\n"
        "(result,) = static.check([Path('a.ipynb')])\n"
        "print(sorted({problem.rule for problem in result.problems}))\n"
        "print([name for name in sys.modules if name.startswith('kit.')\n"
        "       and not name.startswith(('kit.check', 'kit.errors', 'kit.files'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    rules, loaded = done.stdout.splitlines()
    assert "'style'" in rules
    assert "'metadata'" in rules
    assert loaded == "[]"
