"""What of a course becomes which file of the site."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from kit.authoring.site.folders import absolute, bases_of, reach_of
from kit.check.addresses import is_file, is_private, place_of
from kit.check.notebooks import find_notebooks
from kit.errors import KitError

NOTEBOOK, MARKDOWN = ".ipynb", ".md"
INDEX = "README.md"
ABOVE = "files"
"""The folder of the site for what lies above the lessons."""
OURS = ("assets", "lite")
"""Folders of the site in which only what belongs to the kit may lie."""

WRITTEN = ("index.html", "service.js", "manifest.webmanifest")
"""Files at its top that the kit writes."""


def page_name(source: str) -> str:
    """Return the name of the page that is made of a notebook or a text."""
    return source.removesuffix(NOTEBOOK).removesuffix(MARKDOWN) + ".html"


def plain(name: str) -> str:
    """Return a name as those file systems see it to which two ways of writing it are one."""
    return unicodedata.normalize("NFC", name).casefold()


def linked(from_page: str, to_file: str) -> str:
    """Return the address that leads from a page of the site to one of its files."""
    up = "../" * from_page.count("/")
    return quote(up + to_file)


class Refused(KitError):  # noqa: N818 - it is the address that is so
    """An address that is not followed, with the reason."""


@dataclass
class Layout:
    """Which file of the site each source has.

    Attributes
    ----------
    bases : mapping of Path to Path
        For each source of a page the folder from which its place is counted.
    pages : dict of Path to str
        For each source of a page the name of the page in the site.
    same : dict of Path to Path
        Texts that are a notebook once more, and that notebook.
    files : dict of Path to str
        For each file that goes along its name in the site.
    """

    bases: Mapping[Path, Path]
    pages: dict[Path, str] = field(default_factory=dict)
    same: dict[Path, Path] = field(default_factory=dict)
    files: dict[Path, str] = field(default_factory=dict)
    _taken: dict[str, Path | None] = field(default_factory=lambda: dict.fromkeys(WRITTEN))

    def add_pages(self, sources: Sequence[Path]) -> None:
        """Give each source a page.

        Raises
        ------
        KitError
            If two would have the same page, also where upper and lower case are the same.
        """
        for source in sources:
            base = self.base_of(source)
            name = page_name(_inside(source, base) or f"{ABOVE}/{source.name}")
            key = plain(name)
            if key in self._taken and self._taken[key] != source:
                other = self._taken[key] or f"{name}, which the kit writes"
                raise KitError(
                    f"{source}: its page would replace that of {other}; rename one of them"
                )
            self._taken[key] = source
            self.pages[source] = name

    def base_of(self, source: Path) -> Path:
        """Return the folder from which the place of a source is counted."""
        if source in self.bases:
            return self.bases[source]
        # A text has the base of the lessons beside it, or of those nearest to it.
        near = [base for other, base in self.bases.items() if other.parent == source.parent]
        around = [base for base in self.bases.values() if source.is_relative_to(base)]
        return next(iter((*near, *around, *self.bases.values())))

    def is_index(self, target: Path) -> bool:
        """Tell whether a file is the README of the course, whose page is the index."""
        folders = set(self.bases.values())
        return target.name == INDEX and any(
            target.parent == base or target.parent in base.parents for base in folders
        )

    def file(self, source: Path, path: str) -> str:
        """Return the name in the site of a file that a page shows or leads to.

        Parameters
        ----------
        source : Path
            What the page is made of.
        path : str
            As it is written there.

        Raises
        ------
        Refused
            If there is no such file, or it is not for students.
        KitError
            If it lies too far away to be taken along.
        """
        target = place_of(source.parent, path)
        if target in self.files:
            return self.files[target]
        base = self.base_of(source)
        reach = reach_of(base)
        if not is_file(target):
            what = "is a folder, which has no page" if _is_folder(target) else "is not there"
            raise Refused(f"'{path}' {what}")
        if not target.is_relative_to(reach):
            raise KitError(
                f"{source}: '{path}' lies outside {reach}, so it is not taken along; copy it there"
            )
        if is_private(target, reach):
            raise Refused(f"'{path}' is not for students, so it is not published")
        name = _inside(target, base) or f"{ABOVE}/{target.relative_to(reach).as_posix()}"
        self.files[target] = self._free(name, target)
        return self.files[target]

    def _free(self, name: str, target: Path) -> str:
        """Return the name if nothing else has it, or one like it."""
        place, number = PurePosixPath(name), 1
        while self._is_taken(place):
            number += 1
            place = PurePosixPath(ABOVE) / str(number) / name
        self._taken[plain(str(place))] = target
        return str(place)

    def _is_taken(self, place: PurePosixPath) -> bool:
        # A file has the place of a folder, too, if something is to lie in it.
        above = [str(one) for one in (place, *place.parents)]
        return plain(place.parts[0]) in OURS or any(plain(one) in self._taken for one in above)


def _inside(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else ""


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def laid_out(paths: Sequence[str | Path], output: Path, *, lite: bool) -> Layout:
    """Return which notebook becomes which page."""
    there = absolute(output)
    found = [absolute(path) for path in find_notebooks(paths)]
    # What was published before is no source, also where the site lies among the lessons.
    sources = [source for source in dict.fromkeys(found) if not source.is_relative_to(there)]
    if not sources:
        raise KitError(f"{output}: all that is named lies in the site itself; name other notebooks")
    layout = Layout(bases_of(sources, paths))
    layout.add_pages(sources)
    for source, name in layout.pages.items():
        if lite and plain(name).startswith("lite/"):
            raise KitError(f"{source}: with --lite the folder lite/ is taken; rename this one")
    return layout
