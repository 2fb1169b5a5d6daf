"""Pointing at something in one picture, which marks it in all of them."""

from playwright.sync_api import Page, expect

from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import Shown

WRITTEN = """[
    t for t in range(1, trace.end + 1)
    if trace.at(t).processes and trace.at(t - 1).processes
    and trace.at(t).processes[2].globals.get("count")
    != trace.at(t - 1).processes[2].globals.get("count")
]"""
TURNS = "cells => cells.map(cell => [cell.textContent, cell.dataset.changed])"


def test_pointing_and_its_steps(stage: Shown, page: Page) -> None:
    """A click on a variable pins it; n and p go to its changes; a thread is marked everywhere."""
    stage.player.get_by_role("slider", name="Tick").fill("30")
    stage.expect_tick(30)
    spaces = page.locator(".kit-place-address-spaces")
    menu = stage.player.get_by_role("combobox", name="Point at")
    text = spaces.locator("text", has_text="count = ").first
    text.evaluate("text => text.scrollIntoView({ block: 'center' })")
    place = text.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 5, place["y"] + 5)
    expect(menu).to_have_value("variable:2:count")
    expect(stage.player.get_by_text("Pointed at: variable count.")).to_be_attached()
    expect(spaces.locator(".kit-point")).to_have_count(1)
    changes = stage.opened.kernel_eval(WRITTEN)
    later = [tick for tick in changes if tick > 30]
    stage.button("Play").focus()
    for key, tick in zip("nnp", [later[0], later[1], later[0]], strict=True):
        page.keyboard.press(key)
        stage.expect_tick(tick)
    menu.select_option("thread counter T2")
    for view in ("address-spaces", "cpu", "timeline"):
        expect(page.locator(f".kit-place-{view} .kit-point").first).to_be_visible()
    call = menu.locator("option", has_text="call of worker in counter T2")
    menu.select_option(str(call.get_attribute("value")))
    expect(spaces.locator(".kit-point")).to_have_count(1)
    menu.press("Escape")
    expect(page.locator(".kit-point")).to_have_count(0)
    fading = page.locator(".kit-table [data-changed]").evaluate_all(TURNS)
    page.locator("tr[data-about='process:2']").hover()
    expect(page.locator("tr[data-pointed]")).to_have_count(1)
    expect(spaces.locator(".kit-point")).to_have_count(1)
    # What changed is not marked anew, as if it had just changed.
    assert fading
    assert page.locator(".kit-table [data-changed]").evaluate_all(TURNS) == fading
    assert_no_errors(page)
