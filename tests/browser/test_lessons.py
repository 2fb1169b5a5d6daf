"""Every lesson, in every place students open it, from top to bottom."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import open_notebook
from tests.browser.page_logs import assert_no_errors, traffic

LESSONS = sorted((Path(__file__).parents[2] / "lessons").glob("[0-9]*.ipynb"))
THREADS = next(path for path in LESSONS if "threads" in path.name)
WIDGETS = ".kit-player, .kit-predict, .kit-figure"
PATIENCE = 60_000
FIGURES = {
    0: 5,
    1: 3,
    2: 7,
    3: 2,
    4: 5,
    5: 6,
    6: 4,
    7: 8,
    8: 8,
    9: 5,
    10: 15,
    11: 15,
    12: 9,
    13: 5,
    14: 5,
    15: 3,
}
"""How many pictures the cells of each lesson make, by its number."""


def wait_for_widgets(page: Page, lesson: Path) -> None:
    """Wait until as many players are there as the lesson shows."""
    shown = lesson.read_text(encoding="utf-8")
    predictions = shown.count("Predict.from_trace(")
    page.locator(".kit-predict").nth(predictions - 1).wait_for(timeout=PATIENCE)
    page.locator(".kit-stage").last.wait_for(state="attached", timeout=PATIENCE)


def answer_all(page: Page) -> None:
    """Answer every prediction, rightly or wrongly, and see that each says something to it."""
    for predict in page.locator(".kit-predict").all():
        choices = predict.locator("input")
        if choices.count():
            choices.first.check()
        predict.get_by_role("button", name="Check").click()
        expect(predict.locator(".kit-feedback")).to_have_text(re.compile("[✓✗] ."))


def is_drawn(page: Page, figure: Locator) -> bool:
    """Tell whether a figure has marks, once it is scrolled to."""
    figure.scroll_into_view_if_needed()
    handle = figure.element_handle()
    drawn = "figure => figure.querySelectorAll('.curve path.line[d^=M], .label').length > 0"
    return bool(page.wait_for_function(drawn, arg=handle, timeout=PATIENCE))


def test_every_lesson_has_a_number_of_pictures():
    """A new lesson says how many it shows."""
    assert [int(lesson.name[:2]) for lesson in LESSONS] == list(FIGURES)


def look_at_every_widget(page: Page, name: str) -> None:
    """See every widget of a lesson at a visible size, and its pictures drawn.

    Some of them can be seen only when a question has been answered.
    """
    for widget in page.locator(WIDGETS).all():
        widget.scroll_into_view_if_needed()
        box = widget.bounding_box()
        assert box is not None
        assert box["width"] > 50
        assert box["height"] > 20
    figures = page.locator(".kit-figure")
    expect(figures).to_have_count(FIGURES[int(name[:2])])
    assert all(is_drawn(page, figure) for figure in figures.all())


# In JupyterLab `kit check --browser` does the same, and more; in Voila `test_voila.py` does.
@pytest.mark.parametrize("lesson", LESSONS[::2], ids=lambda lesson: lesson.stem)
def test_lesson_runs_and_shows_every_widget(page: Page, notebook7: Server, lesson: Path):
    """A lesson run from top to bottom in Notebook 7 shows every widget, without errors."""
    notebook = open_notebook(page, notebook7, lesson)
    wait_for_widgets(page, lesson)
    answer_all(page)
    look_at_every_widget(page, lesson.stem)
    assert notebook.errors() == []
    assert_no_errors(page)


def test_playing_the_lesson_on_threads_sends_nothing(page: Page, jupyterlab: Server):
    """Once all is answered, from play to the end no message passes between browser and kernel."""
    notebook = open_notebook(page, jupyterlab, THREADS)
    wait_for_widgets(page, THREADS)
    answer_all(page)
    stage = page.locator(".kit-stage").first
    stage.scroll_into_view_if_needed()
    stage.locator(".kit-speed").select_option("4")
    messages = traffic(page)
    messages.wait_for_silence(1.0)
    end = notebook.kernel_eval("trace.end")
    mark = messages.mark()
    stage.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "told => document.querySelector('.kit-stage .kit-clock').textContent === told",
        arg=f"t = {end} / {end}",
        timeout=PATIENCE,
    )
    assert messages.comms(mark, None) == []
    messages.wait_for(lambda: messages.comms(mark, "sent"))
    assert notebook.kernel_eval("stage.player.tick") == end
