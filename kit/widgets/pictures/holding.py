"""What must not be seen yet: every player of this kernel is held by the questions that are open.

The same run may be on several players, made before the question or after it: in another stage,
a sandbox, a comparison. Whatever shows a part of the run that a question asks about waits.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kit.answering import notebook
from kit.trace import Trace

if TYPE_CHECKING:
    from kit.widgets.pictures.player import Player

_players: weakref.WeakSet[Player] = weakref.WeakSet()
"""All players of this kernel."""


@dataclass(frozen=True)
class Withheld:
    """A run from a moment on.

    Attributes
    ----------
    at : int
        The last tick that may be shown.
    run : str
        The digest of the run.
    trace : Trace or None
        The run itself, if it is known: runs that share its past are withheld too.
    """

    at: int
    run: str
    trace: Trace | None = None

    def concerns(self, trace: Trace) -> bool:
        """Tell whether a trace shows what is withheld: it is that run, or went the same way."""
        if self.trace is None:
            return trace.digest == self.run
        if trace is self.trace or (
            trace.end == self.trace.end and trace.digest == self.trace.digest
        ):
            return True
        recipes = trace.record.recipe, self.trace.record.recipe
        shared = recipes[0].shared_until(recipes[1]) if recipes[0] and recipes[1] else 0
        return shared > self.at


class Asking(Protocol):
    """A question as players know it: `Predict`."""

    key: str
    prompt: str

    @property
    def withheld(self) -> Withheld | None:
        """What must not be seen before it is answered; None if nothing."""


def watch(player: Player) -> None:
    """Let a player be held from now on, also by questions that are asked later."""
    _players.add(player)
    hold(player)


def hold(player: Player) -> None:
    """Hold a player by the questions that are open."""
    for item in notebook.known():
        withheld = getattr(item, "withheld", None)
        if withheld is not None and _shows(player, withheld):
            player.lock(item.key, withheld.at, item.prompt, by=item)


def hold_all(question: Asking) -> None:
    """Hold every player that shows what a question withholds."""
    withheld = question.withheld
    if withheld is not None:
        for player in _live():
            if _shows(player, withheld):
                player.lock(question.key, withheld.at, question.prompt, by=question)


def release_all(question: Asking) -> None:
    """Let all players go on that a question has held."""
    for player in _live():
        player.unlock(question.key, by=question)


def _shows(player: Player, withheld: Withheld) -> bool:
    runs: Iterable[Trace] = player.traces
    return any(withheld.concerns(trace) for trace in runs)


def _live() -> Iterator[Player]:
    return (player for player in list(_players) if player.comm is not None)
