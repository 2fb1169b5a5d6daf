"""Finding notebooks and reading them, however broken they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.check.results import Problem
from kit.check.settings import Settings, tables_above
from kit.errors import KitError
from kit.files import FileError, decoded, has_mark, json_fault, read_bytes

SKIPPED = frozenset({"nbval-skip", "skip-execution"})
"""Tags of cells that are not run: nbval's, and that of nbclient and Jupyter Book."""
MAY_RAISE = "raises-exception"
"""The tag of a cell that is meant to fail."""
_RAISING = frozenset({MAY_RAISE, "nbval-raises-exception"})
_SKIP_COMMENT, _RAISES_COMMENT = "NBVAL_SKIP", "NBVAL_RAISES_EXCEPTION"
_COMMENT = re.compile(r"^[ \t]*#+[ \t]*(\w+)[ \t]*$", re.MULTILINE)
_RESTORE = "restore it from its history, or open it in JupyterLab and save it again"


def find_notebooks(paths: Iterable[str | Path]) -> list[Path]:
    """Return the notebooks that `paths` name, folders searched through, in order.

    Raises
    ------
    KitError
        If a path does not exist, is no notebook, or holds none.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(
                notebook
                for notebook in path.rglob("*.ipynb")
                if not any(part.startswith(".") for part in notebook.relative_to(path).parts)
            )
            if not inside:
                raise KitError(f"{path}: there is no notebook in this folder; name another one")
            found.extend(inside)
        elif not path.exists():
            raise KitError(f"{path}: there is no such file; check the spelling")
        elif path.suffix != ".ipynb":
            raise KitError(f"{path}: this is no notebook; give a file that ends in .ipynb")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def find_checked(paths: Iterable[str | Path]) -> list[Path]:
    """Return the notebooks that are to be checked, in order.

    Of those that `find_notebooks` returns it leaves out what is searched for in a folder and
    excluded by a course: a path, or a folder above it but below the one that is named, is as
    a pattern in ``exclude`` wants it (see `PurePath.match`). What is named itself counts.

    Raises
    ------
    KitError
        Where `find_notebooks` does, if the settings are wrong, or if all are left out.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        notebooks = find_notebooks([path])
        kept = [one for one in notebooks if one == path or not _is_among("exclude", one, path)]
        if not kept:
            raise KitError(
                f"{path}: every notebook in this folder is left out by exclude in "
                "[tool.kit.check]; name one of them, or exclude less"
            )
        found.extend(kept)
    return list(dict.fromkeys(found))


def find_skipped(paths: Iterable[str | Path], notebooks: Iterable[Path]) -> list[Path]:
    """Return which notebooks are not to be run, because their course says so.

    Parameters
    ----------
    paths : iterable of path
        As they were named; a notebook that is named itself is run.
    notebooks : iterable of Path
        Those of `find_checked`.

    Raises
    ------
    KitError
        If the settings are wrong.
    """
    named = set(map(Path, paths))
    return [
        one
        for one in notebooks
        if one not in named and any(_is_among("skip", one, path) for path in named)
    ]


def _is_among(setting: str, notebook: Path, folder: Path) -> bool:
    """Tell whether a notebook below a folder is among the paths of a setting."""
    place = notebook.resolve()
    between = [one for one in (place, *place.parents) if one.is_relative_to(folder.resolve())][:-1]
    return any(
        one.relative_to(file.parent).match(pattern)
        for file, table in tables_above(notebook)
        for pattern in getattr(Settings.of(file, table), setting)
        for one in between
        if one.is_relative_to(file.parent) and one != file.parent
    )


class Unreadable(KitError):  # noqa: N818 - it is the notebook that is so
    """A file that is no notebook.

    Attributes
    ----------
    problem : Problem
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook, as it is stored.

    Attributes
    ----------
    number : int
        All cells are counted, from 1.
    raw : mapping
        What the file holds, of whatever type; see `source`, `tags` for safe ways.
    """

    number: int
    raw: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id, or nothing."""
        return str(self.raw.get("id", ""))

    @property
    def type(self) -> str:
        """Its type: "code", "markdown" or "raw"."""
        return str(self.raw.get("cell_type", ""))

    @property
    def source(self) -> str:
        """Its text."""
        source = self.raw.get("source", "")
        return "".join(map(str, source)) if isinstance(source, list) else str(source)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What is stored with it."""
        found = self.raw.get("metadata")
        return found if isinstance(found, Mapping) else {}

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""
        tags = self.metadata.get("tags")
        return tuple(map(str, tags)) if isinstance(tags, list) else ()

    @property
    def outputs(self) -> list[Any]:
        """Its stored outputs; none for a cell that is not code."""
        outputs = self.raw.get("outputs")
        return outputs if isinstance(outputs, list) else []

    @property
    def is_skipped(self) -> bool:
        """Whether it is not run, whatever runs the notebook: by a tag, or a comment of nbval."""
        return not SKIPPED.isdisjoint(self.tags) or _SKIP_COMMENT in self._comments

    @property
    def may_raise(self) -> bool:
        """Whether it is meant to fail: by a tag, or a comment of nbval."""
        return not _RAISING.isdisjoint(self.tags) or _RAISES_COMMENT in self._comments

    @property
    def _comments(self) -> list[str]:
        return _COMMENT.findall(self.source) if "NBVAL_" in self.source else []

    def problem(self, rule: str, found: str, remedy: str, details: str = "") -> Problem:
        """Return a problem of this cell.

        Parameters
        ----------
        rule : str
        found : str
            What was found.
        remedy : str
            What to do.
        details : str
            More, a text of several lines.
        """
        return Problem(rule, found, remedy, self.number, self.id, details)


@dataclass(frozen=True)
class Notebook:
    """A notebook as it is stored: nothing is repaired or left out.

    Attributes
    ----------
    path : Path
    raw : mapping
        The JSON of the file.
    marked : bool
        Whether the file begins with a byte order mark, so that Jupyter cannot read it.
    """

    path: Path
    raw: Mapping[str, Any]
    marked: bool = False

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """Read a notebook.

        Raises
        ------
        Unreadable
            If it is empty, no text, no JSON, or not of notebook format 4.
        """
        try:
            content = read_bytes(path)
            text = decoded(content)
        except FileError as error:
            found = error.found.replace("it cannot be", "the file cannot be")
            raise Unreadable(Problem("readable", found, error.remedy)) from None
        except UnicodeDecodeError:
            raise Unreadable(Problem("readable", "the file is not UTF-8 text", _RESTORE)) from None
        if not text.strip():
            raise Unreadable(Problem("readable", "the file is empty", _RESTORE))
        try:
            raw = json.loads(text)
        except json.JSONDecodeError as error:
            found = f"the file is {json_fault(error)}"
            raise Unreadable(Problem("readable", found, _RESTORE)) from None
        except (ValueError, RecursionError) as error:
            # Numbers of thousands of digits, and lists in lists without end.
            found = f"the file is damaged: {error}"
            raise Unreadable(Problem("readable", found, _RESTORE)) from None
        return cls(path, _of_format_4(raw), has_mark(content))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Its cells, in order."""
        return tuple(Cell(number, raw) for number, raw in enumerate(self.raw["cells"], 1))

    @property
    def code(self) -> Iterator[Cell]:
        """Its code cells, in order."""
        return (cell for cell in self.cells if cell.type == "code")

    @property
    def markdown(self) -> Iterator[Cell]:
        """Its cells of text, in order."""
        return (cell for cell in self.cells if cell.type == "markdown")

    @property
    def run(self) -> Iterator[Cell]:
        """The code cells that are run, in order; see `Cell.is_skipped`."""
        return (cell for cell in self.code if not cell.is_skipped)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What is stored with the notebook as a whole."""
        found = self.raw.get("metadata")
        return found if isinstance(found, Mapping) else {}

    @property
    def course(self) -> Mapping[str, Any]:
        """What the course knows of it: the entry ``kit`` of its metadata."""
        found = self.metadata.get("kit")
        return found if isinstance(found, Mapping) else {}

    @property
    def is_lesson(self) -> bool:
        """Whether it is a lesson with the six steps, and not a page of another kind."""
        return bool(self.course.get("kind", "lesson") == "lesson")


def readable(path: Path) -> Notebook:
    """Return the notebook in a file, for commands that can do nothing without it.

    Raises
    ------
    KitError
        If it cannot be read; it says which file, why, and what to do.
    """
    try:
        return Notebook.read(path)
    except Unreadable as error:
        raise KitError(f"{path}: {error.problem.found}; {error.problem.remedy}") from None


def _of_format_4(raw: object) -> Mapping[str, Any]:
    remedy = "open it in JupyterLab and save it again"
    if not isinstance(raw, dict) or "nbformat" not in raw:
        raise Unreadable(Problem("readable", "the file is JSON but no notebook", remedy))
    if raw["nbformat"] != 4:
        found = f"the notebook has format {raw['nbformat']!r}, and only 4 is known here"
        raise Unreadable(Problem("readable", found, remedy))
    cells = raw.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Unreadable(Problem("readable", "the notebook has no list of cells", remedy))
    return raw
