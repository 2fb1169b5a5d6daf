"""The exercise as people meet it: a program mended, checked, and what is wrong shown."""

import re

from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import OpenNotebook, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import LEAST_TEXT, SMALL_TEXTS, violations

CELL = '''
from kit import Program
from kit.explore import Spec
from kit.widgets import Exercise, Timeline
counter = Program("counter", """
count = 0
def worker():
    global count
    count += 1
def main():
    a = spawn(worker)
    worker()
    join(a)
    print("count", count)""")
exercise = Exercise(
    counter,
    task="Two threads add 1 each.\\n\\nLet <b>every</b> schedule print: count 2",
    spec=Spec(output="count 2"),
    hints=["What is not one step?", "fetch_and_add is one."],
    solution=counter.text.replace("count += 1", "fetch_and_add(address(count), 1)"),
    view=Timeline,
)
exercise
'''


def open_exercise(
    page: Page, server: Server, name: str
) -> tuple[OpenNotebook, Locator, Locator, Locator]:
    """Open a notebook with an exercise: that, the exercise, its text area, its verdict.

    Each test has a notebook of its own, so that nothing was answered in it before.
    """
    opened = open_notebook(page, server, write_notebook(server, name, CELL))
    assert not opened.errors()
    exercise = page.locator(".kit-exercise")
    area = exercise.get_by_role("textbox", name="counter.py")
    expect(area).to_be_visible()
    return opened, exercise, area, exercise.locator(".kit-verdict")


def test_what_is_wrong_is_told_and_shown(page, jupyterlab):
    """A wrong program is judged, its run plays, and hints come one by one, all by keyboard."""
    opened, exercise, area, verdict = open_exercise(page, jupyterlab, "wrong.ipynb")
    expect(exercise.locator(".kit-exercise-task p").last).to_have_text(
        "Let <b>every</b> schedule print: count 2"
    )
    expect(exercise.locator(".kit-player")).to_have_count(0)

    area.focus()
    page.keyboard.press("Control+Shift+Enter")
    expect(verdict).to_have_text(re.compile(r"^✕ Not right yet:On .* schedules: it prints"))
    expect(verdict).to_have_attribute("role", "status")
    verdict.get_by_role("button", name=re.compile("Show me: A race")).press("Enter")
    expect(exercise.locator(".kit-said")).to_have_text("The picture shows a run that is not right.")
    expect(exercise.locator(".kit-figure svg.svg-figure").first).to_be_visible()
    wait_until(page, lambda: opened.kernel_eval("exercise.stage.player.tick") > 0, "it plays")

    hint = exercise.get_by_role("button", name="Hint 1 of 2")
    hint.focus()
    page.keyboard.press("Enter")
    expect(exercise.locator("[aria-live] .kit-hints li")).to_have_text(["What is not one step?"])
    expect(exercise.get_by_role("button", name="Hint 2 of 2")).to_be_focused()
    wait_until(page, lambda: opened.kernel_eval("exercise.hints_shown") == 1, "Python knows")
    page.keyboard.press("Enter")
    expect(exercise.locator(".kit-hints li")).to_have_count(2)
    expect(exercise.get_by_role("button", name="Hint")).to_have_count(0)

    solution = exercise.get_by_role("button", name="Show the solution")
    expect(solution).to_have_attribute("aria-disabled", "true")
    expect(solution).to_have_accessible_description("after 1 more check that does not pass")
    solution.click(force=True)
    expect(exercise.locator(".kit-solution")).to_be_hidden()
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 1100})
        assert violations(page, ".kit-exercise") == []
        assert exercise.evaluate(SMALL_TEXTS, LEAST_TEXT) == []
        assert exercise.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")

    assert_no_errors(page)


def test_an_exercise_is_solved(page, jupyterlab):
    """A program that is written by keyboard passes; then the solution may be read and used."""
    opened, exercise, area, verdict = open_exercise(page, jupyterlab, "solved.ipynb")
    solution = exercise.get_by_role("button", name="Show the solution")
    area.focus()
    line = area.input_value().index("    count += 1") + 4
    area.evaluate("(e, at) => e.setSelectionRange(at, at + 10)", line)
    page.keyboard.type("fetch_and_add(address(count), 1)")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(exercise.get_by_role("button", name="Check", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(verdict).to_have_text(re.compile(r"^✓ Right on every schedule \(\d+ schedules\)\.$"))
    assert opened.kernel_eval("(exercise.passed, exercise.tries)") == (True, 1)

    own = area.input_value()
    solution.press("Enter")
    expect(exercise.locator(".kit-solution pre")).to_be_focused()
    expect(exercise.locator(".kit-solution pre")).to_have_text(re.compile("fetch_and_add"))
    area.fill("something else")
    exercise.get_by_role("button", name="Put it into the editor").press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value(own.lstrip("\n") + "\n")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("something else")
    assert violations(page, ".kit-exercise") == []
    assert_no_errors(page)
