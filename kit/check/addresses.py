"""Addresses as HTML and Markdown hold them, and the files beside a notebook that they name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "a": ("href",),
    "area": ("href",),
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""Which attributes of which elements hold an address."""
NEVER_GIVEN = ("solutions",)
"""Folders that are for those who teach."""
_MARKS = re.compile(
    r"\.answers(?: ?\(\d+\))?\.json|\A(?:marks|gradebook)(?![a-z]).*\.(?:csv|json|db)\Z",
    re.IGNORECASE,
)
_CSS_URL = re.compile(r"""(url\(\s*)("[^"]*"|'[^']*'|[^)"'\s]+)(\s*\))""")
_SOURCE = re.compile(r"(\s*)([^\s,](?:\S*[^\s,])?)((?:\s+[^\s,]+)?\s*(?:,|\Z))")


class Address(NamedTuple):
    """Where a local address leads: a path as it is written, and what follows it."""

    path: str
    rest: str

    @property
    def fragment(self) -> str:
        """What follows its ``#``, as the heading is called."""
        return unquote(self.rest.partition("#")[2])


def local(written: str) -> Address | None:
    """Return what an address names beside the page; None if it leads elsewhere, or nowhere.

    An address that begins with ``#`` is local, and its path is empty.
    """
    try:
        parts = urlsplit(written.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("/", "\\")):
        return None
    if not parts.path and not parts.fragment:
        return None
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return Address(unquote(parts.path), query + fragment)


def place_of(folder: Path, path: str) -> Path:
    """Return where a path leads, as seen from a folder; links of the file system stay."""
    return Path(os.path.normpath(folder.absolute() / path))


def is_file(path: Path) -> bool:
    """Tell whether there is such a file; a name that no file can have names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def repository_above(folder: Path) -> Path | None:
    """Return the nearest folder, from one upwards, that git takes for a repository."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)


def is_private(path: Path, top: Path) -> bool:
    """Tell whether a file is not for students: a solution, marks, answers, or hidden.

    Parameters
    ----------
    path, top : Path
        The file, and a folder above it whose own name does not count.
    """
    inside = path.relative_to(top) if path.is_relative_to(top) else Path(path.name)
    hidden = any(part.startswith(".") for part in inside.parts)
    kept = any(part.lower() in NEVER_GIVEN for part in inside.parts[:-1])
    return hidden or kept or bool(_MARKS.search(path.name))


def in_attribute(name: str, value: str) -> Iterator[str]:
    """Yield the addresses in the value of an attribute; ``srcset`` has several."""
    if name != "srcset":
        yield value.strip()
        return
    for match in _SOURCE.finditer(value):
        yield match[2]


def in_css(text: str) -> Iterator[str]:
    """Yield the addresses in a style sheet."""
    for match in _CSS_URL.finditer(text):
        yield match[2].strip("\"'")


def changed_attribute(name: str, value: str, change: Callable[[str], str]) -> str:
    """Return the value of an attribute with each address replaced by what `change` returns."""
    if name != "srcset":
        return change(value.strip())
    return _SOURCE.sub(lambda found: f"{found[1]}{change(found[2])}{found[3]}", value)


def changed_css(text: str, change: Callable[[str], str]) -> str:
    """Return a style sheet with each address replaced by what `change` returns."""
    return _CSS_URL.sub(
        lambda found: f'{found[1]}"{change(found[2].strip(chr(34) + chr(39)))}"{found[3]}', text
    )
