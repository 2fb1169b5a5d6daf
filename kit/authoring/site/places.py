"""Where a course is: its repository, and the addresses at which Binder opens its notebooks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import quote

from kit.authoring.site.settings import site_settings
from kit.check.settings import of_kit, tables_above
from kit.errors import KitError
from kit.files import read_text

BINDER = "https://mybinder.org/v2/gh"
_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_BADGE = re.compile(r"mybinder\.org/v2/gh/([\w.-]+/[\w.-]+)/")


def top_of(path: Path) -> Path:
    """Return the folder of the repository that a file is in, or the file's own folder."""
    folder = path.resolve().parent
    asked = ["git", "-C", str(folder), "rev-parse", "--show-toplevel"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return folder
    return Path(told.stdout.strip())


def repository_of(top: Path) -> str:
    """Return which repository on GitHub a folder is: ``"owner/name"``, or nothing.

    It stands as ``repository`` in the table ``[tool.kit]`` of ``pyproject.toml``, or in the
    Binder link of the README.

    Raises
    ------
    KitError
        If what stands there is no such name.
    """
    file = top / "pyproject.toml"
    if file.is_file():
        name = of_kit(file).get("repository")
        if name is not None:
            return checked_name(name, f"{file}: [tool.kit] repository")
    readme = top / "README.md"
    found = _BADGE.search(read_text(readme)) if readme.is_file() else None
    return found[1] if found else ""


UNTITLED = "Lessons"
"""What a course is called that nobody has given a title."""


def course_title(chosen: str | None, source: Path) -> str:
    """Return what the course is called that a notebook belongs to.

    Parameters
    ----------
    chosen : str or None
        What was asked for. If nothing was, it is ``name`` in the table ``[tool.kit.site]``,
        ``title`` in the table ``[tool.kit]`` of the nearest ``pyproject.toml`` that has one, or
        else "Lessons".
    source : Path

    Raises
    ------
    KitError
        If the title in the file is no text.
    """
    if chosen is not None:
        return chosen
    name = site_settings(source).name
    if name:
        return name
    for file, table in tables_above(source):
        title = table.get("title")
        if isinstance(title, str) and title.strip():
            return title.strip()
        if title is not None:
            raise KitError(f"{file}: [tool.kit] title is {title!r}; give a text in quotation marks")
    return UNTITLED


def checked_name(name: object, what: str) -> str:
    """Return a repository's name if it is one.

    Raises
    ------
    KitError
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise KitError(f"{what} is {name!r}; give owner/name, as on GitHub")
    return name


def binder_link(repository: str, notebook: str) -> str:
    """Return the address at which Binder opens a notebook; nothing without a repository.

    Parameters
    ----------
    repository : str
        ``"owner/name"`` on GitHub, or nothing.
    notebook : str
        Its path in the repository.
    """
    if not repository:
        return ""
    return f"{BINDER}/{repository}/HEAD?urlpath={quote(f'lab/tree/{notebook}')}"
