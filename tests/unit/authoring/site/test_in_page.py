"""What Python in a page runs of a lesson, and what comes with it."""

import base64
import io
import json
import tarfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit.authoring.site import bundle
from kit.authoring.site.in_page import lesson_of

CELLS = [
    new_markdown_cell("[more](more.txt)"),
    new_code_cell("open('data.txt').read()\nopen('.secret.txt').read()"),
    new_code_cell("1", metadata={"tags": ["skip-execution"]}),
    new_code_cell("Exercise('x', solution='solutions/one.txt')"),
]


def test_a_lesson_is_its_cells_and_what_their_code_reads(tmp_path: Path):
    """Code that is run and the files that it names go along; solutions only if they are to."""
    (tmp_path / "solutions").mkdir()
    for name in ("more.txt", "data.txt", ".secret.txt", "solutions/one.txt"):
        (tmp_path / name).write_text(f"in {name}", encoding="utf-8")
    source = tmp_path / "lesson.ipynb"
    notebook = new_notebook(cells=CELLS)
    nbformat.write(notebook, source)
    lesson = json.loads(lesson_of(notebook, source, tmp_path, {3: ["LayoutModel"]}))
    cells = [(one["number"], one["models"]) for one in lesson["cells"]]
    assert cells == [(1, []), (3, ["LayoutModel"])]
    assert lesson["cells"][1]["source"] == CELLS[3].source
    files = {name: base64.b64decode(one).decode() for name, one in lesson["files"].items()}
    assert files == {"data.txt": "in data.txt"}
    (tmp_path / "pyproject.toml").write_text("[tool.kit]\npublish_solutions = true\n")
    whole = json.loads(lesson_of(notebook, source, tmp_path, {}))
    assert set(whole["files"]) == {"data.txt", "solutions/one.txt"}


@pytest.mark.slow
def test_the_archive_has_what_lessons_use_and_is_the_same_each_time():
    """The kit with its scripts and the libraries of its widgets; nothing for teachers, no tests."""
    packed = bundle.archive()
    assert packed == bundle.archive()
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as files:
        names = files.getnames()
    assert {"page_kernel.py", "kit/__init__.py", "kit/widgets/static/player.js"} <= set(names)
    assert {"comm/__init__.py", "ipywidgets/__init__.py", "psygnal/__init__.py"} <= set(names)
    for name in names:
        assert not name.startswith(("kit/authoring", "kit/check", "/", "..")), name
        assert "/tests/" not in name, name
