"""What axe-core, a keyboard and a screen reader find in the stage."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.notebooks import APP, open_notebook, write_notebook
from tests.browser.stage import RUN, STAGE, open_stage, shown

THEME = f"(theme) => {APP}.commands.execute('apputils:change-theme', {{ theme }})"
THEMES = ("JupyterLab Light", "JupyterLab Dark")
LEAST_TEXT = 12.0  # px
SMALL_TEXTS = """(root, least) => {
    const found = new Set();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { parentElement: holder, textContent: text } = walker.currentNode;
        const size = parseFloat(getComputedStyle(holder).fontSize);
        const seen = text.trim() && holder.getClientRects().length;
        if (seen && size < least) found.add(`${size}: ${text}`);
    }
    return [...found];
}"""
# The body is 0 pixels high, the shell ends where the window does, and both hide what overflows:
# axe-core would take all that lies there for hidden, and not look at its contrast.
SHOW_OVERFLOW = """document.querySelectorAll('body, .jp-LabShell').forEach((node) => {
    node.style.overflow = 'visible';
})"""
EVERYTHING = """
from kit.widgets import VIEWS
stage = Stage(trace, views=list(VIEWS), tick=40)
stage.branching.unfold.value = stage.in_c.value = True
stage
"""


def violations(page: Page, selector: str) -> list[str]:
    """What axe-core calls serious or critical in a part of the page."""
    page.evaluate(SHOW_OVERFLOW)
    results = Axe().run(page, context=selector)
    return [
        f"{found['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for found in results.response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def violations_in_both_themes(page: Page, selector: str) -> list[str]:
    """The same of a part of a page of JupyterLab, light and dark."""
    found = []
    for theme in THEMES:
        page.evaluate(THEME, theme)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        found += [f"{theme}: {said}" for said in violations(page, selector)]
    return found


def test_axe_finds_nothing_serious(page, jupyterlab):
    """axe-core finds no serious violation in a stage with every view, in both themes."""
    name = write_notebook(jupyterlab, "every.ipynb", RUN, EVERYTHING)
    opened = open_notebook(page, jupyterlab, name)
    assert opened.errors() == []
    stage = page.locator(".kit-stage")
    player = stage.locator(".kit-player").first
    player.get_by_text("This moment in words").click()
    expect(player.locator(".kit-words li").first).to_be_visible()
    for tick in ("40", "102"):
        player.get_by_role("slider", name="Tick").fill(tick)
        expect(player.locator(".kit-clock")).to_contain_text(f"t = {tick} ")
        assert violations_in_both_themes(page, ".kit-stage") == []
        assert stage.evaluate(SMALL_TEXTS, LEAST_TEXT) == []
    frame = stage.locator(".kit-place-address-spaces .kit-frame").first
    expect(frame).not_to_have_attribute("tabindex", "0")
    frame.locator("svg").first.evaluate("picture => { picture.style.minWidth = '3000px'; }")
    expect(frame).to_have_attribute("aria-label", re.compile("scrolls sideways"))
    frame.locator("svg").first.evaluate("picture => { picture.style.minWidth = ''; }")
    expect(frame).not_to_have_attribute("tabindex", "0")


def test_axe_finds_nothing_serious_in_a_comparison(page, jupyterlab):
    """The same for two runs beside each other, and for a question."""
    more = """
from kit import Write
from kit.widgets import Predict
stage.branch(Write(2, "count", 50), at=40)
question = Predict.from_trace(trace, kind="next_thread", at=40, player=stage.player)
question"""
    stage = open_stage(page, jupyterlab, STAGE, more)
    expect(page.locator(".kit-compare .kit-side")).to_have_count(2)
    expect(page.locator(".kit-predict")).to_be_visible()
    assert violations(page, ".kit-stage") == []
    assert violations(page, ".kit-predict") == []
    assert stage.tick == 0


def test_what_else_happened_opens_by_keyboard(stage, page):
    """The details are behind a control that Tab reaches, and follow the tick that is shown."""
    fold = stage.player.locator(".kit-more")
    summary = fold.locator("summary")
    stage.button("Full screen").focus()
    page.keyboard.press("Tab")
    expect(summary).to_be_focused()
    expect(fold.locator("ul")).to_be_hidden()
    page.keyboard.press("Enter")
    for tick in (0, 5, 20):
        stage.seek(tick)
        details = stage.opened.kernel_eval(f"trace.narration({tick}).details")
        expect(summary).to_have_text(f"In more detail ({len(details)})")
        expect(fold.locator("li")).to_have_text(list(details))
    assert violations(page, ".kit-stage") == []


def test_the_narration_does_not_move_what_is_below_it(stage, page):
    """Its room is that of the longest sentence, and the details have one of their own."""
    stage.player.locator(".kit-more summary").click()
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        seen = set()
        for tick in range(stage.end + 1):
            stage.seek(tick)
            seen.add(
                stage.player.evaluate(
                    """(player) => new Promise((done) => requestAnimationFrame(() =>
                    requestAnimationFrame(() => done(Math.round(player.querySelector('.kit-folded')
                    .getBoundingClientRect().bottom - player.getBoundingClientRect().top)))))"""
                )
            )
        assert len(seen) == 1, (width, seen)


def test_narration_is_announced_and_throttled(stage, page):
    """A screen reader hears where a step led; while it plays, it hears at most one in 1.5 s."""
    spoken = stage.player.locator("[aria-live=polite]").first
    stage.seek(40)
    expect(spoken).to_have_text(stage.first_sentence(40))
    details = stage.opened.kernel_eval("trace.narration(40).details")
    assert details
    assert details[0] not in spoken.inner_text()
    counted = spoken.evaluate_handle(
        """(region) => {
            const seen = { said: 0 };
            new MutationObserver(() => { seen.said += 1; }).observe(
                region, { childList: true, characterData: true, subtree: true });
            return seen;
        }"""
    )
    stage.button("To the start").click()
    stage.player.get_by_role("combobox", name="Speed").select_option("8")
    before = page.evaluate("seen => seen.said", counted)
    stage.button("Play").click()
    expect(stage.button("Play")).to_be_visible(timeout=20_000)
    said = page.evaluate("seen => seen.said", counted) - before
    # 102 ticks at 32 a second last 3.2 s: once at the start, then every 1.5 s, once at the end.
    assert 2 <= said <= 6
    assert shown(stage.opened).tick == stage.end
