"""Outcomes of every schedule, as a person chooses and compares them."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import violations

CELL = """
from kit.explore import explore
from kit.scenarios import lost_update
from kit.widgets import Outcomes
shown = Outcomes(explore(lost_update))
shown"""


def walk_in_the_graph(page: Page, box: Locator) -> None:
    """Unfold the graph of states, go along its steps by keys, a click and a button, and zoom."""
    states = box.locator(".kit-states")
    states.locator("summary").first.click()
    graph, said = states.get_by_role("application"), states.get_by_role("status")
    expect(states.locator(".kit-node")).to_have_count(210)
    expect(states.locator(".kit-step.kit-way")).to_have_count(15)
    expect(said).to_contain_text("State 1 of 210, the beginning")
    graph.focus()
    page.keyboard.press("End")
    expect(said).to_contain_text("Here the run ends. Outcome 2")
    page.keyboard.press("Home")
    expect(said).to_contain_text("reads count (line 7) → state")
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(said).not_to_contain_text("State 1 of 210")
    page.keyboard.press("Home")
    whole = states.locator("svg").get_attribute("viewBox")
    page.keyboard.press("+")
    expect(states.locator("svg")).not_to_have_attribute("viewBox", str(whole))
    page.keyboard.press("0")
    expect(states.locator("svg")).to_have_attribute("viewBox", str(whole))
    states.locator(".kit-node").nth(6).click()
    expect(said).to_contain_text("State 7 of 210")
    states.get_by_role("button", name="from state").first.press("Enter")
    expect(said).not_to_contain_text("State 7 of 210")
    expect(graph).to_be_focused()
    states.get_by_text("All states in words").click()
    expect(states.locator("ol > li")).to_have_count(210)
    states.get_by_text("All states in words").click()


def test_outcome_is_chosen_played_and_compared(page: Page, jupyterlab):
    """A click on a bar plays its run; the keyboard chooses another and puts one beside it."""
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, "outcomes.ipynb", CELL))
    assert opened.errors() == []
    box = page.locator(".kit-outcomes")
    bars = box.locator(":scope > .bqplot .bar")
    expect(bars).to_have_count(5)
    expect(box.locator(".kit-summary")).to_contain_text("All schedules were covered, 170,171")
    bars.nth(4).click()
    wait_until(page, lambda: opened.kernel_eval("shown.chosen") == 4, "the bar is chosen")
    expect(box.locator(".kit-player").first).to_contain_text("prints 'count 2'")
    expect(box.get_by_role("button", name="Pause").first).to_be_visible()
    box.get_by_role("button", name="Pause").first.click()
    play = box.get_by_role("combobox", name="Play")
    play.focus()
    page.keyboard.press("Home")
    wait_until(page, lambda: opened.kernel_eval("shown.chosen") == 0, "the first is chosen")
    page.keyboard.press("ArrowDown")
    wait_until(page, lambda: opened.kernel_eval("shown.chosen") == 1, "the next is chosen")
    walk_in_the_graph(page, box)
    box.get_by_role("combobox", name="beside").select_option(index=5)
    expect(box.locator(".kit-compare .kit-side")).to_have_count(2)
    expect(box.locator(".kit-compare")).to_contain_text("First difference at tick")
    assert violations(page, ".kit-outcomes") == []
    assert_no_errors(page)


WITHHELD = """
import ipywidgets
from kit.explore import explore
from kit.scenarios import lost_update
from kit.widgets import Outcomes, Predict
explored = explore(lost_update)
asked = Predict.from_trace(explored, kind="possible_values", name="count")
shown = Outcomes(explored)
ipywidgets.VBox([asked, shown])"""


def test_outcomes_open_when_the_question_about_them_is_answered(page: Page, jupyterlab):
    """Until then there is one sentence in their place; then the bars are as large as ever."""
    notebook = write_notebook(jupyterlab, "withheld_outcomes.ipynb", WITHHELD)
    opened = open_notebook(page, jupyterlab, notebook)
    assert opened.errors() == []
    box = page.locator(".kit-outcomes")
    expect(box.get_by_role("status").first).to_contain_text("Shown when this question has been")
    expect(box.locator(".kit-summary")).to_be_hidden()
    expect(box.locator(".kit-player").first).to_be_hidden()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(box.locator(".kit-summary")).to_contain_text("All schedules were covered, 170,171")
    bars = box.locator(":scope > .bqplot .bar")
    expect(bars).to_have_count(5)
    expect(box.locator(".kit-player").first).to_be_visible()
    wait_until(page, lambda: bars.first.bounding_box()["width"] > 100, "the bars have their size")
    expect(box.get_by_text("Shown when this question")).to_have_count(0)
    assert violations(page, ".kit-outcomes") == []
    assert_no_errors(page)
