import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kit import KitError
from kit.check.checking import Watcher, check
from kit.check.reports import ProgressBar, check_and_report

pytestmark = pytest.mark.notebook


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


def test_a_tier_that_cannot_run_takes_no_results_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Without repo2docker the other tiers are told, and what to install; the check has failed."""
    write(tmp_path / "bad.ipynb", "x = undefined")
    monkeypatch.setitem(sys.modules, "repo2docker", None)
    files = {"junit": str(tmp_path / "report.xml"), "as_json": str(tmp_path / "report.json")}
    tiers = ["static", "binder"]
    assert not check_and_report([str(tmp_path)], only=tiers, **files)
    told = capsys.readouterr().out
    assert "F821" in told
    reason = "repo2docker is not installed; run: pip install 'os-course-kit[binder]'"
    assert f"binder: not run: {reason}" in " ".join(told.split())
    static, binder = json.loads((tmp_path / "report.json").read_text())["tiers"]
    assert static["results"][0]["problems"]
    assert not binder["passed"]
    assert binder["stopped"] == reason
    assert "repo2docker is not installed" in (tmp_path / "report.xml").read_text()


def test_a_tier_that_cannot_run_alone_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Where nothing else was asked for, there are no results to be told."""
    monkeypatch.setitem(sys.modules, "repo2docker", None)
    with pytest.raises(KitError, match="repo2docker is not installed"):
        check([write(tmp_path / "a.ipynb", "x = 1")], ["binder"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KitError("the browser is gone; install it"), "the browser is gone; install it"),
        (KeyboardInterrupt(), "interrupted"),
        (RuntimeError("a bug"), "RuntimeError: a bug"),
    ],
)
def test_what_ends_a_later_tier_takes_no_results_away(
    tmp_path: Path, error: BaseException, said: str
):
    """Neither Ctrl-C nor an error in the third tier throws away what the first has found."""
    write(tmp_path / "bad.ipynb", "x = undefined")

    class Ends(Watcher):
        def begins(self, tier: str, number: int) -> None:  # noqa: ARG002
            if tier == "browser":
                raise error

    report = check([tmp_path], ["static", "browser", "binder"], watcher=Ends())
    static, browser, binder = report.tiers
    assert static.results[0].problems
    assert browser.line == f"browser: not run: {said}"
    assert not report.passed
    if isinstance(error, KitError):
        assert report.failure is None
    else:
        assert report.failure is error
        assert binder.line == "binder: not run: the check was ended before"


def test_an_interrupted_check_prints_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The table comes first, then the interruption."""
    write(tmp_path / "bad.ipynb", "x = undefined")
    begins = ProgressBar.begins

    def interrupt(self: ProgressBar, tier: str, number: int) -> None:
        if tier == "execution":
            raise KeyboardInterrupt
        begins(self, tier, number)

    monkeypatch.setattr(ProgressBar, "begins", interrupt)
    with pytest.raises(KeyboardInterrupt):
        check_and_report([str(tmp_path)], as_json=str(tmp_path / "report.json"))
    assert "F821" in capsys.readouterr().out
    assert (tmp_path / "report.json").is_file()
