"""The editor as people meet it: written in, run, mended, compared, all in a real page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import OpenNotebook, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until
from tests.browser.test_accessibility import LEAST_TEXT, SMALL_TEXTS, violations_in_both_themes

CELL = '''
from kit import Limits, Machine, Program
from kit.widgets import Timeline
from kit.widgets.runs.editor import Editor
counter = Program("counter", """
count = 0
def main():
    global count
    count = 7
    print(count)
""")
def run(program):
    machine = Machine(limits=Limits(ticks=10**12))
    machine.launch(program)
    return machine.run()
editor = Editor(counter, run=run, view=Timeline)
editor
'''
GIVEN = "\ncount = 0\ndef main():\n    global count\n    count = 7\n    print(count)\n"


def open_editor(page: Page, server: Server) -> tuple[OpenNotebook, Locator, Locator]:
    """Open a notebook with an editor: that, the editor, its text area."""
    opened = open_notebook(page, server, write_notebook(server, "editor.ipynb", CELL))
    assert not opened.errors()
    editor = page.locator(".kit-editor")
    area = editor.get_by_role("textbox", name="counter.py")
    expect(area).to_have_value(GIVEN)
    expect(said(editor)).to_have_text("The picture shows the program as given.")
    expect(editor.locator(".kit-figure svg.svg-figure").first).to_be_visible()
    return opened, editor, area


def said(editor: Locator) -> Locator:
    """What became of the last run."""
    return editor.locator(".kit-said")


@pytest.mark.parametrize("server", ["jupyterlab", "notebook7"])
def test_a_mistake_is_marked_and_mended(page, request, server):
    """By keyboard alone: a mistake is marked at its line, mended, and the program runs."""
    opened, editor, area = open_editor(page, request.getfixturevalue(server))
    figure = editor.locator(".kit-figure svg.svg-figure").first
    figure.evaluate("(one) => { one.kitKept = true; }")
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.type("\nx = lambda: 1")
    expect(editor.locator(".kit-syntax-keyword", has_text="lambda")).to_be_visible()
    # It is marked while one types, before anything is run.
    expect(editor.locator(".kit-gutter .kit-wrong")).to_have_text("7")
    expect(said(editor)).to_have_text("The picture shows the program as given.")
    page.keyboard.press("Control+Enter")
    expect(said(editor)).to_have_text(
        "✕ There is a mistake in line 7. The picture still shows the program as given."
    )
    expect(editor.locator(".kit-gutter .kit-wrong")).to_have_text("7")
    listed = editor.locator(".kit-errors li")
    expect(listed).to_have_text(re.compile(r"^✕ line 7, column 9 'lambda' is not in the lesson"))
    expect(area).to_have_attribute("aria-invalid", "true")
    expect(area).to_have_accessible_description(re.compile(r"Ctrl\+Enter runs.*'lambda' is not in"))
    # The mark goes with its line, and leads to its place. The press, before the text has settled,
    # tells Python of it; the reply comes before the button is let go.
    listed.get_by_role("button").hover()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    page.mouse.down()
    expect(editor.locator(".kit-gutter .kit-wrong")).to_have_text("8")
    expect(listed.get_by_role("button")).to_have_text("✕ line 8, column 9")
    wait_until(
        page,
        lambda: opened.kernel_eval("[one['line'] for one in editor.area.errors]") == [8],
        "Python knows the text",
    )
    page.mouse.up()
    expect(area).to_be_focused()
    assert area.evaluate("(e) => e.value.slice(e.selectionStart)").startswith("lambda")

    page.keyboard.press("Shift+End")
    page.keyboard.type("3")
    page.keyboard.press("Control+Enter")
    expect(said(editor)).to_have_text("The picture shows the edited program.")
    expect(listed).to_have_count(0)
    expect(area).to_have_attribute("aria-invalid", "false")
    assert opened.kernel_eval("editor.program.text") == area.input_value()
    assert area.input_value() == "\n" + GIVEN.replace("(count)\n", "(count)\n    x = 3\n")
    assert figure.evaluate("(one) => one.kitKept")
    assert_no_errors(page)


@pytest.mark.parametrize("server", ["jupyterlab", "notebook7"])
def test_keys_write(page, request, server):
    """Every key writes or moves in the text area, and none does anything to the notebook."""
    opened, editor, area = open_editor(page, request.getfixturevalue(server))
    area.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("def f(x):\nif x:\na = dd\n")
    page.keyboard.press("Backspace")
    page.keyboard.type("return x")
    assert area.input_value() == ("def f(x):\n    if x:\n        a = dd\n    return x"), (
        "Enter keeps the indentation, and Backspace takes one step of it"
    )
    page.keyboard.press("Control+]")
    assert area.input_value().endswith("\n        return x")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Control+[")
    page.keyboard.press("Control+[")
    assert area.input_value() == "def f(x):\n    if x:\na = dd\nreturn x"
    page.keyboard.press("Shift+Enter")
    assert area.input_value().count("\n") >= 2
    page.keyboard.press("Escape")
    expect(area).to_be_focused()
    # What was typed is a mistake, whose place comes first.
    mistake = editor.locator(".kit-errors").get_by_role("button")
    expect(mistake).to_be_visible()
    page.keyboard.press("Tab")
    expect(mistake).to_be_focused()
    page.keyboard.press("Tab")
    expect(editor.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(area).to_be_focused()
    page.keyboard.press("Control+f")
    page.keyboard.type("IF")
    page.keyboard.press("Enter")
    expect(editor.get_by_text("Found in line")).to_be_visible()
    expect(editor.locator(".kit-hit")).to_be_visible()
    page.keyboard.press("Escape")
    expect(area).to_be_focused()
    chosen = "(one) => one.value.slice(one.selectionStart, one.selectionEnd)"
    assert area.evaluate(chosen) == "if"
    cells = "window.jupyterapp.shell.currentWidget.content.widgets.length"
    assert page.evaluate(cells) == 1
    assert opened.kernel_eval("editor.trace is editor.first") is True
    assert_no_errors(page)


def test_start_again_can_be_undone(page, jupyterlab):
    """The given text comes back and is run; Ctrl+Z brings one's own back."""
    opened, editor, area = open_editor(page, jupyterlab)
    own = GIVEN.replace("7", "8")
    area.fill(own)
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(said(editor)).to_have_text("The picture shows the edited program.")
    editor.get_by_role("button", name="Start again").click()
    expect(area).to_have_value(GIVEN)
    expect(said(editor)).to_have_text("The picture shows the program as given.")
    assert opened.kernel_eval("editor.trace.output(2)") == "7\n"
    page.keyboard.press("Control+z")
    expect(area).to_have_value(own)
    wait_until(page, lambda: opened.kernel_eval("editor.text") == own, "Python is told")


def test_what_runs_is_what_is_seen(page, jupyterlab, slow_link):
    """Over a slow link too the text of a run is the one that was seen when it was started."""
    opened, editor, area = open_editor(page, slow_link(jupyterlab, 100))
    for digit in "8901":
        area.focus()
        area.evaluate("(e, at) => e.setSelectionRange(at, at + 1)", GIVEN.index("7"))
        page.keyboard.type(digit)
        editor.get_by_role("button", name="Run", exact=True).click()
        expect(area).to_have_value(GIVEN.replace("7", digit))
    printed = "editor.trace.output(2)"
    wait_until(page, lambda: opened.kernel_eval(printed) == "1\n", "the last one has run")
    assert opened.kernel_eval("editor.text") == area.input_value()
    opened.kernel_run("editor.text = 'def main():\\n    print(1)\\n'")
    expect(area).to_have_value("def main():\n    print(1)\n")
    assert_no_errors(page)


def test_numbers_stay_at_their_lines(page, jupyterlab):
    """The numbers scroll with the text, and there are as many as lines."""
    _, editor, area = open_editor(page, jupyterlab)
    area.fill("\n".join(f"x{n} = {n}" for n in range(200)))
    numbers = editor.locator(".kit-numbers > div")
    expect(numbers).to_have_count(200)
    for top in (0, 777, 100_000):
        area.evaluate("(e, top) => { e.scrollTop = top; }", top)
        wait_until(page, lambda: _offset(area, numbers) < 1, f"numbers at {top}")
    gutter, box = editor.locator(".kit-gutter").bounding_box(), area.bounding_box()
    assert abs(gutter["height"] - box["height"]) < 2
    area.fill("one")
    expect(numbers).to_have_count(1)


def _offset(area: Locator, numbers: Locator) -> float:
    """How far the last number is from where the last line of text stands, in pixels."""
    line, padding = 19, 6
    box, scrolled = area.bounding_box(), area.evaluate("(e) => e.scrollTop")
    last = numbers.last.bounding_box()
    return abs(last["y"] - (box["y"] + padding + (numbers.count() - 1) * line - scrolled))


def test_both_runs_beside_each_other(page, jupyterlab):
    """An edited program can be seen beside the given one, and alone again."""
    _, editor, area = open_editor(page, jupyterlab)
    tick = editor.get_by_role("checkbox", name="next to the first run")
    expect(tick).to_be_hidden()
    area.fill(GIVEN.replace("7", "8"))
    area.press("Control+Enter")
    expect(tick).to_be_visible()
    tick.check()
    for side in ("as given", "as edited"):
        expect(editor.locator(".kit-side-title").get_by_text(side)).to_be_visible()
    tick.uncheck()
    expect(editor.locator(".kit-side-title")).to_have_count(0)
    expect(editor.locator(".kit-figure svg.svg-figure").first).to_be_visible()
    assert_no_errors(page)


def test_an_endless_program_is_cancelled(page, jupyterlab):
    """A program that does not end is cancelled, and the picture stays."""
    _, editor, area = open_editor(page, jupyterlab)
    area.fill("def main():\n    while True:\n        pass\n")
    area.press("Control+Enter")
    expect(editor.get_by_role("progressbar", name="running")).to_be_visible()
    editor.get_by_role("button", name="Cancel").click()
    expect(said(editor)).to_have_text("■ Cancelled. The picture still shows the program as given.")
    assert_no_errors(page)


def test_nothing_for_axe_to_find(page, jupyterlab):
    """axe-core finds nothing serious in the text area, right or wrong, light or dark."""
    _, editor, area = open_editor(page, jupyterlab)
    area.fill(GIVEN.replace("7", "8"))
    area.press("Control+Enter")
    expect(editor.get_by_role("checkbox", name="next to the first run")).to_be_visible()
    assert violations_in_both_themes(page, ".kit-editor") == []
    area.fill("def main():\n    x = lambda: 1\n")
    area.press("Control+Enter")
    expect(editor.locator(".kit-errors li")).to_have_count(1)
    assert violations_in_both_themes(page, ".kit-editor") == []
    assert editor.evaluate(SMALL_TEXTS, LEAST_TEXT) == []
