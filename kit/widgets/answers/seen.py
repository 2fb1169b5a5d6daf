"""What of a notebook's widgets somebody can see, for the check that looks for what nobody can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets

from kit.widgets.answers.exercise import Exercise
from kit.widgets.answers.predict import Predict
from kit.widgets.base.box import KitBox
from kit.widgets.base.closing import parts_of
from kit.widgets.pictures.player import Player

_HIDDEN_PARTS = (Predict, Player)
"""Widgets that hold others without showing them."""


def asked_here(models: Iterable[ipywidgets.Widget], shown: Iterable[str]) -> list[dict[str, Any]]:
    """Return what a notebook asks, and whether somebody can see it.

    Parameters
    ----------
    models : iterable of Widget
        All live widgets.
    shown : iterable of str
        The model ids of what was displayed.

    Returns
    -------
    list of dict
        For each question and exercise ``id``, ``what``, ``key``, ``prompt``, ``seen``,
        ``player``, the id of its player or "", and ``playable``, whether that can be seen, or
        a view of it.
    """
    live = {widget.model_id: widget for widget in models if widget.comm is not None}
    seen = _reached([live[key] for key in shown if key in live])
    return [
        {
            "id": key,
            "what": type(widget).__name__,
            "key": widget.key,
            "prompt": widget.prompt,
            "seen": key in seen,
            "player": player.model_id if (player := _player(widget)) else "",
            "playable": player is None or _is_seen(player, seen),
        }
        for key, widget in live.items()
        if isinstance(widget, Predict | Exercise)
    ]


def _player(widget: Predict | Exercise) -> Player | None:
    player = widget.player if isinstance(widget, Predict) else None
    return None if player is None or player.comm is None else player


def _is_seen(player: Player, seen: set[str]) -> bool:
    views = [view for view in player.views.values() if isinstance(view, ipywidgets.Widget)]
    return any(widget.model_id in seen for widget in (player, *views))


def _reached(waiting: list[ipywidgets.Widget]) -> set[str]:
    """Return the ids of widgets and of all that stands in them."""
    seen: set[str] = set()
    while waiting:
        widget = waiting.pop()
        if widget.comm is None or widget.model_id in seen:
            continue
        seen.add(widget.model_id)
        if isinstance(widget, _HIDDEN_PARTS):
            continue
        # A box of others may keep its parts under any name; one of the kit has children.
        names = ["children"] if isinstance(widget, KitBox) else widget.keys
        for name in names:
            waiting.extend(parts_of(getattr(widget, name)))
    return seen
