"""The `Moments` widget: a teacher's list of what is worth a look in a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets
from ipywidgets.widgets.trait_types import TypedTuple

from kit.trace import Trace
from kit.trace.narration.story import LATER
from kit.tracks.moments import Given, checked_moments, moments
from kit.widgets.pictures.moment_list import MomentList
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.view import View, check_trace


class Moments(View):
    """Moments of a run that are worth a look, beside its pictures.

    A click on a moment, or a key, goes there; while the run plays the last one that was reached
    is marked. A moment can ask, and opens its answer when somebody has written their own. What
    comes after a question that holds the player opens when that question has been answered.

    Parameters
    ----------
    trace : Trace
    moments : sequence of tuple
        A tick and a sentence each, or a tick, a question and its answer. What stands between
        backticks is shown as code.
    player : Player, optional
        That of the stage whose run it is; without one it has its own and shows it.
    **traits
        ``folded`` and ``layout``, as for any view.

    Attributes
    ----------
    moments : tuple of kit.tracks.Moment
        In the order of their ticks.
    written : dict of int to str
        What was answered, by the place of the moment.

    Raises
    ------
    ArgumentError
        If a tick is none of the run, or a moment has no text.

    Examples
    --------
    >>> from kit.scenarios import lost_update
    >>> Moments(lost_update(), [(5, "T2 is made."), (9, "Who runs now?", "T3: T2 still waits.")])
    <Moments of <Trace: 'counter'; 102 ticks>>
    """

    heading = ("MOMENTS", "worth a look")
    lay_out = staticmethod(moments)

    moments = TypedTuple(trait=traitlets.Any()).tag(option=True)

    def __init__(
        self,
        trace: Trace,
        moments: Iterable[Given] = (),
        *,
        player: Player | None = None,
        **traits: Any,
    ) -> None:
        check_trace("Moments", trace)
        chosen = checked_moments(trace, moments)
        super().__init__(trace, player=player, moments=chosen, **traits)

    def _arrange(self) -> None:
        shown = self.widgets["list"]
        assert isinstance(shown, MomentList)
        shown.player = self.player
        super()._arrange()

    @property
    def written(self) -> Mapping[int, str]:
        """What was answered."""
        shown = self.widgets["list"]
        assert isinstance(shown, MomentList)
        return {int(place): text for place, text in shown.written.items()}

    @property
    def in_words(self) -> str:
        """The moments that may be seen, a line each; answers stay closed."""
        shown = [one for one in self.moments if one.tick <= min(self.player.limit, self.trace.end)]
        lines = [f"t = {one.tick}: {one.text}" for one in shown]
        withheld = any(self.player.limit < one.tick <= self.trace.end for one in self.moments)
        return "\n".join([" ".join(self.heading), *lines, *([LATER] if withheld else [])])
