"""The static site as people meet it: served on loopback, with no other address to be reached."""

import gzip
import json
import re
import statistics
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from kit.quiz.answers import parse
from tests.browser.loopback import served
from tests.browser.page_logs import assert_no_errors, log_of
from tests.browser.site import (
    ALL,
    FIRST,
    LESSONS,
    MARKUP,
    PAGES,
    WAIT_MS,
    Played,
    leads_to_its_moment,
    names,
    open_page,
    players,
    questions,
)
from tests.browser.stage import LEAST_FPS, wait_until
from tests.browser.test_students import explain

MOST_WIDGETS = "16_failure"
LARGEST = 300_000  # bytes of a page, compressed
INDEX_BYTES = 400_000  # all that the front page loads, not compressed
SIZES = """() => Object.fromEntries(['navigation', 'resource'].flatMap(
    (type) => performance.getEntriesByType(type).map((one) => [one.name, one.decodedBodySize])))"""
PLAYED_MS = 1500
SLOWER = 6
INTERVALS = """async (duration) => {
    const times = [];
    const start = performance.now();
    let now = start;
    while (now - start < duration) {
        now = await new Promise(requestAnimationFrame);
        times.push(now);
    }
    return times.slice(1).map((time, place) => time - times[place]);
}"""

# What Playwright itself evaluates may do so; what a timer calls is the page's own.
MAKE_CODE = """() => new Promise((resolve) => setTimeout(() => {
    try {
        resolve(String(new Function('return 1')()));
    } catch (error) {
        resolve(String(error));
    }
}))"""


# The pages of all other lessons do that in `test_site_python.py`.
@pytest.mark.parametrize("name", names((*FIRST, *PAGES), first=FIRST[1:2]))
def test_every_prediction_answers_and_every_stage_plays(site, address, page, name):
    """Questions answer to wrong and right and lead to their moments; players step, seek, play."""
    open_page(page, f"{address}/{name}.html")
    all_asked = questions(page, site / f"{name}.html")
    for asked in all_asked:
        asked.answer(asked.wrong)
        asked.expect("wrong")
        asked.answer(asked.right)
        asked.expect("right")
    # Only then: a stage goes no further than the first question that is open.
    for asked in all_asked:
        leads_to_its_moment(page, asked)
    found = players(page)
    assert found
    for played in found:
        steps_seeks_and_plays(page, played)


def steps_seeks_and_plays(page: Page, played: Played) -> None:
    """Use a player as a person does, and see that it follows."""
    played.button("To the start").click()
    played.expect_tick(0)
    played.button("One tick on").click()
    played.expect_tick(1)
    played.slider.fill(str(played.end // 2))
    played.expect_tick(played.end // 2)
    played.button("To the end").click()
    played.expect_tick(played.end)
    played.button("To the start").click()
    played.button("Play").click()
    wait_until(page, lambda: played.tick > 0, "a tick passes")
    played.button("To the start").click()  # it stops, unless it has come to its end


# `make test` measures a stage in JupyterLab, which plays by the same code.
@pytest.mark.thorough
@pytest.mark.alone
@pytest.mark.parametrize("name", sorted(path.stem for path in LESSONS.glob("[0-9]*.ipynb")))
def test_plays_at_the_rate_of_the_screen(site, address, page, name):
    """Every stage of a page plays without jumps (median of its frames)."""
    open_page(page, f"{address}/{name}.html")
    for asked in questions(page, site / f"{name}.html"):
        asked.answer(asked.right)
    for played in players(page):
        played.player.scroll_into_view_if_needed()
        played.button("To the start").click()
        played.button("Play").click()
        intervals = page.evaluate(INTERVALS, PLAYED_MS)
        assert played.tick > 0
        assert statistics.median(intervals) <= 1000 / LEAST_FPS


@pytest.mark.parametrize("name", names((*ALL, *PAGES), first=(MOST_WIDGETS,)))
def test_axe_finds_nothing(site, address, page, name):
    """axe-core finds nothing at all in a page, light and dark, also after a wrong answer."""
    page.emulate_media(color_scheme="light")
    open_page(page, f"{address}/{name}.html")
    first = questions(page, site / f"{name}.html")[0]
    first.answer(first.wrong)
    first.expect("wrong")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe-core has found in a page."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def test_index(site, address, page):
    """The index loads little, leads to every page, and axe-core finds nothing."""
    page.goto(f"{address}/index.html", wait_until="load")
    sizes = page.evaluate(SIZES)
    assert 0 < sum(sizes.values()) < INDEX_BYTES, sizes
    links = page.locator(".lessons a").evaluate_all("links => links.map((a) => a.pathname)")
    assert [Path(link).stem for link in links[: len(FIRST)]] == list(FIRST)
    assert all((site / Path(link).name).is_file() for link in links)
    assert violations(page) == []
    page.get_by_role("link", name="The price of sharing").click()
    expect(page.get_by_role("heading", name="The price of sharing", level=1)).to_be_visible()


def test_the_front_page_plays_a_run(address, page):
    """Until it is stopped; not for a reader who wants less motion; told in words below."""
    page.goto(f"{address}/index.html")
    picture, button = page.locator(".front img"), page.locator(".front button")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(one) => one.naturalWidth") > 1000
    expect(picture).to_have_attribute("src", re.compile("front_playing.svg$"))
    button.press("Enter")
    expect(button).to_have_text("Play")
    expect(picture).to_have_attribute("src", re.compile("front.svg$"))
    page.locator(".front summary").click()
    expect(page.locator(".front li").filter(has_text="that update is lost").first).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    expect(picture).to_have_attribute("src", re.compile("front.svg$"))
    expect(button).to_be_hidden()


@pytest.mark.parametrize("name", names((*ALL, *PAGES)))
def test_a_page_is_small(site, name):
    """Besides what all pages share a page has less than 300 kB, compressed."""
    assert len(gzip.compress((site / f"{name}.html").read_bytes())) < LARGEST


# `make test` has a picture that comes late, which is why nothing may be given up.
@pytest.mark.thorough
# Beside another browser it would be slower than six times, as slow as that one leaves it.
@pytest.mark.alone
def test_a_slow_machine_shows_every_widget(address, page):
    """On a processor six times slower the page with the most widgets shows every one of them."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    open_page(page, f"{address}/{MOST_WIDGETS}.html")
    assert page.locator(".widget").count() == page.locator(".widget.is-shown").count() > 0
    assert "Failed to initialize" not in "\n".join(log_of(page).console)


def test_a_widget_may_take_longer_than_anywidget_waits(address, page):
    """A widget whose first picture is blocked for longer than 2 s is still shown."""
    block = """() => {
        const original = URL.createObjectURL;
        let held = false;
        URL.createObjectURL = (...given) => {
            const made = original(...given);
            // The modules of all widgets of the first stage wait behind this.
            if (!held) {
                held = true;
                setTimeout(() => {
                    const start = performance.now();
                    while (performance.now() - start < 3000);
                }, 0);
            }
            return made;
        };
    }"""
    page.add_init_script(f"({block})()")
    open_page(page, f"{address}/00_start_here.html")
    expect(page.locator(".kit-predict").first).to_be_visible()
    expect(page.locator(".kit-player").first).to_be_visible()


def test_deep_links(address, page):
    """A link leads to a section, to a tick of the first stage, and to one of another stage."""
    open_page(page, f"{address}/12_the_price_of_sharing.html#Transfer")
    expect(page.get_by_role("heading", name="Transfer", exact=True)).to_be_in_viewport()
    page.evaluate("location.hash = '#t=20'")
    first = players(page)[0]
    first.expect_tick(20)
    expect(first.player).to_be_in_viewport()
    page.goto("about:blank")
    open_page(page, f"{address}/12_the_price_of_sharing.html#stage-2&t=42")
    second = Played(page.locator("#stage-2 .kit-player"))
    second.expect_tick(42)
    expect(second.player).to_be_in_viewport()


def test_a_deep_link_does_not_go_beyond_a_question(address, page):
    """A link to a tick behind a question that is not answered stops at the question."""
    open_page(page, f"{address}/12_the_price_of_sharing.html#t=90")
    first = players(page)[0]
    expect(first.player.locator(".kit-hold")).to_contain_text("until you have answered")
    assert 0 < first.tick < 90


def test_link_to_this_moment(address, page):
    """The button below a stage copies a link that leads back to the tick that is shown."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, f"{address}/12_the_price_of_sharing.html")
    first = players(page)[0]
    first.slider.fill("7")
    first.expect_tick(7)
    row = page.locator("#stage-1 .moment")
    row.get_by_role("button", name="Copy a link to this page at this tick").click()
    expect(row).to_contain_text("Copied: a link to this page at tick 7.")
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto("about:blank")
    open_page(page, link)
    players(page)[0].expect_tick(7)


def test_what_needs_a_kernel_says_so(address, page):
    """No control is left that would do nothing; sentences lead to the same place on Binder."""
    open_page(page, f"{address}/12_the_price_of_sharing.html")
    notes = page.locator(".kit-needs-kernel")
    for words in ("What if …", "Another run", "Playing another", "Changing, running and checking"):
        expect(notes.filter(has_text=words).first).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_have_count(0)
    # What one writes at a moment is kept by the page itself.
    kept = ".kit-moments textarea, .kit-explain textarea"
    expect(page.locator(f"textarea:not({kept})")).to_have_count(0)
    sliders = page.locator(".kit-sandbox .noUi-target")
    assert sliders.count() == page.locator(".kit-sandbox .noUi-target[disabled]").count() > 0
    link = notes.filter(has_text="Changing").get_by_role("link")
    link.evaluate("link => link.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    expect(link).to_have_attribute(
        "href",
        "https://mybinder.org/v2/gh/somebody/course/HEAD?urlpath="
        "lab%2Ftree%2Flessons%2F12_the_price_of_sharing.ipynb%23Transfer",
    )


def test_hints_work_without_a_kernel(address, page):
    """The hints of an exercise are shown one by one."""
    open_page(page, f"{address}/12_the_price_of_sharing.html")
    page.get_by_role("button", name="Hint 1 of").click()
    expect(page.get_by_role("list", name="Hints").locator("li")).to_have_count(1)


def ideas_lead_back(page: Page, other: str, where: str) -> None:
    """See on another page of the course what the answers on one show, and follow its link."""
    open_page(page, other)
    ideas = page.locator(".kit-ideas")
    expect(ideas.locator("[role=status]")).to_contain_text("1 held, 0 shaken, 0 dropped")
    ideas.get_by_role("link", name="00 start here").press("Enter")
    page.wait_for_url(where)
    open_page(page, where)


def test_answers_are_kept_and_taken_along(site, address, page, browser):
    """Answers outlive the page; their file is one that the kit reads, and is read elsewhere."""
    where, file = f"{address}/00_start_here.html", site / "00_start_here.html"
    open_page(page, where)
    first, second = questions(page, file)[:2]
    first.answer(first.wrong)
    first.answer(first.right)
    second.answer(second.wrong)
    told = page.locator(".kit-answers")
    expect(told).to_contain_text("2 of 5 answered, 1 right")
    expect(page.locator(".kit-ideas [role=status]")).to_contain_text("1 held, 0 shaken, 0 dropped")
    explain(page)
    open_page(page, where)
    expect(told).to_contain_text("3 of 5 answered, 1 right, 1 written. Kept in this browser.")
    ideas_lead_back(page, f"{address}/{FIRST[1]}.html", where)
    expect(page.locator(".kit-explain textarea")).to_have_value("Because it is so.")
    questions(page, file)[0].expect("right")
    with page.expect_download() as download:
        told.get_by_role("button", name="Export").click()
    raw = download.value.path().read_bytes()
    answers_file = parse(raw)
    assert download.value.suggested_filename == "00_start_here.answers.json"
    assert answers_file.notebook == "00_start_here.ipynb"
    assert sorted(answer["tries"] for answer in answers_file.answers.values()) == [1, 1, 2]
    histories = [one["history"] for one in answers_file.answers.values() if "history" in one]
    assert sorted(map(len, histories)) == [1, 2]

    other = browser.new_context().new_page()
    open_page(other, where)
    damaged = {"name": "x.json", "mimeType": "application/json", "buffer": b"{}"}
    other.locator("input[type=file]").set_input_files(damaged)
    expect(other.locator(".kit-answers")).to_contain_text("it is no file of answers")
    good = damaged | {"buffer": raw}
    other.locator("input[type=file]").set_input_files(good)
    expect(other.locator(".kit-answers")).to_contain_text("3 answers imported.")
    expect(other.locator(".kit-answers")).to_contain_text("3 of 5 answered, 1 right, 1 written")
    expect(other.locator(".kit-explain textarea")).to_have_value("Because it is so.")
    expect(other.locator(".kit-explain").get_by_role("checkbox").first).to_be_checked()
    questions(other, file)[0].expect("right")
    other.context.close()

    third = questions(page, file)[2]
    for _ in range(2):
        third.answer(third.wrong)
    past = page.locator(".kit-past", has_text="Try another question of the same kind:")
    expect(past).to_contain_text("The answer:")
    open_page(page, where)
    expect(past).to_contain_text("The answer:")
    expect(told).to_contain_text("4 of 5 answered, 1 right")


def test_markup_in_names_stays_text(address, page):
    """A title, a program's name and its text that look like HTML are shown as they are."""
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}/index.html")
    expect(page.get_by_role("link", name=MARKUP)).to_be_visible()
    open_page(page, f"{address}/markup.html")
    expect(page).to_have_title(f"{MARKUP} | Operating systems")
    expect(page.locator(".kit-stage .kit-title").first).to_have_text(MARKUP)
    expect(page.locator(".kit-program pre")).to_contain_text(f"print(x)  # {MARKUP}")
    expect(page.locator(".printed", has_text=MARKUP).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert dialogs == []


def test_the_policy_holds(address, page):
    """A page may not turn text into code, and may not fetch from elsewhere."""
    open_page(page, f"{address}/00_start_here.html")
    assert "unsafe-eval" in page.evaluate(MAKE_CODE)
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("() => fetch('https://example.org/')")
    log_of(page).forget_errors()  # that it was refused is what was asked for


def test_keyboard(address, page):
    """The first stop leads past the links of the course; a stage is played by its keys."""
    open_page(page, f"{address}/00_start_here.html")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    last = players(page)[-1]
    last.button("To the start").focus()
    page.keyboard.press("ArrowRight")
    last.expect_tick(1)


def test_wide_pictures_can_be_scrolled_by_keyboard(address, page):
    """On a narrow screen the keyboard reaches every picture that is wider than its place."""
    page.set_viewport_size({"width": 700, "height": 900})
    open_page(page, f"{address}/00_start_here.html")
    wide = (
        "[...document.querySelectorAll('.kit-frame')].filter((f) => f.scrollWidth > f.clientWidth)"
    )
    assert page.evaluate(f"{wide}.length") > 0
    page.wait_for_function(f"{wide}.every((frame) => frame.tabIndex === 0)")


def test_a_page_prints(address, page):
    """On paper there are pictures and code, and nothing that can only be pressed."""
    open_page(page, f"{address}/00_start_here.html")
    page.emulate_media(media="print")
    expect(page.locator(".moment").first).to_be_hidden()
    expect(page.locator("header")).to_be_hidden()
    expect(page.locator(".kit-stage .kit-figure").first).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_without_javascript_pictures_are_told_in_words(some_pages, browser):
    """Somebody without JavaScript reads the lesson, with pictures in words."""
    with served({"site": some_pages}) as base:
        context = browser.new_context(java_script_enabled=False)
        plain = context.new_page()
        plain.goto(f"{base}/site/00_start_here.html")
        expect(plain.get_by_text("(in words)").first).to_be_visible()
        context.close()


def test_a_page_plays_from_a_folder(some_pages, page):
    """A page that is opened as a file, with no server at all, answers and plays."""
    page.goto((some_pages / "00_start_here.html").as_uri())
    expect(page.locator("body")).to_have_attribute("data-shown", "all", timeout=WAIT_MS)
    for asked in questions(page, some_pages / "00_start_here.html"):
        asked.answer(asked.right)
        asked.expect("right")
    for played in players(page):
        steps_seeks_and_plays(page, played)
    assert_no_errors(page)


def test_the_state_is_json(some_pages):
    """What a page has embedded is JSON in which no text can end its element."""
    text = (some_pages / "markup.html").read_text(encoding="utf-8")
    start = text.index('id="widget-state">') + len('id="widget-state">')
    inside = text[start : text.index("</script>", start)]
    assert "<" not in inside
    assert MARKUP in json.dumps(json.loads(inside), ensure_ascii=False)
