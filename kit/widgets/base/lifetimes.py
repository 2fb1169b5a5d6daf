"""Widgets live as long as the cell that made them is not run again."""

from __future__ import annotations

import sys
import weakref
from functools import partial
from typing import Any

import ipywidgets

_Made = list[weakref.ref[ipywidgets.Widget]]
_made: dict[str, tuple[str, _Made]] = {}
"""Cell -> the run of it that made widgets, and those; what was closed may go."""


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
    _made.setdefault(cell, (run, []))[1].append(weakref.ref(widget))


def _release(cell: str) -> None:
    """Close what a cell made, but leave what another cell still shows until it is gone there."""
    for one in _made.pop(cell, ("", []))[1]:
        widget = one()
        if widget is None:
            continue
        _forget(widget)
        channel = getattr(widget, "release_channel", None)
        if getattr(widget, "is_part", False) or widget.comm is None:
            continue
        if channel is None:
            widget.close()
        else:
            channel.on_msg(partial(_close_when_gone, widget))
            channel.send({"do": "release"})


def _forget(widget: ipywidgets.Widget) -> None:
    """Take a widget out of what IPython remembers of outputs: `_`, `_12`, `Out`.

    Else each run of a cell would leave its widget behind, with the run that it shows.
    """
    shell = _shell()
    hook = getattr(shell, "displayhook", None)
    if hook is None:
        return
    outputs: dict[int, Any] = shell.user_ns.get("_oh", {})
    for place in [place for place, output in outputs.items() if output is widget]:
        del outputs[place]
        for names in (shell.user_ns, shell.user_ns_hidden):
            names.pop(f"_{place}", None)
    for name in ("_", "__", "___"):
        if getattr(hook, name, None) is widget:
            setattr(hook, name, "")
            if shell.user_ns.get(name) is widget:
                shell.push({name: ""}, interactive=False)


def _close_when_gone(
    widget: ipywidgets.Widget, _speaker: object, content: object, _buffers: object
) -> None:
    if content == {"gone": True}:
        widget.close()


def _running() -> tuple[str, str, list[str]]:
    """Return the id of the running cell, of this run of it, and of cells that were deleted."""
    parent: Any = getattr(_shell(), "get_parent", dict)() or {}
    metadata = parent.get("metadata", {})
    run = parent.get("header", {}).get("msg_id", "")
    if parent.get("header", {}).get("msg_type") != "execute_request":
        return "", "", []
    return metadata.get("cellId", ""), run, metadata.get("deletedCells", [])


def _shell() -> Any:
    """Return the shell of this kernel; None where there is none."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython  # noqa: PLC0415 - only where there is a kernel

    return get_ipython()
