import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kit import KitError
from kit.check.checking import Watcher, Wishes, check
from kit.check.profiles import Choice
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
    monkeypatch.chdir(tmp_path)
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
    monkeypatch.chdir(tmp_path)
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


def names(report_file: Path, tier: int = 1) -> dict[str, list[str]]:
    """The rules that each notebook breaks, as the JSON of a check has them."""
    results = json.loads(report_file.read_text())["tiers"][tier]["results"]
    return {one["path"]: [problem["rule"] for problem in one["problems"]] for one in results}


def raw(path: Path, *sources: str, minor: int = 4) -> Path:
    """Write a notebook as any program does: no heading, no metadata, no ids, stored outputs."""
    stored = {"output_type": "stream", "name": "stdout", "text": "from my computer"}
    empty = {"metadata": {}, "outputs": [stored], "execution_count": 7}
    cells = [{"cell_type": "code", "source": source, **empty} for source in sources]
    content = {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(content))
    return path


def test_any_notebook_with_widgets_can_be_checked(tmp_path: Path):
    """Of a stranger's notebook the profile `widgets` tells what does not work, and only that."""
    noisy = "import sys, os\nprint('a warning', file=sys.stderr)"
    slider = "import ipywidgets\nipywidgets.interact(lambda n: 1 / n, n=(0, 9));"
    raw(tmp_path / "works.ipynb", noisy, "1")
    raw(tmp_path / "text.ipynb")
    raw(tmp_path / "breaks.ipynb", noisy, slider)
    files = ("--profile", "widgets", "--json", "report.json")
    result = run("check", ".", *files, folder=tmp_path)
    assert result.returncode == 1, result.stderr
    assert not any(names(tmp_path / "report.json", 0).values())
    found = names(tmp_path / "report.json")
    assert found == {"breaks.ipynb": ["widget"], "text.ipynb": [], "works.ipynb": []}


def test_rules_of_a_course_count_for_pytest_too(tmp_path: Path):
    """A rule that is off in the settings fails no test of a notebook."""
    (tmp_path / "pyproject.toml").write_text('[tool.kit.check]\noff = ["KC207", "ids"]\n')
    raw(tmp_path / "a.ipynb", "import sys\nprint('a warning', file=sys.stderr)")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "a.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_failed_comes_first_and_ends_the_check(tmp_path: Path):
    """After a failure the next check begins with it, and at --maxfail nothing more is run."""
    for name in "abc":
        write(tmp_path / "lessons" / f"{name}.ipynb", "1 / 0" if name == "c" else "1")
    first = run("check", "lessons", "--only", "execution", folder=tmp_path)
    assert first.returncode == 1
    assert (tmp_path / ".kit_cache" / ".gitignore").read_text() == "*\n"
    order = ("--only", "execution", "--failed-first", "--maxfail", "1", "--json", "report.json")
    again = run("check", "lessons", *order, "-j", "1", folder=tmp_path)
    assert again.returncode == 1
    assert names(tmp_path / "report.json", 0) == {"lessons/c.ipynb": ["raises"]}
    assert "then stopped: 1 notebook failed, as --maxfail wants" in " ".join(again.stdout.split())
    write(tmp_path / "lessons" / "c.ipynb", "1")
    run("check", "lessons/c.ipynb", "--only", "static", folder=tmp_path)
    assert json.loads((tmp_path / ".kit_cache" / "failed.json").read_text()) == []


def test_a_check_that_is_to_stop_runs_no_further_tier(tmp_path: Path):
    """What fails in the first tier is enough."""
    write(tmp_path / "bad.ipynb", "x = undefined")
    static, execution = check([tmp_path], wishes=Wishes(most_failures=1)).tiers
    assert not static.passed
    assert execution.line == "execution: not run: 1 notebook failed, as --maxfail wants"


def test_what_was_executed_is_kept(tmp_path: Path):
    """The folder has each notebook with its outputs, and a page of each that failed."""
    write(tmp_path / "lessons" / "good.ipynb", "print('well' + ' done')")
    write(tmp_path / "lessons" / "sub" / "bad.ipynb", "print('<b>so far</b>')\n1 / 0")
    result = run("check", "lessons", "--keep", "artefacts", folder=tmp_path)
    assert result.returncode == 1
    kept = tmp_path / "artefacts"
    cells = json.loads((kept / "good.ipynb").read_text())["cells"]
    assert cells[1]["outputs"][0]["text"] == "well done\n"
    assert not (kept / "good.ipynb.html").exists()
    page = (kept / "sub" / "bad.ipynb.html").read_text()
    assert "ZeroDivisionError" in page
    assert "&lt;b&gt;so far&lt;/b&gt;" in page
    assert "<b>" not in page
    inside = run("check", "lessons", "--keep", "lessons/kept", folder=tmp_path)
    assert inside.returncode == 2
    assert "name a folder outside" in inside.stderr
    (tmp_path / "file").touch()
    nowhere = run("check", "lessons", "--keep", "file/kept", folder=tmp_path)
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "file is a file; name a folder" in nowhere.stderr


def test_some_notebooks_are_not_run(tmp_path: Path):
    """What a course skips is looked at and not run, unless it is named itself."""
    (tmp_path / "pyproject.toml").write_text('[tool.kit.check]\nskip = ["needs_a_gpu.ipynb"]\n')
    write(tmp_path / "good.ipynb", "1")
    skipped = write(tmp_path / "needs_a_gpu.ipynb", "1 / 0")
    static, execution = check([tmp_path]).tiers
    assert [result.path for result in static.results] == [tmp_path / "good.ipynb", skipped]
    assert execution.passed
    assert execution.skipped == (skipped,)
    assert "1 notebook skipped" in execution.line
    assert not check([skipped], ["execution"]).passed


def test_one_problem_is_told_once(tmp_path: Path):
    """What the first tier says is not said again by the second, nor by every cell."""
    same = "def f():\n    raise ValueError('no tea')\nf()"
    raw(tmp_path / "no_ids.ipynb", "1", minor=5)
    write(tmp_path / "same.ipynb", same, same, same)
    static, execution = check([tmp_path], wishes=Wishes(choice=Choice(off=("style",)))).tiers
    assert "ids" in {problem.rule for problem in static.results[0].problems}
    assert execution.left_out == (tmp_path / "no_ids.ipynb",)
    (problem,) = execution.results[0].problems
    assert problem.found == "the cell raised ValueError: no tea; so do 2 later cells"


def test_a_tier_that_cannot_run_is_said_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whoever waits for a check of an hour hears at its beginning what will be missing."""
    heard: list[str] = []

    class Hears(Watcher):
        def cannot(self, tier: str, why: str) -> None:
            heard.append(f"{tier}: {why}")

        def begins(self, tier: str, number: int) -> None:
            heard.append(f"{tier} {number}")

    monkeypatch.setitem(sys.modules, "repo2docker", None)
    check([write(tmp_path / "a.ipynb", "1")], ["static", "binder"], watcher=Hears())
    assert heard[0].startswith("binder: repo2docker is not installed; run: pip install")
    assert heard[1] == "static 1"
