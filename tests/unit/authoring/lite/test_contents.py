"""The lessons as the site for browser-only Jupyter gets them."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit import KitError
from kit.authoring.lite.contents import INSTALL, copy


def write_lesson(path: Path) -> Path:
    """A notebook with a title and one cell of code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_markdown_cell("# A lesson"), new_code_cell("1 + 1")]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_the_kit_is_installed_before_the_first_code(tmp_path: Path):
    """A cell that installs the kit comes behind the title; the lesson itself stays as it is."""
    lesson = write_lesson(tmp_path / "course" / "a.ipynb")
    before = lesson.read_bytes()
    assert copy([lesson], tmp_path / "there") == ["a.ipynb"]
    sources = [c.source for c in nbformat.read(tmp_path / "there" / "a.ipynb", 4).cells]
    assert sources == ["# A lesson", INSTALL, "1 + 1"]
    assert lesson.read_bytes() == before


def test_what_is_beside_lessons_comes_along(tmp_path: Path):
    """Solutions and pictures come along; answers of students and hidden files do not."""
    course = write_lesson(tmp_path / "course" / "a.ipynb").parent
    for name in (
        "solutions/a.txt",
        "page.md",
        ".secret",
        "a.answers.json",
        "a.answers.json.bak",
        "solutions/.hidden",
        "solutions/b.answers.json",
    ):
        (course / name).parent.mkdir(exist_ok=True)
        (course / name).write_text(name, encoding="utf-8")
    copy([course], tmp_path / "there")
    there = tmp_path / "there"
    found = {p.relative_to(there).as_posix() for p in there.rglob("*") if p.is_file()}
    assert found == {"a.ipynb", "page.md", "solutions/a.txt"}


def test_two_lessons_of_one_name_are_refused(tmp_path: Path):
    """They would be one file in the site."""
    one, other = (write_lesson(tmp_path / folder / "a.ipynb") for folder in ("one", "other"))
    with pytest.raises(KitError, match=r"two notebooks are called a\.ipynb"):
        copy([one, other], tmp_path / "there")


def test_what_is_no_notebook_is_told(tmp_path: Path):
    """A broken file is one sentence that names it."""
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(KitError, match=r"broken\.ipynb: "):
        copy([broken], tmp_path / "there")
