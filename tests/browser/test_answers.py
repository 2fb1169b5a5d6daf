"""Answers in a real page: kept, restored, exported and imported."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import OpenNotebook, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import LEAST_TEXT, SMALL_TEXTS, violations

NAME = "answered.ipynb"
FILE = "answered.answers.json"
QUESTION = """
from kit.quiz import Choice, Question
from kit.widgets import Answers, Ideas, Predict, score
choices = (Choice("<b>one</b>", False, "No.", "own_data"), Choice("two", True, "Yes."))
question = Predict(Question("How <i>many</i>?", choices, tick=0))
question
"""
SHOW = "answers = Answers()\nanswers"
MAP = "Ideas()"


def shown(page: Page) -> Locator:
    """The list of answers."""
    return page.get_by_role("group", name="Your answers")


def expect_told(page: Page, summary: str, state: str) -> None:
    """Wait until the list says how many are answered, and how the question is."""
    expect(shown(page).locator(".kit-line")).to_contain_text(summary)
    expect(shown(page).locator("li")).to_have_text(f"How <i>many</i>? {state}")


def reopen(page: Page, server: Server) -> OpenNotebook:
    """Shut the kernel, and open the notebook as on another day."""
    page.goto("about:blank")
    server.stop_kernel(traffic(page).kernel_ids[-1])
    return open_notebook(page, server, NAME)


def import_file(page: Page, path: Path) -> None:
    """Choose a file by the button, as a person does by keyboard."""
    with page.expect_file_chooser() as chooser:
        shown(page).get_by_role("button", name="Import").press("Enter")
    chooser.value.set_files(path)


def test_answers_outlast_kernel_and_file(page: Page, jupyterlab: Server, tmp_path: Path):
    """An answer is in the file at once, there after the kernel has gone, and back by an import."""
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, NAME, QUESTION, SHOW, MAP))
    file = jupyterlab.root / FILE
    assert not opened.errors()
    expect_told(page, f"0 of 1 answered, 0 right. Saved in {FILE} next to", "○ not answered")
    assert not file.exists()

    page.get_by_role("radio", name="two").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    expect_told(page, "1 of 1 answered, 1 right.", "✓ right")
    wait_until(page, file.exists, "the answer is kept")
    (record,) = json.loads(file.read_text(encoding="utf-8"))["answers"].values()
    assert record["choice"] == ["two"]
    assert violations(page, ".kit-answers") == []
    shown(page).locator("summary").press("Enter")
    assert shown(page).evaluate(SMALL_TEXTS, LEAST_TEXT) == []

    with page.expect_download() as download:
        shown(page).get_by_role("button", name="Export").press("Enter")
    assert download.value.suggested_filename == FILE
    export = tmp_path / FILE
    download.value.save_as(export)
    assert json.loads(export.read_text()) == json.loads(file.read_text())
    expect(shown(page).locator(".kit-status")).to_have_text(f"Exported as {FILE}.")

    opened = reopen(page, jupyterlab)
    expect_told(page, "1 of 1 answered, 1 right.", "✓ right")
    expect(page.get_by_role("radio", name="two")).to_be_checked()
    assert opened.kernel_eval("(question.chosen, question.tries, score())") == ([1], 1, 1.0)

    file.unlink()
    opened = reopen(page, jupyterlab)
    expect_told(page, "0 of 1 answered, 0 right.", "○ not answered")
    bad = tmp_path / "photo.json"
    bad.write_bytes(b"\xff")
    import_file(page, bad)
    expect(shown(page).locator(".kit-status")).to_contain_text(
        "“photo.json” was not imported: it is not UTF-8 text. Nothing has changed"
    )
    import_file(page, export)
    expect(shown(page).locator(".kit-status")).to_have_text("1 answer imported.")
    expect_told(page, "1 of 1 answered, 1 right.", "✓ right")
    expect(page.get_by_role("radio", name="two")).to_be_checked()
    wait_until(page, file.exists, "the answer is kept again")

    ideas = page.get_by_role("group", name="Your ideas")
    expect(ideas.get_by_role("status")).to_have_text("Your answers show no mistaken idea.")
    page.get_by_role("radio", name="<b>one</b>").check()
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    expect(ideas.get_by_role("status")).to_contain_text("1 held, 0 shaken, 0 dropped")
    expect(ideas.locator("li")).to_contain_text("In fact: Threads of one process share code")
    assert violations(page, ".kit-ideas") == []
    assert ideas.evaluate(SMALL_TEXTS, LEAST_TEXT) == []
    assert_no_errors(page)
