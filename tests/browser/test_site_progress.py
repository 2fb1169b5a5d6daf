"""How far a reader is and which ideas the answers show, on the front page of a site."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.loopback import served
from tests.browser.page_logs import assert_no_errors
from tests.browser.site import LESSONS, build_site, open_page, questions

LESSON = "01_program"
MAP = re.compile(r"^Mistaken ideas in your answers: [1-9]\d* held, ")


def test_the_front_page_says_how_far_this_reader_is(tmp_path: Path, page: Page) -> None:
    """Nothing before anything is answered; then how much is, and which ideas the answers show."""
    site = build_site(tmp_path / "made", LESSONS / f"{LESSON}.ipynb")
    with served({"site": site}) as base:
        page.goto(f"{base}/site/index.html")
        expect(page.locator(".lessons .progress")).to_have_count(0)
        expect(page.locator("#ideas")).to_be_hidden()
        open_page(page, f"{base}/site/{LESSON}.html")
        asked = questions(page, site / f"{LESSON}.html")
        for one in asked[:2]:
            one.answer(one.right)
            one.expect("right")
        page.goto(f"{base}/site/index.html")
        total = page.locator("[data-asked]").get_attribute("data-asked")
        expect(page.locator(".lessons .progress")).to_have_text(f"2 of {total} answered")
        ideas = page.get_by_role("group", name="Your ideas")
        expect(ideas.get_by_role("status")).to_have_text("Your answers show no mistaken idea.")
        open_page(page, f"{base}/site/{LESSON}.html")
        for one in questions(page, site / f"{LESSON}.html"):
            one.answer(one.wrong)
            one.expect("wrong")
        page.goto(f"{base}/site/index.html")
        expect(ideas.get_by_role("status")).to_contain_text(MAP)
        ideas.get_by_role("link", name="01 program").first.press("Enter")
        page.wait_for_url(f"{base}/site/{LESSON}.html")
        page.goto(f"{base}/site/index.html")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert Axe().run(page).response["violations"] == []
        assert_no_errors(page)
