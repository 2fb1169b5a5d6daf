"""Every view in every place where lessons open."""

import pytest
from playwright.sync_api import Page, expect

from kit.check.browser.servers import Server
from kit.widgets import VIEWS
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until

# A run in which every view has something to show, and has changed by its tick 60.
CELL = """
from kit import Costs, Machine, Program, RoundRobin
from kit.widgets import VIEWS, Stage
machine = Machine(scheduler=RoundRobin(quantum=6), costs=Costs(load_page=3))
machine.launch(Program("all", '''
x = 1
def worker(n):
    global x
    x = x + n
def main():
    p = alloc(4)
    p[0] = 7
    f = open("log", "w")
    write(f, 5)
    t = spawn(worker, 2)
    join(t)
    print(x)
    work(30)
'''))
stage = Stage(machine.run(), views=list(VIEWS))
stage
"""
# What can be seen of a view: shapes, texts and cells that take up room.
SEEN = """(view) => [...view.querySelectorAll(
    '.svg-figure path.line, .svg-figure text, .svg-figure .object_grp, td, [role=gridcell]')]
    .filter((part) => part.getBoundingClientRect().width > 0
        && getComputedStyle(part).opacity !== '0').length"""
TEXT = "(view) => [view.textContent, view.innerHTML.length, view.innerHTML].join(' ')"
ROOM = """(view) => {
    const frame = view.querySelector('.kit-frame') ?? view;
    // Frames around what changed lie over it.
    const drawn = [...frame.querySelectorAll(':scope > :not(.kit-changes)')];
    const parts = drawn.map((part) => part.getBoundingClientRect());
    return parts.every((box, n) => n === 0 || box.top >= parts[n - 1].bottom - 1
        || box.left >= parts[n - 1].right - 1);
}"""


def show(page: Page, server: Server) -> None:
    """Open a notebook with a stage of all views, and wait until each shows something."""
    opened = open_notebook(page, server, write_notebook(server, "views.ipynb", CELL))
    if server.kind != "voila":
        assert opened.errors() == []
    for name in VIEWS:
        view = page.locator(f".kit-place-{name.replace('_', '-')}")
        expect(view).to_have_count(1)
        wait_until(page, lambda view=view: view.evaluate(SEEN) >= 2, f"{name} is drawn")
        assert view.evaluate(ROOM), f"parts of {name} overlap"


@pytest.mark.parametrize("kind", ["jupyterlab", "notebook7", "voila"])
def test_every_view_shows_and_moves(request, page, kind):
    """All views are drawn, follow a step, fit the page, and no error is reported."""
    show(page, request.getfixturevalue(kind))
    player = page.locator(".kit-player").first
    slider = player.get_by_role("slider", name="Tick")
    before = {
        name: page.locator(f".kit-place-{name.replace('_', '-')}").evaluate(TEXT) for name in VIEWS
    }
    slider.fill("60")
    expect(player.locator(".kit-clock")).to_contain_text("t = 60 / ")
    for name, then in before.items():
        view = page.locator(f".kit-place-{name.replace('_', '-')}")
        wait_until(
            page, lambda view=view, then=then: view.evaluate(TEXT) != then, f"{name} has moved"
        )
    for _ in range(3):
        player.get_by_role("button", name="One tick back").click()
    expect(slider).to_have_value("57")
    wide = page.locator(".kit-stage").evaluate("s => s.scrollWidth - s.clientWidth")
    assert wide <= 1
    assert_no_errors(page)
