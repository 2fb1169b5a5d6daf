"""The report on a class as a page that needs nothing besides itself."""

from __future__ import annotations

from pathlib import Path

from kit.authoring.class_report.beliefs import ClassReport, verdict
from kit.authoring.writing.document import render_page
from kit.errors import plural

TEMPLATES = Path(__file__).with_name("templates")


def page_of(report: ClassReport, *, names: bool) -> str:
    """Return a report as HTML.

    Parameters
    ----------
    report : ClassReport
    names : bool
        Whether it says who holds which idea.
    """
    return render_page(
        "report.html.jinja",
        folder=TEMPLATES,
        report=report,
        names=names,
        verdict=verdict,
        plural=plural,
    )
