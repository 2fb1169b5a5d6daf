import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import junitparser
import pytest
import yaml

from kit.authoring.course.repository import make_course
from kit.check import binder
from kit.check.binder import uv

pytestmark = pytest.mark.notebook

ROOT = Path(__file__).parents[4]
PINS = ROOT / "kit" / "authoring" / "course" / "pins.txt"
BIN = "Scripts" if os.name == "nt" else "bin"
MINE = ("COVERAGE", "JUPYTER", "PIP", "PYTEST", "PYTHON", "UV_", "VIRTUAL_ENV")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit as it would be released."""
    folder = tmp_path_factory.mktemp("wheels")
    built = uv.run(
        "build", "--quiet", "--wheel", "--out-dir", ".", str(ROOT), folder=folder, seconds=120
    )
    assert built.good, built.said
    return next(folder.glob("*.whl"))


def run(*command: str | Path, folder: Path, environment: dict[str, str]) -> str:
    """Run a program that has to succeed, and return what it prints."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def steps(course: Path) -> Iterator[str]:
    """What the check on GitHub runs, in order."""
    workflow = yaml.safe_load((course / ".github/workflows/check.yml").read_text())
    for job in workflow["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


@pytest.mark.thorough
@pytest.mark.slow
def test_check_on_github_passes_at_once(wheel: Path, tmp_path: Path):
    """In an environment of its own, each command of the workflow succeeds on a new course."""
    new, course = tmp_path / "environment", tmp_path / "course"
    wanted = (f"os-course-kit[check,lessons] @ {wheel.as_uri()}", "--constraint", str(PINS))
    for command in (
        ("venv", "--quiet", "--seed", "--no-project", "--python", sys.executable, str(new)),
        ("pip", "install", "--quiet", "--python", str(new), *wanted),
    ):
        done = uv.run(*command, folder=tmp_path, seconds=300)
        assert done.good, done.said
    environment = {name: v for name, v in os.environ.items() if not name.startswith(MINE)}
    environment["PATH"] = os.pathsep.join((str(new / BIN), environment["PATH"]))
    # uv has installed everything, which pip would need a minute for: pip only has to find
    # that nothing is missing, and may fetch nothing.
    environment["PIP_NO_INDEX"] = "1"
    made = "from kit.authoring.course.repository import make_course; make_course('course')"
    run(new / BIN / "python", "-c", made, folder=tmp_path, environment=environment)
    shell = ("bash", "-e", "-c")
    printed = [run(*shell, step, folder=course, environment=environment) for step in steps(course)]
    assert "static: passed (1 notebook" in printed[-1]
    assert "execution: passed (1 notebook" in printed[-1]
    report = junitparser.JUnitXml.fromfile(str(course / "report.xml"))
    assert (report.tests, report.failures, report.errors, report.skipped) == (2, 0, 0, 0)


@pytest.mark.slow
def test_binder_would_take_it(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Neither what repo2docker would do, nor the traps it passes over, are a problem."""
    course = make_course(tmp_path / "course", kit="release")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheel.parent))
    results = list(itertools.islice(binder.check(course.folder, course.lesson), 2))
    assert [result.problems for result in results] == [(), ()]
    assert results[1].figures["packages"] > 50
