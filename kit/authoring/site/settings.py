"""What a course chooses about its site: the table ``[tool.kit.site]`` of its ``pyproject.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from kit.check.settings import tables_above
from kit.errors import KitError, nearest

TABLE = "[tool.kit.site]"
PICTURES = (".svg", ".png", ".webp", ".jpg", ".jpeg")
LARGEST = 500_000
"""Bytes of a logo."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class SiteSettings:
    """The look and the place of a site.

    Attributes
    ----------
    name : str
        What the course is called; empty if that is said elsewhere.
    about : str
        A sentence or two for the front page; empty for the usual ones.
    address : str
        Where the site is published, such as ``https://example.org/os``; empty if nobody said.
    logo : Path or None
        A picture for the head of each page.
    colour, dark_colour : str
        Of links and buttons on a light ground and on a dark one, such as ``#0b57a4``; empty for
        the usual ones.
    """

    name: str = ""
    about: str = ""
    address: str = ""
    logo: Path | None = None
    colour: str = ""
    dark_colour: str = ""

    @classmethod
    def near(cls, path: Path) -> SiteSettings:
        """Return the settings of the course that a file or a folder belongs to.

        Raises
        ------
        KitError
            If there is no such setting, or it cannot be that.
        """
        for file, table in tables_above(path):
            chosen = table.get("site")
            if chosen is None:
                continue
            if not isinstance(chosen, dict):
                raise KitError(f"{file}: {TABLE} is {chosen!r}; make it a table")
            known = [field.name for field in fields(cls)]
            for name, value in chosen.items():
                if name not in known:
                    raise KitError(
                        f"{file}: {TABLE} has no setting '{name}'; {nearest(name, known)}"
                    )
                _check(file, name, value)
            logo = chosen.get("logo")
            return cls(**{**chosen, "logo": _picture(file, logo) if logo else None})
        return cls()


def _check(file: Path, name: str, value: object) -> None:
    """Refuse what a setting cannot be.

    Raises
    ------
    KitError
    """
    wanted = ""
    if not isinstance(value, str) or not value.strip():
        wanted = "a text in quotation marks"
    elif name in ("colour", "dark_colour") and not _COLOUR.fullmatch(value):
        wanted = "a colour such as '#0b57a4'"
    elif name == "address" and not _is_address(value):
        wanted = "the address of the site, such as 'https://example.org/os'"
    if wanted:
        raise KitError(f"{file}: {TABLE} {name} is {value!r}; give {wanted}")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or re.search(r"[\s<>\"'\\]", value))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


def _picture(file: Path, name: str) -> Path:
    path = file.parent / name
    if path.suffix.lower() not in PICTURES or not path.is_file():
        raise KitError(
            f"{file}: {TABLE} logo is {name!r}; give a file next to it that ends in "
            f"{', '.join(PICTURES)}"
        )
    if path.stat().st_size > LARGEST:
        raise KitError(f"{path}: a logo of more than {LARGEST // 1000} kB; make it smaller")
    return path


def site_address(path: Path) -> str:
    """Return where the site of the course that a file belongs to is published; empty if unknown."""
    return SiteSettings.near(path).address
