"""What all views share: a picture of a trace on a player, their own or a given one."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

from kit.errors import ArgumentError, require
from kit.trace import Trace
from kit.trace.real import MEMORY, RUN, WATCHED, RealTrace, trace_of
from kit.tracks import Picture
from kit.widgets.base.box import KitBox
from kit.widgets.base.closing import close_all
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown
from kit.widgets.pictures.drawing import Drawing
from kit.widgets.pictures.layouts import TOLD, Layout, picture_of
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.tracks_model import Tracks

_INSTEAD = {
    RUN: "a real run says nothing of what it shows; take Timeline, Console, ProcessTable or "
    "Lifecycle",
    MEMORY: "a real address space says nothing of what it shows; take AddressSpaces",
    WATCHED: "what processes used says nothing of what it shows; take HostMonitor",
}
"""What is known of a real computer -> why a view cannot show it."""
LONGEST_TOLD = 5000
"""Ticks; a longer run takes too long to be laid out twice."""


def caption_text(strong: str, rest: str = "", *, folds: bool = False, folded: bool = False) -> str:
    """Return a small heading as HTML; both texts are shown as they are.

    Parameters
    ----------
    strong, rest : str
    folds : bool
        Whether a person can fold what stands below it; the style sheet does so.
    folded : bool
        Whether it is folded at first.
    """
    words = f'{html.escape(strong)}<span style="font-weight:400"> {html.escape(rest)}</span>'
    if not folds:
        return f'<div class="kit-caption">{words}</div>'
    summary = f'<summary class="kit-caption">{words}</summary>'
    return f'<details class="kit-fold"{"" if folded else " open"}>{summary}</details>'


def caption(strong: str, rest: str = "") -> ipywidgets.HTML:
    """Return a small heading."""
    heading = ipywidgets.HTML(caption_text(strong, rest))
    heading.add_class("kit-heading")
    return heading


def check_trace(who: str, trace: object) -> None:
    """Raise `ArgumentError` unless a trace was given."""
    require(
        isinstance(trace, Trace),
        f"{who}: the trace is {type(trace).__name__}; give what machine.run() returned",
    )


def checked_trace(who: str, run: object) -> Trace:
    """Return a trace that was given, or that of the real run that was.

    Raises
    ------
    ArgumentError
        If neither was given.
    """
    trace = trace_of(run)
    check_trace(who, trace)
    assert isinstance(trace, Trace), "this was just checked"
    return trace


def check_player(who: str, trace: Trace, player: object) -> None:
    """Raise `ArgumentError` if what was given is no player, or one of another run."""
    if player is None:
        return
    if not isinstance(player, Player):
        raise ArgumentError(
            f"{who}: the player is {type(player).__name__}; give a Player, such as that of a "
            "stage: stage.player"
        )
    require(
        trace in player.traces,
        f"{who}: the player belongs to another trace; make it with Player(trace) from this one",
    )


class View(KitBox):
    """A picture of a trace that plays.

    A subclass names its layout and may have *options*: traits tagged ``option=True``, which
    the layout takes as keyword arguments. Setting one lays the picture out anew.

    Parameters
    ----------
    trace : Trace
        Or a real run, `kit.host.HostTrace`, where the view can show one.
    player : Player, optional
        The player that drives it; without one the view has its own and shows it.
    **traits
        ``layout``, as for any widget, and the view's options.

    Attributes
    ----------
    trace : Trace
        Setting it shows another run in the same widgets; where the player was, it stays.
    player : Player
    figure : Figure or None
        None where all is tables.
    widgets : dict of str to Widget
        The parts of the picture by name.
    folded : bool
        Whether only its heading is shown, until somebody folds it out; default False.
    """

    heading = ("", "")
    lay_out: Callable[..., Picture]
    frame_classes: tuple[str, ...] = ()
    """Of the style sheets; the frame around the picture has them."""
    shows_real = ""
    """What it shows of a real computer, too: `kit.trace.real.RUN` or `MEMORY`; "" for nothing."""

    trace = traitlets.Instance(Trace)
    folded = traitlets.Bool(False)

    def __init__(self, trace: Trace, *, player: Player | None = None, **traits: Any) -> None:
        who = type(self).__name__
        trace = checked_trace(who, trace)
        check_player(who, trace, player)
        options = tuple(self.class_traits(option=True))
        refuse_unknown(self, traits, "folded", "layout", *options)
        own = player is None
        self.player = player if player is not None else Player(trace)
        self.drawing: Drawing | None = None
        chosen = {name: traits.pop(name) for name in options if name in traits}
        try:
            super().__init__(trace=trace, **chosen, **traits)
        except traitlets.TraitError as error:
            raise ArgumentError(f"{who}: {error}") from None
        picture = self.picture
        self.drawing = Drawing(picture, min(self.player.tick, trace.end))
        self.tracks = Tracks(picture, self.drawing)
        self._own = (self.player,) if own else ()
        self._caption = caption("")
        self._frame = ipywidgets.Box()
        for name in ("kit-frame", *self.frame_classes):
            self._frame.add_class(name)
        self._arrange()
        self.add_class("kit-view")
        self.player.show(self.tracks, self)
        self.player.observe(self._follow, "trace")
        self.observe(self._renew, ["trace", *options])
        self.observe(self._fold, "folded")
        owned_by_cell(self)

    @traitlets.validate("trace")
    def _run_that_it_can_show(self, proposal: dict[str, Any]) -> Trace:
        trace: Trace = proposal["value"]
        if isinstance(trace, RealTrace) and self.shows_real != trace.seen.kind:
            raise ArgumentError(f"{type(self).__name__}: {_INSTEAD[trace.seen.kind]}")
        return trace

    def _fold(self, _change: object = None) -> None:
        self._caption.value = caption_text(*self.headline, folds=True, folded=self.folded)

    @property
    def headline(self) -> tuple[str, str]:
        """What stands above the picture, in bold and after it."""
        return self.heading

    @property
    def release_channel(self) -> Player | None:
        """What reports that it is no longer shown: a player of its own."""
        return self._own[0] if self._own else None

    @property
    def is_part(self) -> bool:
        """Whether a stage or a comparison takes care of it."""
        return not self._own and self.player.is_part

    @property
    def figure(self) -> Any:
        """The bqplot figure."""
        return self.drawing.figure if self.drawing is not None else None

    @property
    def widgets(self) -> dict[str, ipywidgets.Widget]:
        """The parts of the picture."""
        return self.drawing.widgets if self.drawing is not None else {}

    @classmethod
    def usual_layouts(cls) -> list[Layout]:
        """Return how a run is laid out for one that is made with it alone."""
        traits = cls.class_traits(option=True)
        usual = {name: trait.default() for name, trait in traits.items()}
        return [TOLD, (cls.lay_out, usual)]

    @property
    def layout_of_runs(self) -> Layout:
        """How it lays out any run."""
        options = {name: getattr(self, name) for name in self.class_traits(option=True)}
        return type(self).lay_out, options

    @property
    def picture(self) -> Picture:
        """What it shows, of the whole run."""
        return picture_of(self.trace, *self.layout_of_runs)

    @property
    def window(self) -> tuple[float, ...]:
        """First and last tick that it shows, as far as Python knows; empty for the whole run."""
        zoom = self.widgets.get("zoom")
        return tuple(zoom.window) if zoom is not None else ()

    def _arrange(self) -> None:
        assert self.drawing is not None
        self._fold()
        self._frame.children = self.drawing.parts
        self.children = [*self._own, self._caption, self._frame]

    def _follow(self, change: dict[str, Any]) -> None:
        """Show the other run that the player was given."""
        if self.trace is change["old"]:
            self.trace = change["new"]

    def _renew(self, change: dict[str, Any]) -> None:
        if change["name"] == "trace" and self.trace not in self.player.traces:
            self.player.trace = self.trace
        assert self.drawing is not None
        picture = self.picture
        self.drawing.update(picture, min(self.player.tick, self.trace.end))
        self.tracks.update(picture, self.drawing)
        self._arrange()

    def close(self) -> None:
        """Take it off the page, and leave no model of it behind."""
        if self.comm is not None and self.drawing is not None:
            self.player.unobserve(self._follow, "trace")
            self.player.drop(self.tracks)
            close_all(self, self.tracks)

    @property
    def in_words(self) -> str:
        """What it shows at the tick of its player; of a very long run only which run it is."""
        if self.trace.end > LONGEST_TOLD:
            return repr(self)
        told = self.picture.told(min(self.player.tick, self.trace.end))
        heading = " ".join(part for part in self.heading if part)
        return "\n".join([f"{heading}, at tick {self.player.tick}:", *told])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.trace!r}>"
