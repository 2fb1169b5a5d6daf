"""A stage on the screens that people have: controls in sight, folded views, the full screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.fitting import SIZES, sights
from tests.browser.notebooks import APP, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors
from tests.browser.site import LESSONS
from tests.browser.stage import RUN, STAGE, wait_until

LECTURE = {"width": 1920, "height": 1080}
READABLE = 20  # pixels on such a screen
IS_NARROW = 600
HIDE_SIDEBAR = f"() => {APP}.commands.execute('application:toggle-left-area')"
# The size on the screen of every text that is shown.
SIZES_OF_TEXTS = """(stage) => Array.from(stage.querySelectorAll('*')).filter((element) =>
    Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim())
        && element.getClientRects().length && getComputedStyle(element).visibility === 'visible'
        && !element.closest('.kit-spoken')
).map((element) => parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom)"""

KEPT = "() => Object.keys(localStorage).filter((key) => key.includes('kit-place'))"


@pytest.mark.parametrize("place", ["jupyterlab", "notebook7", "voila"])
def test_controls_and_what_changes_are_in_sight(page, request, place):
    """Where notebooks are opened, in every size controls and what changes are in sight."""
    lesson = next(LESSONS.glob("16_*.ipynb"))
    open_notebook(page, request.getfixturevalue(place), lesson)
    stages = page.locator(".kit-stage")
    expect(stages).not_to_have_count(0, timeout=60_000)
    for size in SIZES.values():
        page.set_viewport_size(size)
        if place == "jupyterlab" and size["width"] < IS_NARROW:
            page.evaluate(HIDE_SIDEBAR)
        for stage in stages.all():
            expect(stage.locator(".kit-figure").first).to_be_attached(timeout=60_000)
            missed = [sight for sight in sights(page, stage) if not sight.fits]
            assert missed == [], f"{size}: {missed}"


def test_full_screen_is_read_from_the_last_row(stage, page):
    """On a full screen no text is under 20 pixels, space plays, and its button leads back."""
    page.set_viewport_size(LECTURE)
    stage.button("Full screen").click()
    expect(page.locator(".kit-stage.kit-full")).to_be_visible()
    whole = page.locator(".kit-stage")
    assert min(whole.evaluate(SIZES_OF_TEXTS)) >= READABLE
    page.keyboard.press("Space")
    expect(stage.button("Pause")).to_be_visible()
    wait_until(page, lambda: stage.tick > 1, "ticks pass")
    page.keyboard.press("Space")
    expect(stage.button("Play")).to_be_visible()
    stage.button("Leave full screen").click()
    expect(page.locator(".kit-full")).to_have_count(0)
    expect(stage.button("Full screen")).to_be_visible()
    assert_no_errors(page)


def test_figures_fill_their_places_on_a_full_screen(stage, page):
    """What is drawn is as wide as its place, although the page is zoomed."""
    page.set_viewport_size(LECTURE)
    stage.button("Full screen").click()
    expect(page.locator(".kit-full")).to_be_visible()
    drawn = """(figure) => {
        const box = HTMLElement.prototype.getBoundingClientRect.call(figure);
        const ground = figure.querySelector('.plotarea_background').getBoundingClientRect();
        return ground.right < box.right + 8 && ground.width > 0.7 * box.width;
    }"""
    for figure in stage.figures.all():
        figure.scroll_into_view_if_needed()
        wait_until(page, lambda shown=figure: shown.evaluate(drawn), "it is as wide as its place")


def test_a_pointer_stays_where_it_was_left(stage, page):
    """In full screen a click leaves a pointer on the picture; another one there takes it away."""
    page.set_viewport_size(LECTURE)
    stage.button("Full screen").click()
    pointer = page.locator(".kit-pointer")
    expect(pointer).to_be_hidden()
    box = stage.figures.nth(1).bounding_box()
    spot = box["x"] + box["width"] / 2, box["y"] + 40
    page.mouse.click(*spot)
    expect(pointer).to_be_visible()
    left = pointer.bounding_box()
    assert left["x"] < spot[0] < left["x"] + left["width"]
    assert left["y"] < spot[1] < left["y"] + left["height"]
    stage.seek(5)
    expect(pointer).to_be_visible()
    page.mouse.click(*spot)
    expect(pointer).to_be_hidden()


def test_a_folded_view_stays_folded(stage, page):
    """A view is folded by keyboard, keeps so while it plays, and when the page is loaded again."""
    view = page.locator(".kit-stage .kit-place-disk")
    frame = view.locator(".kit-frame")
    before = page.locator(".kit-stage").bounding_box()["height"]
    head = view.locator("summary")
    head.focus()
    page.keyboard.press("Enter")
    expect(frame).to_be_hidden()
    stage.seek(9)
    expect(frame).to_be_hidden()
    assert page.locator(".kit-stage").bounding_box()["height"] <= before
    page.evaluate(f"() => {APP}.commands.execute('docmanager:save')")
    page.reload()
    expect(page.locator(".kit-stage .kit-place-disk .kit-frame")).to_be_hidden(timeout=60_000)
    head.click()
    expect(frame).to_be_visible()


def test_what_is_typed_on_a_full_screen_goes_where_the_focus_is(stage, page):
    """A number is typed into "What if" on a full screen; it moves and plays nothing."""
    page.set_viewport_size(LECTURE)
    page.get_by_role("button", name="What if …").click()
    page.get_by_label("What if", exact=True).select_option("set a variable")
    number = page.get_by_label("to", exact=True)
    stage.seek(9)
    stage.button("Full screen").click()
    expect(page.locator(".kit-stage.kit-full")).to_be_visible()
    number.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("-5")
    expect(number).to_have_value("-5")
    assert stage.tick == 9
    expect(page.get_by_label("Speed")).to_have_value("1")
    number.press("f")
    expect(page.locator(".kit-stage.kit-full")).to_be_visible()
    assert_no_errors(page)


def test_only_the_player_that_fills_the_screen_takes_its_keys(stage, page):
    """A page that fills the screen is left alone, and a comparison below does not play along."""
    page.evaluate("() => document.documentElement.requestFullscreen()")
    wait_until(page, lambda: page.evaluate("() => !!document.fullscreenElement"), "it is filled")
    expect(page.locator(".kit-full")).to_have_count(0)
    page.evaluate("() => document.exitFullscreen()")
    stage.opened.kernel_run("from kit import Kill\nstage.branch(Kill(2), at=9)")
    expect(page.locator(".kit-stage .kit-compare .kit-player")).to_be_visible()
    stage.button("Full screen").first.click()
    expect(page.locator(".kit-stage.kit-full")).to_be_visible()
    expect(page.locator(".kit-pointer")).to_have_count(1)
    page.keyboard.press("Space")
    expect(stage.button("Pause")).to_have_count(1)
    assert_no_errors(page)


def test_a_program_folds_views_that_nobody_has_folded(stage, page):
    """What a program folds is folded, and is not kept as if a person had done it."""
    frame = page.locator(".kit-stage .kit-place-disk .kit-frame")
    expect(frame).to_be_visible()
    assert page.evaluate(KEPT) == []
    stage.opened.kernel_run("stage.disk.folded = True")
    expect(frame).to_be_hidden()
    stage.opened.kernel_run("stage.disk.folded = False")
    expect(frame).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_stages_with_one_title_have_folds_of_their_own(page, jupyterlab):
    """Of two stages with the same title, also in one cell, each keeps what is folded in it."""
    two = "from ipywidgets import VBox\nVBox([Stage(trace), Stage(trace)])"
    opened = open_notebook(
        page, jupyterlab, write_notebook(jupyterlab, "two.ipynb", RUN, two, STAGE)
    )
    frames = page.locator(".kit-stage .kit-place-disk .kit-frame")
    expect(frames).to_have_count(3)
    for frame in frames.all():
        expect(frame.locator(".kit-figure")).to_be_attached()
    page.locator(".kit-stage .kit-place-disk summary").nth(1).click()
    expect(frames.nth(1)).to_be_hidden()
    assert len(page.evaluate(KEPT)) == 1
    opened.run_all()
    expect(frames).to_have_count(3)
    expect(frames.nth(1)).to_be_hidden()
    expect(frames.nth(0)).to_be_visible()
    expect(frames.nth(2)).to_be_visible()


def test_the_legend_of_a_timeline_is_whole_on_a_phone(page, jupyterlab):
    """It takes as many lines as it needs, and none of its words is cut."""
    view = "stage = Timeline(trace)\nstage"
    open_notebook(page, jupyterlab, write_notebook(jupyterlab, "legend.ipynb", RUN, view))
    page.set_viewport_size(SIZES["phone"])
    page.evaluate(HIDE_SIDEBAR)
    legend = page.locator(".kit-zoom .kit-legend")
    expect(legend).to_contain_text("full: running · pale: ready")
    cut = """(legend) => {
        const frame = legend.closest('.kit-frame').getBoundingClientRect();
        return Array.from(legend.children).some((part) =>
            Array.from(part.getClientRects()).some((box) => box.right > frame.right + 1));
    }"""
    wait_until(page, lambda: not legend.evaluate(cut), "no word is cut")


def test_the_same_in_c_is_unfolded_by_keys(stage, page):
    """Its button is next to "What if"; the text below is reached by the Tab key, and goes again."""
    what_if, in_c = (
        page.get_by_role("button", name=name) for name in ("What if …", "The same in C")
    )
    assert what_if.bounding_box()["y"] == in_c.bounding_box()["y"]
    in_c.focus()
    page.keyboard.press("Enter")
    text = page.get_by_role("group", name="counter.c", exact=True)
    expect(text).to_contain_text("pthread_create")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(text).to_be_focused()
    in_c.press("Enter")
    expect(text).to_be_hidden()
