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


def render(template: str, **values: Any) -> str:
    """Return a template with its values filled in."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters.update(markdown=as_markdown, python=as_python)
    return environment.get_template(template).render(values)
