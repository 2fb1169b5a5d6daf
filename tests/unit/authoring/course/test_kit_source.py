"""Where a course gets the kit from."""

import subprocess
from pathlib import Path

import pytest
import yaml

from kit import KitError, __version__
from kit.authoring.course import kit_source as module
from kit.authoring.course.kit_source import KitSource, _commit, kit_source, of_commit
from kit.authoring.course.repository import make_course
from kit.check.binder.requirements import read

pytestmark = pytest.mark.notebook

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROOT = Path(__file__).parents[4]


def git(folder: Path, *arguments: str) -> str:
    """What git prints in a folder."""
    who = ("-c", "user.name=A", "-c", "user.email=a@b")
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a commit."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "x")
    return folder


def test_a_clone_gives_its_commit_until_it_is_a_release(clone: Path):
    """Its tag makes it a release; whoever wants the repository gets the commit all the same."""
    origin = {"url": clone.as_uri(), "dir_info": {"editable": True}}
    commit = git(clone, "rev-parse", "HEAD")
    assert _commit(origin, any_commit=False) == commit
    git(clone, "tag", f"v{__version__}")
    assert _commit(origin, any_commit=False) == ""
    assert _commit(origin, any_commit=True) == commit


@pytest.mark.parametrize(
    ("origin", "commit"),
    [
        ({"url": "https://x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, COMMIT),
        ({"url": "https://x", "vcs_info": {"vcs": "git", "commit_id": "main"}}, ""),
        ({"url": "file:///kit.whl", "archive_info": {}}, ""),
        ({"url": "file:///nowhere", "dir_info": {}}, ""),
        ({}, ""),
    ],
)
def test_an_installer_says_where_the_kit_is_from(origin: dict, commit: str):
    """From a repository it is a commit, from an index or a wheel the release."""
    assert _commit(origin, any_commit=False) == commit


def test_a_course_installs_a_commit_before_there_is_a_release(tmp_path: Path, monkeypatch):
    """The line is pinned as Binder wants it, and pre-commit takes the same commit."""
    origin = {"url": "https://x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    monkeypatch.setattr(module, "_origin", lambda: origin)
    folder = make_course(tmp_path / "course").folder
    lines = list(read((folder / "binder" / "requirements.txt").read_text(), "3.11.14"))
    assert all(line.is_pinned for line in lines)
    assert lines[0].text == of_commit(COMMIT).requirement
    hooks = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"][0]
    assert hooks["rev"] == COMMIT


def test_what_is_wanted_can_be_said(monkeypatch: pytest.MonkeyPatch):
    """A release is one everywhere; a repository only where its commit is known."""
    release = KitSource(f"os-course-kit[check,lessons]=={__version__}", f"v{__version__}", True)
    assert kit_source("release") == release
    monkeypatch.setattr(module, "_origin", dict)
    assert kit_source() == release
    with pytest.raises(KitError, match="was not installed from a repository"):
        kit_source("repository")
    with pytest.raises(KitError, match="auto, release, repository"):
        kit_source("pypi")
