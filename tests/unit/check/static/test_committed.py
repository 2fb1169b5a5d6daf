"""What a notebook names has to be in git, as whoever clones the course gets nothing else."""

import subprocess
from pathlib import Path

import nbformat
import pytest

from kit.check.static import check

TEXT = "# A\n\n![new](images/new.png)"
CODE = "open('pages.csv')\nopen('solutions/a.txt')\nopen('made.csv', 'w')\nopen('made.csv')"


def git(folder: Path, *command: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A lesson in a repository, and the files that it names, of which git knows none."""
    path = tmp_path / "week 1" / "a.ipynb"
    for name in ("images/new.png", "pages.csv", "solutions/a.txt", "made.csv"):
        (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (path.parent / name).touch()
    cells = [nbformat.v4.new_markdown_cell(TEXT), nbformat.v4.new_code_cell(CODE)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    git(tmp_path, "init", "--quiet")
    return path


def told(lesson: Path) -> dict[str, str]:
    """What the check finds about git, with what to do."""
    (result,) = check([lesson])
    return {one.found: one.remedy for one in result.problems if "not in git" in one.found}


def test_what_is_named_and_not_in_git_is_told(lesson: Path, tmp_path: Path):
    """A picture and data are, with the command that adds them; solutions and results are not."""
    git(tmp_path, "add", str(lesson))
    after = "is not in git, so people who clone the course do not get it"
    assert told(lesson) == {
        f"week 1/images/new.png {after}": "run: git add 'week 1/images/new.png'",
        f"week 1/pages.csv {after}": "run: git add 'week 1/pages.csv'",
    }
    git(tmp_path, "add", ".")
    assert told(lesson) == {}


def test_what_git_ignores_is_told(lesson: Path, tmp_path: Path):
    """Then git has to be told to take it all the same."""
    (tmp_path / ".gitignore").write_text("*.csv\n", encoding="utf-8")
    git(tmp_path, "add", ".")
    assert list(told(lesson).values()) == ["run: git add --force 'week 1/pages.csv'"]


def test_nothing_is_said_before_the_lesson_is_in_git(lesson: Path, tmp_path: Path):
    """Neither of a lesson that is just being written, nor where there is no repository."""
    assert told(lesson) == {}
    (tmp_path / ".git").rename(tmp_path / "no")
    assert told(lesson) == {}
