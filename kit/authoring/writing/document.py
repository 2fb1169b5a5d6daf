"""Filling in templates."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.authoring.writing.cells import as_python
from kit.authoring.writing.printable import visible

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
    environment = _environment(folder, escape=False)
    environment.filters.update(cell=as_cell, markdown=as_markdown, python=as_python)
    return environment.get_template(template).render(values)


def render_page(template: str, *, folder: Path, **values: Any) -> str:
    """Return a page, in which all that is filled in is text, whatever is in it.

    Parameters
    ----------
    template : str
        File name.
    folder : Path
        Where it is.
    **values
        What it needs.
    """
    environment = _environment(folder, escape=True)
    environment.filters.update(visible=visible, base64=_base64)
    return environment.get_template(template).render(values) + "\n"


def _environment(folder: Path, *, escape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=escape,
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
