import json
from pathlib import Path

import pytest

from kit import KitError
from kit.check.notebooks import Notebook, Unreadable, find_checked, find_notebooks


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
    ("pattern", "left"),
    [
        ("data", ["one.ipynb"]),
        ("data/", ["one.ipynb"]),
        ("data/bad", ["data/two.ipynb", "one.ipynb"]),
        ("bad", ["data/two.ipynb", "one.ipynb"]),
        ("data/*.ipynb", ["data/bad/three.ipynb", "one.ipynb"]),
        ("t*.ipynb", ["one.ipynb"]),
        ("dat", ["data/bad/three.ipynb", "data/two.ipynb", "one.ipynb"]),
    ],
)
def test_what_a_course_excludes_is_not_searched(tmp_path: Path, pattern: str, left: list[str]):
    """A search passes over what is excluded, as a name or a path from the settings on."""
    course = course_with_bad_notebooks(tmp_path, pattern)
    found = [path.relative_to(course).as_posix() for path in find_checked([course])]
    assert found == left
    assert len(find_notebooks([course])) == 3


def test_what_is_named_is_checked_although_it_is_excluded(tmp_path: Path):
    """A notebook that is named counts, and a folder that is named counts with what is in it."""
    course = course_with_bad_notebooks(tmp_path, "data")
    bad = course / "data" / "bad" / "three.ipynb"
    assert find_checked([bad]) == [bad]
    assert find_checked([course / "data"]) == [bad, course / "data" / "two.ipynb"]
    (course / "one.ipynb").unlink()
    with pytest.raises(KitError, match="every notebook in this folder is left out by exclude"):
        find_checked([course])


def course_with_bad_notebooks(tmp_path: Path, pattern: str) -> Path:
    """A folder with three notebooks, of which a pattern excludes some."""
    course = tmp_path / "course"
    for name in ("one.ipynb", "data/two.ipynb", "data/bad/three.ipynb"):
        (course / name).parent.mkdir(exist_ok=True, parents=True)
        (course / name).touch()
    (course / "pyproject.toml").write_text(f'[tool.kit.check]\nexclude = ["{pattern}"]\n')
    return course


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
