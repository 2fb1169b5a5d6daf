"""The `Outcomes` widget: every result of a program, and the run that shows the chosen one."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets
import traitlets

from kit.errors import explain_arguments, require
from kit.explore import ExplorationResult, Outcome
from kit.explore.no_return import marked_witness
from kit.explore.outcomes import NOT_LIKELIHOODS
from kit.explore.state_graph import is_small, state_graph
from kit.trace import Trace
from kit.trace.link import PAGE
from kit.tracks.differences import first_difference
from kit.widgets.base.box import KitBox
from kit.widgets.base.controls import ControlsAid
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown, say_without_kernel, style_sheet
from kit.widgets.compare import Compare
from kit.widgets.pictures.bar_chart import BarChart
from kit.widgets.pictures.curtain import Curtain
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.view import caption
from kit.widgets.runs.graph_of_states import GraphOfStates
from kit.widgets.stage import Stage

VIEWS = ("address_spaces", "cpu", "timeline")
"""What the stage of an outcome shows if nothing else was asked for."""
NOBODY = -1
WITHHELD = "What can come out is told when the question about it has been answered."
MOST = 40
"""Most outcomes that have a bar; the list has all of them."""


class Outcomes(KitBox):
    """A bar for each result of a program over all its schedules; choosing one plays its run.

    Nothing of it is seen until every `Predict` that was made from the same result of `explore`
    has been answered.

    Parameters
    ----------
    explored : kit.explore.ExplorationResult
        What `explore` returned; it must have found at least one result.
    views : sequence of str
        Of the stage; names of `kit.widgets.VIEWS`, default address_spaces, cpu, timeline.
    good : callable, optional
        Tells of an outcome whether it is good. The timeline of another one then marks up to
        where it could still have ended well. If not given, bad are faults, deadlocks and what
        never ends.
    graph : bool, optional
        Whether the graph of states is shown. If not given, it is there and folded away, where it
        has at most 250 states and all schedules were looked at; True shows it unfolded.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    explored : kit.explore.ExplorationResult
    chosen : int
        Place of the outcome that the stage shows; setting it plays that one. Default 0, the one
        that most schedules lead to.
    beside : int
        Place of the outcome that is shown beside it, from their first difference on; -1 for
        none, the default.
    stage : Stage
    comparison : Compare or None
    chart : BarChart
    graph : GraphOfStates or None
        The states of the program, with the way of the chosen outcome.
    curtain : Curtain
        Before all of it while a question about it is open.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    chosen = traitlets.Int(0, min=0)
    beside = traitlets.Int(NOBODY, min=NOBODY)

    def __init__(
        self,
        explored: ExplorationResult,
        *,
        views: Iterable[str] = VIEWS,
        good: Callable[[Outcome], object] | None = None,
        graph: bool | None = None,
        **traits: Any,
    ) -> None:
        require(
            isinstance(explored, ExplorationResult),
            f"Outcomes: got {type(explored).__name__}; give what explore(…) returned",
        )
        require(
            bool(explored.outcomes),
            "Outcomes: no schedule was followed to its end; give explore a higher limit",
        )
        refuse_unknown(self, traits)
        self.explored = explored
        self._good = good
        self.stage = Stage(self._witness(0), title=self._title(0), views=views)
        self.stage.player.is_part = True
        self.comparison: Compare | None = None
        self.chart = BarChart(characters=44)
        self._summary = ipywidgets.HTML(_summary(explored))
        self._list = ipywidgets.Dropdown(options=self._options(), description="Play")
        others = [("nothing", NOBODY), *self._options()]
        self._other_list = ipywidgets.Dropdown(options=others, value=NOBODY, description="beside")
        aid = ControlsAid(layout={"display": "none"})
        words = "Playing another of them needs a kernel"
        say_without_kernel(self._list, how="text", words=words)
        say_without_kernel(self.chart.bars, state={"interactions": {}})
        for part in (self._other_list, aid):
            say_without_kernel(part, how="left out")
        form = ipywidgets.Box([self._list, self._other_list, aid])
        form.add_class("kit-form")
        form.add_class("kit-controls")
        heading = caption("OUTCOMES", "of every schedule")
        rules = style_sheet("ground.css", "outcomes.css")
        self.curtain = Curtain(explored)
        self.graph = self._made_graph(graph)
        drawn = [] if self.graph is None else [self.graph]
        shown = [heading, self._summary, self.chart.figure, form, self.stage, *drawn, rules]
        self._parts = [self.curtain, *shown]
        super().__init__(self._parts, **traits)
        self.add_class("kit-view")
        self.add_class("kit-outcomes")
        self._draw()
        ipywidgets.link((self, "chosen"), (self._list, "value"))
        ipywidgets.link((self, "beside"), (self._other_list, "value"))
        self.chart.bars.interactions = {"click": "select"}
        self.chart.bars.observe(self._clicked, "selected")
        self.observe(self._play, "chosen")
        self.observe(self._compare, ["chosen", "beside"])
        owned_by_cell(self)

    @property
    def player(self) -> Player:
        """The player of its stage."""
        return self.stage.player

    @explain_arguments
    def link(self, page: str = PAGE) -> str:
        """Return a link to the run of the chosen outcome, as `Player.link` does.

        Parameters
        ----------
        page : str
            Address of the page that shows it; that of a site ends in ``run.html``.
        """
        return self.player.link(page)

    @traitlets.validate("chosen", "beside")
    def _there_is_one(self, proposal: dict[str, Any]) -> int:
        place: int = proposal["value"]
        last = len(self.explored.outcomes) - 1
        require(place <= last, f"Outcomes: there is no outcome {place}; give 0 to {last}")
        return place

    def _made_graph(self, wanted: bool | None) -> GraphOfStates | None:
        if wanted is False or (wanted is None and not is_small(self.explored)):
            return None
        graph = state_graph(self.explored, self._good)
        return GraphOfStates(self.explored, graph, opened=bool(wanted))

    def _witness(self, place: int) -> Trace:
        """Return the run that shows an outcome, with its point of no return if it is bad."""
        outcome = self.explored.outcomes[place]
        if outcome.ends_well if self._good is None else self._good(outcome):
            return self.explored.witness(outcome)
        return marked_witness(self.explored, outcome, self._good)

    def _title(self, place: int) -> str:
        return self.explored.words(self.explored.outcomes[place])

    def _options(self) -> list[tuple[str, int]]:
        return [
            (f"{place + 1}: {self._title(place)} ({self._count(outcome)})", place)
            for place, outcome in enumerate(self.explored.outcomes)
        ]

    def _count(self, outcome: Outcome) -> str:
        if outcome.schedules is None:
            return "no end of schedules"
        share = self.explored.share(outcome)
        return f"{outcome.schedules:,}, {share}" if share else f"{outcome.schedules:,}"

    def _draw(self) -> None:
        shown = self.explored.outcomes[:MOST]
        numbers = [outcome.schedules for outcome in shown]
        known = [number for number in numbers if number is not None]
        total = max(sum(known), 1)
        # A bar for what has no end of schedules would need a length that it has not.
        lengths = [0.0 if number is None else 100 * number / total for number in numbers]
        self.chart.show(
            [self.explored.words(outcome) for outcome in shown],
            lengths if any(lengths) else [100.0] * len(shown),
            [self._count(outcome) for outcome in shown],
            "share of the schedules (percent)",
        )

    def _clicked(self, change: dict[str, Any]) -> None:
        if change["new"] is not None and len(change["new"]):
            self.chosen = int(change["new"][0])

    def _play(self, _change: dict[str, Any]) -> None:
        player = self.stage.player
        player.playing = False
        self.stage.trace = self._witness(self.chosen)
        with player.hold_sync():
            player.title, player.tick = self._title(self.chosen), 0
        if self.graph is not None:
            self.graph.outcome = self.chosen
        player.playing = True

    def _compare(self, _change: dict[str, Any]) -> None:
        if self.comparison is not None:
            gone, self.comparison = self.comparison, None
            self.children = self._parts
            gone.close()
        if self.beside in (NOBODY, self.chosen):
            return
        self.stage.player.playing = False
        places = self.chosen, self.beside
        one, other = (self._witness(place) for place in places)
        found = first_difference(one, other)
        labels = tuple(f"{place + 1}: {self._title(place)}" for place in places)
        tick = found.tick if found is not None else 0
        self.comparison = Compare(one, other, labels=(labels[0], labels[1]), tick=tick)
        self.children = [*self._parts, self.comparison]

    @property
    def in_words(self) -> str:
        """Every result with the number of its schedules, and the races, if they may be seen."""
        return WITHHELD if self.curtain.drawn else str(self.explored)

    def __repr__(self) -> str:
        return f"<Outcomes: {'; '.join(map(str, self.explored.outcomes))}>"


def _summary(explored: ExplorationResult) -> str:
    """Return what was covered, and the races, as HTML."""
    lines = str(explored).splitlines()
    races = [line[2:] for line in lines if line.startswith("- ")]
    told = "".join(f"<li>{html.escape(race)}</li>" for race in races)
    listed = f"<p>Races:</p><ul>{told}</ul>" if races else "<p>No race.</p>"
    shares = f" {NOT_LIKELIHOODS}" if any(NOT_LIKELIHOODS in line for line in lines) else ""
    return f'<div class="kit-summary"><p>{html.escape(lines[0] + shares)}</p>{listed}</div>'
