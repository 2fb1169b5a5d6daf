"""Leaving no model behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import ipywidgets


class ClosesParts:
    """Stands before a class of widgets that closes what it is made of.

    When Python ends, its parts go in any order, and nobody is left to be told.
    """

    def __del__(self) -> None:
        """Dispose of it."""
        if not sys.is_finalizing():
            super().__del__()  # type: ignore[misc]


def parts_of(value: Any) -> Iterator[ipywidgets.Widget]:
    """Yield the widgets that a trait's value holds."""
    if isinstance(value, ipywidgets.Widget):
        yield value
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from parts_of(entry)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from parts_of(entry)


def _living(value: Any) -> Any:
    """Return a trait's value without widgets that are closed, which have no model any more."""
    if isinstance(value, ipywidgets.Widget):
        return value if value.comm is not None else None
    if isinstance(value, dict):
        return {key: kept for key, one in value.items() if (kept := _living(one)) is not None}
    if isinstance(value, list | tuple):
        return [kept for one in value if (kept := _living(one)) is not None]
    return value


def _to_json(value: Any, widget: ipywidgets.Widget) -> Any:
    return ipywidgets.widget_serialization["to_json"](_living(value), widget)


living_widgets = {**ipywidgets.widget_serialization, "to_json": _to_json}
"""How a trait that holds widgets is told to the page. One of them may have been closed, as the
player is of a question that is still shown; ipywidgets would fail, and whoever asks for the
state of all widgets, as a page does that is loaded again, would get none."""


def close_all(*widgets: ipywidgets.Widget) -> None:
    """Close widgets and everything they are made of: children, marks, scales, layouts.

    ipywidgets closes only the widget itself, and leaves the models of its parts in the page
    and in the kernel.
    """
    found: dict[str, ipywidgets.Widget] = {}
    waiting = list(widgets)
    while waiting:
        widget = waiting.pop()
        if widget.comm is None or widget.model_id in found:
            continue
        found[widget.model_id] = widget
        for name in widget.keys:
            waiting.extend(parts_of(getattr(widget, name)))
    for widget in found.values():
        ipywidgets.Widget.close(widget)
