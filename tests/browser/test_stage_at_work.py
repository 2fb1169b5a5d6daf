"""The stage while it plays, and in odd company: speed, messages, markup, other places."""

import re
import statistics

import pytest
from playwright.sync_api import Page, expect

from kit.check.browser.websockets import Message
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import (
    COUNT_CALLS,
    COUNT_FRAMES,
    FIGURES,
    LEAST_FPS,
    PLAY_SECONDS,
    RUN,
    SCREEN,
    STAGE,
    VISIBLE_MARKS,
    Shown,
    open_stage,
    play_past,
    shown,
    use_keys,
    wait_until,
)


def play_through(stage: Shown, page: Page) -> tuple[float, int]:
    """Play to the end with the mouse over the figures; frames per second, messages on the way."""
    stage.opened.kernel_run(f"stage.player.ticks_per_second = trace.end / {PLAY_SECONDS}")
    traffic(page).wait_for_silence()
    page.set_viewport_size(SCREEN)
    stage.picture()
    stage.player.scroll_into_view_if_needed()
    for place in range(FIGURES):
        stage.figures.nth(place).scroll_into_view_if_needed()
        expect(stage.figures.nth(place)).to_be_in_viewport(ratio=0.5)
    boxes = [stage.figures.nth(place).bounding_box() for place in range(FIGURES)]
    stage.figures.last.evaluate(COUNT_FRAMES)
    mark = traffic(page).mark()
    stage.button("Play").click()
    expect(stage.button("Pause")).to_be_visible()
    step = 0
    while stage.tick < stage.end:
        box = boxes[step // 5 % FIGURES]
        share = 0.1 + 0.2 * (step % 5)
        page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
        step += 1
    stage.expect_tick(stage.end)
    stage.expect_python("tick", stage.end)
    assert step > 50

    def reports() -> list[Message]:
        sent = traffic(page).comms(mark, "sent")
        return [m for m in sent if m.data.get("state", {}).get("tick") == stage.end]

    # The kernel can have heard of the end before Playwright tells of the message that said so.
    traffic(page).wait_for(reports)
    early = [m for m in traffic(page).comms(mark) if m.time < reports()[0].time]
    seen = page.evaluate("kitSeen")
    seconds = [int((drawn - seen["start"]) / 1000) for drawn in seen["drawn"]]
    full = [seconds.count(second) for second in range(1, max(seconds))]
    return statistics.median(full), len(early)


@pytest.mark.alone
def test_plays_at_the_rate_of_the_screen(stage, page):
    """A run plays without jumps, and no widget message crosses the wire."""
    frames, messages = play_through(stage, page)
    assert messages == 0
    assert frames >= LEAST_FPS


@pytest.mark.alone
def test_plays_as_fast_over_a_slow_link(page, jupyterlab, slow_link):
    """A link with a round trip of 150 ms, as to Binder, makes playing no slower."""
    stage = open_stage(page, slow_link(jupyterlab, 75), STAGE)
    frames, messages = play_through(stage, page)
    assert messages == 0
    assert frames >= LEAST_FPS


ON_A_PLAYER_ELSEWHERE = ".kit-figure:not(.kit-view:has(.kit-player) *)"
MARKUP = "<img src=x onerror=alert(1)>"


def test_markup_in_names_stays_text(page, jupyterlab):
    """A program's name, a title and a question that look like HTML are shown as they are."""
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    cell = RUN.replace('"counter"', repr(MARKUP)).replace("Timeline", "Predict")
    more = f"""
stage = Stage(trace, title={MARKUP!r})
from kit.quiz import question as by_hand
asked = by_hand({MARKUP!r}, "yes", "So.", [("no", "No.")], tick=41, at=40)
question = Predict(asked, player=stage.player)
"""
    name = write_notebook(jupyterlab, "markup.ipynb", cell + more, "stage", "question")
    stage = shown(open_notebook(page, jupyterlab, name))
    expect(stage.player.locator(".kit-title")).to_have_text(MARKUP)
    stage.seek(40)
    stage.player.get_by_text("This moment in words").click()
    expect(stage.player.locator(".kit-words")).to_contain_text("<img")
    predict = page.locator(".kit-predict")
    expect(predict).to_contain_text("<img")
    stage.picture()
    assert page.locator(".jp-OutputArea-output img").count() == 0
    assert dialogs == []


def test_two_stages_are_independent(page, jupyterlab):
    """Playing one of two stages in a notebook leaves the other where it was."""
    opened = open_stage(page, jupyterlab, "other = Stage(trace, tick=7)\nother", STAGE).opened
    other, stage = shown(opened, 0), shown(opened, 1)
    other.expect_tick(7)
    before = other.picture()
    play_past(stage, 2)
    stage.button("Pause").click()
    stage.expect_python("tick", stage.tick)
    other.expect_tick(7)
    assert other.picture() == before
    assert opened.kernel_eval("other.player.tick") == 7
    assert_no_errors(page)


def test_views_alone_and_together(page, jupyterlab):
    """A view alone brings its player; views on one player move together, also from elsewhere."""
    cells = (
        "stage = Timeline(trace)\nstage",
        "from kit.widgets import Cpu, Player\np = Player(trace, tick=3)\np",
        "from ipywidgets import VBox\nVBox([Cpu(trace, player=p), Timeline(trace, player=p)])",
    )
    name = write_notebook(jupyterlab, "views.ipynb", RUN, *cells)
    opened = open_notebook(page, jupyterlab, name)
    alone = shown(opened, figures=1)
    all_figures = page.locator(".kit-figure")
    expect(all_figures).to_have_count(3)
    together = Shown(
        page.locator(".kit-player").nth(1), opened, page.locator(ON_A_PLAYER_ELSEWHERE)
    )
    expect(together.figures).to_have_count(2)
    together.expect_tick(3)
    at_3 = together.picture()
    alone.button("To the end").click()
    alone.expect_tick(alone.end)
    together.expect_tick(3)
    together.seek(40)
    at_40 = together.picture()
    assert all(now != then for now, then in zip(at_40, at_3, strict=True))
    together.seek(3)
    assert together.picture() == at_3
    assert_no_errors(page)


def test_odd_runs_are_drawn(page, jupyterlab):
    """A machine without a process and one with more of them than there is room for show up."""
    cell = """nothing = Machine(cores=2).run()
crowd = Machine(cores=6, ram=512 * KiB, scheduler=RoundRobin(quantum=4))
for n in range(12):
    crowd.launch(Program(f"p{n}", counter.text.replace("print(count)", "print(1 // (count - 6))")))
stage = Stage(nothing)
stage"""
    name = write_notebook(jupyterlab, "odd.ipynb", RUN, cell, "Stage(crowd.run(), tick=30)")
    opened = open_notebook(page, jupyterlab, name)
    nothing, crowd = shown(opened, 0), shown(opened, 1)
    nothing.button("Play").click()
    expect(nothing.button("Play")).to_be_visible()
    crowd.expect_tick(30)
    before = crowd.picture()
    crowd.seek(crowd.end)
    after = crowd.picture()
    assert after[1:] != before[1:]
    assert any("✕ " in text for text in after[1])
    assert_no_errors(page)


def test_running_the_cell_again_stops_the_old_run(stage, page):
    """A stage whose cell is run again while it plays stops; the new one runs one clock."""
    page.evaluate(COUNT_CALLS)
    for _ in range(3):
        assert page.evaluate("kitCallsIn(30)") < 5
        play_past(stage, 0)
        stage.opened.run_all()
        stage = shown(stage.opened)
        stage.expect_tick(0)
    play_past(stage, 0)
    assert 25 <= page.evaluate("kitCallsIn(30)") <= 35
    assert_no_errors(page)


def test_less_motion_is_respected(page, jupyterlab):
    """For who asked for less motion, a playing picture changes only at whole ticks."""
    page.emulate_media(reduced_motion="reduce")
    stage = open_stage(page, jupyterlab, STAGE)
    whole = [stage.picture()]
    for _ in range(6):
        stage.button("One tick on").click()
        whole.append(stage.picture())
    stage.button("To the start").click()
    stage.picture()
    drawn = stage.figures.last.evaluate_handle(
        """(figure) => {
            const seen = new Set();
            const look = () => {
                const paths = figure.querySelectorAll('.svg-figure path.line');
                seen.add(Array.from(paths, (path) => path.getAttribute('d')).join(' '));
                requestAnimationFrame(look);
            };
            look();
            return seen;
        }"""
    )
    play_past(stage, 3)
    stage.button("Pause").click()
    stage.expect_tick(stage.tick)
    stage.picture()
    places = page.evaluate("seen => seen.size", drawn)
    assert 4 <= places <= stage.tick + 1


def test_words_agree_with_the_trace(stage):
    """What "This moment in words" says of cores, queues, threads and globals is in the trace."""
    stage.player.get_by_text("This moment in words").click()
    for tick in (0, 17, 40, 61, stage.end):
        stage.seek(tick)
        stage.expect_tick(tick)
        said = "\n".join(stage.words())
        expression = (
            f"[(moment := trace.at({tick})).running[0], moment.ready, moment.blocked, "
            "moment.processes[2].globals['count'], "
            "[thread.state for thread in moment.processes[2].threads.values()]]"
        )
        core, ready, blocked, count, states = stage.opened.kernel_eval(expression)
        assert f"core 0 runs counter T{core[1]}" in said if core else "core 0 is idle" in said
        queue = ", ".join(f"counter T{tid}" for _, tid in ready) or "none"
        assert f"ready, next one first: {queue}\n" in said
        for (_, tid), (_, whom) in blocked.items():
            assert f"counter T{tid} (waits for T{whom} to end)" in said
        if core:  # once the process has ended, its variables are gone
            assert f"count = {count}\n" in said
        for tid, state in enumerate(states, 1):
            assert re.search(rf"counter T{tid} \(pid 2\):[ ·]*{state} since tick \d+", said)
        expect(stage.player.locator(".kit-narration")).to_have_text(
            f"t = {tick} {stage.first_sentence(tick)}"
        )


@pytest.mark.parametrize("kind", ["notebook7", "voila"])
def test_stage_works_elsewhere(request, page, kind):
    """In Notebook 7 and in Voila the stage shows, plays, seeks and takes every key too."""
    stage = open_stage(page, request.getfixturevalue(kind), STAGE)
    for place in range(FIGURES):
        assert stage.figures.nth(place).evaluate(VISIBLE_MARKS) >= 3
    at_0 = stage.picture()
    stage.seek(20)
    stage.expect_python("tick", 20)
    assert stage.picture() != at_0
    play_past(stage, 21)
    stage.button("Pause").click()
    stage.expect_python("tick", stage.tick)
    use_keys(stage, page)
    stage.button("To the start").click()
    assert stage.picture() == at_0
    assert_no_errors(page)


def test_prediction_by_keyboard_shows_its_moment(page, notebook7):
    """Arrows choose an answer, and the moment that shows it stays even where a run was playing."""
    cell = """from kit.widgets import Predict
question = Predict.from_trace(trace, kind="next_thread", at=40, player=stage.player)
question"""
    stage = open_stage(page, notebook7, STAGE, cell)
    choices = page.locator(".kit-predict").get_by_role("radio")
    choices.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(choices.nth(1)).to_be_checked()
    page.get_by_role("button", name="Check", exact=True).click()
    wait_until(page, lambda: stage.opened.kernel_eval("question.chosen") == [1], "the answer")
    tick = stage.opened.kernel_eval("question.question.feedback([1]).tick")
    play_past(stage, 2)
    page.get_by_role("button", name="Show me").click()
    expect(stage.button("Play")).to_be_visible()
    stage.expect_tick(tick)
    stage.expect_python("tick", tick)
    assert_no_errors(page)
