"""The stage as people meet it: in real pages, by mouse, by keyboard and from Python."""

import re
from threading import Thread

from playwright.sync_api import expect

from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import (
    FIGURES,
    VISIBLE_MARKS,
    play_past,
    use_keys,
    wait_until,
)

# What speed and play say, from now on, in every frame.
NOTE_CONTROLS = """(player) => {
    window.kitNoted = new Set();
    const [speed, play] = [".kit-speed", ".kit-play"].map((name) => player.querySelector(name));
    const look = () => {
        window.kitNoted.add(`${speed.value} ${play.ariaLabel}`);
        requestAnimationFrame(look);
    };
    look();
}"""


def test_all_figures_show_something(stage, page):
    """Each of the four figures has room and visible marks, and is named for screen readers."""
    for place in range(FIGURES):
        figure = stage.figures.nth(place)
        box = figure.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 50
        assert figure.evaluate(VISIBLE_MARKS) >= 3
        expect(figure).to_have_role("img")
        expect(figure).to_have_accessible_name(re.compile(r"\w+.*This moment in words"))
    assert_no_errors(page)


def test_controls_by_mouse(stage, page):
    """Steps, ends, slider, speed and play by mouse move the page, and Python follows."""
    stage.button("One tick on").click()
    stage.expect_tick(1)
    stage.button("One tick on").click()
    stage.expect_tick(2)
    stage.button("One tick back").click()
    stage.expect_tick(1)
    stage.expect_python("tick", 1)
    stage.button("To the end").click()
    stage.expect_tick(stage.end)
    stage.expect_python("tick", stage.end)
    stage.button("To the start").click()
    stage.expect_tick(0)
    stage.seek(37)
    stage.expect_tick(37)
    stage.expect_python("tick", 37)
    box = stage.slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_until(page, lambda: abs(stage.tick - stage.end / 2) < 3, "the middle")
    stage.expect_python("tick", stage.tick)

    stage.player.get_by_role("combobox", name="Speed").select_option("8")
    stage.expect_python("speed", 8.0)
    play_past(stage, stage.tick + 5)
    stage.button("Pause").click()
    expect(stage.button("Play")).to_be_visible()
    stopped = stage.tick
    stage.expect_tick(stopped)
    stage.expect_python("tick", stopped)
    assert stage.python("playing") is False
    assert_no_errors(page)


def test_controls_by_keyboard(stage, page):
    """Every key that the controls announce works, from a button and from the slider."""
    use_keys(stage, page)
    stage.expect_python("speed", 8.0)
    assert_no_errors(page)


def test_a_slow_kernel_undoes_nothing(stage, page, tmp_path):
    """What Python confirms late does not come back over what a person has done since."""
    busy, go = tmp_path / "busy", tmp_path / "go"
    code = (
        f"import pathlib, time\npathlib.Path({str(busy)!r}).touch()\n"
        f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)"
    )
    kernel = Thread(target=stage.opened.kernel_run, args=(code,))
    kernel.start()
    wait_until(page, busy.exists, "the kernel has something else to do")
    mark = traffic(page).mark()
    stage.slider.focus()
    # The first message, whenever it goes, tells of the speed.
    for key in ("+", "Space", "Space"):
        page.keyboard.press(key)
    traffic(page).wait_for(lambda: traffic(page).comms(mark, "sent"))
    page.keyboard.press("Space")
    page.keyboard.press("+")
    stage.player.evaluate(NOTE_CONTROLS)
    go.touch()
    kernel.join()
    stage.expect_python("speed", 2.0)
    # What Python says comes in order: once the title is there, so is what it said before.
    stage.opened.kernel_run("stage.player.title = 'later'")
    expect(stage.player.get_by_role("heading", name="later")).to_be_visible()
    assert page.evaluate("Array.from(window.kitNoted)") == ["4 Pause"]
    page.keyboard.press("Space")
    stage.expect_python("speed", 4.0)
    stage.expect_python("tick", stage.tick)
    assert_no_errors(page)


def test_tab_reaches_every_control(stage, page):
    """Tab goes through the controls in order, each shows the focus, and Space plays."""
    stage.button("To the start").focus()
    names = []
    for _ in range(14):
        focused = page.locator(":focus")
        names.append(focused.evaluate("e => e.getAttribute('aria-label') ?? e.textContent"))
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
        page.keyboard.press("Tab")
    assert names == [
        *("To the start", "One tick back", "Play", "One tick on", "To the end"),
        *("Tick", "Step by", "Speed", "Copy link to this run", "Full screen"),
        *("In more detail (6)", "This moment in words", "Keys", "Save picture"),
    ]
    stage.button("One tick back").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(stage.button("Pause")).to_be_visible()
    wait_until(page, lambda: stage.tick > 1, "ticks pass")


def test_a_click_on_the_timeline_seeks(stage, page):
    """A click on the timeline goes to the tick under the mouse, from the first click on."""
    stage.figures.last.scroll_into_view_if_needed()
    timeline = stage.figures.last.bounding_box()
    axis = {}
    for tick in (20, 80):
        label = stage.figures.last.get_by_text(str(tick), exact=True).bounding_box()
        axis[tick] = label["x"] + label["width"] / 2
    for tick, x in axis.items():
        page.mouse.click(x, timeline["y"] + 20)
        wait_until(page, lambda tick=tick: abs(stage.tick - tick) <= 1, f"tick {tick}")
    stage.expect_python("tick", stage.tick)


def test_python_moves_the_page(stage, page):
    """Setting tick and playing in Python moves, starts and stops what the page shows."""
    stage.opened.kernel_run("stage.player.tick = 42")
    stage.expect_tick(42)
    at_42 = stage.picture()
    stage.opened.kernel_run("stage.player.playing = True")
    expect(stage.button("Pause")).to_be_visible()
    wait_until(page, lambda: stage.tick > 43, "ticks pass")
    stage.opened.kernel_run("stage.player.playing = False")
    expect(stage.button("Play")).to_be_visible()
    stage.expect_python("tick", stage.tick)
    stage.opened.kernel_run("stage.player.tick = 42")
    stage.expect_tick(42)
    assert stage.picture() == at_42
    assert_no_errors(page)


def test_python_stops_a_run_started_in_the_page(stage, page):
    """`player.pause()` stops a run of which Python was not told, `player.play()` goes on."""
    play_past(stage, 3)
    stage.opened.kernel_run("stage.player.pause()")
    expect(stage.button("Play")).to_be_visible()
    stage.expect_python("tick", stage.tick)
    stage.opened.kernel_run("stage.player.play()")
    expect(stage.button("Pause")).to_be_visible()
    assert_no_errors(page)


def test_every_way_to_a_tick_shows_the_same(stage):
    """A tick looks the same reached forward, by seeking, and backward."""
    pictures = {0: stage.picture()}
    for tick in range(1, 13):
        stage.button("One tick on").click()
        pictures[tick] = stage.picture()
    assert len({str(picture) for picture in pictures.values()}) > 10
    stage.seek(90)
    for tick in (9, 3, 12, 6):
        stage.seek(tick)
        assert stage.picture() == pictures[tick], f"seeking to tick {tick}"
    for tick in reversed(range(6)):
        stage.button("One tick back").click()
        assert stage.picture() == pictures[tick], f"stepping back to tick {tick}"
