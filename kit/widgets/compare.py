"""Two runs beside each other, with their differences."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any, ClassVar

import ipywidgets

from kit.errors import ArgumentError, require
from kit.trace import Trace
from kit.trace.real import RealTrace
from kit.tracks.beside_real import beside_real
from kit.tracks.beside_real import in_words as real_in_words
from kit.tracks.differences import differences, first_difference
from kit.tracks.differences import in_words as difference_in_words
from kit.widgets.base.box import KitBox
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown
from kit.widgets.pictures.drawing import Drawing
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.tracks_model import Tracks
from kit.widgets.pictures.view import View, caption, checked_trace
from kit.widgets.views import VIEWS, Timeline, checked_views

CLOCKS = ("shared", "own")
REAL: dict[str, Any] = {
    "labels": ("model", "this computer"),
    "clock": "own",
    "views": ("timeline", "console"),
}
"""What is usual beside a real run."""


class Compare(KitBox):
    """Two runs beside each other: threads against processes, with and without a lock.

    Beside a real run, each has its own clock, and a table says what is equal, what differs, and
    why.

    Parameters
    ----------
    a : Trace
    b : Trace
        Or a real run, `kit.host.HostTrace`.
    labels : (str, str)
        Above the runs, and in the narration; default ("left", "right"), beside a real run
        ("model", "this computer").
    clock : str
        "shared": one player moves both, and a table says what differs at each tick.
        "own": each run has a player of its own. Default "shared", beside a real run "own".
    views : sequence of str
        Names of `kit.widgets.VIEWS`; default address_spaces, timeline, beside a real run
        timeline, console.
    tick : int
        Where to start; ticks, default 0.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    a, b : Trace
    players : tuple of Player
        One, or one each.
    views : tuple of dict
        The views of each run by name.
    differences : Table or None
        What differs; None where each has its own clock, unless one is a real run.
    usual : dict
        Labels, clock and views of two simulated runs, where none are given.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    usual: ClassVar[dict[str, Any]] = {
        "labels": ("left", "right"),
        "clock": "shared",
        "views": ("address_spaces", "timeline"),
    }

    def __init__(
        self,
        a: Trace,
        b: Trace,
        *,
        labels: tuple[str, str] | None = None,
        clock: str | None = None,
        views: Iterable[str] | None = None,
        **traits: Any,
    ) -> None:
        self.a, self.b = checked_trace("Compare", a), checked_trace("Compare", b)
        refuse_unknown(self, traits, "tick", "layout")
        real = isinstance(self.b, RealTrace)
        usual = REAL if real else self.usual
        names = checked_views("Compare", usual["views"] if views is None else views)
        self.labels = _checked_labels(usual["labels"] if labels is None else labels)
        clock = usual["clock"] if clock is None else clock
        if clock not in CLOCKS:
            raise ArgumentError(f"Compare: clock is {clock!r}; give 'shared' or 'own'")
        require(
            not isinstance(self.a, RealTrace),
            "Compare: the first run is a real one; give the simulated run first",
        )
        require(
            not (real and clock == "shared"),
            "Compare: a tick of a real run is no tick of the model; give clock='own'",
        )
        tick = traits.pop("tick", 0)
        self.players, self.views, sides = _sides(self, names, clock, tick)
        for player in self.players:
            player.is_part = True
        shared, self.differences = [], None
        if isinstance(self.b, RealTrace):
            drawing = Drawing(beside_real(self.a, self.b, self.labels), 0)
            self.differences = drawing.widgets["differences"]
            shared = [caption("MODEL AND REALITY", "what is equal, what differs, and why")]
            shared.append(self.differences)
        elif clock == "shared":
            player = self.players[0]
            picture = differences(self.a, self.b, self.labels)
            drawing = Drawing(picture, player.tick)
            self.tracks = Tracks(picture, drawing)
            player.show(self.tracks)
            self.differences = drawing.widgets["differences"]
            shared = [player, caption("DIFFERENCES", "at this tick"), self.differences]
        pair = ipywidgets.Box(sides)
        pair.add_class("kit-pair")
        super().__init__([*shared, pair], **traits)
        self.add_class("kit-view")
        self.add_class("kit-compare")
        owned_by_cell(self)

    @property
    def player(self) -> Player:
        """The player of both runs, or of the first one."""
        return self.players[0]

    @property
    def in_words(self) -> str:
        """From when on the runs differ, and what each of them printed."""
        if isinstance(self.b, RealTrace):
            return "\n".join([self.b.clock, *real_in_words(self.a, self.b, self.labels)])
        first = difference_in_words(first_difference(self.a, self.b), self.labels)
        runs = zip(self.labels, (self.a, self.b), strict=True)
        return "\n".join([first, *(line for label, run in runs for line in _printed(label, run))])

    def __repr__(self) -> str:
        return f"<Compare {self.labels[0]}: {self.a!r} with {self.labels[1]}: {self.b!r}>"


def _printed(label: str, run: Trace) -> list[str]:
    """Return how a run ended and what its processes printed, a line each."""
    lines = [f"{label}: ends at tick {run.end}"]
    for pid, process in run.history.processes.items():
        printed = run.output(pid).rstrip("\n").replace("\n", " ⏎ ")
        if printed:
            lines.append(f"{label}: {process.program.name} (pid {pid}) printed {printed}")
    return lines


def _checked_labels(labels: Any) -> tuple[str, str]:
    require(
        isinstance(labels, tuple | list)
        and len(labels) == 2
        and all(isinstance(label, str) and label for label in labels)
        and labels[0] != labels[1],
        f"Compare: labels is {labels!r}; give two different texts, "
        "such as ('without lock', 'with lock')",
    )
    return labels[0], labels[1]


def _sides(
    compare: Compare, names: tuple[str, ...], clock: str, tick: int
) -> tuple[tuple[Player, ...], tuple[dict[str, View], ...], list[ipywidgets.Widget]]:
    """Make the players, the views by name, and the two columns of the page."""
    runs = dict(zip(compare.labels, (compare.a, compare.b), strict=True))
    players: tuple[Player, ...]
    if clock == "shared":
        title = " and ".join(compare.labels)
        players = (Player(compare.a, beside=runs, title=title, tick=tick),)
    else:
        players = tuple(Player(run, tick=min(tick, run.end)) for run in runs.values())
    views, sides = [], []
    for place, (label, run) in enumerate(runs.items()):
        player = players[place if clock == "own" else 0]
        made = {name: VIEWS[name](run, player=player) for name in names}
        if clock == "shared" and isinstance(made.get("timeline"), Timeline):
            made["timeline"].until = player.end
        heading = ipywidgets.HTML(f'<div class="kit-side-title">{html.escape(label)}</div>')
        own = [player] if clock == "own" else []
        side = ipywidgets.VBox([heading, *own, *made.values()])
        side.add_class("kit-side")
        views.append(made)
        sides.append(side)
    return players, tuple(views), sides
