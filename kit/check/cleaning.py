"""Cleaning notebooks: what is stored is what somebody wrote, and looks alike everywhere.

Needs nothing but Python, so that it is quick as a filter of git.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kit.check.notebook_text import KERNELSPEC, LANGUAGE, as_text
from kit.check.notebooks import Cell, Notebook, Unreadable
from kit.errors import KitError, plural
from kit.files import read_bytes, write_text

KEEPING = ("nbval-check-output", "keep-output")
"""Tags of cells whose outputs may be stored."""
KINDS = frozenset({"text/plain", "text/markdown", "text/html", "image/png", "image/svg+xml"})
"""The types of content that may be stored."""
WIDGET = "application/vnd.jupyter.widget-view+json"
NOISE = frozenset(
    {
        "ExecuteTime",
        "autoscroll",
        "colab",
        "colab_type",
        "collapsed",
        "execution",
        "executionInfo",
        "heading_collapsed",
        "hidden",
        "id",
        "jp-MarkdownHeadingCollapsed",
        "outputId",
        "papermill",
        "pycharm",
        "scrolled",
        "trusted",
        "vscode",
    }
)
"""What editors leave in a cell's metadata: how it looked on a screen, when it was run."""
NEWEST_MINOR = 5
"""The first minor version of format 4 whose cells have ids."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_ID = 64
_WORDS = {
    "outputs": "outputs of ",
    "counts": "",
    "ids": "",
    "notes": "what an editor noted in ",
    "widgets": "the state of widgets",
    "kernel": "the kernel",
    "metadata": "what is known of one computer",
    "format": "the version of the format",
}
"""What can change, and how it is called; `_COUNTED` says what is counted behind it."""
_COUNTED = {"outputs": "cell", "counts": "execution count", "ids": "id", "notes": "cell"}


@dataclass(frozen=True)
class Cleaned:
    """A notebook as it should be stored.

    Attributes
    ----------
    text : str
    changes : tuple of str
        What has changed, in words; nothing if it was clean.
    """

    text: str
    changes: tuple[str, ...]


def clean_file(path: Path, *, write: bool = True) -> tuple[str, ...]:
    """Clean a notebook in place, and return in words what has changed.

    Parameters
    ----------
    path : Path
    write : bool
        Whether the file is changed; if not, what would change is returned.

    Raises
    ------
    KitError
        If it is no notebook, or cannot be written.
    """
    cleaned = _clean(path, str(path))
    if write and cleaned.changes:
        write_text(path, cleaned.text)
    return cleaned.changes


def clean_bytes(content: bytes) -> bytes:
    """Return a notebook as it should be stored, as a filter of git does.

    Raises
    ------
    KitError
        If it is no notebook.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "input.ipynb"
        path.write_bytes(content)
        return _clean(path, "the input").text.encode("utf-8")


def _clean(path: Path, name: str) -> Cleaned:
    try:
        notebook = Notebook.read(path)
    except Unreadable as error:
        problem = error.problem
        raise KitError(f"{name}: {problem.found}; {problem.remedy}") from None
    cleaned = clean(notebook)
    content = read_bytes(path)
    if notebook.marked:
        return Cleaned(cleaned.text, (*cleaned.changes, "the byte order mark"))
    if cleaned.changes or cleaned.text.encode("utf-8") == content:
        return cleaned
    return Cleaned(cleaned.text, ("how the file is laid out",))


def clean(notebook: Notebook) -> Cleaned:
    """Return a notebook without what running it, or an editor, has left in it.

    Outputs and counts go, but for cells tagged ``keep-output`` or ``nbval-check-output``;
    so do widget state and what is known of one computer only. Each cell gets an id of its
    own, and the kernel is python3. What somebody wrote stays as it is.
    """
    changes: Counter[str] = Counter()
    raw = notebook.raw
    cells = [dict(cell.raw) for cell in notebook.cells]
    for cell, new in zip(notebook.cells, cells, strict=True):
        new["metadata"] = _cell_metadata(cell.metadata)
        new.setdefault("source", "")
        changes["notes"] += new["metadata"] != cell.raw.get("metadata", {})
    _clean_outputs(notebook.cells, cells, changes)
    for new, name in zip(cells, _ids(cells), strict=True):
        changes["ids"] += new.get("id") != name
        new["id"] = name
    metadata = {"kernelspec": KERNELSPEC, "language_info": LANGUAGE}
    if "kit" in notebook.metadata:
        metadata["kit"] = notebook.metadata["kit"]
    pairing = pairing_of(notebook.metadata)
    if pairing:
        metadata["jupytext"] = pairing
    changes["widgets"] += "widgets" in notebook.metadata
    changes["kernel"] += notebook.metadata.get("kernelspec") != KERNELSPEC
    others = [name for name in notebook.metadata if name not in (*metadata, "widgets")]
    others += [name for name in ("jupytext",) if notebook.metadata.get(name, {}) != (pairing or {})]
    changes["metadata"] += bool(others) or notebook.metadata.get("language_info") != LANGUAGE
    minor = raw.get("nbformat_minor")
    newest = minor if type(minor) is int and minor >= NEWEST_MINOR else NEWEST_MINOR
    changes["format"] += newest != minor
    new = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": newest}
    return Cleaned(as_text(new), tuple(_in_words(changes)))


def pairing_of(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what jupytext has to know of a notebook, such as its text; nothing if it is alone.

    `text_representation` says which version of jupytext was there when it was saved last.
    """
    found = metadata.get("jupytext")
    settings = found if isinstance(found, Mapping) else {}
    return {name: value for name, value in settings.items() if name != "text_representation"}


def _cell_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in metadata.items() if name not in NOISE}
    if isinstance(kept.get("jupyter"), Mapping):
        kept["jupyter"] = {n: v for n, v in kept["jupyter"].items() if n != "outputs_hidden"}
    return {name: value for name, value in kept.items() if value or name not in ("jupyter", "tags")}


def _clean_outputs(
    cells: Sequence[Cell], new: Sequence[dict[str, Any]], changes: Counter[str]
) -> None:
    """Give code cells the outputs and counts that they may have, and others none."""
    place = 0
    for cell, raw in zip(cells, new, strict=True):
        count = raw.pop("execution_count", None)
        stored = raw.pop("outputs", [])
        outputs: list[dict[str, Any]] = []
        if cell.type == "code":
            place += 1
            if any(tag in cell.tags for tag in KEEPING):
                outputs = [new for old in cell.outputs for new in _kept(old, cell.may_raise, place)]
            raw["outputs"] = outputs
            raw["execution_count"] = place if outputs else None
        changes["outputs"] += outputs != stored
        changes["counts"] += count != (place if outputs else None)


def _kept(output: object, may_raise: bool, place: int) -> Iterator[dict[str, Any]]:
    """Yield an output as it may be stored, if it may."""
    if not isinstance(output, Mapping):
        return
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") == "stdout":
        yield dict(output)
    elif kind == "error" and may_raise:
        # A traceback names files of one computer; the error itself is kept.
        yield {**output, "traceback": []}
    elif kind in ("display_data", "execute_result"):
        # Of a widget the words are kept, for readers without a kernel.
        data = output.get("data")
        if not isinstance(data, Mapping):
            return
        kept = {name: content for name, content in data.items() if _may_be_stored(name, content)}
        details = output.get("metadata")
        about = details if isinstance(details, Mapping) else {}
        if kept:
            new = {
                "output_type": kind,
                "data": kept,
                "metadata": {name: value for name, value in about.items() if name in kept},
            }
            yield new | ({"execution_count": place} if kind == "execute_result" else {})


def _may_be_stored(name: str, content: object) -> bool:
    if name == "text/html":
        text = "".join(map(str, content)) if isinstance(content, list) else str(content)
        return "<script" not in text.lower()
    return name in KINDS


def _ids(cells: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield an id for each cell: its own if it can keep it, or one that follows from its place."""
    own = [cell.get("id") for cell in cells]
    valid = [name if isinstance(name, str) and _ID.fullmatch(name) else "" for name in own]
    taken = set(valid)
    seen: set[str] = set()
    for number, name in enumerate(valid, 1):
        chosen = name
        if not name or name in seen:
            chosen = _unlike(name or f"cell-{number}", taken)
            taken.add(chosen)
        seen.add(chosen)
        yield chosen


def _unlike(name: str, taken: set[str]) -> str:
    """Return a name that is not taken: this one, or with a number behind it."""
    number, chosen = 1, name
    while chosen in taken:
        number += 1
        ending = f"-{number}"
        chosen = name[: _LONGEST_ID - len(ending)] + ending
    return chosen


def _in_words(changes: Counter[str]) -> Iterator[str]:
    for name, words in _WORDS.items():
        if changes[name]:
            counted = _COUNTED.get(name)
            yield words + (plural(changes[name], counted) if counted else "")
