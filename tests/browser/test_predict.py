"""Questions as a student meets them: by keyboard, on the picture, and no way round them."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from kit.check.browser.websockets import WidgetTraffic
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.questions import QUESTIONS
from tests.browser.stage import RUN, STAGE, Shown, shown, wait_until
from tests.browser.test_accessibility import violations

NOTICE = "The run stops at tick 30 until you have answered: “What will count be in the end?”"


@pytest.fixture
def stage(page: Page, jupyterlab: Server) -> Shown:
    """The lesson's stage, and questions of each form to be put; what is answered is not kept."""
    off = "import os; os.environ['KIT_ANSWERS'] = 'off'"
    name = write_notebook(jupyterlab, "questions.ipynb", off, RUN, STAGE, QUESTIONS)
    return shown(open_notebook(page, jupyterlab, name))


def ask(stage: Shown, name: str) -> Locator:
    """Put one of the questions below the stage."""
    stage.opened.run_cell(f"{name}_asked = Predict({name}, player=stage.player)\n{name}_asked")
    asked = stage.page.locator(".kit-predict").last
    expect(asked).to_be_visible()
    return asked


def python(stage: Shown, name: str) -> list[object]:
    """What Python knows of the answer to one of the questions."""
    known = ", ".join(f"{name}_asked.{trait}" for trait in ("chosen", "correct", "tries"))
    found: list[object] = list(stage.opened.kernel_eval(f"[{known}]"))
    return found


def states(messages: WidgetTraffic, mark: int) -> list[dict[str, Any]]:
    """What a page has told Python of its widgets since a mark."""
    return [one.content["data"]["state"] for one in messages.comms(mark, "sent")]


def plays_to_the_question(stage: Shown, page: Page) -> None:
    """Play from the start, and see that Python is told where it stops, and nothing before."""
    messages = traffic(page)
    before = messages.mark()
    stage.player.get_by_role("combobox", name="Speed").select_option("8")
    stage.expect_python("tick", 0)
    stage.expect_python("speed", 8)
    # What Python has received need not have been noted here yet.
    messages.wait_for(lambda: any("speed" in state for state in states(messages, before)))
    mark = messages.mark()
    stage.button("Play").click()
    stage.expect_tick(30)
    stage.expect_python("tick", 30)
    messages.wait_for(lambda: states(messages, mark))
    told = [state.get("tick") for state in states(messages, mark)]
    assert told == [30], "nothing is sent while it plays"


def test_nobody_sees_what_comes_after_a_question(stage: Shown, page: Page):
    """Slider, keys, buttons, play, timeline and Python stop there; an answer lets the run go on."""
    hold = stage.player.locator(".kit-hold")
    stage.seek(60)
    question = ask(stage, "one")
    stage.expect_tick(30)
    stage.expect_python("tick", 30)
    expect(hold).to_have_text(NOTICE)
    stage.button("To the start").click()
    expect(hold).to_have_text("")
    stage.slider.fill("90")
    stage.expect_tick(30)
    expect(hold).to_have_text(NOTICE)
    stage.button("To the start").click()
    page.keyboard.press("End")
    stage.expect_tick(30)
    for name in ("To the end", "One tick on", "Play"):
        stage.button(name).click()
        stage.expect_tick(30)
        expect(stage.button("Play")).to_be_visible()
    stage.button("To the start").click()
    timeline = stage.figures.last
    expect(timeline.get_by_text("T1", exact=True)).to_have_count(1)
    for text in ("T2", "T3"):
        expect(timeline.get_by_text(text, exact=True)).to_have_count(0)
    legend = page.locator(".kit-zoom .kit-legend").get_by_text(re.compile("end of a process"))
    expect(legend).to_have_count(1)
    expect(legend).to_be_hidden()
    timeline.scroll_into_view_if_needed()
    label = timeline.get_by_text("80", exact=True).bounding_box()
    page.mouse.click(label["x"], timeline.bounding_box()["y"] + 20)
    stage.expect_tick(30)

    stage.button("To the start").click()
    plays_to_the_question(stage, page)
    expect(hold).to_have_text(NOTICE)
    stage.opened.kernel_run("stage.player.playing = True")
    stage.expect_python("playing", False)
    stage.player.get_by_text("This moment in words").click()
    assert violations(page, ".kit-stage .kit-player") == []

    question.get_by_label("6", exact=True).check()
    question.get_by_role("button", name="Check").click()
    expect(hold).to_have_text("")
    for text in ("T1", "T2", "T3"):
        expect(timeline.get_by_text(text, exact=True)).to_have_count(1)
    expect(legend).to_be_visible()
    stage.button("To the end").click()
    stage.expect_tick(stage.end)
    stage.expect_python("tick", stage.end)
    assert_no_errors(page)


def test_every_form_is_answered_by_keyboard(stage: Shown, page: Page):
    """Tab, Space and arrows answer each form; the feedback names the idea and its moment."""
    one = ask(stage, "one")
    one.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said = one.locator(".kit-feedback")
    expect(said).to_contain_text("✗ No update is lost here.")
    expect(said).to_contain_text(
        "You may be thinking: “adding to a variable is one step.” In fact:"
    )
    page.keyboard.press("Tab")
    expect(one.get_by_role("button", name="Show me at tick 40")).to_be_focused()
    page.keyboard.press("Enter")
    stage.expect_tick(40)
    wait_until(page, lambda: python(stage, "one") == [[1], False, 1], "the wrong answer")

    several = ask(stage, "several")
    several.get_by_role("checkbox").first.focus()
    for key in ("Space", "Tab", "Space", "Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(several.locator(".kit-feedback")).to_have_text("✓ Threads share code and data.")
    wait_until(page, lambda: python(stage, "several") == [[0, 1], True, 1], "the right answer")
    several.get_by_role("checkbox", name="data").press("Space")
    several.get_by_role("button", name="Check").press("Enter")
    # Of several parts it has to be said which one is meant.
    expect(several.locator(".kit-feedback")).to_have_text("✗ data: There is one count.")

    order = ask(stage, "order")
    stage.expect_tick(4)
    order.get_by_role("button", name="down: T3 starts").focus()
    page.keyboard.press("Enter")
    expect(order.locator(".kit-moved")).to_have_text("T3 starts: place 2 of 3")
    expect(order.get_by_role("button", name="down: T3 starts")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(order.locator(".kit-moved")).to_have_text("T3 starts: place 3 of 3")
    expect(order.get_by_role("listitem")).to_contain_text(["main starts", "T2 starts", "T3 starts"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(order.locator(".kit-feedback")).to_have_text("✓ main spawns T2, then T3.")
    wait_until(page, lambda: python(stage, "order") == [[1, 2, 0], True, 1], "the right order")
    assert violations(page, ".kit-predict") == []
    assert_no_errors(page)


def test_a_segment_is_marked_on_the_picture_even_without_a_kernel(stage: Shown, page: Page):
    """Buttons over the segments stand at the moment of the question until it is answered."""
    stage.seek(25)
    mark = ask(stage, "mark")
    stage.expect_tick(20)
    picks = page.locator(".kit-picks")
    data = picks.get_by_role("button", name="data of counter (pid 2)")
    expect(picks.get_by_role("button")).to_have_count(3)
    figure = page.locator(".kit-place-address-spaces .kit-figure")
    text = figure.get_by_text("count = 0").bounding_box()
    box = data.bounding_box()
    assert box["x"] < text["x"] < box["x"] + box["width"]
    assert box["y"] < text["y"] < text["y"] + text["height"] <= box["y"] + box["height"] + 2
    assert violations(page, ".kit-stage") == []
    stage.button("One tick back").click()
    expect(picks).to_have_count(0)
    stage.button("One tick on").click()
    expect(picks.get_by_role("button")).to_have_count(3)

    stage.opened.server.stop_kernel(traffic(page).kernel_ids[-1])
    picks.get_by_role("button", name="stack of T1 (pid 2)").click()
    expect(mark.get_by_label("stack of T1 (pid 2)")).to_be_checked()
    data.focus()
    page.keyboard.press("Enter")
    expect(data).to_have_attribute("aria-pressed", "true")
    expect(mark.get_by_label("data of counter (pid 2)")).to_be_checked()
    mark.get_by_role("button", name="Check").click()
    expect(mark.locator(".kit-feedback")).to_have_text("✓ A global stands in data.")
    expect(picks).to_have_count(0)
    stage.button("To the end").click()
    stage.expect_tick(stage.end)


def test_after_two_wrong_answers_another_question_is_asked(stage: Shown, page: Page):
    """By keyboard: why is told, the picture stops at the new moment, and axe finds nothing."""
    stage.opened.run_cell(
        "fresh_asked = Predict.from_trace(trace, kind='value_read', name='count', at=49,\n"
        "                                 player=stage.player)\nfresh_asked"
    )
    asked = page.locator(".kit-predict").last
    expect(asked).to_be_visible()
    right = int(stage.opened.kernel_eval("fresh_asked.question.answer"))
    wrong = [place for place in range(3) if place != right]
    for place in wrong[:2]:
        asked.locator("input").nth(place).focus()
        page.keyboard.press("Space")
        asked.get_by_role("button", name="Check").focus()
        page.keyboard.press("Enter")
    told = asked.locator(".kit-past")
    expect(told).to_have_attribute("aria-live", "polite")
    expect(told).to_contain_text("The answer:")
    expect(told).to_contain_text("Try another question of the same kind:")
    expect(asked.locator("legend")).to_contain_text("At tick 61")
    expect(asked.locator("fieldset input").first).to_be_focused()
    expect(asked.get_by_role("button", name="Check")).to_be_disabled()
    stage.slider.fill("90")
    stage.expect_tick(61)
    assert violations(page, ".kit-predict") == []
    places = "[one['correct'] for one in fresh_asked.instances[0]['choices']].index(True)"
    asked.locator("fieldset input").nth(int(stage.opened.kernel_eval(places))).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(asked.locator(".kit-feedback")).to_contain_text("✓")
    assert python(stage, "fresh")[1:] == [True, 3]
    stage.slider.fill("90")
    stage.expect_tick(90)
