"""The filter of git, in a real repository."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from kit import KitError
from kit.authoring.writing.git_filter import ATTRIBUTE, install_filter
from kit.check.cleaning import clean_bytes
from kit.cli import commands

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Git in a repository of its own, which finds the `kit` of this Python."""
    tools = tmp_path / "tools"
    tools.mkdir()
    kit = tools / "kit"
    kit.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kit "$@"\n')
    kit.chmod(0o755)
    repository = tmp_path / "my course"
    repository.mkdir()
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
    committer = {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    path = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}

    def run(*arguments: str) -> str:
        result = subprocess.run(
            ["git", *arguments],
            cwd=repository,
            env=os.environ | who | committer | apart | path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert result.stderr == ""
        return result.stdout

    run("init", "--quiet")
    return run


def executed(path: Path, source: str) -> bytes:
    """Write a notebook as it is after a run, and return its content."""
    cell = nbformat.v4.new_code_cell(source, id="a", execution_count=7)
    cell.outputs = [nbformat.v4.new_output("stream", text="said\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path.read_bytes()


@pytest.mark.slow
def test_git_stores_clean_notebooks(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With the filter outputs stay on disk, are not committed, and make no difference."""
    repository = tmp_path / "my course"
    monkeypatch.chdir(repository)
    said = CliRunner().invoke(commands, ["clean", "--install-filter"])
    assert said.output.splitlines() == [
        'set: git config filter.kit.clean "kit clean -"',
        f"set: the line `{ATTRIBUTE}` in {repository / '.gitattributes'}",
    ]
    notebook = repository / "lesson.ipynb"
    on_disk = executed(notebook, "print('said')")
    git("add", ".")
    git("commit", "--quiet", "-m", "A lesson")
    assert git("show", "HEAD:lesson.ipynb").encode() == clean_bytes(on_disk)
    assert notebook.read_bytes() == on_disk
    executed(notebook, "print('said')")
    assert git("status", "--porcelain") == ""
    executed(notebook, "print('said twice')")
    assert git("status", "--porcelain") == " M lesson.ipynb\n"
    difference = git("diff", "-U0").splitlines()
    changed = [line for line in difference if line.startswith(("+ ", "- "))]
    assert changed == ["-    \"print('said')\"", "+    \"print('said twice')\""]


def test_what_git_has_already_stays(git: Git, tmp_path: Path):
    """The line is added once, behind what the file holds, and only if it is not there."""
    repository = tmp_path / "my course"
    attributes = repository / ".gitattributes"
    attributes.write_text("* text=auto")
    inside = repository / "lessons"
    inside.mkdir()
    for _ in range(2):
        install_filter(inside)
    assert attributes.read_text() == f"* text=auto\n{ATTRIBUTE}\n"
    assert git("config", "filter.kit.clean") == "kit clean -\n"


def test_outside_a_repository_it_is_one_sentence(tmp_path: Path):
    """Where there is no repository, what git says is told, and what to do."""
    with pytest.raises(KitError, match=r"not a git repository.*go to a folder of your repository"):
        install_filter(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A machine without git gets a sentence, not a traceback."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KitError, match="git was not found"):
        install_filter(tmp_path)


def test_a_broken_notebook_can_be_committed(git: Git, tmp_path: Path):
    """The filter fails on what is no notebook, and git stores it as it is."""
    repository = tmp_path / "my course"
    install_filter(repository)
    (repository / "broken.ipynb").write_text("{")
    with pytest.raises(AssertionError, match="the input: the file is no valid JSON"):
        git("add", "broken.ipynb")
    assert git("show", ":broken.ipynb") == "{"
