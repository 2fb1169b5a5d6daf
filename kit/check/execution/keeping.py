"""A notebook as it was executed, for those who want to see what a check saw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.check.execution.kernel import Kernel
from kit.check.execution.page import shown
from kit.check.execution.troubles import CellOwner
from kit.check.notebooks import Notebook
from kit.files import write_text


def keep_executed(notebook: Notebook, kernel: Kernel, place: Path) -> None:
    """Write a notebook with the outputs of this run.

    Parameters
    ----------
    notebook : Notebook
    kernel : Kernel
        In which its cells have run, and which has kept what they led to.
    place : Path
        The file.
    """
    outputs: dict[int, list[Any]] = {}
    for request in kernel.begun:
        if isinstance(request.owner, CellOwner) and request.owner.cell is not None:
            outputs[request.owner.cell.number] = shown(request.kept, stderr=True)
    cells = [
        _executed(cell.raw, outputs.get(cell.number)) if cell.type == "code" else cell.raw
        for cell in notebook.cells
    ]
    place.parent.mkdir(parents=True, exist_ok=True)
    write_text(place, json.dumps({**notebook.raw, "cells": cells}, indent=1) + "\n")


def _executed(raw: Mapping[str, Any], outputs: list[Any] | None) -> Mapping[str, Any]:
    count = None if outputs is None else _count(outputs)
    return {**raw, "outputs": outputs or [], "execution_count": count}


def _count(outputs: list[Any]) -> int | None:
    return next((one["execution_count"] for one in outputs if one.get("execution_count")), None)
