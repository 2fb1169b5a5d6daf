"""Every widget that needs Python says so when its kernel has gone."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import APP, IS_READY, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.test_accessibility import violations

CELLS = """
from kit import Machine, Program
from kit.explore import Spec, explore
from kit.quiz import Choice, Question
from kit.scenarios import lost_update
from kit.widgets import Answers, Editor, Exercise, HostMonitor, Outcomes, Predict, Stage, sandbox
trace = lost_update(loops=1)
text = "def main():\\n    print(0)\\n"
right = Choice("data", True, "Yes.", place=(2, "data", 0))
wrong = Choice("code", False, "No.", place=(2, "code", 0))
---
stage = Stage(trace, views=("address_spaces",))
stage
---
one = Predict(Question("Which?", (right, wrong), 3))
one
---
Predict(Question("Where?", (right, wrong), 9, at=2, form="mark"), player=stage.player)
---
goal = Spec(output="1")
Exercise(text, spec=goal, task="Print 1.", hints=["Look."], solution=text, solution_after=0)
---
Editor(text)
---
sandbox(lost_update, loops=(1, 3))
---
machine = Machine()
machine.launch(Program("p", text))
Outcomes(explore(machine), views=("cpu",))
---
Answers()
---
HostMonitor()
"""
# What has a notice, and how many of them are on the page: a stage is also in an editor, a
# sandbox and an outcome.
NOTICES = {
    ".kit-player .kit-notice": 4,
    ".kit-branching .kit-lost": 4,
    ".kit-predict .kit-lost": 2,
    ".kit-code-area .kit-lost": 2,
    ".kit-exercise-sheet .kit-lost": 1,
    ".kit-sandbox > .kit-controls .kit-lost": 1,
    ".kit-outcomes > .kit-form .kit-lost": 1,
    ".kit-answers .kit-lost": 1,
    ".kit-host-monitor > .kit-controls .kit-lost": 1,
}
LOST = "The connection of "
RESTART = f"() => {{ {APP}.shell.currentWidget.sessionContext.session.kernel.restart(); }}"

# Notes how often an element was given words, as a screen reader notices.
COUNT_WORDS = """(notice) => {
    const watcher = new MutationObserver((records) => {
        const added = records.filter((record) => record.addedNodes.length > 0).length;
        notice.dataset.said = Number(notice.dataset.said ?? 0) + added;
    });
    watcher.observe(notice, { childList: true });
}"""


def expect_notices(page: Page, text: str) -> None:
    """Wait until every notice says something, or nothing."""
    for place, count in NOTICES.items():
        notices = page.locator(place)
        expect(notices).to_have_count(count)
        for notice in notices.all():
            expect(notice).to_have_attribute("role", "status")
            if text:
                expect(notice).to_be_visible()
                expect(notice).to_contain_text(text)
            else:
                expect(notice).to_have_text("")


@pytest.mark.parametrize("how", ["restarted", "killed"])
def test_every_widget_says_that_its_kernel_has_gone(
    page: Page, jupyterlab: Server, tmp_path: Path, how: str
):
    """After a restart nothing pretends to work; what is answered is said not to be saved."""
    name = f"{how}.ipynb"
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, name, *CELLS.split("---")))
    assert not opened.errors()
    expect_notices(page, "")
    pid = opened.kernel_eval("__import__('os').getpid()")
    if how == "killed":
        os.kill(pid, signal.SIGKILL)
        page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    else:
        page.evaluate(RESTART)
    expect_notices(page, LOST)
    assert violations(page, ".kit-predict") == []

    one = page.locator(".kit-predict").first
    one.get_by_role("radio", name="data").check()
    one.get_by_role("button", name="Check", exact=True).click()
    expect(one.locator(".kit-feedback")).to_contain_text("✓ Yes.")
    expect(one.locator(".kit-lost")).to_contain_text("no answer is saved")
    # What is pressed in vain is answered: the same words come again, for a screen reader too.
    for label, place in (
        ("Check", ".kit-exercise .kit-code-area"),
        ("Run", ".kit-editor:not(.kit-exercise) .kit-code-area"),
        ("Show the solution", ".kit-exercise-sheet"),
    ):
        part = page.locator(place)
        part.locator(".kit-lost").evaluate(COUNT_WORDS)
        part.get_by_role("button", name=label, exact=True).click()
        expect(part.locator(".kit-lost")).to_have_attribute("data-said", "1")
        expect(part.locator(".kit-lost")).to_contain_text(LOST)
    answers = page.locator(".kit-answers")
    expect(answers.locator(".kit-place")).to_have_text("")
    file = tmp_path / "some.json"
    file.write_text("{}", encoding="utf-8")
    answers.locator("input[type=file]").set_input_files(file)
    expect(answers.locator(".kit-status")).to_have_text("“some.json” was not imported.")
    assert not list(jupyterlab.root.glob(f"{how}.answers*"))
    assert_no_errors(page)

    page.wait_for_function(IS_READY)
    opened.run_all()
    expect_notices(page, "")
    assert opened.kernel_eval("one.tries") == 0
