"""A paper as a page: to be answered in a browser, or to be printed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit import __version__
from kit.authoring.exam.sheets import Sheet
from kit.quiz.answers import FORMAT, VERSION

TEMPLATES = Path(__file__).with_name("templates")


def page_of(title: str, name: str, sheets: Sequence[Sheet], *, printed: bool) -> str:
    """Return a paper as HTML that needs nothing besides itself, and does not know what is right.

    Parameters
    ----------
    title : str
        Of the exam.
    name : str
        Of the paper.
    sheets : sequence of Sheet
    printed : bool
        Whether it is answered with a pen; else in the page, which saves a file of answers.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    environment.filters.update(visible=_visible, base64=_base64)
    script = "" if printed else (TEMPLATES / "paper.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment.get_template("paper.html.jinja").render(
        title=title,
        name=name,
        sheets=sheets,
        script=script,
        script_hash=f"sha256-{digest}",
        format=FORMAT,
        version=VERSION,
        kit=__version__,
    )
    return page + "\n"


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
