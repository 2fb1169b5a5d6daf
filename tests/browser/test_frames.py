"""Physical memory as people meet it: by mouse, by keyboard, narrow and wide, and playing."""

import re
import statistics
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import LEAST_FPS, Shown, play_past, shown, wait_until

HEAD = """
from kit import *
from kit.scenarios import SCENARIOS
from kit.widgets.views import Frames
"""
FORK = 'trace = SCENARIOS["fork_copies_on_write"]()'
SWAP = 'trace = SCENARIOS["full_ram"]()'
# Fills most of 4,096 frames in 6,000 ticks, then frees half of them at once.
LARGE = '''
text = """
def main():
    p = alloc(96000)
    if fork() == 0:
        for i in range(1700):
            poke(p + i * 256, i)
        exit(0)
    for i in range(1700):
        poke(p + i * 256, i)
    wait()
"""
memory = dict(ram=4096 * 256, page_size=256, address_space=16384 * 256, stack_size=256)
machine = Machine(demand=True, scheduler=RoundRobin(quantum=4), **memory)
machine.launch(Program("large", text))
trace = machine.run()
'''
VIEW = "view = Frames(trace)\nview"
WIDTHS = (240, 320, 560, 1100)
FITS = "e => e.scrollWidth <= e.clientWidth"
# Counts the time between frames, and the cells that change, until it is stopped.
WATCH = """(grid) => {
    const seen = { times: [], changes: 0 };
    const watcher = new MutationObserver((records) => { seen.changes += records.length; });
    watcher.observe(grid, { subtree: true, attributes: true, attributeFilter: ['data-look'] });
    const look = (now) => {
        seen.times.push(now);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    window.kitSeen = seen;
}"""


def open_frames(page: Page, server: Server, trace: str) -> tuple[Shown, Locator]:
    """Open a notebook with the frames of a run; the view's player, and the view."""
    name = write_notebook(server, "frames.ipynb", HEAD + trace, VIEW)
    stage = shown(open_notebook(page, server, name), figures=0)
    view = page.locator(".kit-view:has(.kit-player)")
    expect(view.get_by_role("gridcell").first).to_have_accessible_name(re.compile("frame"))
    return stage, view


def told(view: Locator) -> Locator:
    """The line below a grid that tells what is in one of its cells."""
    return view.locator(".kit-told").first


def test_cells_say_what_the_trace_says(page, jupyterlab):
    """At each tick every cell has the owner, the page and the pids that the trace has."""
    stage, view = open_frames(page, jupyterlab, FORK)
    cells = view.get_by_role("gridcell")
    expect(cells).to_have_count(64)
    users = stage.opened.kernel_eval(
        "[{frame: list(map(list, users)) for frame, users in trace.at(t).frame_users.items()}"
        " for t in range(trace.end + 1)]"
    )
    for tick in range(0, stage.end + 1, 3):
        stage.seek(tick)
        stage.expect_tick(tick)
        names = cells.evaluate_all("cells => cells.map(cell => cell.getAttribute('aria-label'))")
        labels = cells.all_inner_texts()
        for frame, (name, label) in enumerate(zip(names, labels, strict=True)):
            assert name.startswith(f"frame {frame} (0x{frame * 1024:04x}")
            pages = users[tick].get(str(frame), users[tick].get(frame, []))
            assert label == "+".join(dict.fromkeys(str(pid) for pid, _ in pages))
            if pages:
                assert f": page {pages[0][1]} of forking (pid {pages[0][0]}), " in name
            else:
                assert name.endswith(": operating system" if frame < 6 else ": free")
        in_use = 6 + len(users[tick])
        expect(view.locator(".kit-summary")).to_contain_text(
            f"{in_use} of 64 frames in use · 1 KiB each"
        )
    assert_no_errors(page)


def test_pointing_tells_the_translation(page, jupyterlab):
    """The mouse over a cell tells what is in it, also while that changes; the layout stays."""
    stage, view = open_frames(page, jupyterlab, FORK)
    cells = view.get_by_role("gridcell")
    expect(told(view)).to_have_text(re.compile("^Point at a frame"))
    before = view.locator(".kit-frames").bounding_box()["height"]
    cells.nth(9).hover()
    expect(told(view)).to_have_text(re.compile(r"^frame 9 \(0x2400.0x27ff\): free$"))
    stage.opened.kernel_run("view.player.tick = 12")
    expect(told(view)).to_have_text(re.compile(r": page 16383 of forking \(pid 2\), stack T1, "))
    cells.nth(7).hover()
    expect(told(view)).to_have_text(re.compile(r"; shared with pid 3; copied when written$"))
    assert view.locator(".kit-frames").bounding_box()["height"] == before
    stage.button("Play").hover()
    expect(told(view)).to_have_text(re.compile("^Point at a frame"))
    cells.nth(6).click()
    stage.button("Play").hover()
    expect(told(view)).to_have_text(re.compile("^frame 6 .*code"))
    assert_no_errors(page)


@pytest.mark.parametrize("kind", ["jupyterlab", "notebook7"])
def test_the_keyboard_goes_through_the_cells(request, page, kind):
    """One stop of Tab; arrows, Home, End and pages move, within the grid; the focus is seen."""
    stage, view = open_frames(page, request.getfixturevalue(kind), FORK)
    stage.seek(12)
    view.locator(".kit-fold > summary").last.focus()
    page.keyboard.press("Tab")
    columns = view.get_by_role("row").first.get_by_role("gridcell").count()
    place = 0

    def expect_place(place: int) -> None:
        focused = page.locator(":focus")
        expect(focused).to_have_role("gridcell")
        expect(focused).to_have_accessible_name(re.compile(rf"^frame {place} \("))
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"

    expect_place(0)
    for key, step in [
        *(("ArrowRight", 1), ("ArrowDown", columns), ("ArrowLeft", -1), ("ArrowUp", -columns)),
        *(("End", columns - 1), ("Home", 1 - columns), ("Control+End", 63), ("ArrowRight", 0)),
        *(("PageUp", -(63 // columns) * columns), ("Control+Home", -(63 % columns))),
        *(("ArrowUp", 0), ("PageDown", 63 // columns * columns)),
    ]:
        page.keyboard.press(key)
        place += step
        expect_place(place)
        expect(told(view)).to_have_text(page.locator(":focus").get_attribute("aria-label"))
    assert view.locator(".kit-grid [tabindex]").count() == 1
    page.keyboard.press("Tab")
    expect(view.locator(".kit-grid :focus")).to_have_count(0)
    stage.expect_tick(12)
    assert_no_errors(page)


def test_the_chosen_frame_is_followed_while_playing(page, jupyterlab):
    """A frame chosen by keyboard stays chosen, and its line changes as the run plays."""
    stage, view = open_frames(page, jupyterlab, SWAP)
    view.get_by_role("gridcell").nth(3).click()
    lines = told(view).evaluate_handle(
        """(line) => {
            const seen = [];
            new MutationObserver(() => seen.push(line.textContent))
                .observe(line, { childList: true, characterData: true, subtree: true });
            return seen;
        }"""
    )
    stage.opened.kernel_run("view.player.speed = 8.0")
    play_past(stage, 350)
    stage.button("Pause").click()
    assert page.evaluate("seen => seen.length", lines) >= 3
    tick = stage.tick
    stage.expect_tick(tick)
    users = stage.opened.kernel_eval(f"trace.at({tick}).frame_users[3]")
    expect(told(view)).to_have_text(re.compile(f"^frame 3 .*page {users[0][1]} of table"))
    slots = stage.opened.kernel_eval(f"len(trace.at({tick}).slots)")
    expect(view.locator(".kit-summary").last).to_have_text(
        re.compile(f"^{slots} of 32 slots in use · 256 B each$")
    )
    swap = view.get_by_role("grid", name="Swap area on disk")
    expect(swap.locator("[data-look=data]")).to_have_count(slots)
    assert_no_errors(page)


@pytest.mark.parametrize("trace", [FORK, LARGE], ids=["64", "4096"])
def test_columns_follow_the_width(page, jupyterlab, trace):
    """From 240 to 1,100 pixels nothing is wider than the view, and no label than its cell."""
    page.set_viewport_size({"width": 1500, "height": 900})
    stage, view = open_frames(page, jupyterlab, trace)
    stage.seek(stage.end // 2)
    columns, frame = [], view.locator(".kit-frame")
    for width in WIDTHS:
        stage.opened.kernel_run(f"view.layout.width = '{width}px'")
        wait_until(page, lambda w=width: abs(view.bounding_box()["width"] - w) < 1, "the width")
        wait_until(page, lambda: frame.evaluate(FITS), f"a grid inside {width} pixels")
        columns.append(view.get_by_role("row").first.get_by_role("gridcell").count())
        sizes = view.get_by_role("gridcell").evaluate_all(
            "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 2).length"
        )
        assert sizes == 0
    assert columns == sorted(columns)
    assert columns[-1] > columns[0]
    assert_no_errors(page)


@pytest.mark.alone
@pytest.mark.thorough
def test_thousands_of_frames_play_at_the_rate_of_the_screen(page, jupyterlab):
    """4,096 frames play without jumps, and no message crosses the wire."""
    stage, view = open_frames(page, jupyterlab, LARGE)
    expect(view.get_by_role("gridcell")).to_have_count(4096)
    stage.opened.kernel_run("view.player.ticks_per_second = trace.end / 8")
    traffic(page).wait_for_silence()
    view.get_by_role("grid").evaluate(WATCH)
    mark = traffic(page).mark()
    stage.button("Play").click()
    wait_until(page, lambda: stage.tick >= stage.end * 0.9, "most of the run")
    seen = page.evaluate("kitSeen")
    sent = traffic(page).comms(mark, "sent")
    times = seen["times"]
    frames = [later - earlier for earlier, later in pairwise(times)]
    assert seen["changes"] > 3000
    assert 1000 / statistics.median(frames) >= LEAST_FPS
    assert sent == []
    stage.expect_tick(stage.end)
    assert_no_errors(page)


@pytest.mark.parametrize("trace", [FORK, SWAP, LARGE], ids=["64", "swap", "4096"])
def test_nothing_for_axe_to_find(page, jupyterlab, trace):
    """The checker of accessibility has no complaint, with a cell chosen and before."""
    stage, view = open_frames(page, jupyterlab, trace)
    for chosen in (False, True):
        if chosen:
            stage.seek(12)
            view.get_by_role("gridcell").nth(7).click()
        found = Axe().run(page, context=".kit-frames")
        assert found.violations_count == 0, found.generate_report()


def test_another_run_in_the_same_grid(page, jupyterlab):
    """When Python shows another run, the grid becomes that of its frames and keeps playing."""
    stage, view = open_frames(page, jupyterlab, FORK)
    stage.seek(12)
    view.get_by_role("gridcell").nth(7).click()
    stage.opened.kernel_run('view.trace = SCENARIOS["full_ram"]()')
    ram = view.get_by_role("grid", name="Physical frames")
    expect(ram.get_by_role("gridcell")).to_have_count(8)
    expect(view.get_by_role("grid", name="Swap area on disk")).to_be_visible()
    stage.seek(300)
    expect(view.locator(".kit-summary").first).to_have_text(re.compile("^8 of 8 frames in use"))
    ram.get_by_role("gridcell").nth(4).hover()
    expect(told(view)).to_have_text(re.compile(r"^frame 4 \(0x0400.0x04ff\): page \d+ of table"))
    assert_no_errors(page)
