"""What changed at the tick that is shown: it is marked in every picture, and the mark fades."""

from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import Shown, open_stage, play_past, wait_until

VIEWS = '["disk", "address_spaces", "cpu", "timeline", "listing", "frames"]'
CELLS = f"stage = Stage(trace, views={VIEWS})\nstage"
# The texts of a figure that a frame encloses.
FRAMED = """(frame) => Array.from(frame.querySelectorAll('.kit-change')).flatMap((mark) => {
    const box = mark.getBoundingClientRect();
    return Array.from(frame.querySelectorAll('.kit-figure text'), (text) => {
        const { left, top, right, bottom } = text.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        const inside = x > box.left && x < box.right && y > box.top && y < box.bottom;
        return inside && text.textContent ? [text.textContent] : [];
    }).flat();
})"""
FADES = "marks => marks.map(mark => mark.getAnimations().length)"


def frame_of(page: Page, view: str) -> Locator:
    """The picture of a view."""
    return page.locator(f".kit-place-{view} .kit-frame")


def expect_framed(page: Page, view: str, text: str) -> None:
    """Wait until a text of a picture is enclosed."""
    frame = frame_of(page, view)
    wait_until(page, lambda: text in frame.evaluate(FRAMED), f"{text!r} is marked")


def store_of(stage: Shown) -> int:
    """The tick at which the shared count is written first."""
    found = stage.opened.kernel_eval(
        "next(t for t in range(trace.end) if trace.at(t).processes[2].globals['count'])"
    )
    return int(found)


def test_what_changed_is_marked_in_every_picture(page: Page, jupyterlab: Server):
    """The line of a variable, its thread's instruction, a lane and a row have their marks."""
    stage = open_stage(page, jupyterlab, CELLS)
    tick = store_of(stage)
    for way in (tick, 0, stage.end, tick):
        stage.seek(way)
    expect_framed(page, "address-spaces", "count = 1")
    assert frame_of(page, "cpu").locator(".kit-change").count() > 0
    assert page.locator(".kit-table [data-changed]").count() > 0
    ready = stage.opened.kernel_eval(
        "next(t for t in range(1, trace.end) if trace.at(t).processes[2].threads.get(2))"
    )
    stage.seek(int(ready))
    expect_framed(page, "timeline", "T2")
    stage.seek(0)
    expect(page.locator(".kit-change, [data-changed]")).to_have_count(0)
    assert_no_errors(page)


def test_marks_fade_once_the_run_stands_still(page: Page, jupyterlab: Server):
    """They fade at rest, not while it plays, and stay where people asked for less motion."""
    stage = open_stage(page, jupyterlab, CELLS)
    tick = store_of(stage)
    marks = page.locator(".kit-change, [data-changed]")
    stage.seek(tick)
    expect(marks).not_to_have_count(0)
    assert set(marks.evaluate_all(FADES)) == {1}
    play_past(stage, tick + 1)
    wait_until(page, lambda: marks.count() > 0, "marks while it plays")
    assert set(marks.evaluate_all(FADES)) <= {0}
    stage.button("Pause").click()
    page.emulate_media(reduced_motion="reduce")
    stage.seek(tick)
    expect(marks).not_to_have_count(0)
    assert set(marks.evaluate_all(FADES)) == {0}
    assert_no_errors(page)


def test_what_changes_at_every_tick_is_marked_anew_at_each(page: Page, jupyterlab: Server):
    """A cell that changes tick after tick has a mark that begins to fade at each of them."""
    stage = open_stage(page, jupyterlab, CELLS.replace("listing", "translation"))
    stage.seek(store_of(stage))
    marks = page.locator(".kit-table [data-changed]")
    again = 0
    for _ in range(8):
        marks.evaluate_all(
            "all => all.forEach(one => { one.dataset.before = one.dataset.changed; })"
        )
        stage.button("One tick on").click()
        stage.expect_tick(stage.tick)
        turns = marks.evaluate_all(
            "all => all.map(one => [one.dataset.before, one.dataset.changed])"
        )
        again += sum(before is not None for before, _ in turns)
        assert all(before != now for before, now in turns)
        page.locator("[data-before]").evaluate_all(
            "all => all.forEach(one => { delete one.dataset.before; })"
        )
    assert again > 0
    assert_no_errors(page)
