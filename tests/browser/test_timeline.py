"""The timeline in a real page: zooming, panning, seeking, following."""

import statistics

import pytest
from playwright.sync_api import Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import RUN, Shown, shown, wait_until

LONG = RUN.replace("worker, 3", "worker, 60").replace("KiB, Machine", "KiB, Limits, Machine")
ALONE = "stage = Timeline(trace)\nstage"
FRAMES = """async (milliseconds) => {
    const frames = [];
    let last = performance.now();
    const stop = last + milliseconds;
    while (last < stop) {
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - last);
        last = now;
    }
    return frames;
}"""
TURN_WHEEL = """(figure, [x, y, deltaY, ctrlKey, shiftKey]) => figure.dispatchEvent(
    new WheelEvent('wheel', {
        clientX: x, clientY: y, deltaY, ctrlKey, shiftKey, bubbles: true, cancelable: true,
    })
)"""


def open_timeline(page: Page, server: Server, *cells: str) -> Shown:
    """Open a notebook with a timeline of its own."""
    opened = open_notebook(page, server, write_notebook(server, "timeline.ipynb", *cells))
    timeline = shown(opened, figures=1)
    expect(page.locator(".kit-shown")).to_contain_text("ticks 0 to ")
    timeline.player.evaluate("element => element.scrollIntoView()")
    return timeline


def window(timeline: Shown) -> tuple[float, float]:
    """First and last tick that are shown, as the page says."""
    said = timeline.page.locator(".kit-shown").inner_text().split(";")[0].split()
    return float(said[1]), float(said[3])


def ruler(timeline: Shown) -> dict[int, float]:
    """Where in the page each written tick stands."""
    found = timeline.figures.first.evaluate(
        """(figure) => Array.from(figure.querySelectorAll('text[style*="bolder"]'), (text) => {
            const box = text.getBoundingClientRect();
            return [Number(text.textContent), box.left + box.width / 2];
        })"""
    )
    return {int(tick): x for tick, x in found}


def tick_at(timeline: Shown, x: float) -> float:
    """The tick that stands at a place of the page."""
    places = sorted(ruler(timeline).items())
    (one, left), (other, right) = places[0], places[-1]
    return one + (x - left) / (right - left) * (other - one)


def press(timeline: Shown, label: str) -> None:
    """Press one of the buttons of the zoom, and wait until the picture stands still."""
    timeline.page.get_by_role("button", name=label, exact=True).click()
    timeline.picture()


CLOSER, FARTHER = "Show less of the run", "Show more of the run"
WHOLE = "Show the whole run"


def test_buttons_and_keys_zoom_and_pan(page, jupyterlab):
    """Buttons and keys show less, more, other parts and all of it, and tell the kernel nothing."""
    timeline = open_timeline(page, jupyterlab, RUN, ALONE)
    end = timeline.end
    traffic(page).wait_for_silence()
    mark = traffic(page).mark()
    names = timeline.figures.first.get_by_text("T2", exact=True).bounding_box()
    coarse = sorted(ruler(timeline))
    assert window(timeline) == (0, end)
    for _ in range(4):
        press(timeline, CLOSER)
    first, last = window(timeline)
    assert last - first < end / 5
    fine = sorted(ruler(timeline))
    assert fine[1] - fine[0] < coarse[1] - coarse[0]
    assert first <= fine[0]
    assert fine[-1] <= last
    assert timeline.figures.first.get_by_text("T2", exact=True).bounding_box() == names
    press(timeline, FARTHER)
    assert window(timeline)[1] - window(timeline)[0] > last - first
    press(timeline, WHOLE)
    assert window(timeline) == (0, end)

    track = page.get_by_role("slider", name="Shown part of the run")
    track.focus()
    for key in ("+", "+", "+", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
        timeline.picture()
    panned = window(timeline)
    assert panned[0] > 0
    expect(track).to_have_attribute("aria-valuenow", f"{panned[0]:.0f}")
    page.get_by_role("button", name=CLOSER, exact=True).focus()
    page.keyboard.press("Shift+ArrowLeft")
    timeline.picture()
    assert window(timeline)[0] < panned[0]
    page.keyboard.press("-")
    timeline.picture()
    assert window(timeline)[1] - window(timeline)[0] > panned[1] - panned[0]
    page.keyboard.press("0")
    timeline.picture()
    assert window(timeline) == (0, end)
    timeline.expect_tick(0)
    assert traffic(page).comms(mark) == []
    assert_no_errors(page)


def test_wheel_drag_and_click(page, jupyterlab):
    """The wheel zooms where the mouse is, a drag pans and does not seek, a click seeks."""
    timeline = open_timeline(page, jupyterlab, RUN, ALONE)
    figure = timeline.figures.first
    box = figure.bounding_box()
    x, y = box["x"] + box["width"] * 0.6, box["y"] + 30
    under = tick_at(timeline, x)
    for _ in range(5):
        figure.evaluate(TURN_WHEEL, [x, y, -150, True, False])
    timeline.picture()
    first, last = window(timeline)
    assert last - first < timeline.end / 3
    assert abs(tick_at(timeline, x) - under) < 1
    figure.evaluate(TURN_WHEEL, [x, y, 100, False, True])
    timeline.picture()
    assert window(timeline)[0] > first

    before = tick_at(timeline, x)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y, steps=4)
    page.mouse.move(x + 100, y, steps=4)
    page.mouse.up()
    timeline.picture()
    assert abs(tick_at(timeline, x + 100) - before) < 1
    timeline.expect_tick(0)

    wanted = round(tick_at(timeline, x - 60))
    page.mouse.click(x - 60, y)
    wait_until(page, lambda: abs(timeline.tick - wanted) <= 1, f"tick {wanted}")
    timeline.expect_python("tick", timeline.tick)
    shown_part = window(timeline)
    assert shown_part[0] <= timeline.tick <= shown_part[1]
    assert_no_errors(page)


def test_playing_turns_the_page(page, jupyterlab):
    """While a zoomed timeline plays, what is shown follows, a page at a time."""
    timeline = open_timeline(page, jupyterlab, RUN, ALONE)
    for _ in range(4):
        press(timeline, CLOSER)
    seen = {window(timeline)[0]}
    timeline.player.get_by_role("combobox", name="Speed").select_option("8")
    timeline.button("Play").click()
    while timeline.tick < timeline.end:
        seen.add(window(timeline)[0])
        page.wait_for_timeout(20)
    timeline.expect_tick(timeline.end)
    assert window(timeline)[1] == timeline.end
    assert 4 <= len(seen) <= 12
    timeline.seek(3)
    timeline.picture()
    first, last = window(timeline)
    assert first <= 3 <= last < timeline.end
    assert_no_errors(page)


def test_options_and_zoom_outlive_another_run(page, jupyterlab):
    """Another run is shown with the same lanes, the same direction and the same part of time."""
    cell = "stage = Timeline(trace, lanes='core', direction='down')\nstage"
    timeline = open_timeline(page, jupyterlab, LONG, cell)
    figure = timeline.figures.first
    expect(figure.get_by_text("core 0", exact=True)).to_be_visible()
    for _ in range(5):
        press(timeline, CLOSER)
    zoomed = window(timeline)
    timeline.opened.kernel_run(
        "shorter = Machine(cores=2, scheduler=RoundRobin(quantum=4)); shorter.launch(counter)\n"
        "before = stage.figure\nstage.trace = shorter.run()"
    )
    expect(figure.get_by_text("core 1", exact=True)).to_be_visible()
    timeline.picture()
    assert window(timeline) == zoomed
    assert timeline.opened.kernel_eval("stage.figure is before") is True
    timeline.opened.kernel_run("stage.lanes = 'thread'")
    expect(figure.get_by_text("T3", exact=True)).to_be_visible()
    expect(page.locator(".kit-caption").last).to_contain_text("one lane for each thread")
    timeline.opened.kernel_run("stage.direction = 'right'")
    wait_until(page, lambda: figure.bounding_box()["height"] < 400, "lanes below each other")
    timeline.picture()
    assert window(timeline) == zoomed
    names = {text for text in figure.locator("text.element").all_text_contents() if text}
    assert {"counter", "pid 2", "T1", "T2", "T3"} <= names
    assert_no_errors(page)


@pytest.mark.parametrize("direction", ["down"])
def test_time_runs_down(page, jupyterlab, direction):
    """Where time runs down, lanes stand side by side and a click seeks by height."""
    cell = f"stage = Timeline(trace, direction={direction!r})\nstage"
    timeline = open_timeline(page, jupyterlab, RUN, cell)
    figure = timeline.figures.first
    lanes = [figure.get_by_text(f"T{n}", exact=True).bounding_box() for n in (1, 2, 3)]
    assert lanes[0]["y"] == lanes[1]["y"] == lanes[2]["y"]
    assert lanes[0]["x"] < lanes[1]["x"] < lanes[2]["x"]
    label = figure.get_by_text("60", exact=True).bounding_box()
    page.mouse.click(lanes[1]["x"], label["y"] + label["height"] / 2)
    wait_until(page, lambda: abs(timeline.tick - 60) <= 1, "tick 60")
    page.mouse.click(lanes[1]["x"], lanes[1]["y"])
    timeline.picture()
    assert abs(timeline.tick - 60) <= 1
    assert_no_errors(page)


@pytest.mark.alone
@pytest.mark.thorough
def test_long_run_plays_smoothly(page, jupyterlab):
    """Ten thousand ticks play at the rate of the screen, also zoomed in; single turns show."""
    cell = """endless = counter.text.replace("range(n)", "range(10**9)")
machine = Machine(scheduler=RoundRobin(quantum=4), limits=Limits(ticks=10_000))
machine.launch(Program("endless", endless))
try:
    machine.run()
except Exception as stopped:
    trace = stopped.trace
stage = Timeline(trace)
stage"""
    timeline = open_timeline(page, jupyterlab, LONG, cell)
    assert timeline.end == 10_000
    expect(page.locator(".kit-shown")).to_contain_text("shares")
    timeline.button("Play").click()
    page.wait_for_timeout(500)
    whole = page.evaluate(FRAMES, 2000)
    for _ in range(12):
        page.get_by_role("button", name=CLOSER, exact=True).evaluate("button => button.click()")
    page.wait_for_timeout(500)
    part = page.evaluate(FRAMES, 2000)
    timeline.button("Pause").evaluate("button => button.click()")
    for frames in (whole, part):
        assert statistics.median(frames) < 1000 / 55
    expect(page.locator(".kit-shown")).not_to_contain_text("shares")
    timeline.picture()
    assert timeline.figures.first.get_by_text("running", exact=True).count() > 3
    assert_no_errors(page)
