"""Real processes, watched live and rewound, as a person does it."""

from playwright.sync_api import Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import PANEL, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import violations

CELL = """
import threading
from kit.widgets import HostMonitor
shown = HostMonitor(tree=False, frames_per_second=10)
shown"""
THREADS = "[thread.name for thread in threading.enumerate()]"
RUN_AGAIN = f"""async () => {{
    {PANEL}.content.activeCellIndex = 0;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}}"""


def test_processes_are_watched_and_rewound(page: Page, jupyterlab: Server) -> None:
    """Watch and Stop by keyboard; then the player goes through it; a cell run again stops it."""
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, "monitor.ipynb", CELL))
    assert opened.errors() == []
    box = page.locator(".kit-host-monitor")
    expect(box.get_by_text("Nothing is looked at until you press Watch")).to_be_visible()
    expect(box.locator("table")).to_be_hidden()
    pid = str(opened.kernel_eval("__import__('os').getpid()"))
    box.get_by_role("button", name="Watch").press("Enter")
    expect(box.get_by_role("cell", name=pid)).to_be_visible()
    wait_until(page, lambda: opened.kernel_eval("len(shown.recording.looks)") > 5, "it looks")
    box.get_by_role("button", name="Stop").press("Enter")
    slider = box.get_by_role("slider", name="Tick")
    slider.fill("2")
    first = box.locator(".kit-player").get_by_text("After 0.")
    expect(first.first).to_be_visible()
    expect(box.get_by_role("cell", name=pid)).to_be_visible()
    assert violations(page, ".kit-host-monitor") == []
    box.get_by_role("button", name="Watch").press("Enter")
    expect(slider).to_be_hidden()
    assert "kit monitor" in opened.kernel_eval(THREADS)
    page.evaluate(RUN_AGAIN)
    wait_until(page, lambda: "kit monitor" not in opened.kernel_eval(THREADS), "it has stopped")
    assert_no_errors(page)
