"""Running notebooks and storing what their cells say, for readers without a kernel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from kit.authoring.running import run
from kit.check.cleaning import clean
from kit.check.notebooks import Notebook, readable
from kit.check.runnable import executable
from kit.errors import KitError
from kit.files import check_writable, read_bytes, write_text

COMPARED = "nbval-check-output"
"""The tag of a cell whose stored output is compared with what it says when it is run again."""
UNSTORED = "nbval-ignore-output"
"""The tag of a cell that says something else each time, so that nothing of it is stored."""


def store(path: Path) -> bool:
    """Run a notebook, store what its cells say, and return whether the file has changed.

    Widgets are stored as the words that they show where no widget can be shown. Each cell
    that says something is tagged ``nbval-check-output``, so that a check notices when what is
    stored is no longer true; what a cell tagged ``nbval-ignore-output`` says is not stored.

    Parameters
    ----------
    path : Path

    Raises
    ------
    KitError
        If it is no notebook, a cell fails or writes to stderr, or it cannot be written.
    """
    stored = readable(path)
    check_writable(path)
    notebook = executable(stored)
    run(notebook, path)
    for before, cell in zip(stored.cells, notebook.cells, strict=True):
        if before.type == "code" and not before.is_skipped:
            _settle(cell, f"{path}, cell {before.number}", may_raise=before.may_raise)
    after = clean(Notebook(path, json.loads(nbformat.writes(notebook)))).text
    changed = after.encode("utf-8", "replace") != read_bytes(path)
    if changed:
        write_text(path, after)
    return changed


def _settle(cell: Any, place: str, *, may_raise: bool) -> None:
    """Tag a cell that says something, and keep what may be compared."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != COMPARED]
    if UNSTORED in tags:
        cell.outputs = []
    spoken = "".join(_stderr(cell.outputs))
    if spoken and "allow-stderr" not in tags:
        raise KitError(f"{place}: it writes to stderr: {spoken.strip()[:200]}; mend its cause")
    cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    if cell.outputs and not may_raise:
        tags.append(COMPARED)
    if tags:
        cell.metadata["tags"] = tags
    else:
        cell.metadata.pop("tags", None)


def _stderr(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            yield output.text
