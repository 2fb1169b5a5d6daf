"""What a lesson may contain, as the page of it shows it; served on loopback, on a phone as well."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.loopback import keep_to, served
from tests.browser.page_logs import assert_no_errors
from tests.browser.site import WAIT_MS, build_site, open_page
from tests.browser.test_site import violations

PHONE = {"width": 390, "height": 844}
LEAST_BAR = 60  # px, of the longest one
LESSON = r"""
# The $T_w$ rule

![plan](plan.png) ![logo](../shared/logo.png) [next](../week2/two.ipynb#More)

It costs $5 and $6, and $T_w = \frac{a}{b}$:

\begin{align} a &= b \\ c &= d \end{align}

- [x] done
- [ ] open

Noted[^1].

[^1]: Below.

<video src="demo.mp4" controls aria-label="A film"></video>

```mermaid
graph TD
  A[Ready] --> B[Running]
```
"""
CODE = """
from kit.explore import explore
from kit.scenarios import lost_update
from kit.widgets import Metrics, Outcomes
Outcomes(explore(lost_update))
"""
MORE = "Metrics({'round robin, a quantum of five': lost_update(), 'other': lost_update(quantum=3)})"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="{}"><path d="M0 0h9v9"/></svg>'
SIZES = """(images) => images.map((image) => [image.naturalWidth, image.naturalHeight])"""


def write(path: Path, text: str, *code: str) -> None:
    """A notebook of a text and cells of code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.v4.new_markdown_cell(text.strip())]
    cells += [nbformat.v4.new_code_cell(textwrap.dedent(one).strip()) for one in code]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site of a course of two weeks is served."""
    course = tmp_path_factory.mktemp("contents") / "course"
    write(course / "week1/one.ipynb", LESSON.replace(".png", ".svg"), CODE, MORE)
    write(course / "week2/two.ipynb", "# Two\n\n![plan](plan.svg)\n\n## More")
    (course / "shared").mkdir()
    for place, height in (("week1/plan", 11), ("week2/plan", 22), ("shared/logo", 33)):
        (course / f"{place}.svg").write_text(SVG.format(height), encoding="utf-8")
    (course / "week1/demo.mp4").write_bytes(b"no film, but a file")
    site = build_site(course.parent / "made", course)
    with served({"site": site}) as base:
        yield f"{base}/site"


def test_a_page_shows_what_its_lesson_contains(address: str, page: Page):
    """Own pictures, formulas, tasks, notes and diagrams, with the policy kept and axe content."""
    outside = keep_to(page, address)
    answers: list[tuple[str, int]] = []
    page.on("response", lambda answer: answers.append((answer.url, answer.status)))
    open_page(page, f"{address}/week1/one.html")
    main = page.locator("main")
    sizes = main.locator(".text img").evaluate_all(SIZES)
    assert sizes == [[30, 11], [30, 33]]
    assert main.locator(".text math").count() == 3
    first = main.locator(".text math").first.bounding_box()
    assert first is not None
    assert first["width"] > 10
    expect(main).to_contain_text("It costs $5 and $6")
    expect(main.get_by_role("checkbox", name="done")).to_be_checked()
    expect(main.locator(".diagram svg .node")).to_have_count(2, timeout=WAIT_MS)
    main.locator("sup a").click()
    expect(main.locator(".footnotes li:target")).to_contain_text("Below.")
    assert [status for url, status in answers if url.endswith("demo.mp4")]
    assert all(status < 400 for _, status in answers), answers
    assert [one for one in violations(page) if "kit-title" not in one] == []
    page.get_by_role("link", name="next").click()
    expect(page.get_by_role("heading", name="More")).to_be_in_viewport()
    assert page.locator(".text img").evaluate_all(SIZES) == [[30, 22]]
    assert outside == []
    assert_no_errors(page)


@pytest.mark.parametrize("chart", [".kit-outcomes > .bqplot", ".kit-charts > .bqplot"])
def test_charts_can_be_read_on_a_phone(address: str, page: Page, chart: str):
    """At 390 px bars have names, numbers and room, and nothing is wider than the page."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_page(page, f"{address}/week1/one.html")
    figure = page.locator(chart).first
    figure.scroll_into_view_if_needed()
    bars = figure.locator(".bar rect, rect.bar")
    expect(bars.first).to_be_visible()
    frame = figure.bounding_box()
    assert frame is not None
    widths = [box["width"] for one in bars.all() if (box := one.bounding_box())]
    assert max(widths) > LEAST_BAR
    texts = [one for one in figure.locator("text").all() if (one.text_content() or "").strip()]
    assert len(texts) >= 2 * len(widths)
    for text in texts:
        box = text.bounding_box()
        assert box is not None
        assert frame["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, text.text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert_no_errors(page)
