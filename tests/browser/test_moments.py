"""A list of moments beside a stage, as a person uses it."""

from playwright.sync_api import Page, expect

from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import violations

CELL = """
import ipywidgets
from kit.scenarios import lost_update
from kit.widgets import Moments, Stage
trace = lost_update()
stage = Stage(trace, views=["timeline"], speed=8)
shown = Moments(
    trace,
    [(5, "T2 is made."), (14, "Which thread runs next?", "T2; T3 has only just been made.")],
    player=stage.player,
)
ipywidgets.VBox([stage, shown])"""


def test_moments_are_visited_marked_and_answered(page: Page, jupyterlab):
    """A key goes there, playing marks the one reached, and an answer opens after one's own."""
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, "moments.ipynb", CELL))
    assert opened.errors() == []
    box = page.locator(".kit-moments")
    marked = box.locator("li[aria-current=true]")
    expect(marked).to_have_count(0)
    box.get_by_role("button", name="t = 5").focus()
    page.keyboard.press("Enter")
    expect(marked).to_contain_text("T2 is made.")
    wait_until(page, lambda: opened.kernel_eval("stage.player.tick") == 5, "Python knows the tick")
    page.get_by_role("button", name="Play").first.click()
    expect(marked).to_contain_text("Which thread runs next?")
    expect(box).not_to_contain_text("only just been made")
    field = box.get_by_role("textbox", name="Your answer to: Which thread runs next?")
    answer = box.get_by_role("button", name="Answer")
    expect(answer).to_be_disabled()
    field.fill("T2, since it waits")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_have_text("T2; T3 has only just been made.")
    expect(box).to_contain_text("You: T2, since it waits")
    written = {1: "T2, since it waits"}
    wait_until(page, lambda: opened.kernel_eval("shown.written") == written, "Python knows it")
    assert violations(page, ".kit-moments") == []
    assert_no_errors(page)


WITHHELD = """
import ipywidgets
from kit.scenarios import lost_update
from kit.widgets import Moments, Predict, Stage
trace = lost_update()
stage = Stage(trace, views=["timeline"])
asked = Predict.from_trace(trace, kind="value_read", name="count", at=52, player=stage.player)
listed = Moments(trace, [(5, "T2 is made by `spawn`."), (57, "It gets 2.")], player=stage.player)
ipywidgets.VBox([stage, asked, listed])"""


def test_a_moment_that_a_question_asks_about_opens_with_the_answer(page: Page, jupyterlab):
    """Until then neither its words nor the way to it are on the page, whatever is pressed."""
    cell = write_notebook(jupyterlab, "withheld.ipynb", WITHHELD)
    opened = open_notebook(page, jupyterlab, cell)
    assert opened.errors() == []
    box = page.locator(".kit-moments")
    later = box.get_by_role("button", name="t = 57")
    expect(box.locator("code")).to_have_text("spawn")
    expect(later).to_be_disabled()
    expect(box).not_to_contain_text("It gets 2.")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(box).to_contain_text("It gets 2.")
    later.click()
    wait_until(page, lambda: opened.kernel_eval("stage.player.tick") == 57, "it went there")
    assert violations(page, ".kit-moments") == []
    assert_no_errors(page)
