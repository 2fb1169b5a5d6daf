"""Every lesson as a student goes through it, from top to bottom, in JupyterLab."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from kit.quiz.misconceptions import MISCONCEPTIONS
from tests.browser.fitting import BRING
from tests.browser.notebooks import OpenNotebook, forget_answers, open_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.predictions import give, wrong_answer
from tests.browser.stage import wait_until

LESSONS = Path(__file__).parents[2] / "lessons"
NAMES = sorted(path.stem for path in LESSONS.glob("[0-9]*.ipynb"))
COVERAGE = (LESSONS / "README.md").read_text(encoding="utf-8")
PATIENCE = 30_000

ANSWERING = '__import__("kit.answering.notebook").answering.notebook'
# What a lesson has asked: the test needs to know what is wrong, to answer that first.
ASKED = f"__import__('json').dumps([one._kit_asks_() for one in {ANSWERING}.items().values()])"
SOLUTIONS = f"[one.solution for one in {ANSWERING}.items().values() if one.kind == 'exercise']"

VALUE = """(control) => control.type === 'checkbox' ? String(control.checked)
    : control.getAttribute('aria-valuenow') ?? control.value"""


def answer_each(page: Page, asked: list[dict[str, Any]]) -> None:
    """Answer every prediction once wrong and once right, and read what is told."""
    questions = [one for one in asked if "choices" in one]
    predictions = page.locator(".kit-predict")
    expect(predictions).to_have_count(len(questions))
    for one in questions:
        predict = shown(predictions, one)
        feedback = predict.locator(".kit-feedback")
        form, right, texts = one["form"], one["right"], one["choices"]
        # Cells that are drawn late move a question from under the pointer.
        predict.evaluate(BRING)
        give(predict, form, wrong_answer(form, right, len(texts)), texts)
        expect(feedback).to_contain_text("✗")
        give(predict, form, right, texts)
        expect(feedback).to_contain_text("✓")


def shown(predictions: Locator, one: dict[str, Any]) -> Locator:
    """The prediction with a prompt and these choices: two runs can be asked the same."""
    there = predictions.filter(has_text=one["prompt"])
    for text in one["choices"]:
        there = there.filter(has_text=text)
    return there.first


def play_each(page: Page) -> None:
    """Press play on every player that is shown, see time pass, and go to the end and back."""
    players = page.locator(".kit-player:visible")
    for player in players.all():
        slider = player.get_by_role("slider", name="Tick")
        end = slider.get_attribute("max")
        player.get_by_role("button", name="To the start", exact=True).click()
        expect(slider).to_have_value("0")
        player.get_by_role("combobox", name="Speed").select_option("8")
        player.get_by_role("button", name="Play", exact=True).click()
        wait_until(page, lambda s=slider: int(s.input_value()) > 0, "ticks pass")
        player.get_by_role("button", name="To the end", exact=True).click()
        expect(slider).to_have_value(str(end))


def try_what_if(page: Page) -> None:
    """Let something else happen in the middle of the first run that offers it."""
    stage = page.locator(".kit-stage:not(.kit-exercise *):has(.kit-branching)").first
    if not stage.count():
        return
    stage.get_by_role("button", name="What if").click()
    slider = stage.get_by_role("slider", name="Tick").first
    end = int(slider.get_attribute("max") or 0)
    for tick in (end // 2, end // 3, end // 6):
        slider.fill(str(tick))
        go = stage.get_by_role("button", name=f"Run on from tick {tick}", exact=True)
        expect(go).to_be_visible()
        # Between two processes there is nobody to whom anything else could happen.
        if go.is_enabled():
            break
    go.click()
    expect(stage.locator(".kit-compare .kit-player")).to_be_visible(timeout=PATIENCE)


def change_something(page: Page) -> None:
    """Move the first control of every sandbox, and run every editor: the picture follows."""
    for box in page.locator(".kit-sandbox").all():
        said = box.locator(".kit-said")
        before = said.inner_text()
        control = box.locator(".kit-controls").first.locator("select, [role=slider], input").first
        control.focus()
        # The control itself moves at once; what is said of it comes from the kernel, later.
        now = control.evaluate(VALUE)
        if control.get_attribute("type") == "checkbox":
            page.keyboard.press("Space")
        elif now == control.get_attribute("aria-valuemax"):
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.press("ArrowUp")
        if control.evaluate(VALUE) == now:
            page.keyboard.press("ArrowDown")
        expect(said).not_to_have_text(before, timeout=PATIENCE)
        expect(said).to_contain_text("The picture shows", timeout=PATIENCE)
    for editor in page.locator(".kit-editor:not(.kit-exercise)").all():
        editor.locator("textarea").press("Control+Enter")
        expect(editor.locator(".kit-said")).to_contain_text("The picture shows", timeout=PATIENCE)


def solve_each(page: Page, solutions: list[str]) -> None:
    """Check every exercise as it is given, which is not right, and solved, which is."""
    assert solutions
    for solution, exercise in zip(solutions, page.locator(".kit-exercise").all(), strict=True):
        verdict = exercise.locator(".kit-verdict")
        check = exercise.get_by_role("button", name="Check", exact=True)
        check.click()
        expect(verdict).to_have_attribute("data-state", "failed", timeout=PATIENCE)
        exercise.locator("textarea").fill(solution)
        check.click()
        expect(verdict).to_have_attribute("data-state", "passed", timeout=PATIENCE)


def row_of(name: str) -> list[str]:
    """The cells of a lesson's row in the table of what each lesson asks."""
    table = COVERAGE.partition("## What each lesson shows and asks")[2].partition("\n## ")[0]
    row = next(line for line in table.splitlines() if f"({name}.ipynb)" in line)
    return [cell.strip() for cell in row.strip("|").split("|")]


def meeting(name: str) -> set[str]:
    """The misconceptions that a lesson meets, as the page of the course says."""
    table = COVERAGE.partition("## Misconceptions")[2].partition("\n## ")[0]
    return {
        idea
        for idea, told in MISCONCEPTIONS.items()
        if any(told.idea in line and f"({name}.ipynb)" in line for line in table.splitlines())
    }


def check_coverage(name: str, asked: list[dict[str, Any]]) -> None:
    """What the page of the course says of a lesson is what the lesson asks."""
    kinds = sorted({one["kind"] for one in asked if "choices" in one})
    assert row_of(name)[3] == ", ".join(kinds)
    assert meeting(name) == {idea for one in asked for idea in one.get("misconceptions", ())}


def explain(page: Page) -> None:
    """Write the explanation of a lesson, tick what it says, and compare it with ours."""
    box = page.locator(".kit-explain")
    expect(box.locator(".kit-ours")).to_be_hidden()
    box.locator("textarea").fill("Because it is so.")
    box.get_by_role("button", name="Compare").click()
    box.get_by_role("checkbox").first.check()
    box.get_by_text("Ours, to compare").click()
    expect(box.locator(".kit-ours p").first).to_be_visible()


def go_through(
    page: Page, notebook: OpenNotebook, look: Callable[[Page], None] | None = None
) -> list[dict[str, Any]]:
    """Do on a page what a student does in a lesson, and return what was asked.

    Once all is answered, and before anything is changed, *look* sees the page.
    """
    asked: list[dict[str, Any]] = json.loads(notebook.kernel_eval(ASKED))
    questions = [one for one in asked if "choices" in one]
    assert len(questions) >= 3
    answer_each(page, questions)
    if look is not None:
        look(page)
    play_each(page)
    try_what_if(page)
    change_something(page)
    solve_each(page, notebook.kernel_eval(SOLUTIONS))
    explain(page)
    said = f"{len(asked)} of {len(asked)} answered, {len(asked) - 1} right, 1 written."
    expect(page.locator(".kit-answers .kit-summary")).to_have_text(said, timeout=PATIENCE)
    return asked


@pytest.mark.parametrize("name", NAMES)
def test_a_student_goes_through_a_lesson(page: Page, jupyterlab: Server, name: str):
    """Predictions wrong and right, every run played, changed and branched, exercises solved."""
    shutil.copytree(LESSONS / "solutions", jupyterlab.root / "solutions", dirs_exist_ok=True)
    forget_answers(jupyterlab, name)
    notebook = open_notebook(page, jupyterlab, LESSONS / f"{name}.ipynb")
    assert notebook.errors() == []
    check_coverage(name, go_through(page, notebook))
    assert_no_errors(page)
