"""The report on a class as a page that needs nothing besides itself."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.authoring.class_report.beliefs import ClassReport, verdict
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
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # What students and teachers have written is text, whatever is in it.
        autoescape=True,
    )
    environment.filters.update(visible=_visible)
    template = environment.get_template("report.html.jinja")
    return template.render(report=report, names=names, verdict=verdict, plural=plural) + "\n"


def _visible(text: str) -> str:
    """Return a text without signs that would change the direction or the look of what follows."""
    return "".join(c if c.isprintable() else " " for c in text)
