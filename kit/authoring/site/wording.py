"""Words for readers of a page in place of words for readers of a notebook.

A lesson is written once, for JupyterLab: "Run the cells from top to bottom with Shift+Enter." A
page has no cells, so `kit build` says something else there: what the course has declared in the
table ``[tool.kit.site.words]``, and what is declared here for the sentences of `kit new`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache

import nbformat

ANYTHING = "…"
"""Stands in what is to be replaced for any words between two others."""
TO_RUN = "Run the cells from top to bottom with Shift+Enter."
"""What the lessons that `kit new` makes begin with."""
PLAYED = "Press *Play* below a picture, and answer before you look on."
RUN = "Press *Play* below a picture, answer before you look on, and press *Run* below a program."


def for_page(
    notebook: nbformat.NotebookNode, words: Mapping[str, str], *, python: bool
) -> nbformat.NotebookNode:
    """Return a notebook whose texts speak to a reader of its page.

    Parameters
    ----------
    notebook : NotebookNode
        It stays as it is.
    words : mapping of str to str
        What stands in the notebook -> what the page says in its place, which may be nothing. Lines
        may be broken anywhere; ``…`` stands for any words between two others.
    python : bool
        Whether the page can run programs.
    """
    changed = copy.deepcopy(notebook)
    for cell in changed.cells:
        if cell.cell_type == "markdown":
            cell.source = text_for_page(cell.source, words, python=python)
    return changed


def text_for_page(text: str, words: Mapping[str, str], *, python: bool) -> str:
    """Return a text of a notebook as it speaks to a reader of its page.

    Parameters
    ----------
    text : str
    words : mapping of str to str
    python : bool
        As for `for_page`.
    """
    known = {TO_RUN: RUN if python else PLAYED, **words}
    for said, instead in known.items():
        text = _pattern(said).sub(lambda _found, instead=instead: instead, text)  # type: ignore[misc]
    return text


@cache
def _pattern(said: str) -> re.Pattern[str]:
    parts = [re.escape(" ".join(part.split())).split(r"\ ") for part in said.split(ANYTHING)]
    return re.compile(r"\s*.*?\s*".join(r"\s+".join(part) for part in parts), re.DOTALL)
