"""What a course can choose about its checks, in its ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kit.errors import KitError, nearest
from kit.files import read_text

_LISTS = {"words": "a list of words", "exclude": "a list of paths"}


@dataclass(frozen=True)
class Settings:
    """The table ``[tool.kit.check]`` of the nearest ``pyproject.toml`` that has one.

    Attributes
    ----------
    cell_seconds : int
        How long one cell may take.
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
    """

    cell_seconds: int = 60
    notebook_seconds: int = 120
    notebook_megabytes: int = 1000
    cell_lines: int = 12
    words: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

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
            listed = isinstance(known[name], tuple)
            if listed and isinstance(value, list):
                chosen[name] = tuple(map(str, value))
            elif not listed and type(value) is int and value > 0:
                chosen[name] = value
            else:
                wanted = _LISTS[name] if listed else "a whole number of at least 1"
                raise KitError(f"{file}: [tool.kit.check] {name} is {value!r}; give {wanted}")
        return cls(**chosen)  # type: ignore[arg-type]


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
