import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kit import KitError
from kit.authoring.check import find_notebooks


def write(path: Path, *sources: str) -> Path:
    """Write a notebook of code cells."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), path)
    return path


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    command = [sys.executable, "-c", "from kit.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_good_notebook_passes(tmp_path: Path):
    """A notebook whose cells run gives exit code 0."""
    write(tmp_path / "good.ipynb", "x = 1", "assert x == 1")
    result = run("check", "good.ipynb", folder=tmp_path)
    assert result.returncode == 0, result.stdout
    assert "2 passed" in result.stdout


def test_bad_notebook_fails_and_is_named(tmp_path: Path):
    """A cell that raises gives exit code 1, and the notebook and its error are shown."""
    write(tmp_path / "bad.ipynb", "x = 1", "x.missing")
    result = run("check", tmp_path, folder=tmp_path)
    assert result.returncode == 1
    assert "bad.ipynb" in result.stdout
    assert "AttributeError" in result.stdout


def test_settings_of_the_surrounding_project_do_not_apply(tmp_path: Path):
    """A project whose own tests have strict settings can check its notebooks all the same."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    write(tmp_path / "good.ipynb", "x = 1")
    assert run("check", "good.ipynb", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("missing.ipynb", "check the spelling"),
        ("text.txt", "ends in .ipynb"),
        ("empty", "no notebook"),
    ],
)
def test_wrong_path_is_one_sentence(tmp_path: Path, name: str, advice: str):
    """A wrong path gives one sentence and exit code 2, no traceback."""
    (tmp_path / "text.txt").write_text("no notebook")
    (tmp_path / "empty").mkdir()
    result = run("check", name, folder=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith(f"kit: {name}")
    assert advice in result.stderr
    assert result.stderr.count("\n") == 1


def test_folders_are_searched_without_checkpoints(tmp_path: Path):
    """Notebooks in folders are found once each, saved copies of Jupyter are not."""
    one = write(tmp_path / "a" / "one.ipynb", "1")
    two = write(tmp_path / "two.ipynb", "2")
    write(tmp_path / "a" / ".ipynb_checkpoints" / "one-checkpoint.ipynb", "1")
    assert find_notebooks([tmp_path, two]) == [one, two]


def test_missing_path_changes_nothing(tmp_path: Path):
    """One wrong path among good ones stops the check before anything runs."""
    good = write(tmp_path / "good.ipynb", "1")
    with pytest.raises(KitError, match="no such file"):
        find_notebooks([good, tmp_path / "nowhere"])


def test_command_without_arguments_explains_itself(tmp_path: Path):
    """`kit --help` lists the commands."""
    assert "check" in run("--help", folder=tmp_path).stdout
