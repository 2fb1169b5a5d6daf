"""A stage through its life: another run, a branch, a reload, a restart, and its end."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebooks import APP, IS_READY, PANEL, open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import FIGURES, RUN, STAGE, Shown, open_stage, play_past, shown, wait_until

COMMS = f"() => {PANEL}.sessionContext.session.kernel._comms.size"
MODELS = "len(__import__('ipywidgets').widgets.widget._instances)"
SAVE = f"() => {APP}.commands.execute('docmanager:save')"
RESTART = f"() => {PANEL}.sessionContext.session.kernel.restart()"
OTHER = """
other = Machine(cores=1, ram=64 * KiB, page_size=1 * KiB, scheduler=RoundRobin(quantum=9))
other.launch(counter)
other = other.run()
"""


def test_another_run_in_the_same_figures(stage, page):
    """Giving a stage another trace changes the pictures, and neither figures nor place."""
    stage.seek(40)
    before = stage.picture()
    nodes = stage.figures.evaluate_all("figures => { window.kitNodes = figures; }")
    assert nodes is None
    stage.opened.kernel_run(OTHER + "stage.trace = other")
    stage.expect_python("end", stage.opened.kernel_eval("other.end"))
    wait_until(page, lambda: stage.picture() != before, "the other run")
    stage.expect_tick(40)
    same = "figures => figures.every((figure, place) => figure === window.kitNodes[place])"
    assert stage.figures.evaluate_all(same)
    play_past(stage, 41)
    stage.button("Pause").click()
    stage.expect_python("tick", stage.tick)
    stage.opened.kernel_run("stage.trace = trace; stage.player.tick = 40")
    stage.expect_tick(40)
    wait_until(page, lambda: stage.picture() == before, "the run it was")
    assert_no_errors(page)


def branch_in(stage: Shown) -> None:
    """Set a variable by the controls of a stage, and look at both runs."""
    page = stage.page
    stage.seek(40)
    stage.expect_python("tick", 40)
    page.get_by_role("button", name="What if").click()
    page.get_by_label("What if").select_option("set a variable")
    expect(page.get_by_label("whom")).to_contain_text("count = ")
    page.get_by_label("to", exact=True).fill("50")
    page.get_by_label("to", exact=True).press("Tab")
    page.get_by_role("button", name="Run on from tick 40").click()
    compare = page.locator(".kit-compare")
    expect(compare.locator(".kit-side")).to_have_count(2)
    expect(compare.locator(".kit-side-title")).to_have_text(["as it was", "what if"])
    expect(compare.locator(".kit-told").first).to_contain_text("First difference at tick 40")
    row = compare.locator("tr", has_text=": count").first
    expect(row.locator("td").nth(2)).to_have_text("50")
    expect(row.locator("td").nth(3)).to_have_text("≠")
    compare.get_by_role("slider", name="Tick").fill("12")
    expect(row.locator("td").nth(3)).to_have_text("")
    stage.expect_tick(40)


def test_branch_from_the_page(stage, page):
    """A person sets a variable at a tick and sees the new run beside the old one."""
    branch_in(stage)
    assert stage.opened.kernel_eval("stage.comparison.b.at(40).processes[2].globals['count']") == 50
    assert_no_errors(page)


def test_what_if_is_chosen_by_keyboard(stage, page):
    """The arrow keys go through what could be done, and do not leave the cell."""
    page.get_by_role("button", name="What if").click()
    action = page.get_by_role("combobox", name="What if")
    expect(action).to_be_visible()
    action.focus()
    page.keyboard.press("ArrowDown")
    expect(action).to_have_value("kill a thread")


@pytest.mark.parametrize("kind", ["notebook7", "voila"])
def test_branch_elsewhere(request, page, kind):
    """The same in Notebook 7 and in Voila."""
    branch_in(open_stage(page, request.getfixturevalue(kind), STAGE))
    assert_no_errors(page)


def test_reload_restores_the_picture(stage, page):
    """After the page was loaded again the stage shows what it showed, and plays."""
    stage.seek(42)
    stage.expect_python("tick", 42)
    before = stage.picture()
    page.evaluate(SAVE)
    page.reload()
    page.wait_for_function(IS_READY)
    again = shown(stage.opened)
    again.expect_tick(42)
    wait_until(page, lambda: again.picture() == before, "the picture from before")
    play_past(again, 43)
    again.button("Pause").click()
    again.expect_python("tick", again.tick)


def test_a_restarted_kernel_leaves_a_message(stage, page):
    """When the kernel is restarted while a run plays, it plays on and says what is to be done."""
    play_past(stage, 2)
    page.evaluate(RESTART)
    notice = stage.player.locator(".kit-notice")
    expect(notice).to_contain_text("run its cell again")
    now = stage.tick
    wait_until(page, lambda: stage.tick > now + 3, "ticks pass")
    stage.button("Pause").click()
    stage.seek(7)
    stage.expect_tick(7)
    expect(stage.figures).to_have_count(FIGURES)
    assert_no_errors(page)
    page.wait_for_function(IS_READY)
    stage.opened.run_all()
    again = shown(stage.opened)
    expect(again.player.locator(".kit-notice")).to_have_text("")
    again.seek(9)
    again.expect_python("tick", 9)


def test_running_a_cell_again_leaves_nothing_behind(stage, page):
    """After a cell was run again there are as many models as before, here and in the page."""
    traffic(page).wait_for_silence()
    kernel, comms = stage.opened.kernel_eval(MODELS), page.evaluate(COMMS)
    for _ in range(3):
        stage.opened.run_all()
        shown(stage.opened)
        traffic(page).wait_for_silence()
    assert stage.opened.kernel_eval(MODELS) == kernel
    assert page.evaluate(COMMS) == comms
    stage.opened.kernel_run("stage.close()")
    expect(page.locator(".kit-player")).to_have_count(0)
    assert stage.opened.kernel_eval(MODELS) == 0
    wait_until(page, lambda: page.evaluate(COMMS) < comms / 10, "no model in the page")
    assert_no_errors(page)


def test_what_another_cell_shows_stays_until_that_is_run(page, jupyterlab):
    """A stage made in one cell and shown in another stays there when only the first is run."""
    name = write_notebook(jupyterlab, "two.ipynb", RUN, "stage = Stage(trace)", "stage")
    opened = open_notebook(page, jupyterlab, name)
    stage = shown(opened)
    models = opened.kernel_eval(MODELS)
    page.evaluate(f"() => {{ {PANEL}.content.activeCellIndex = 1; }}")
    page.evaluate(f"() => {APP}.commands.execute('notebook:run-cell')")
    traffic(page).wait_for(lambda: opened.kernel_eval(MODELS) > models)
    stage.seek(12)
    stage.expect_tick(12)
    page.evaluate(f"() => {{ {PANEL}.content.activeCellIndex = 2; }}")
    page.evaluate(f"() => {APP}.commands.execute('notebook:run-cell')")
    wait_until(page, lambda: opened.kernel_eval(MODELS) == models, "as many models as before")
    shown(opened).expect_tick(0)
    assert_no_errors(page)
