"""A paper as a page: to be answered in a browser, or to be printed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from kit import __version__
from kit.authoring.exam.sheets import Sheet
from kit.authoring.writing.document import render_page
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
    script = "" if printed else (TEMPLATES / "paper.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return render_page(
        "paper.html.jinja",
        folder=TEMPLATES,
        title=title,
        name=name,
        sheets=sheets,
        script=script,
        script_hash=f"sha256-{digest}",
        format=FORMAT,
        version=VERSION,
        kit=__version__,
    )
