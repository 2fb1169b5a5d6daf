"""The run of pytest behind `check`: many notebooks, and what can go wrong around them."""

import sys
from pathlib import Path

import psutil
import pytest

from kit import KitError
from kit.check.execution import check, run
from kit.check.profiles import Choice
from tests.unit.check.execution.writing_notebooks import write

pytestmark = pytest.mark.notebook


def test_notebooks_of_one_name_in_folders_with_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Relative paths come back as given; each notebook runs in its folder, with its verdict.

    The settings and the conftest of the project around them do not apply.
    """
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not for notebooks')\n")
    read = "assert open('data.txt').read() == 'here'"
    one = write(tmp_path / "week one" / "lesson.ipynb", "x = 1", read)
    write(tmp_path / "week two" / "lesson.ipynb", "x = 1", read)
    (one.parent / "data.txt").write_text("here")
    monkeypatch.chdir(tmp_path)
    results = {result.path: result for result in check(["week one", "week two/lesson.ipynb"])}
    assert results.keys() == {Path("week one/lesson.ipynb"), Path("week two/lesson.ipynb")}
    assert results[Path("week one/lesson.ipynb")].passed
    problems = results[Path("week two/lesson.ipynb")].problems
    assert [(problem.rule, problem.cell) for problem in problems] == [("raises", 2)]
    assert "FileNotFoundError" in problems[0].details


def test_a_late_warning_counts_as_one_at_once(tmp_path: Path):
    """A profile without the rule on stderr passes over a warning also after its cell has ended."""
    late = """import asyncio, warnings
go, done = asyncio.Event(), asyncio.Event()
async def warn():
    await go.wait()
    warnings.warn("late")
    done.set()
task = asyncio.create_task(warn())"""
    write(tmp_path / "late.ipynb", late, "go.set()\nawait done.wait()")
    (strict,) = check([tmp_path])
    assert [problem.found.count("UserWarning: late") for problem in strict.problems] == [1]
    (tolerant,) = check([tmp_path], choice=Choice(profile="widgets"))
    assert tolerant.passed


def test_results_come_as_soon_as_they_are_known(tmp_path: Path):
    """The first result is there while another notebook runs, which stops if nobody waits."""
    write(tmp_path / "quick.ipynb", "1")
    endless = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)"
    write(tmp_path / "endless.ipynb", endless, "1", "1")
    results = check([tmp_path], jobs=2)
    assert next(results).path.name == "quick.ipynb"
    kernel = None
    while kernel is None:
        file = tmp_path / "pid"
        text = file.read_text() if file.exists() else ""
        kernel = psutil.Process(int(text)) if text else None
    results.close()  # type: ignore[attr-defined] - it is a generator
    kernel.wait(timeout=10)
    assert not psutil.pid_exists(kernel.pid)


def test_notebook_that_takes_pytest_down_fails(tmp_path: Path):
    """Where pytest itself dies, its notebook fails and says so, and the others get results."""
    write(tmp_path / "bad.ipynb", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    write(tmp_path / "good.ipynb", "1")
    results = {result.path.name: result for result in check([tmp_path], jobs=2)}
    assert results["good.ipynb"].passed
    assert {problem.rule for problem in results["bad.ipynb"].problems} == {"pytest"}


def test_pytest_that_cannot_start_fails_every_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nothing passes silently: what pytest said is shown."""
    settings = tmp_path / "pytest.ini"
    settings.write_text("[pytest]\naddopts = --no-such-option\n")
    monkeypatch.setattr(run, "_SETTINGS", settings)
    notebooks = [write(tmp_path / name, "1") for name in ("one.ipynb", "two.ipynb")]
    results = list(check(notebooks, jobs=1))
    assert [result.path for result in results] == notebooks
    for result in results:
        assert [problem.rule for problem in result.problems] == ["pytest"]
        assert "exit code 4" in result.problems[0].found
        assert "--no-such-option" in result.problems[0].details


def test_path_that_pytest_cannot_take_is_refused(tmp_path: Path):
    """A path with a bracket is not run, and says why."""
    (result,) = check([write(tmp_path / "lesson [1].ipynb", "1")])
    assert [problem.rule for problem in result.problems] == ["readable"]
    assert "give the file or its folder another name" in result.problems[0].remedy


def test_missing_nbval_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without nbval the check says what to install."""
    monkeypatch.setitem(sys.modules, "nbval", None)
    with pytest.raises(KitError, match=r"pip install 'os-course-kit\[check\]'"):
        list(check([write(tmp_path / "good.ipynb", "1")]))


def test_wrong_setting_is_told_before_anything_runs(tmp_path: Path):
    """A mistake in the settings of a course is an error, and no verdict on its notebooks."""
    (tmp_path / "pyproject.toml").write_text("[tool.kit.check]\ncell_second = 3\n")
    with pytest.raises(KitError, match="did you mean 'cell_seconds'"):
        list(check([write(tmp_path / "good.ipynb", "1")]))


def test_a_widget_that_says_something_wrong_of_itself_is_named(tmp_path: Path):
    """So it is although nothing else in the notebook can be operated."""
    pad = (
        "import ipywidgets\nclass Pad(ipywidgets.VBox):\n"
        "    def _kit_gestures_(self):\n        return self.childs\nPad()"
    )
    (result,) = check([write(tmp_path / "pad.ipynb", pad)])
    (problem,) = result.problems
    assert (problem.rule, problem.cell) == ("widget", 1)
    assert problem.found == (
        "Pad says something wrong of itself in _kit_gestures_(): "
        "AttributeError: 'Pad' object has no attribute 'childs'"
    )
    assert problem.remedy.startswith("let it return what CONTRIBUTING.md of the kit says")


def test_a_widget_may_raise_what_it_says_that_it_raises(tmp_path: Path):
    """Who clicks "raise an exception" expects one; who raises a priority does not."""
    button = (
        "import ipywidgets\nout = ipywidgets.Output()\n@out.capture()\ndef fail(_):\n    1 / 0\n"
        "def button(words):\n    made = ipywidgets.Button(description=words)\n"
        "    made.on_click(fail)\n    return made"
    )
    said = ("click me to raise an exception", "Throws errors", "ZeroDivisionError")
    others = ("Raise the priority", "Exception table", "KeyError")
    made = ", ".join(f"button({one!r})" for one in (*said, *others))
    path = write(tmp_path / "buttons.ipynb", button, f"ipywidgets.VBox([{made}, out])")
    (result,) = check([path])
    found = [problem.found.partition(" raised")[0] for problem in result.problems]
    assert found == [f"Button {one!r}" for one in others]
