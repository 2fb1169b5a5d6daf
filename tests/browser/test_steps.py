"""Steps that mean something: from event to event, and from source line to source line."""

from collections.abc import Iterable

from playwright.sync_api import Page, expect

from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import Shown

EVENTS = "sorted({event.tick for event in trace.events if event.tick})"
# The line is executed at its tick, and another one at the tick before.
LINES = """[tick for tick, before, now in (
    (t, trace.narration(t - 1).first, trace.narration(t).first) for t in range(1, 9)
) if now.startswith("Line") and now.split(",")[0] != before.split(",")[0]]"""


def expect_steps(stage: Shown, key: str, ticks: Iterable[int]) -> None:
    """Press a key again and again, which leads to these ticks."""
    for tick in ticks:
        stage.page.keyboard.press(key)
        stage.expect_tick(tick)


def test_steps_by_keys(stage: Shown, page: Page) -> None:
    """Shift with an arrow leads to events of the system, comma and full stop to source lines."""
    events = stage.opened.kernel_eval(EVENTS)
    stage.button("To the start").click()
    expect_steps(stage, "Shift+ArrowRight", events[:3])
    expect_steps(stage, "Shift+ArrowLeft", [events[1], events[0], 0])
    lines = stage.opened.kernel_eval(LINES)
    expect_steps(stage, ".", lines[:2])
    expect_steps(stage, ",", lines[:1])
    assert_no_errors(page)


def test_steps_by_buttons(stage: Shown, page: Page) -> None:
    """A menu of the bar says what the buttons step by; they are named after it."""
    events = stage.opened.kernel_eval(EVENTS)
    height = "bar => bar.getBoundingClientRect().height"
    bar = stage.player.get_by_role("toolbar")
    before = bar.evaluate(height)
    stage.player.get_by_role("combobox", name="Step by").select_option("event")
    stage.button("Next event").click()
    stage.expect_tick(events[0])
    stage.button("Next event").click()
    stage.expect_tick(events[1])
    stage.button("Previous event").click()
    stage.expect_tick(events[0])
    stage.player.get_by_role("combobox", name="Step by").select_option("tick")
    expect(stage.button("One tick on")).to_be_visible()
    assert bar.evaluate(height) == before
    assert_no_errors(page)
