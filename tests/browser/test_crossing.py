"""The view of crossings as people meet it: what is marked, by keyboard, wide and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors

CELL = """
from kit.scenarios import getting_the_core_back
from kit.widgets import Crossing
view = Crossing(getting_the_core_back())
view.layout.width = "{width}px"
view
"""
ROWS = "tbody tr:not([hidden])"
FITS = "e => e.scrollWidth <= e.clientWidth"
BESIDE = "row => new Set([...row.cells].map(cell => cell.getBoundingClientRect().top)).size === 1"
NAMES = """row => [...row.cells].filter(cell => cell.getClientRects().length)
    .map(cell => getComputedStyle(cell, '::before').content)"""


def opened(page: Page, server: Server, width: int) -> Locator:
    """Open the view at a width and seek to the first interrupt of the timer."""
    name = write_notebook(server, f"crossing{width}.ipynb", CELL.format(width=width))
    assert open_notebook(page, server, name).errors() == []
    view = page.locator(".kit-columns-crossing")
    expect(view.locator(ROWS).first).to_be_visible()
    page.get_by_role("slider", name="Tick").fill("14")
    expect(view.locator(ROWS)).to_have_count(7)
    return view


@pytest.mark.parametrize(("width", "beside"), [(1100, True), (330, False)])
def test_columns_stand_beside_each_other_where_there_is_room(page, jupyterlab, width, beside):
    """On a phone they stand below each other, each with its name; nothing is cut off."""
    view = opened(page, jupyterlab, width)
    marked = view.locator("tbody tr.kit-marked:not([hidden])")
    expect(marked).to_have_count(2)
    expect(marked.first).to_contain_text("timer_interrupt: the slice is used up")
    assert marked.first.evaluate(BESIDE) == beside
    assert view.locator(".kit-scroll").evaluate(FITS)
    names = marked.first.evaluate(NAMES)
    labels = ["tick", "operating system:", "hardware:", "program:"]
    wanted = ["none"] * 4 if beside else [f'"{label} "' for label in labels]
    assert names == wanted
    expect(marked.last).to_be_in_viewport()
    assert_no_errors(page)


def test_rows_come_and_go_with_the_tick_and_scroll_by_keyboard(page, jupyterlab):
    """A step further only the last row is marked; the table can be scrolled without a mouse."""
    view = opened(page, jupyterlab, 700)
    page.get_by_role("button", name="One tick on").click()
    expect(view.locator("tbody tr.kit-marked:not([hidden])")).to_have_count(1)
    page.get_by_role("slider", name="Tick").fill("120")
    frame = view.locator(".kit-scroll")
    expect(frame).to_have_attribute("tabindex", "0")
    frame.focus()
    before = frame.evaluate("e => e.scrollTop")
    page.keyboard.press("Home")
    page.wait_for_function("([e, top]) => e.scrollTop < top", arg=[frame.element_handle(), before])
    found = Axe().run(page, context=".kit-columns-crossing").response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
