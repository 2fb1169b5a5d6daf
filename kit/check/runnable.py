"""A notebook as programs take it that run it: nbval, nbclient, JupyterLab."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import nbformat

from kit.check.notebooks import MAY_RAISE, Cell, Notebook
from kit.errors import KitError


def executable(notebook: Notebook) -> nbformat.NotebookNode:
    """Return a notebook as nbval and nbclient take it.

    What its format demands and an old tool has left out, such as the outputs of a cell that
    never ran, is filled in; the rule "schema" tells of it.

    Raises
    ------
    KitError
        If it has not the form of a notebook.
    """
    cells = [_complete(cell.raw, cell.type) for cell in notebook.cells]
    raw = {"metadata": {}, "nbformat_minor": 4, **notebook.raw, "cells": cells}
    try:
        reads: Any = nbformat.reads  # has no types
        complete: nbformat.NotebookNode = reads(json.dumps(raw), as_version=4)
    except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
        raise KitError(
            f"{notebook.path}: the notebook does not have the form of one: "
            f"{type(error).__name__}: {error}; open it in JupyterLab and save it again"
        ) from None
    return complete


def _complete(raw: Mapping[str, Any], kind: str) -> dict[str, Any]:
    needed: dict[str, Any] = {"metadata": {}, "source": ""}
    if kind == "code":
        needed |= {"outputs": [], "execution_count": None}
    return needed | dict(raw)


def as_run(notebook: Notebook) -> dict[str, Any] | None:
    """Return a notebook for a program that runs all of its cells; None if it can take the file.

    In it cells that are skipped are empty, those that may raise have the tag that JupyterLab
    knows, and no byte order mark stands before the text.
    """
    cells = [_as_run(cell) if cell.type == "code" else cell.raw for cell in notebook.cells]
    if not notebook.marked and all(a is b.raw for a, b in zip(cells, notebook.cells, strict=True)):
        return None
    return {**notebook.raw, "cells": cells}


def _as_run(cell: Cell) -> Mapping[str, Any]:
    if cell.is_skipped:
        return {**cell.raw, "source": ""}
    if cell.may_raise and MAY_RAISE not in cell.tags:
        return {**cell.raw, "metadata": {**cell.metadata, "tags": [*cell.tags, MAY_RAISE]}}
    return cell.raw
