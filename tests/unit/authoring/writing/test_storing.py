"""Running notebooks and storing what their cells say."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from kit import KitError
from kit.authoring.writing.storing import COMPARED, UNSTORED, store
from kit.check.cleaning import WIDGET, clean
from kit.check.notebooks import Notebook

pytestmark = pytest.mark.notebook

STAGE = """from kit.scenarios import one_program
from kit.widgets import Stage
Stage(one_program())"""


def written(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    """A notebook file with these cells."""
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def tagged(source: str, *tags: str) -> nbformat.NotebookNode:
    """A code cell with tags."""
    return new_code_cell(source, metadata={"tags": list(tags)})


def test_what_cells_say_is_stored_and_compared(tmp_path: Path):
    """Texts and widgets are stored in words, tagged for comparison; once more changes nothing."""
    path = written(tmp_path, new_code_cell("print(6 * 7)"), new_code_cell(STAGE), tagged("x = 1"))
    assert store(path)
    said, stage, silent = Notebook.read(path).cells
    assert said.outputs[0]["text"] == ["42\n"]
    data: dict[str, Any] = stage.outputs[0]["data"]
    assert WIDGET not in data
    assert "The operating system creates a process to run" in "".join(data["text/plain"])
    assert [COMPARED in cell.tags for cell in (said, stage, silent)] == [True, True, False]
    assert not clean(Notebook.read(path)).changes
    assert not store(path)


def test_what_differs_each_time_is_not_stored(tmp_path: Path):
    """A cell tagged as one to be ignored stores nothing, and loses an old tag for comparison."""
    path = written(tmp_path, tagged("import os\nprint(os.getpid())", UNSTORED, COMPARED))
    store(path)
    (cell,) = Notebook.read(path).cells
    assert cell.outputs == []
    assert cell.tags == (UNSTORED,)


@pytest.mark.parametrize(
    ("source", "told"),
    [("1 / 0", "ZeroDivisionError"), ("import sys\nprint('no', file=sys.stderr)", "stderr: no")],
)
def test_a_cell_that_fails_is_told_and_nothing_is_written(tmp_path: Path, source: str, told: str):
    """What fails or complains is no output for readers: the file stays as it is."""
    path = written(tmp_path, new_code_cell(source))
    before = path.read_bytes()
    with pytest.raises(KitError, match=told):
        store(path)
    assert path.read_bytes() == before


def test_what_is_no_notebook_is_told_in_words(tmp_path: Path):
    """A damaged file is named, with what to do."""
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps({"nbformat": 4}), encoding="utf-8")
    with pytest.raises(KitError, match="no list of cells"):
        store(path)
