"""Every lesson as a student goes through it, from top to bottom, in JupyterLab."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.authoring.browser.servers import Server
from kit.quiz.misconceptions import MISCONCEPTIONS
from tests.browser.notebooks import open_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import wait_until

LESSONS = Path(__file__).parents[2] / "lessons"
NAMES = sorted(path.stem for path in LESSONS.glob("[0-9]*.ipynb"))
COVERAGE = (LESSONS / "README.md").read_text(encoding="utf-8")
PATIENCE = 30_000

# What a lesson has asked: the test needs to know what is wrong, to answer that first.
ASKED = """[
    {
        "kind": item.kind,
        "prompt": item.prompt,
        "form": getattr(getattr(item, "question", None), "form", ""),
        "right": list(getattr(getattr(item, "question", None), "right", ())),
        "choices": len(getattr(getattr(item, "question", None), "choices", ())),
        "solution": getattr(item, "solution", None),
        "misconceptions": sorted({
            choice.misconception
            for choice in getattr(getattr(item, "question", None), "choices", ())
            if choice.misconception
        }),
    }
    for item in __import__("kit.widgets.answering").widgets.answering.items().values()
]"""

# The items of an order as they stood at first, which is how answers count them.
SHOWN = """(root) => root.kitShown ??= Array.from(
    root.querySelectorAll('.kit-item'), (item) => item.textContent
)"""


def wrong_answer(asked: dict[str, Any]) -> list[int]:
    """Places that are not the right answer."""
    places = list(range(asked["choices"]))
    if asked["form"] == "order":
        return places if places != asked["right"] else [*places[1:], places[0]]
    return [place for place in places if place not in asked["right"]][:1]


def give(predict: Locator, form: str, chosen: list[int]) -> None:
    """Answer a prediction with the places of its choices, by keyboard and mouse, and check it."""
    if form == "order":
        arrange(predict, chosen)
    else:
        for place, box in enumerate(predict.locator(".kit-choices input").all()):
            if form == "several":
                box.set_checked(place in chosen)
            elif place in chosen:
                box.check()
    predict.get_by_role("button", name="Check", exact=True).click()


def arrange(predict: Locator, chosen: list[int]) -> None:
    """Bring the items of an order into another one, by their buttons."""
    items = predict.locator(".kit-order li")
    texts = predict.evaluate(SHOWN)
    for goal, place in enumerate(chosen):
        now = items.locator(".kit-item").all_text_contents().index(texts[place])
        for at in range(now, goal, -1):
            items.nth(at).locator(".kit-up").click()


def answer_each(page: Page, asked: list[dict[str, Any]]) -> None:
    """Answer every prediction once wrong and once right, and read what is told."""
    questions = [one for one in asked if one["kind"] != "exercise"]
    predictions = page.locator(".kit-predict")
    expect(predictions).to_have_count(len(questions))
    for one in questions:
        predict = predictions.filter(has_text=one["prompt"]).first
        feedback = predict.locator(".kit-feedback")
        give(predict, one["form"], wrong_answer(one))
        expect(feedback).to_contain_text("✗")
        give(predict, one["form"], one["right"])
        expect(feedback).to_contain_text("✓")


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
        now, most = (control.get_attribute(f"aria-value{end}") for end in ("now", "max"))
        # Down a list goes to its next entry; a slider goes up, unless it stands at its end.
        control.press("ArrowUp" if now != most else "ArrowDown")
        expect(said).not_to_have_text(before, timeout=PATIENCE)
        expect(said).to_contain_text("The picture shows", timeout=PATIENCE)
    for editor in page.locator(".kit-editor:not(.kit-exercise)").all():
        editor.locator("textarea").press("Control+Enter")
        expect(editor.locator(".kit-said")).to_contain_text("The picture shows", timeout=PATIENCE)


def solve_each(page: Page, asked: list[dict[str, Any]]) -> None:
    """Check every exercise as it is given, which is not right, and solved, which is."""
    exercises = [one for one in asked if one["kind"] == "exercise"]
    assert exercises
    for one, exercise in zip(exercises, page.locator(".kit-exercise").all(), strict=True):
        verdict = exercise.locator(".kit-verdict")
        check = exercise.get_by_role("button", name="Check", exact=True)
        check.click()
        expect(verdict).to_have_attribute("data-state", "failed", timeout=PATIENCE)
        exercise.locator("textarea").fill(one["solution"])
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
    kinds = sorted({one["kind"] for one in asked if one["kind"] != "exercise"})
    assert row_of(name)[3] == ", ".join(kinds)
    assert meeting(name) == {idea for one in asked for idea in one["misconceptions"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_student_goes_through_a_lesson(page: Page, jupyterlab: Server, name: str):
    """Predictions wrong and right, every run played, changed and branched, exercises solved."""
    shutil.copytree(LESSONS / "solutions", jupyterlab.root / "solutions", dirs_exist_ok=True)
    notebook = open_notebook(page, jupyterlab, LESSONS / f"{name}.ipynb")
    assert notebook.errors() == []
    asked = notebook.kernel_eval(ASKED)
    check_coverage(name, asked)
    questions = [one for one in asked if one["kind"] != "exercise"]
    assert len(questions) >= 3
    answer_each(page, questions)
    play_each(page)
    try_what_if(page)
    change_something(page)
    solve_each(page, asked)
    said = f"{len(asked)} of {len(asked)} answered, {len(asked)} right."
    expect(page.locator(".kit-answers .kit-summary")).to_have_text(said, timeout=PATIENCE)
    assert_no_errors(page)
