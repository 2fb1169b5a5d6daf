"""What a course can choose about its checks, in its ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kit.check.languages import ENGLISH, NAMES
from kit.check.profiles import COURSE, Choice, check_choice
from kit.errors import KitError, nearest
from kit.files import read_text

_STEPS = len(NAMES[ENGLISH])
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_WANTED = {
    "words": "a list of words",
    "exclude": "a list of paths",
    "skip": "a list of paths",
    "on": "a list of rules",
    "off": "a list of rules",
    "steps": f"{_STEPS} names, that of the goal first",
    "dictionaries": "a list of files as codespell reads them",
    "profile": '"course" or "widgets"',
    "language": 'the code of a language, such as "de"',
}


@dataclass(frozen=True)
class Settings:
    """The table ``[tool.kit.check]`` of the nearest ``pyproject.toml`` that has one.

    Attributes
    ----------
    cell_seconds : int
        How long one cell may take; on Linux without the time in which other programs had the core.
    notebook_seconds, notebook_megabytes : int
        The budget of a notebook: time from its first cell to its last, and the most
        memory that its kernel ever held.
    cell_lines : int
        How many lines a code cell of a lesson may have.
    words : tuple of str
        Words that are spelt right although the dictionary doubts them.
    exclude : tuple of str
        Folders and files, as seen from that of the settings, in which a search finds no
        notebooks; see `kit.check.notebooks.find_checked`.
    skip : tuple of str
        Such paths of notebooks that are not run: what is written in them is checked all the same.
    profile : str
        Which rules count: "course" for all of them, "widgets" for those of any notebook.
    on, off : tuple of str
        Rules that count, and that do not, whatever the profile says.
    language : str
        In which the course is taught. Unless it is English, spelling is only looked at with
        dictionaries.
    steps : tuple of str
        How the goal and the steps of a lesson are called, unless as usual in this language.
    dictionaries : tuple of str
        Files with a line ``wrong->right`` for each misspelt word; in English they are added to
        codespell's own.
    """

    cell_seconds: int = 60
    notebook_seconds: int = 120
    notebook_megabytes: int = 1000
    cell_lines: int = 12
    words: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    profile: str = COURSE
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    language: str = ENGLISH
    steps: tuple[str, ...] = ()
    dictionaries: tuple[str, ...] = ()

    @property
    def choice(self) -> Choice:
        """Which rules count."""
        return Choice(self.profile, self.on, self.off)

    @classmethod
    def near(cls, path: Path) -> Settings:
        """Return the settings that apply to a notebook or a folder.

        Raises
        ------
        KitError
            If there is no such setting, or it cannot be that.
        """
        for file, table in tables_above(path):
            if "check" in table:
                return cls.of(file, table)
        return cls()

    @classmethod
    def of(cls, file: Path, kit: dict[str, Any]) -> Settings:
        """Return the settings in the table ``[tool.kit]`` of a file.

        Raises
        ------
        KitError
            If there is no such setting, or it cannot be that.
        """
        table = _table(file, kit, "tool.kit.check")
        known = {field.name: field.default for field in fields(cls)}
        chosen: dict[str, object] = {}
        for name, value in table.items():
            if name not in known:
                hint = nearest(name, known)
                raise KitError(f"{file}: [tool.kit.check] has no setting '{name}'; {hint}")
            if not _fits(name, value, known[name]):
                wanted = _WANTED.get(name, "a whole number of at least 1")
                raise KitError(f"{file}: [tool.kit.check] {name} is {value!r}; give {wanted}")
            chosen[name] = tuple(map(str, value)) if isinstance(value, list) else value
        settings = cls(**chosen)  # type: ignore[arg-type]
        try:
            check_choice(settings.choice)
        except KitError as error:
            raise KitError(f"{file}: [tool.kit.check]: {error}") from None
        places = tuple(str(file.resolve().parent / name) for name in settings.dictionaries)
        return replace(settings, dictionaries=places)


def _fits(name: str, value: object, default: object) -> bool:
    """Tell whether a setting can have a value."""
    if isinstance(default, tuple):
        return isinstance(value, list) and (name != "steps" or len(value) == _STEPS)
    if isinstance(default, str):
        is_code = name != "language" or bool(_LANGUAGE.fullmatch(str(value)))
        return isinstance(value, str) and is_code
    return type(value) is int and value > 0


def tables_above(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each ``pyproject.toml`` that counts for a notebook or a folder, the nearest first.

    Yields
    ------
    Path
        The file.
    dict
        Its table ``[tool.kit]``, which may be empty.

    Raises
    ------
    KitError
        If one cannot be read, or is no TOML.
    """
    for folder in path.resolve().parents if path.suffix else (path, *path.resolve().parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            yield file, of_kit(file)


def of_kit(file: Path) -> dict[str, Any]:
    """Return the table ``[tool.kit]`` of a ``pyproject.toml``; an empty one if there is none.

    Raises
    ------
    KitError
        If the file cannot be read, or is no TOML.
    """
    try:
        content: dict[str, Any] = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise KitError(f"{file}: this is no TOML: {error}; mend it") from None
    return _table(file, _table(file, content, "tool"), "tool.kit")


def _table(file: Path, content: dict[str, Any], name: str) -> dict[str, Any]:
    table = content.get(name.rpartition(".")[2], {})
    if not isinstance(table, dict):
        raise KitError(f"{file}: [{name}] is {table!r}; make it a table")
    return table
