"""Lessons under Voila, a page with a kernel behind it, as a student goes through them.

They are some that are not tried in Notebook 7, and the gallery.
"""

import shutil

import pytest
from playwright.sync_api import Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import OpenNotebook, open_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.test_lessons import FIGURES, answer_all, look_at_every_widget
from tests.browser.test_students import LESSONS, NAMES, PATIENCE, go_through, play_each

FAILED = "There was an error when executing cell"


def open_page(page: Page, server: Server, name: str) -> OpenNotebook:
    """Open a notebook of the course, beside which its solutions are."""
    shutil.copytree(LESSONS / "solutions", server.root / "solutions", dirs_exist_ok=True)
    notebook = open_notebook(page, server, LESSONS / f"{name}.ipynb")
    page.locator(".kit-player").last.wait_for(timeout=PATIENCE)
    expect(page.get_by_text(FAILED)).to_have_count(0)
    return notebook


@pytest.mark.parametrize("name", NAMES[1::5])
def test_a_student_goes_through_a_page(page: Page, voila: Server, name: str):
    """Predictions answer, all is seen, runs play, change and branch, exercises are checked."""
    notebook = open_page(page, voila, name)
    pictures = notebook.kernel_eval(FIGURES)
    go_through(page, notebook, look=lambda page: look_at_every_widget(page, pictures))
    # Who comes next must not find them: all visitors of a Voila server share its folder.
    expect(page.locator(".kit-answers")).to_contain_text("shown without its notebook")
    assert list(voila.root.glob("*.answers.json*")) == []
    assert_no_errors(page)


def test_the_gallery_shows_every_widget(page: Page, voila: Server):
    """The gallery opens as a page on which each of its runs plays, once all is answered."""
    open_page(page, voila, "gallery")
    answer_all(page)
    play_each(page)
    assert_no_errors(page)
