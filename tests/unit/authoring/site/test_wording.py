"""What pages say in place of words for readers of notebooks."""

import copy
import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit.authoring.site.settings import site_settings
from kit.authoring.site.wording import PLAYED, RUN, TO_RUN, for_page
from kit.check.notebooks import readable

FOLDER = Path(__file__).parents[4] / "lessons"
LESSONS = [one for kind in ("[0-9]*", "review_*") for one in sorted(FOLDER.glob(f"{kind}.ipynb"))]
OF_NOTEBOOKS = re.compile(r"Shift\+Enter|\bcells?\b|\bthis notebook\b|\bon Binder\b")


def page_of(text: str, words: dict[str, str], *, python: bool = True) -> str:
    """Return what a page says for a text."""
    cells = [new_markdown_cell(text), new_code_cell(text)]
    notebook = new_notebook(cells=cells)
    before = copy.deepcopy(notebook)
    changed = for_page(notebook, words, python=python)
    assert notebook == before
    assert changed.cells[1].source == text
    return str(changed.cells[0].source)


def test_words_are_found_wherever_lines_are_broken():
    """What is to be replaced is a text of words; all else stays."""
    words = {"Run the next cell.": "Look below.", "(a+b)": "c"}
    assert page_of("Now:\nRun the\nnext  cell. (a+b)", words) == "Now:\nLook below. c"
    assert page_of("Rerun the next cells", words) == "Rerun the next cells"


def test_three_dots_stand_for_any_words():
    """As few as there can be between two others, over paragraphs; nothing may take their place."""
    words = {"This is … end.": ""}
    assert page_of("a This is\n\none, and the end. b end.", words) == "a  b end."
    assert page_of("This is not", words) == "This is not"


def test_the_words_of_a_page_are_taken_as_they_stand():
    """They are no pattern: a backslash and a group stay."""
    assert page_of("one", {"one": r"\1 \g<0> two"}) == r"\1 \g<0> two"


def test_the_sentence_of_new_lessons_needs_no_declaration():
    """It is said otherwise where programs can run; a course has the last word."""
    text = TO_RUN.replace("Shift", "\nShift")
    assert page_of(text, {}) == RUN
    assert page_of(text, {}, python=False) == PLAYED
    assert page_of(text, {TO_RUN: "Watch."}) == "Watch."


def texts_of(lesson: Path) -> list[str]:
    """Return what a lesson says on its page, and on the front page, which tells its goal."""
    notebook = readable(lesson)
    return [*(cell.source for cell in notebook.markdown), notebook.course["goal"]]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_the_lessons_speak_to_readers_of_their_pages(lesson):
    """None tells of cells, or of files beside a notebook, nor does the front page of a goal."""
    words = site_settings(lesson).words
    cells = [new_markdown_cell(text) for text in texts_of(lesson)]
    said = [cell.source for cell in for_page(new_notebook(cells=cells), words, python=True).cells]
    assert [text for text in said if OF_NOTEBOOKS.search(text)] == []


def test_what_our_course_declares_is_there():
    """Each of the declared texts stands in a lesson, so that none is left over unseen."""
    words = site_settings(LESSONS[0]).words
    texts = [" ".join(text.split()) for one in LESSONS for text in texts_of(one)]
    for said in words:
        parts = [" ".join(part.split()) for part in said.split("…")]
        assert any(all(part in text for part in parts) for text in texts), said
