"""What tests of the stage share: the notebook, what a page shows of it, how to wait."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import OpenNotebook, open_notebook, write_notebook

RUN = '''
from kit import KiB, Machine, Program, RoundRobin
from kit.widgets import Stage, Timeline
counter = Program("counter", """
count = 0
def worker(n):
    global count
    for i in range(n):
        count += 1
def main():
    a = spawn(worker, 3)
    b = spawn(worker, 3)
    join(a)
    join(b)
    print(count)
""")
machine = Machine(cores=1, ram=64 * KiB, page_size=1 * KiB, scheduler=RoundRobin(quantum=4), seed=0)
machine.launch(counter, at=0)
trace = machine.run()
'''
STAGE = "stage = Stage(trace)\nstage"
FIGURES = 4
SPEEDS = [0.25, 0.5, 1, 2, 4, 8]
PLAY_SECONDS = 9
LEAST_FPS = 20
"""Frames a second below which a run does not play but jumps. That there are 60 is measured by `make
bench-browser`: a machine that others use too draws half of them on one day, and all on another."""
PATIENCE = 20.0
SCREEN = {"width": 1600, "height": 1050}

# Nothing moves any more once the picture is the same for a few frames; bqplot
# draws some of a change only in the frame after it.
PICTURE = """async (figures) => {
    const drawn = () => figures.map((figure) => [
        ...Array.from(figure.querySelectorAll('.svg-figure path.line'), (path) =>
            `${path.getAttribute('d')} ${path.getAttribute('style')}`),
        ...Array.from(figure.querySelectorAll('.svg-figure .object_grp'), (label) =>
            `${label.getAttribute('transform')} ${label.textContent} `
            + label.firstElementChild.getAttribute('style')),
    ]);
    let [last, same] = ['', 0];
    while (same < 5) {
        await new Promise(requestAnimationFrame);
        const now = JSON.stringify(drawn());
        [last, same] = [now, now === last ? same + 1 : 0];
    }
    return drawn();
}"""
VISIBLE_MARKS = """(figure) => Array.from(
    figure.querySelectorAll('.svg-figure path.line, .svg-figure text.element')
).filter((mark) => {
    const { width, height } = mark.getBoundingClientRect();
    return width + height > 0 && getComputedStyle(mark).opacity !== '0';
}).length"""
# Counts the frames in which a figure was drawn anew, from the moment it is called.
COUNT_FRAMES = """(figure) => {
    const seen = { drawn: [], frames: 0, start: performance.now() };
    let drawn = false;
    const watcher = new MutationObserver((records) => {
        drawn ||= records.some((r) => r.oldValue !== r.target.getAttribute('d'));
    });
    watcher.observe(figure, {
        subtree: true, attributes: true, attributeOldValue: true, attributeFilter: ['d'],
    });
    const look = (now) => {
        if (drawn) seen.drawn.push(now);
        drawn = false;
        seen.frames += 1;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    window.kitSeen = seen;
}"""
COUNT_CALLS = """() => {
    const own = window.requestAnimationFrame.bind(window);
    window.kitCalls = 0;
    window.requestAnimationFrame = (callback) => {
        window.kitCalls += 1;
        return own(callback);
    };
    window.kitCallsIn = async (frames) => {
        const before = window.kitCalls;
        for (let frame = 0; frame < frames; frame += 1) await new Promise(own);
        return window.kitCalls - before;
    };
}"""


@dataclass(frozen=True)
class Played:
    """A player on a page."""

    player: Locator

    @property
    def slider(self) -> Locator:
        """The slider of ticks."""
        return self.player.get_by_role("slider", name="Tick")

    @property
    def tick(self) -> int:
        """The tick that the controls show."""
        return int(self.slider.input_value())

    @property
    def end(self) -> int:
        """The last tick."""
        return int(self.slider.get_attribute("max") or -1)

    def button(self, name: str) -> Locator:
        """One of the buttons."""
        return self.player.get_by_role("button", name=name, exact=True)

    def seek(self, tick: int) -> None:
        """Move the slider, as a drag does."""
        self.slider.fill(str(tick))
        expect(self.slider).to_have_value(str(tick))

    def expect_tick(self, tick: int) -> None:
        """Wait until every control shows a tick."""
        expect(self.slider).to_have_value(str(tick))
        expect(self.player.locator(".kit-clock")).to_have_text(f"t = {tick} / {self.end}")
        expect(self.player.locator(".kit-narration")).to_contain_text(f"t = {tick} ")


@dataclass(frozen=True)
class Shown(Played):
    """One player on a page of a notebook, and the figures below it."""

    opened: OpenNotebook
    figures: Locator

    @property
    def page(self) -> Page:
        """The page it is on."""
        return self.opened.page

    def first_sentence(self, tick: int) -> str:
        """What is read at a tick, which the trace marks as code where it is code."""
        found: str = self.opened.kernel_eval(f"trace.narration({tick}).first")
        return found.replace("`", "")

    def picture(self) -> list[list[str]]:
        """Every shape and text of every figure, with its place and style, once all is drawn."""
        found: list[list[str]] = self.figures.evaluate_all(PICTURE)
        return found

    def words(self) -> list[str]:
        """The sentences of "This moment in words"; it must be open."""
        return self.player.locator(".kit-words li").all_inner_texts()

    def python(self, trait: str) -> Any:
        """A trait of the Python player."""
        return self.opened.kernel_eval(f"stage.player.{trait}")

    def expect_python(self, trait: str, value: Any) -> None:
        """Wait until a trait of the Python player is what it should become."""
        wait_until(self.page, lambda: self.python(trait) == value, f"stage.player.{trait}: {value}")


def wait_until(page: Page, condition: Callable[[], object], what: str) -> None:
    """Wait for something that neither the page nor a message says."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"did not come within {PATIENCE} s: {what}"
        page.wait_for_timeout(20)


def shown(opened: OpenNotebook, place: int = 0, figures: int = FIGURES) -> Shown:
    """Wait for the player at a place of the page and the figures of its view."""
    page = opened.page
    view = page.locator(".kit-view:has(> * .kit-player), .kit-view:has(> .kit-player)").nth(place)
    own = view.locator(".kit-player").first  # a comparison below has another one
    stage = Shown(own, opened, view.locator(".kit-figure:not(.kit-compare *)"))
    expect(stage.player).to_be_visible()
    expect(stage.figures).to_have_count(figures)
    expect(stage.player.locator(".kit-narration")).not_to_have_text(re.compile(r"^t = \d+ $"))
    for zoom in view.locator(".kit-zoom-frame").all():
        expect(zoom).to_contain_text("ticks")  # it draws the bars of its timeline
    stage.picture()
    return stage


def open_stage(page: Page, server: Server, *cells: str) -> Shown:
    """Open a notebook that runs the lesson's program, then the given cells."""
    opened = open_notebook(page, server, write_notebook(server, "stage.ipynb", RUN, *cells))
    return shown(opened)


def play_past(stage: Shown, tick: int) -> None:
    """Press play and let it come beyond a tick."""
    stage.button("Play").click()
    expect(stage.button("Pause")).to_be_visible()
    wait_until(stage.page, lambda: stage.tick > tick, "ticks pass")


def use_keys(stage: Shown, page: Page) -> None:
    """Drive a stage by keyboard alone, from its first button on."""
    stage.button("To the start").click()
    stage.expect_tick(0)
    for key, tick in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)]:
        page.keyboard.press(key)
        stage.expect_tick(tick)
    page.keyboard.press("End")
    stage.expect_tick(stage.end)
    page.keyboard.press("Home")
    stage.expect_tick(0)
    page.keyboard.press("+")
    expect(stage.player.get_by_role("combobox", name="Speed")).to_have_value("2")
    page.keyboard.press("-")
    page.keyboard.press("-")
    expect(stage.player.get_by_role("combobox", name="Speed")).to_have_value("0.5")
    for _ in range(4):
        page.keyboard.press("+")
    stage.slider.focus()
    page.keyboard.press("ArrowRight")
    stage.expect_tick(1)
    page.keyboard.press("Space")
    expect(stage.button("Pause")).to_be_visible()
    wait_until(page, lambda: stage.tick > 3, "ticks pass")
    page.keyboard.press("Space")
    expect(stage.button("Play")).to_be_visible()
    stage.expect_python("tick", stage.tick)
