"""Where the choices of a question stand in the pictures of address spaces on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from kit.quiz import Question
from kit.tracks.memory.regions import regions
from kit.widgets.pictures.player import Player
from kit.widgets.views import AddressSpaces

OPTIONS = ("detail", "pids")
"""What changes where segments stand."""


class PicturePlaces:
    """Keeps up with the pictures of address spaces that a player moves.

    Parameters
    ----------
    question : Question
        With a moment at which it is asked.
    player : Player
    tell : callable
        Called with the places whenever they have changed: for each picture its ``figure``
        and, for each segment that is a choice, ``boxes`` of the choice's number, left, top,
        width and height, as shares of the picture.
    """

    def __init__(
        self, question: Question, player: Player, tell: Callable[[list[dict[str, Any]]], object]
    ) -> None:
        self._question, self._player, self._tell = question, player, tell
        self._run = player.trace
        self._watched: list[tuple[traitlets.HasTraits, tuple[str, ...]]] = []
        self._watch(player, ("tracks", "trace"))
        self._find()

    def _watch(self, what: traitlets.HasTraits, names: tuple[str, ...]) -> None:
        if all(what is not known for known, _ in self._watched):
            self._watched.append((what, names))
            what.observe(self._find, list(names))

    def _find(self, _change: Any = None) -> None:
        at, places = self._question.at, []
        views = [view for view in self._player.views.values() if isinstance(view, AddressSpaces)]
        for view in views:
            self._watch(view, OPTIONS)
            if at is not None and view.trace is self._run and view.figure is not None:
                places.append({"figure": view.figure, "boxes": self._boxes(view, at)})
        self._tell(places)

    def _boxes(self, view: AddressSpaces, at: int) -> list[list[float]]:
        assert view.drawing is not None, "it has a figure"
        numbers = {choice.place: place for place, choice in enumerate(self._question.choices)}
        wide, high = (view.drawing.scales[axis].max for axis in ("x", "y"))
        return [
            [
                numbers[one.place],
                one.left / wide,
                one.top / high,
                (one.right - one.left) / wide,
                (one.bottom - one.top) / high,
            ]
            for one in regions(view.trace, at, detail=view.detail, pids=view.pids)
            if one.place in numbers
        ]

    def stop(self) -> None:
        """Keep up no more."""
        for what, names in self._watched:
            what.unobserve(self._find, list(names))
        self._watched.clear()
