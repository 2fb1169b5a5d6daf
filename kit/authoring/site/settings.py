"""What a course says of its site: the table ``[tool.kit.site]`` of its ``pyproject.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kit.check.settings import tables_above
from kit.errors import KitError, nearest
from kit.scenarios import SCENARIOS

TABLE = "[tool.kit.site]"
LOGOS = (".svg", ".png")
"""Kinds of file that a logo can be."""
GROUNDS = {"light": ("#ffffff", "#eef2f6"), "dark": ("#111111", "#232a31")}
"""What a page's links stand on, in each theme."""
LEAST = 4.5
"""The contrast that a text needs (WCAG 2.2, success criterion 1.4.3)."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class SiteSettings:
    """What a course says of its site.

    Attributes
    ----------
    name : str
        What the course is called; empty if that is not said here.
    address : str
        Where the site is published, such as ``https://example.org/os``; empty if nobody said.
    logo : Path or None
        A picture beside the name.
    colours : mapping of str to str
        The colour of links and of what is chosen, in the theme ``"light"`` and in ``"dark"``.
    front : str
        The scenario that the front page plays; empty for none.
    words : mapping of str to str
        What pages say in place of words for readers of notebooks; see
        `kit.authoring.site.wording`.
    """

    name: str = ""
    address: str = ""
    logo: Path | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    front: str = "lost_update"
    words: Mapping[str, str] = field(default_factory=dict)


def site_settings(path: Path) -> SiteSettings:
    """Return what the nearest ``pyproject.toml`` with such a table says of a course's site.

    Parameters
    ----------
    path : Path
        Of a file of the course.

    Raises
    ------
    KitError
        If there is another setting in the table, or one cannot be what it is.
    """
    for file, kit in tables_above(path):
        table = kit.get("site")
        if table is None:
            continue
        if not isinstance(table, dict):
            raise KitError(f"{file}: {TABLE} is {table!r}; make it a table")
        for name in table:
            if name not in _CHECKED:
                known = ", ".join(_CHECKED)
                raise KitError(f"{file}: {TABLE} has no setting '{name}'; it has {known}")
        found = {name: _CHECKED[name](file, value) for name, value in table.items()}
        return SiteSettings(**found)
    return SiteSettings()


def site_address(path: Path) -> str:
    """Return where the site of the course that a file belongs to is published.

    Parameters
    ----------
    path : Path

    Raises
    ------
    KitError
        As `site_settings` does.
    """
    return site_settings(path).address


def _refused(file: Path, name: str, value: object, remedy: str) -> KitError:
    return KitError(f"{file}: {TABLE} {name} is {value!r}; {remedy}")


def _name(file: Path, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(file, "name", value, "give what the course is called, in quotation marks")
    return value.strip()


def _address(file: Path, value: object) -> str:
    if value != "" and not _is_address(value):
        remedy = "give the address of the site, such as 'https://example.org/os'"
        raise _refused(file, "address", value, remedy)
    return str(value)


def _is_address(value: object) -> bool:
    if not isinstance(value, str) or re.search(r"[\s<>\"'\\]", value):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not (parts.query or parts.fragment)


def _logo(file: Path, value: object) -> Path:
    logo = file.parent / value if isinstance(value, str) else None
    if logo is None or logo.suffix.lower() not in LOGOS or not logo.is_file():
        remedy = f"name a picture ({' or '.join(LOGOS)}) that is there, by its path from this file"
        raise _refused(file, "logo", value, remedy)
    return logo


def _colours(file: Path, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - set(GROUNDS):
        remedy = "give a table such as { light = '#0b57a4', dark = '#7ab7ff' }"
        raise _refused(file, "colours", value, remedy)
    for theme, colour in value.items():
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            remedy = "give six digits, such as '#0b57a4'"
            raise _refused(file, f"colours.{theme}", colour, remedy)
        ground = min(GROUNDS[theme], key=lambda one: contrast(colour, one))
        if (there := contrast(colour, ground)) < LEAST:
            remedy = (
                f"its contrast to the ground {ground} is {there:.1f} to 1, and reading "
                f"needs {LEAST} to 1: choose a {'darker' if theme == 'light' else 'lighter'} one"
            )
            raise _refused(file, f"colours.{theme}", colour, remedy)
    return value


def _front(file: Path, value: object) -> str:
    if not isinstance(value, str) or (value and value not in SCENARIOS):
        near = nearest(str(value), SCENARIOS)
        raise _refused(file, "front", value, f"name a scenario, or '' for no run; {near}")
    return value


def _words(file: Path, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        remedy = "give a table of texts: what a notebook says = what its page says"
        raise _refused(file, "words", value, remedy)
    if not all(said.strip(" …") for said in value):
        raise _refused(file, "words", value, "name words that are to be replaced")
    return value


_CHECKED: Mapping[str, Any] = {
    "name": _name,
    "address": _address,
    "logo": _logo,
    "colours": _colours,
    "front": _front,
    "words": _words,
}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG counts it.

    Parameters
    ----------
    one, other : str
        Such as ``"#0b57a4"``.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
