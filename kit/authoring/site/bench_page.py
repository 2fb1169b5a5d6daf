"""The page of a site that shows any run: that of a link, or one that the reader writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit.authoring.site.layout import Layout
from kit.authoring.site.pages import Page, page_of
from kit.trace.link import PAGE

SOURCE = Path(__file__).with_name("bench") / "run.ipynb"


def bench_page(layout: Layout) -> Page:
    """Return the page, which is not executed yet, and give it its place in the site.

    Parameters
    ----------
    layout : Layout

    Raises
    ------
    KitError
        If a notebook of the course has the same page.
    """
    layout.bases = {**layout.bases, SOURCE: SOURCE.parent}
    layout.add_pages([SOURCE])
    return replace(page_of(SOURCE, PAGE), is_lesson=False)
