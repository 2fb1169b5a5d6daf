"""What all views share: a figure of a trace on a player, their own or a given one."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets

from kit.errors import ArgumentError, nearest, require
from kit.trace import Trace
from kit.tracks import Picture
from kit.widgets.drawing import Drawing
from kit.widgets.player import Player, described
from kit.widgets.tracks_model import Tracks


def caption(strong: str, rest: str = "") -> ipywidgets.HTML:
    """Return a small heading; both texts are shown as they are."""
    heading = ipywidgets.HTML(
        f'<div class="kit-caption">{html.escape(strong)}'
        f'<span style="font-weight:400"> {html.escape(rest)}</span></div>'
    )
    heading.add_class("kit-heading")
    return heading


def check_trace(who: str, trace: object) -> None:
    """Raise `ArgumentError` unless a trace was given."""
    require(
        isinstance(trace, Trace),
        f"{who}: the trace is {type(trace).__name__}; give what machine.run() returned",
    )


def check_player(who: str, trace: Trace, player: object) -> None:
    """Raise `ArgumentError` if a player of another run was given."""
    require(
        player is None or (isinstance(player, Player) and player.trace is trace),
        f"{who}: the player belongs to another trace; make it with Player(trace) from this one",
    )


def refuse_unknown(who: str, given: dict[str, Any], known: tuple[str, ...]) -> None:
    """Raise `ArgumentError` for a keyword argument that does not exist."""
    for name in given:
        if name not in known:
            raise ArgumentError(f"{who} has no argument '{name}'; {nearest(name, known)}")


class View(ipywidgets.VBox):
    """A picture of a trace that plays.

    Parameters
    ----------
    trace : Trace
    player : Player, optional
        The player that drives it; without one the view has its own and shows it.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    trace : Trace
    player : Player
    figure : bqplot.Figure
    """

    heading = ("", "")
    lay_out: Callable[[Trace], Picture]

    def __init__(self, trace: Trace, *, player: Player | None = None, **traits: Any) -> None:
        who = type(self).__name__
        check_trace(who, trace)
        check_player(who, trace, player)
        refuse_unknown(who, traits, ("player", "layout"))
        own = player is None
        self.trace = trace
        self.player = player if player is not None else Player(trace)
        picture = type(self).lay_out(trace)
        drawing = Drawing(picture)
        self.figure = drawing.figure
        frame = ipywidgets.Box([drawing.figure])
        frame.add_class("kit-frame")
        parts = [caption(*self.heading), frame]
        super().__init__([self.player, *parts] if own else parts, **traits)
        self.add_class("kit-view")
        self.player.show(Tracks.of(picture, drawing))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.trace!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return described(super()._repr_mimebundle_(**kwargs), repr(self))
