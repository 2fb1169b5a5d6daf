"""The graph of states of a small program, to walk in."""

from __future__ import annotations

import traitlets

from kit.explore import ExplorationResult
from kit.explore.state_graph import StateGraph
from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import ScriptWidget

NO_END = -1
"""In place of an outcome, of a state in which something can still happen."""


class GraphOfStates(ScriptWidget):
    """The states of a small program as a graph; the way of one outcome is marked.

    Choosing a state, with the mouse, a finger or the arrow keys, tells it in words. All of it is in
    the page, so that it needs no kernel.

    Parameters
    ----------
    explored : ExplorationResult
    graph : kit.explore.state_graph.StateGraph
        That of `explored`.
    opened : bool
        Whether it is seen at once, and not folded away.

    Attributes
    ----------
    outcome : int
        Place of the outcome whose way is marked.
    """

    _esm = module("dom.js", "graph_drawing.js", "graph_walk.js", "graph_of_states.js")
    _css = style("graph_of_states.css")

    places: traitlets.List[list[float]] = traitlets.List().tag(sync=True)
    texts: traitlets.List[str] = traitlets.List().tag(sync=True)
    told: traitlets.List[list[int]] = traitlets.List().tag(sync=True)
    reach: traitlets.List[list[int]] = traitlets.List().tag(sync=True)
    ends: traitlets.List[int] = traitlets.List().tag(sync=True)
    steps: traitlets.List[list[object]] = traitlets.List().tag(sync=True)
    ways: traitlets.List[list[int]] = traitlets.List().tag(sync=True)
    outcomes: traitlets.List[list[object]] = traitlets.List().tag(sync=True)
    outcome = traitlets.Int(0).tag(sync=True)
    opened = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, explored: ExplorationResult, graph: StateGraph, *, opened: bool = False
    ) -> None:
        numbers: dict[str, int] = {}

        def number(text: str) -> int:
            """Return the place of a text; what many states share is sent once."""
            return numbers.setdefault(text, len(numbers))

        told = [[number(text) for text in state.words] for state in graph.states]
        steps = [
            [one.source, one.target, number(one.words.does), [*map(number, one.words.changes)]]
            for one in graph.steps
        ]
        named = zip(explored.outcomes, graph.good, strict=True)
        super().__init__(
            places=[[state.layer, state.across] for state in graph.states],
            texts=list(numbers),
            told=told,
            reach=[[*state.outcomes] for state in graph.states],
            ends=[NO_END if one.outcome is None else one.outcome for one in graph.states],
            steps=steps,
            ways=[[*way] for way in graph.ways],
            outcomes=[[explored.words(outcome), good] for outcome, good in named],
            opened=opened,
        )

    def __repr__(self) -> str:
        return f"<GraphOfStates: {len(self.places)} states, {len(self.steps)} steps>"
