"""What is released is complete, and is what the tag says."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit import __version__
from tests import release

pytestmark = pytest.mark.notebook

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
on_posix = pytest.mark.skipif(os.name == "nt", reason="releases are made on Linux")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> release.Built:
    """The kit as it would be released."""
    return release.build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def workflow() -> Any:
    """The workflow that makes a release."""
    return yaml.safe_load((WORKFLOWS / "release.yml").read_text())


def test_release_has_everything_and_nothing_else(built: release.Built, tmp_path: Path):
    """Each file of the package is in the wheel; a wheel made of the sdist is the same."""
    assert list(release.complaints(built, ROOT, tmp_path)) == []


def test_what_is_missing_is_told(built: release.Built, tmp_path: Path):
    """Had the package one more file, or one less, the check of the contents would say so."""
    (tmp_path / "kit" / "widgets").mkdir(parents=True)
    (tmp_path / "kit" / "widgets" / "more.js").touch()
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    said = list(release.complaints(built, tmp_path, unpacked))
    assert "the wheel lacks kit/widgets/more.js" in said
    assert "the wheel has kit/widgets/static/player.js" in said


def test_a_build_can_be_repeated(built: release.Built, tmp_path: Path):
    """Built again from the same sources, both files are the same to the byte."""
    again = release.build(ROOT, tmp_path)
    assert again.wheel.read_bytes() == built.wheel.read_bytes()
    assert again.sdist.read_bytes() == built.sdist.read_bytes()


def test_wheel_works_without_extras(built: release.Built, tmp_path: Path):
    """Alone in a fresh environment it makes a stage, and finds nothing wrong."""
    done = list(release.try_bare(built.wheel, release.Fresh(tmp_path)))
    assert done[-1] == "kit doctor: all is well"


@pytest.mark.thorough
@pytest.mark.slow
def test_lesson_runs_from_the_wheel(built: release.Built, tmp_path: Path):
    """With what lessons need, a lesson passes its check far from the checkout."""
    done = list(release.try_lesson(built.wheel, release.Fresh(tmp_path)))
    assert any(line.startswith("execution: passed (1 notebook") for line in done)


def test_version_is_semantic():
    """The version is three numbers, and the change log has it."""
    assert re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", __version__)
    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@on_posix
@pytest.mark.parametrize(
    ("tag", "code"),
    [(f"v{__version__}", 0), (__version__, 1), (f"v{__version__}.1", 1), ("v9.9.9", 1)],
)
def test_tag_has_to_be_the_version(workflow: Any, tag: str, code: int):
    """The workflow stops before it builds if the tag is not the version."""
    steps = workflow["jobs"]["build"]["steps"]
    names = [step.get("name", step.get("run", "")) for step in steps]
    place = names.index("The tag is the version")
    assert place < names.index("make dist")
    done = subprocess.run(
        ["bash", "-e", "-c", steps[place]["run"]],
        cwd=ROOT,
        env={**os.environ, "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert bool(code) == (f"tag v{__version__}" in done.stderr)


def test_nothing_is_published_before_all_is_tested(workflow: Any):
    """Each job waits for CI, directly or not, and only those that publish may write."""
    jobs = workflow["jobs"]

    def before(job: str) -> set[str]:
        needs = jobs[job].get("needs", [])
        direct = {needs} if isinstance(needs, str) else {*needs}
        return direct.union(*map(before, direct))

    assert jobs["ci"]["uses"] == "./.github/workflows/ci.yml"
    for name in {*jobs} - {"ci"}:
        assert "ci" in before(name), name
    assert workflow["permissions"] == {"contents": "read"}
    assert {name for name, job in jobs.items() if "permissions" in job} == {
        *("pypi", "pages", "release")
    }


def test_actions_have_the_same_versions_everywhere():
    """Two workflows that use an action use the same version of it."""
    used: dict[str, set[str]] = {}
    for file in WORKFLOWS.glob("*.yml"):
        for action, version in re.findall(r"uses: ([\w./-]+)@(\S+)", file.read_text()):
            used.setdefault(action, set()).add(version)
    assert len(used) > 3
    assert {action for action, versions in used.items() if len(versions) > 1} == set()
