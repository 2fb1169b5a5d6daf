"""The rehearsal for Binder, with a lesson that is opened in a browser."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from kit.check.binder import rehearsal
from kit.check.binder.repository import copied
from kit.check.results import Result

PROJECT = Path(__file__).parents[2]
PYTHON = (PROJECT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
PICTURE = """from IPython.display import SVG
SVG('<svg role="img" aria-label="nothing" width="90" height="90"></svg>')"""


def apart(work: Callable[[], list[Result]]) -> list[Result]:
    """Do something in a thread of its own, as Playwright allows itself once a thread."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


def make(folder: Path, *, requirements: str, start: str, cells: tuple[str, ...]) -> Path:
    """Make a repository without a postBuild, and return its lesson."""
    lesson = folder / "lessons" / "a lesson.ipynb"
    for name, text in {
        "binder/requirements.txt": requirements,
        "binder/start": start,
        "lessons/data.txt": "41",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made), lesson)
    return lesson


def rehearse(folder: Path, lesson: Path) -> list[Result]:
    """Rehearse a repository."""
    with copied(folder) as repository:
        return apart(lambda: list(rehearsal.rehearse(repository, PYTHON, lesson)))


@pytest.mark.thorough
def test_lesson_that_fails_only_on_binder(tmp_path: Path):
    """The cell that fails and the news that pop up are told; start's settings reach the kernel."""
    lesson = make(
        tmp_path,
        requirements=(PROJECT / "binder" / "requirements.txt").read_text(),
        start='#!/bin/sh\nexport COURSE="operating systems"\nexec "$@"\n',
        cells=(
            PICTURE,
            "import os, pathlib\nassert os.environ['COURSE'] == 'operating systems'",
            "assert pathlib.Path('data.txt').read_text() == '41'",
            "from kit import Machine",
        ),
    )
    installed, opened = rehearse(tmp_path, lesson)
    assert installed.passed
    assert opened.path == lesson
    found = {problem.rule: problem for problem in opened.problems}
    assert found["missing"].found.startswith("lessons/a lesson.ipynb imports kit, which Binder")
    assert found["cell-error"].cell == 4
    assert "No module named 'kit'" in found["cell-error"].found
    assert "JupyterLab pops up a message at every visitor: Would you like" in found["news"].found
    figures = opened.figures
    assert 0 < figures["server start (s)"] < figures["start to first picture (s)"] < opened.seconds


def test_environment_without_jupyterlab(tmp_path: Path):
    """Where JupyterLab does not start, the problem has what it said."""
    lesson = make(tmp_path, requirements="# nothing\n", start="#!/bin/sh\n", cells=("1",))
    _, opened = rehearse(tmp_path, lesson)
    (problem,) = opened.problems
    assert problem.rule == "server"
    assert problem.found == "the lab server did not start"
    assert "No module named jupyterlab" in problem.details
