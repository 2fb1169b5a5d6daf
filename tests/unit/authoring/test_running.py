"""One rule for whatever runs a notebook: which kernel, which cells, whatever mark comes first."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from kit import KitError
from kit.authoring.coverage import covered_by
from kit.authoring.grading.lesson import Lesson
from kit.authoring.lite import contents
from kit.authoring.running import Running, TookTooLong
from kit.authoring.site.build import build
from kit.authoring.writing.storing import store
from kit.check import execution
from kit.check.notebooks import Cell, Notebook
from kit.check.runnable import as_run, executable
from kit.host import HostTable, look

pytestmark = pytest.mark.notebook

CONDA = {
    "display_name": "Python [conda env:teaching]",
    "language": "python",
    "name": "conda-env-teaching-py",
}
COURSE = {"title": "Tea", "goal": "Make tea.", "minutes": 5, "storyline": [1]}
SKIPPED = {
    "nbval": ("raise SystemExit('nbval')", ["nbval-skip"]),
    "nbclient": ("raise SystemExit('nbclient')", ["skip-execution"]),
    "comment": ("# NBVAL_SKIP\nraise SystemExit('comment')", []),
}
RAISING = {
    "tag": ("1 / 0", ["raises-exception"]),
    "nbval": ("1 / 0", ["nbval-raises-exception"]),
    "comment": ("# NBVAL_RAISES_EXCEPTION\n1 / 0", []),
}


def cell(source: str, tags: list[str]) -> nbformat.NotebookNode:
    """A code cell with tags."""
    return new_code_cell(source, metadata={"tags": tags} if tags else {})


def as_others_left_it(folder: Path, coding: str = "utf-8-sig") -> Path:
    """A notebook with a mark before it, of a kernel that is not here, and cells not to be run."""
    cells = [cell(*signs) for signs in (*SKIPPED.values(), *RAISING.values())]
    cells.append(new_code_cell("print('tea')"))
    notebook = new_notebook(cells=cells, metadata={"kernelspec": CONDA, "kit": COURSE})
    path = folder / "tea.ipynb"
    path.write_text(nbformat.writes(notebook), encoding=coding)
    return path


def checks(path: Path) -> bool:
    """`kit check`: no cell but the last says anything."""
    (result,) = execution.check([path], 1)
    assert result.problems == (), result.problems
    return True


def stores(path: Path) -> bool:
    """`kit store`: what the last cell says is in the file, and the mark is not."""
    assert store(path)
    assert not Notebook.read(path).marked
    said = [cell.outputs for cell in Notebook.read(path).code if cell.outputs]
    return [one[0]["text"] for one in said] == [["tea\n"]]


def builds(path: Path) -> bool:
    """`kit build`: the page shows what the last cell says."""
    build([path], path.parent / "site", jobs=1)
    return "tea\n</pre>" in (path.parent / "site" / "tea.html").read_text(encoding="utf-8")


def covers(path: Path) -> bool:
    """`kit coverage`: it is run to its end."""
    return covered_by(path).course["title"] == "Tea"


def grades(path: Path) -> bool:
    """`kit grade`: it is run to its end, and can be asked."""
    with Lesson(path) as lesson:
        return lesson.asked == []


def copies(path: Path) -> bool:
    """`kit build --lite`: what JupyterLite gets begins without a mark."""
    contents.copy([path], path.parent / "copy")
    json.loads((path.parent / "copy" / path.name).read_text(encoding="utf-8"))
    return True


@pytest.mark.parametrize("command", [checks, stores, builds, covers, grades, copies])
def test_every_command_runs_the_same_cells_in_the_present_kernel(
    command: Callable[[Path], bool], tmp_path: Path
):
    """Tags and comments of nbval and nbclient, a mark, another kernel: no command minds them."""
    assert command(as_others_left_it(tmp_path))


def lesson(folder: Path, *sources: str) -> Path:
    """A lesson with these cells."""
    cells = [new_code_cell(source) for source in sources]
    path = folder / "tea.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=cells, metadata={"kit": COURSE})))
    return path


@pytest.mark.parametrize("command", [stores, builds, covers, grades])
def test_nothing_runs_for_real_where_a_recording_is_shown(
    command: Callable[[Path], bool], tmp_path: Path
):
    """What is stored, published and graded is the same on every computer."""
    ran, recording = tmp_path / "ran", tmp_path / "look.json"
    look(lambda: HostTable(("made",), (("tea",),)), recording).save()
    looks = (
        "import pathlib\nfrom kit.host import HostTable, look\n"
        f"def really():\n    pathlib.Path({str(ran)!r}).touch()\n"
        "    return HostTable(('made',), (('coffee',),))\n"
        f"print(look(really, {str(recording)!r}).table.rows[0][0])"
    )
    assert command(lesson(tmp_path, looks))
    assert not ran.exists()


@pytest.mark.parametrize("command", [store, covered_by, lambda path: Lesson(path).__enter__()])
def test_a_cell_that_ends_its_kernel_is_named(command: Callable[[Path], object], tmp_path: Path):
    """Storing, coverage and grading say the same of it."""
    with pytest.raises(KitError, match=r"tea\.ipynb ends its kernel in cell 2; see: kit check"):
        command(lesson(tmp_path, "1", "exit()"))


def test_what_goes_on_when_it_is_interrupted_is_killed(tmp_path: Path):
    """An answer that comes too late is told as one; the kernel is gone if it does not stop."""
    stubborn = (
        "import time\nfrom ipywidgets import Label\n"
        "class Slow(Label):\n"
        "    def _kit_asks_(self):\n"
        "        while True:\n"
        "            try:\n                time.sleep(60)\n"
        "            except KeyboardInterrupt:\n                pass\n"
        "slow = Slow()"
    )
    path = lesson(tmp_path, stubborn)
    with Running(executable(Notebook.read(path)), path) as running:
        running.cell_seconds = 1
        with pytest.raises(TookTooLong, match="takes longer than 1 s"):
            running.ask("asks")
        assert not running.is_alive


def test_a_notebook_in_utf16_is_run(tmp_path: Path):
    """What an editor of Windows saved as Unicode is read like any other."""
    assert checks(as_others_left_it(tmp_path, "utf-16"))


@pytest.mark.parametrize("name", SKIPPED)
def test_a_page_does_not_run_what_is_skipped(name: str, tmp_path: Path):
    """A browser runs all cells, so what is skipped is empty there, and nothing else changes."""
    cells = [new_code_cell("1"), cell(*SKIPPED[name])]
    notebook = Notebook(tmp_path, new_notebook(cells=cells))
    content = as_run(notebook)
    assert content is not None
    assert [one["source"] for one in content["cells"]] == ["1", ""]
    assert as_run(Notebook(tmp_path, new_notebook(cells=cells[:1]))) is None


@pytest.mark.parametrize("name", RAISING)
def test_a_page_is_told_what_may_raise(name: str, tmp_path: Path):
    """JupyterLab goes on after a failed cell only if it has the tag that it knows."""
    notebook = Notebook(tmp_path, new_notebook(cells=[cell(*RAISING[name])]))
    content: Any = as_run(notebook) or notebook.raw
    assert "raises-exception" in content["cells"][0]["metadata"]["tags"]


@pytest.mark.parametrize("minor", [None, 0, 1, 2, 3, 4])
def test_old_formats_can_be_run(minor: int | None, tmp_path: Path):
    """What an old tool has left out is filled in: outputs, counts, metadata, the minor version."""
    cells = [{"cell_type": "code", "source": "1"}, {"cell_type": "markdown", "source": ["# A"]}]
    raw = {"nbformat": 4, "cells": cells} | ({} if minor is None else {"nbformat_minor": minor})
    notebook = executable(Notebook(tmp_path, raw))
    assert notebook.cells[0].outputs == []
    assert notebook.cells[0].metadata == {}


def test_what_has_no_form_is_one_sentence(tmp_path: Path):
    """A notebook that no program could run is told as one."""
    raw = {"nbformat": 4, "cells": [{"cell_type": "code", "outputs": [7], "source": 1}]}
    with pytest.raises(KitError, match="does not have the form of one"):
        executable(Notebook(tmp_path / "x.ipynb", raw))


def test_a_word_in_a_text_is_no_comment():
    """Only a comment that says nothing else counts, as in nbval."""
    assert Cell(1, new_code_cell("  # NBVAL_SKIP\n1")).is_skipped
    assert not Cell(1, new_code_cell("print('# NBVAL_SKIP')")).is_skipped
    assert not Cell(1, new_code_cell("# NBVAL_SKIP it")).is_skipped
