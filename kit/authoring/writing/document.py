"""Filling in templates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.authoring.writing.cells import as_python

TEMPLATES = Path(__file__).with_name("templates")

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&]|(?<=\\)[()]")


def as_markdown(text: str) -> str:
    """Return Markdown that shows a text as it is, whatever characters are in it."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    # An element of its own keeps two dollars from becoming the limits of a formula.
    return escaped.replace("$", r"<span>\$</span>")


def as_cell(text: str) -> str:
    """Return Markdown for a cell of a table: one line, whose bars end no cell."""
    return " ".join(text.replace("|", r"\|").split())


def render(template: str, *, folder: Path = TEMPLATES, **values: Any) -> str:
    """Return a template with its values filled in; the template's last line end is left out.

    Parameters
    ----------
    template : str
        File name.
    folder : Path
        Where it is.
    **values
        What it needs.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters.update(cell=as_cell, markdown=as_markdown, python=as_python)
    return environment.get_template(template).render(values)
