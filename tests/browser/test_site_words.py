"""Words of the glossary on a page of the site: shown on pointing and by keyboard, and dismissed."""

from playwright.sync_api import Page, expect

from tests.browser.site import open_page

NAME = "12_the_price_of_sharing"
NARROW = {"width": 390, "height": 844}
STAYS_MS = 60_000
IN_SIGHT = """(tips) => tips.every((tip) => {
    const { left, right, top, bottom } = tip.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    return left >= 0 && right <= clientWidth && top >= 0 && bottom <= clientHeight;
})"""


def test_a_word_is_explained_where_it_is_used_first(site, address: str, page: Page):
    """Hoverable, persistent, dismissed with Escape, by keyboard as well, and never cut off."""
    page.set_viewport_size(NARROW)
    # A clock that is installed while widgets are made gives them up after 2 s of its own.
    open_page(page, f"{address}/{NAME}.html")
    words, shown = page.locator(".term > a"), page.locator(".tip:visible")
    expect(words).not_to_have_count(0)
    expect(shown).to_have_count(0)
    lock = words.get_by_text("lock", exact=True)
    page.clock.install()
    lock.hover()
    expect(shown).to_have_count(1)
    shown.hover()
    page.clock.run_for(STAYS_MS)
    expect(shown).to_contain_text("one thread at a time")
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    for word in words.all():
        word.focus()
        expect(shown).to_have_count(1)
        assert shown.evaluate_all(IN_SIGHT)
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    lock.click()
    expect(page.locator("#lock")).to_be_in_viewport()
    assert page.url.endswith("/glossary.html#lock")
