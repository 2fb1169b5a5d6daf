"""The sandbox as people meet it: moved by keyboard, cancelled, failing, all in a real page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import OpenNotebook, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import LEAST_TEXT, SMALL_TEXTS, THEME, violations

IMPORTS = """
import threading
from kit import Limits, Machine, Program, RoundRobin
from kit.scenarios import SCENARIOS
from kit.widgets import Timeline
from kit.widgets.runs.sandbox import sandbox
"""
SCENARIO = "box = sandbox(SCENARIOS['lost_update'])\nbox"
OWN = '''
endless = Program("endless", """
def main():
    while True:
        pass
""")
def run(quantum=3, patient=False):
    if quantum == 5:
        raise ValueError("<img src=x onerror=alert(1)>")
    machine = Machine(scheduler=RoundRobin(quantum), limits=Limits(ticks=10**12 if patient else 90))
    machine.launch(endless)
    return machine.run()
box = sandbox(run, quantum=(1, 9), view=Timeline)
box
'''
WORKERS = "sum(one.name.startswith('kit ') for one in threading.enumerate())"
# Counts how often the bar has come up.
WATCH_BAR = """(bar) => {
    window.kitBars = 0;
    const watcher = new MutationObserver(() => { window.kitBars += bar.hidden ? 0 : 1; });
    watcher.observe(bar, { attributes: true, attributeFilter: ['hidden'] });
}"""


def open_box(page: Page, server: Server, cell: str) -> tuple[OpenNotebook, Locator]:
    """Open a notebook with a sandbox, and wait for its picture."""
    opened = open_notebook(page, server, write_notebook(server, "sandbox.ipynb", IMPORTS, cell))
    assert not opened.errors()
    box = page.locator(".kit-sandbox")
    expect(box.locator(".kit-figure svg.svg-figure").first).to_be_visible()
    expect(box.locator(".kit-narration")).not_to_have_text(re.compile(r"^t = \d+ $"))
    return opened, box


def said(box: Locator) -> Locator:
    """What became of the last run."""
    return box.locator(".kit-said")


@pytest.mark.parametrize("server", ["jupyterlab", "notebook7"])
def test_a_slider_shows_another_run_at_the_same_tick(page, request, server):
    """Moved by keyboard, a slider shows another run in the same figures, at the same tick."""
    opened, box = open_box(page, request.getfixturevalue(server), SCENARIO)
    expect(said(box)).to_have_text("The picture shows loops = 3, quantum = 5.")
    box.get_by_role("slider", name="Tick").fill("30")
    expect(box.locator(".kit-clock")).to_have_text("t = 30 / 102")
    figures = box.locator(".kit-figure svg.svg-figure")
    count = figures.count()
    assert count
    figures.evaluate_all("(all) => all.forEach((one) => { one.kitKept = true; })")
    lanes = box.locator(".kit-place-timeline .kit-figure")
    before = lanes.inner_html()

    slider = box.get_by_role("slider", name="quantum")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(said(box)).to_have_text("The picture shows loops = 3, quantum = 6.")
    expect(slider).to_be_focused()
    box.get_by_role("slider", name="loops").focus()
    page.keyboard.press("ArrowRight")
    expect(said(box)).to_have_text("The picture shows loops = 4, quantum = 6.")
    end = opened.kernel_eval("SCENARIOS['lost_update'](loops=4, quantum=6).end")
    expect(box.locator(".kit-clock")).to_have_text(f"t = 30 / {end}")
    wait_until(page, lambda: lanes.inner_html() != before, "another picture")
    assert opened.kernel_eval("(box.stage.player.tick, box.trace.end)") == (30, end)
    assert figures.count() == count
    assert figures.evaluate_all("(all) => all.every((one) => one.kitKept)")
    assert_no_errors(page)


def test_a_quick_run_does_not_flicker(page, jupyterlab):
    """A run of some milliseconds brings up no bar, however often it is started."""
    _, box = open_box(page, jupyterlab, OWN)
    expect(said(box)).to_contain_text("The picture shows quantum = 3, patient = False up to there.")
    box.locator(".kit-progress").evaluate(WATCH_BAR)
    box.get_by_role("slider", name="quantum").focus()
    page.keyboard.press("ArrowRight")
    expect(said(box)).to_contain_text("quantum = 4")
    page.keyboard.press("ArrowLeft")
    expect(said(box)).to_contain_text("quantum = 3")
    assert page.evaluate("window.kitBars") == 0
    assert_no_errors(page)


def test_an_endless_run_is_cancelled(page, jupyterlab):
    """A run that takes long shows for how long, is cancelled by keyboard, and stops for real."""
    opened, box = open_box(page, jupyterlab, OWN)
    box.get_by_role("checkbox", name="patient").check()
    expect(box.get_by_role("progressbar", name="running")).to_be_visible()
    expect(box.locator(".kit-seconds")).to_have_text(re.compile(r"^running… [2-9] s$"))
    assert opened.kernel_eval("box.running") is True, "the kernel has time for other things"
    # A newer run takes its place, and its seconds begin anew.
    box.get_by_role("slider", name="quantum").focus()
    page.keyboard.press("ArrowRight")
    expect(box.locator(".kit-seconds")).to_have_text(re.compile(r"^running… [01] s$"))
    wait_until(page, lambda: opened.kernel_eval(WORKERS) == 1, "only the newest runs")

    box.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    expect(said(box)).to_have_text(
        "■ Cancelled. The picture still shows quantum = 3, patient = False."
    )
    expect(box.get_by_role("progressbar")).to_be_hidden()
    assert box.locator(".kit-run-status").evaluate("(e) => e.contains(document.activeElement)")
    wait_until(page, lambda: opened.kernel_eval(WORKERS) == 0, "the run has stopped")
    box.get_by_role("checkbox", name="patient").uncheck()
    expect(said(box)).to_contain_text("The picture shows quantum = 4, patient = False up to there.")
    assert_no_errors(page)


def test_an_error_is_shown(page, jupyterlab):
    """An exception is told in words, as text, with the line; the picture stays, and mends."""
    _, box = open_box(page, jupyterlab, OWN)
    slider = box.get_by_role("slider", name="quantum")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(said(box)).to_contain_text("quantum = 4")
    page.keyboard.press("ArrowRight")
    expect(said(box)).to_have_text(
        "✕ ValueError: <img src=x onerror=alert(1)>. "
        "The picture still shows quantum = 4, patient = False."
    )
    expect(box.locator(".kit-detail")).to_have_text(re.compile(r"^line \d+, in run: raise Value"))
    expect(said(box)).to_have_role("status")
    page.keyboard.press("ArrowRight")
    expect(said(box)).to_contain_text("The picture shows quantum = 6")
    expect(box.locator(".kit-detail")).to_be_hidden()
    assert_no_errors(page)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nothing_for_axe_to_find(page, jupyterlab, theme):
    """axe-core finds nothing serious in the controls, and in what is said of each kind of run."""
    _, box = open_box(page, jupyterlab, OWN.replace("patient=False", "patient=False, note='a'"))
    page.evaluate(THEME, theme)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    assert violations(page, ".kit-sandbox") == []
    slider = box.get_by_role("slider", name="quantum")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(box.locator(".kit-detail")).to_be_visible()
    assert violations(page, ".kit-sandbox") == []
    page.keyboard.press("ArrowRight")
    box.get_by_role("checkbox", name="patient").check()
    expect(box.get_by_role("progressbar")).to_be_visible()
    assert violations(page, ".kit-sandbox") == []
    box.get_by_role("button", name="Cancel").click()
    expect(said(box)).to_contain_text("Cancelled")
    assert violations(page, ".kit-sandbox") == []
    assert box.evaluate(SMALL_TEXTS, LEAST_TEXT) == []
