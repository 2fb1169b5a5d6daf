"""What Python in a page runs of a lesson: its code cells, and the files that these name."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from kit.authoring.site.folders import reach_of
from kit.check.addresses import is_private
from kit.check.named import files_named_by
from kit.check.notebooks import Cell, readable
from kit.check.settings import tables_above

SOLUTIONS = "solutions"
"""The folder in which solutions are."""
LARGEST = 500_000
"""Bytes of a file that goes along."""


def lesson_of(
    notebook: nbformat.NotebookNode, source: Path, base: Path, models: Mapping[int, Sequence[str]]
) -> str:
    """Return a lesson as Python in a page takes it, as JSON.

    Parameters
    ----------
    notebook : NotebookNode
    source, base : Path
        Its file, and the folder from which its place is counted.
    models : mapping of int to sequence of str
        The names of the models that each cell has made, by the cell's place.
    """
    cells = [
        {"number": number, "source": cell.source, "models": list(models.get(number, ()))}
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not Cell(number + 1, cell).is_skipped
    ]
    return json.dumps({"cells": cells, "files": _files(source, base)}, ensure_ascii=False)


def _files(source: Path, base: Path) -> dict[str, str]:
    """Return what the code of a lesson reads beside it, in base64, by the path from there.

    Solutions go along only where the course says ``publish_solutions = true`` in ``[tool.kit]``
    of its ``pyproject.toml``: pages then show them after some tries, and whoever looks for them
    finds them.
    """
    solutions = any(table.get("publish_solutions") is True for _, table in tables_above(source))
    found: dict[str, str] = {}
    folder, reach = source.absolute().parent, reach_of(base)
    for file, cell in files_named_by(readable(source)):
        name = os.path.relpath(file, folder)
        inside = file.is_relative_to(folder) and file.is_relative_to(reach)
        solution = solutions and file.parent.name.lower() == SOLUTIONS
        hidden = is_private(file, file.parent if solution else folder)
        if cell.type == "code" and inside and not hidden and file.stat().st_size <= LARGEST:
            found[Path(name).as_posix()] = base64.b64encode(file.read_bytes()).decode()
    return found


def settings_of(folder: str, total: int, transferred: int, cells: str) -> dict[str, Any]:
    """Return what a page has to know of its Python.

    Parameters
    ----------
    folder : str
        Of the bundle, among the assets.
    total, transferred : int
        Bytes that are loaded, and that go over the network for it.
    cells : str
        Where the lesson's cells are, among the assets.
    """
    megabytes = max(1, round(transferred / 1e6))
    return {"folder": folder, "total": total, "megabytes": megabytes, "cells": cells}
