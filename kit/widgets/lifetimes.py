"""Widgets live as long as the cell that made them is not run again."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import ipywidgets

_made: dict[str, tuple[str, list[ipywidgets.Widget]]] = {}
"""Cell -> the run of it that made widgets, and those."""


def owned_by_cell(widget: ipywidgets.Widget) -> None:
    """Close what the same cell made when it was run before, and remember this one.

    ipywidgets keeps every widget until it is closed, so running a cell a hundred times would
    leave a hundred stages in the kernel and in the page. JupyterLab and Notebook 7 tell which
    cell runs; elsewhere nothing is closed.
    """
    cell, run, deleted = _running()
    for gone in deleted:
        _release(gone)
    if not cell:
        return
    if cell in _made and _made[cell][0] != run:
        _release(cell)
    _made.setdefault(cell, (run, []))[1].append(widget)


def _release(cell: str) -> None:
    """Close what a cell made, but leave what another cell still shows until it is gone there."""
    for widget in _made.pop(cell, ("", []))[1]:
        speaker = getattr(widget, "speaker", None)
        if getattr(widget, "is_part", False) or widget.comm is None:
            continue
        if speaker is None:
            widget.close()
        else:
            speaker.on_msg(partial(_close_when_gone, widget))
            speaker.send({"do": "release"})


def _close_when_gone(
    widget: ipywidgets.Widget, _speaker: object, content: object, _buffers: object
) -> None:
    if content == {"gone": True}:
        widget.close()


def _running() -> tuple[str, str, list[str]]:
    """Return the id of the running cell, of this run of it, and of cells that were deleted."""
    if "ipykernel" not in sys.modules:
        return "", "", []
    from IPython import get_ipython  # noqa: PLC0415 - only where there is a kernel

    parent: Any = getattr(get_ipython(), "get_parent", dict)() or {}
    metadata = parent.get("metadata", {})
    run = parent.get("header", {}).get("msg_id", "")
    if parent.get("header", {}).get("msg_type") != "execute_request":
        return "", "", []
    return metadata.get("cellId", ""), run, metadata.get("deletedCells", [])
