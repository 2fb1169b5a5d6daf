"""What axe-core finds in the report on a class, and whether it fits a telephone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kit.authoring.class_report.page import page_of
from tests.unit.authoring.class_report.classes import a_class


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_report(page: Page, theme: str):
    """Nothing of any gravity, in both themes, with names; and it is as wide as a telephone."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_content(page_of(a_class(), names=True))
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
