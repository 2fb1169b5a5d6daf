import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kit import KitError
from kit.authoring.checking import check


def write(path: Path, *sources: str) -> Path:
    """Write a notebook of code cells, with all that a page of a course has."""
    heading = nbformat.v4.new_markdown_cell("# Title\n\n**Goal.** To be checked.")
    cells = [heading, *map(nbformat.v4.new_code_cell, sources)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "kit": {"kind": "page", "title": "Title", "goal": "To be checked."},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    command = [sys.executable, "-m", "kit", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_good_and_bad_notebooks_are_told_apart(tmp_path: Path):
    """A check of a folder names the bad notebook and its error, and writes both reports."""
    write(tmp_path / "good one.ipynb", "x = 1", "assert x == 1")
    write(tmp_path / "bad.ipynb", "x = 1", "x.missing")
    (tmp_path / "broken.ipynb").write_text("{")
    files = ("--junit", "report.xml", "--json", "report.json")
    result = run("check", ".", *files, folder=tmp_path)
    assert result.returncode == 1, result.stderr
    assert "cell 3 (cell-2)" in result.stdout
    assert "AttributeError" in result.stdout
    assert "execution: failed, 1 problem, 1 notebook not run" in result.stdout
    assert "<testsuites" in (tmp_path / "report.xml").read_text()
    static, execution = json.loads((tmp_path / "report.json").read_text())["tiers"]
    passed = {r["path"]: r["passed"] for tier in (static, execution) for r in tier["results"]}
    assert passed == {"bad.ipynb": False, "broken.ipynb": False, "good one.ipynb": True}


def test_settings_of_the_surrounding_project_do_not_apply(tmp_path: Path):
    """A project whose own tests have strict settings can check its notebooks all the same."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    write(tmp_path / "good.ipynb", "x = 1")
    result = run("check", "good.ipynb", folder=tmp_path)
    assert result.returncode == 0, result.stdout
    assert "execution: passed" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("missing.ipynb",), "check the spelling"),
        (("text.txt",), "ends in .ipynb"),
        (("empty",), "no notebook"),
        (("good.ipynb", "--only", "statics"), "did you mean 'static'?"),
        (("good.ipynb", "--json", "no/such/folder.json"), "make it first"),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], advice: str):
    """What cannot be asked gives one sentence and exit code 2, no traceback."""
    (tmp_path / "text.txt").write_text("no notebook")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "good.ipynb", "1")
    result = run("check", *arguments, folder=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("kit: ")
    assert advice in result.stderr
    assert result.stderr.count("\n") == 1


def test_unknown_tier_is_named(tmp_path: Path):
    """A tier that does not exist is refused before anything runs."""
    good = write(tmp_path / "good.ipynb", "1")
    with pytest.raises(KitError, match="did you mean 'browser'"):
        check([good], ["browsers"])


def test_command_without_arguments_explains_itself(tmp_path: Path):
    """`kit --help` lists the commands."""
    assert "check" in run("--help", folder=tmp_path).stdout
