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
WIDGETS_MADE = '__import__("ipywidgets").widgets.widget._instances.values()'
FIGURES = f"sum('kit-figure' in getattr(one, '_dom_classes', ()) for one in {WIDGETS_MADE})"
"""How many pictures there are in a kernel."""


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


def look_at_every_widget(page: Page, pictures: int) -> None:
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
    expect(figures).to_have_count(pictures)
    assert all(is_drawn(page, figure) for figure in figures.all())


# In JupyterLab `kit check --browser` does the same with all lessons, and more; what Notebook 7 does
# otherwise is around a lesson, not in it.
@pytest.mark.parametrize("lesson", LESSONS[::5], ids=lambda lesson: lesson.stem)
def test_lesson_runs_and_shows_every_widget(page: Page, notebook7: Server, lesson: Path):
    """A lesson run from top to bottom in Notebook 7 shows every widget, without errors."""
    notebook = open_notebook(page, notebook7, lesson)
    wait_for_widgets(page, lesson)
    answer_all(page)
    pictures = notebook.kernel_eval(FIGURES)
    assert pictures > 0
    look_at_every_widget(page, pictures)
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
