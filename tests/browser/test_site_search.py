"""Finding something on the site: the search over all pages, and each page's contents."""

from playwright.sync_api import expect

from tests.browser.site import MARKUP, open_page
from tests.browser.test_accessibility import violations


def test_the_search_finds_words_on_all_pages(address, page):
    """By keyboard; the count is told; the index comes when it is needed; names stay text."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{address}/index.html")
    assert "search-index.js" not in asked
    field = page.get_by_role("searchbox", name="Search all pages")
    said, found = page.locator("#search [role=status]"), page.locator("#search a")
    field.press_sequentially("RACE lock")
    expect(said).to_contain_text("places on")
    assert "search-index.js" in asked
    assert field.evaluate("one => one === document.activeElement")
    assert violations(page, "#search") == []
    page.keyboard.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(found).to_have_count(0)
    expect(said).to_have_text("")
    field.fill("onerror alert")
    expect(found.first).to_contain_text(MARKUP)
    expect(page.locator("#search img")).to_have_count(0)
    field.fill("nosuchword")
    expect(said).to_have_text("Nothing was found.")
    field.fill("two threads one counter")
    expect(found.first).to_contain_text("Two threads and one counter")
    page.keyboard.press("Enter")
    expect(found.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/12_the_price_of_sharing.html#Two-threads-and-one-counter")


def test_a_page_says_what_is_where(address, page):
    """Its sections with what they hold; the way to the search leads to its field."""
    open_page(page, f"{address}/12_the_price_of_sharing.html")
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_text("On this page").click()
    predict = contents.get_by_role("listitem").filter(has_text="Predict")
    expect(predict).to_contain_text("1 picture, 2 questions")
    expect(contents.get_by_role("listitem").filter(has_text="1 exercise")).to_have_count(1)
    assert violations(page, ".contents") == []
    predict.get_by_role("link").click()
    expect(page.locator("#Predict")).to_be_in_viewport()
    page.get_by_role("link", name="Search").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
