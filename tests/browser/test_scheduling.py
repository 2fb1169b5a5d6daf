"""Being the scheduler, as a person does it with the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.test_accessibility import violations

CELL = """
from kit.scenarios import deadlock
from kit.widgets import Scheduling
shown = Scheduling(deadlock, goal=lambda outcome: outcome.deadlock, task="Reach the deadlock.")
shown"""


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_goal_is_missed_taken_back_and_reached_by_keyboard(page: Page, jupyterlab, size):
    """What can still be reached follows each choice; in the end the shortest way is shown."""
    name = f"choose{size[0]}.ipynb"
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, name, CELL))
    assert opened.errors() == []
    page.set_viewport_size({"width": size[0], "height": size[1]})
    box = page.locator(".kit-scheduling")
    first = box.get_by_role("button", name="T2 calls acquire on first (line 8)")
    expect(box.locator(".kit-reachable")).to_contain_text("moved = 0, deadlock (goal): 28")
    first.focus()
    page.keyboard.press("Enter")
    expect(box.get_by_role("status").first).to_contain_text("You have made 1 choice.")
    page.keyboard.press("Enter")
    expect(box.get_by_role("status").first).to_contain_text("can no longer be reached")
    expect(box.locator(".kit-reachable")).to_contain_text("deadlock (goal): no longer")
    box.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Space")
    expect(box.get_by_role("status").first).to_contain_text("can still be reached")
    box.get_by_role("button", name="T3 calls acquire on second").focus()
    page.keyboard.press("Enter")
    box.get_by_role("button", name="T2 calls acquire on second").focus()
    page.keyboard.press("Enter")
    expect(box.get_by_role("status").first).to_contain_text("Reached after 3 choices")
    assert opened.kernel_eval("(shown.passed, shown.text)") == (True, "T2 T3 T2")
    box.get_by_role("button", name="Show the shortest way").focus()
    page.keyboard.press("Enter")
    expect(box.locator(".kit-compare .kit-side")).to_have_count(2)
    assert violations(page, ".kit-scheduling") == []
    assert_no_errors(page)
