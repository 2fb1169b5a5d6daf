import json
from pathlib import Path

import pytest

from kit import KitError
from kit.check.notebooks import Notebook, Unreadable, find_notebooks


def test_folders_are_searched_without_checkpoints(tmp_path: Path):
    """Notebooks in folders are found once each, saved copies of Jupyter are not."""
    names = ("a/one.ipynb", "a/.ipynb_checkpoints/one-checkpoint.ipynb", "two.ipynb")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    one, two = tmp_path / "a" / "one.ipynb", tmp_path / "two.ipynb"
    assert find_notebooks([tmp_path, two]) == [one, two]


def test_one_wrong_path_stops_the_search(tmp_path: Path):
    """One wrong path among good ones is an error."""
    good = tmp_path / "good.ipynb"
    good.touch()
    with pytest.raises(KitError, match="no such file"):
        find_notebooks([good, tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\xfc", "not UTF-8"),
        (b'{"cells": [', "no valid JSON"),
        (b"[]", "no notebook"),
        (b'{"nbformat": 3, "worksheets": []}', "format 3"),
        (b'{"nbformat": 4, "cells": "none"}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [7]}', "no list of cells"),
        (b"[" * 200_000, "damaged"),
        (b'{"nbformat": ' + b"4" * 5000 + b"}", "damaged"),
    ],
)
def test_unreadable_notebook_says_why(tmp_path: Path, content: bytes, found: str):
    """A file that is no notebook of format 4 is a problem, never another exception."""
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        Notebook.read(path)
    assert found in caught.value.problem.found
    assert caught.value.problem.rule == "readable"


def test_cells_are_numbered_as_a_reader_counts_them(tmp_path: Path):
    """Cells are counted from 1, text or code; odd contents do not break reading."""
    cells = [
        {"cell_type": "markdown", "source": ["# A", "b"]},
        {"cell_type": "code", "source": "1", "id": "one", "metadata": {"tags": ["exercise"]}},
        {"cell_type": "code", "source": 7, "metadata": [], "outputs": None},
    ]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells, "metadata": None}))
    notebook = Notebook.read(path)
    assert [cell.number for cell in notebook.code] == [2, 3]
    assert next(notebook.markdown).source == "# Ab"
    assert notebook.cells[1].tags == ("exercise",)
    assert notebook.cells[2].outputs == []
    assert notebook.course == {}
    assert notebook.cells[1].problem("links", "x", "y").place == "cell 2 (one)"
