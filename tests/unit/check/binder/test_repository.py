from pathlib import Path

import pytest

from kit.check.binder import find_repository
from kit.check.binder.repository import copied
from kit.errors import KitError
from tests.unit.check.binder.repositories import GOOD, git, look, make, problems, write

pytestmark = pytest.mark.notebook

PROJECT = Path(__file__).parents[4]


def test_repository_is_found_from_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The repository is the nearest folder with .git or Binder's files, named from here."""
    folder = make(tmp_path / "course")
    assert find_repository(folder / "lessons" / "a.ipynb") == folder
    monkeypatch.chdir(folder)
    assert find_repository("lessons/a.ipynb") == Path()


def test_folder_named_binder_is_not_enough(tmp_path: Path):
    """A folder that is only called binder makes no repository."""
    (tmp_path / "binder").mkdir()
    with pytest.raises(KitError, match=r"this is in no repository; make a folder binder/"):
        find_repository(tmp_path)
    write(tmp_path, {"binder/apt.txt": "graphviz\n"})
    assert find_repository(tmp_path) == tmp_path


def test_copy_is_the_last_commit(tmp_path: Path):
    """Changes and new files are not in the copy, and are named; the repository stays as it is."""
    folder = make(tmp_path)
    write(folder, {".gitignore": "*.txt\n*.log\n", "kept.log": "kept"})
    git(folder, "add", "--force", ".")
    git(folder, "commit", "--quiet", "--message", "All of it")
    write(
        folder,
        {"README.md": "changed", "new.md": "new", "left.log": "left", "pyproject.toml": None},
    )
    before = git(folder, "status", "--porcelain"), git(folder, "count-objects")
    with copied(folder) as repository:
        there = {
            file.relative_to(repository.copy).as_posix()
            for file in repository.copy.rglob("*")
            if file.is_file()
        }
        assert repository.read("README.md") == GOOD["README.md"]
        assert sorted(repository.uncommitted) == ["README.md", "new.md", "pyproject.toml"]
    assert there == {".gitignore", "kept.log", *GOOD}
    assert (git(folder, "status", "--porcelain"), git(folder, "count-objects")) == before
    assert not repository.copy.exists()


def test_copy_of_a_folder_without_git(tmp_path: Path):
    """A folder that git does not know yet is copied without its virtual environment."""
    write(tmp_path, GOOD)
    write(tmp_path, {".venv/lib/x.py": "", "lessons/__pycache__/x.pyc": ""})
    write(tmp_path, {".gitignore": "*.log\n", "left.log": ""})
    with copied(tmp_path) as repository:
        names = {file.name for file in repository.copy.rglob("*")}
    assert "postBuild" in names
    assert not names & {".venv", "__pycache__", ".git", "left.log"}
    assert not (tmp_path / ".git").exists()


def test_line_ends_are_those_of_a_clone(tmp_path: Path):
    """Line ends of Windows in the working folder do no harm where git turns them back."""
    folder = make(tmp_path)
    write(folder, {"binder/postBuild": str(GOOD["binder/postBuild"]).replace("\n", "\r\n")})
    assert [problem.rule for problem in problems(folder)] == ["script"]
    write(folder, {".gitattributes": "* text=auto eol=lf\n"})
    assert problems(folder) == []


def test_mistakes_in_what_to_check(tmp_path: Path):
    """A folder that is not there, and a lesson from elsewhere, are told apart."""
    folder = make(tmp_path / "course")
    with pytest.raises(KitError, match=r"nowhere: there is no such folder; check the spelling"):
        look(tmp_path / "nowhere")
    lesson = PROJECT / "lessons" / "02_program_to_process.ipynb"
    with pytest.raises(KitError, match=r"this is not in the repository .*course; name one"):
        look(folder, lesson)


def test_project_itself_has_no_trap():
    """The repository of the kit has no problem before its rehearsal."""
    lesson = PROJECT / "lessons" / "02_program_to_process.ipynb"
    assert [problem for result in look(PROJECT, lesson) for problem in result.problems] == []


def test_what_is_not_committed_is_told(tmp_path: Path):
    """A lesson or a file of Binder's that is only here is a problem; other changes are a note."""
    folder = make(tmp_path)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All of it")
    assert [result.notes for result in look(folder)] == [(), ()]
    write(folder, {"lessons/b.ipynb": GOOD["lessons/a.ipynb"], "binder/apt.txt": "tree\n"})
    planned, traps = look(folder, folder / "lessons" / "b.ipynb")
    (note,) = planned.notes
    assert note.startswith("The last commit was looked at; 2 files have changes that are not")
    assert "(binder/apt.txt, lessons/b.ipynb)" in note
    found = {problem.found: problem.remedy for problem in traps.problems}
    for name in ("lessons/b.ipynb", "binder/apt.txt"):
        assert found[f"{name} is not committed, so Binder does not get it"] == (
            f"run: git add {name}, then git commit"
        )
