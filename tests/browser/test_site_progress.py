"""How far a reader is, on the front page of a site."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.loopback import served
from tests.browser.page_logs import assert_no_errors
from tests.browser.site import LESSONS, build_site, open_page, questions

LESSON = "01_program"


def test_the_front_page_says_how_far_this_reader_is(tmp_path: Path, page: Page) -> None:
    """Nothing before anything is answered; then of how many questions how many are."""
    site = build_site(tmp_path / "made", LESSONS / f"{LESSON}.ipynb")
    with served({"site": site}) as base:
        page.goto(f"{base}/site/index.html")
        expect(page.locator(".lessons .progress")).to_have_count(0)
        open_page(page, f"{base}/site/{LESSON}.html")
        asked = questions(page, site / f"{LESSON}.html")
        for one in asked[:2]:
            one.answer(one.right)
            one.expect("right")
        page.goto(f"{base}/site/index.html")
        total = page.locator("[data-asked]").get_attribute("data-asked")
        expect(page.locator(".lessons .progress")).to_have_text(f"2 of {total} answered")
        assert_no_errors(page)
