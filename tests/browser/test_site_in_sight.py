"""Pages of the site on laptops and phones: what a person sees of a stage without scrolling."""

import pytest

from tests.browser.fitting import SIZES, sights
from tests.browser.site import ALL, names, open_page, questions


@pytest.mark.parametrize("name", names(ALL))
def test_controls_and_what_changes_are_in_sight(site, address, page, name):
    """In every size, at ten ticks of each stage, controls and a changed element are in sight."""
    open_page(page, f"{address}/{name}.html")
    for asked in questions(page, site / f"{name}.html"):
        asked.answer(asked.right)
        asked.expect("right")
    for size in SIZES.values():
        page.set_viewport_size(size)
        for stage in page.locator(".kit-stage").all():
            stage.scroll_into_view_if_needed()
            missed = [sight for sight in sights(page, stage) if not sight.fits]
            assert missed == [], f"{size}: {missed}"
