"""The graph of states as it is drawn and told: where each is, what it is, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kit.errors import require
from kit.explore.graph import Edge, Graph
from kit.explore.layers import layered
from kit.explore.no_return import coming_to
from kit.explore.outcome import Outcome
from kit.explore.outcomes import ExplorationResult
from kit.explore.state_words import StepWords, words_of_states

MOST = 250
"""Most states of a graph that is drawn; of more nobody could read one."""


class GraphState(NamedTuple):
    """A state of a program.

    Attributes
    ----------
    layer : int
        The least number of steps from the beginning to it.
    across : float
        How far it is from the middle of its layer; its neighbours are 1 away.
    words : tuple of str
        Where each thread is, and what the variables hold.
    outcomes : tuple of int
        Places of the outcomes that can be reached from it.
    outcome : int or None
        Place of the outcome that it is; None while something can happen.
    """

    layer: int
    across: float
    words: tuple[str, ...]
    outcomes: tuple[int, ...]
    outcome: int | None


class GraphStep(NamedTuple):
    """A step of a thread from one state to another.

    Attributes
    ----------
    source, target : int
        Numbers of states.
    words : StepWords
    """

    source: int
    target: int
    words: StepWords


@dataclass(frozen=True)
class StateGraph:
    """All states of a small program, and the steps between them.

    Attributes
    ----------
    states : tuple of GraphState
        By number; the first one is where every run begins.
    steps : tuple of GraphStep
    ways : tuple of tuple of int
        For each outcome the shortest way to it, as numbers of steps.
    good : tuple of bool
        For each outcome whether it is a good one.
    """

    states: tuple[GraphState, ...]
    steps: tuple[GraphStep, ...]
    ways: tuple[tuple[int, ...], ...]
    good: tuple[bool, ...]

    def no_return(self, outcome: int) -> int | None:
        """Return the last state of the way to a bad outcome from which a good one can be reached.

        Parameters
        ----------
        outcome : int
            Its place.

        Returns
        -------
        int or None
            None if the outcome is good, or no good one can be reached at all.
        """
        if self.good[outcome]:
            return None
        states = [0, *(self.steps[step].target for step in self.ways[outcome])]
        open_ = [state for state in states if self.can_end_well(state)]
        return open_[-1] if open_ else None

    def can_end_well(self, state: int) -> bool:
        """Tell whether a good outcome can be reached from a state.

        Parameters
        ----------
        state : int
        """
        return any(self.good[outcome] for outcome in self.states[state].outcomes)


def is_small(explored: ExplorationResult) -> bool:
    """Tell whether the graph of a result can be drawn: all of it is known, and it is small.

    Parameters
    ----------
    explored : ExplorationResult
    """
    return explored.complete and explored.states <= MOST


def state_graph(
    explored: ExplorationResult, good: Callable[[Outcome], object] | None = None
) -> StateGraph:
    """Return the graph of states of a program, laid out and in words.

    Parameters
    ----------
    explored : ExplorationResult
        Of all schedules, with at most 250 states.
    good : callable, optional
        Tells of an outcome whether it is good. If not given, bad are faults, deadlocks and what
        never ends.

    Returns
    -------
    StateGraph

    Raises
    ------
    ArgumentError
        If not all schedules were looked at, or there are too many states.

    Examples
    --------
    >>> from kit.explore import explore
    >>> from kit.scenarios import deadlock
    >>> graph = state_graph(explore(deadlock))
    >>> len(graph.states), graph.states[0].words[0]
    (41, 'T1 is at line 22')
    """
    require(
        explored.complete,
        "state_graph: not all schedules were looked at; give explore a higher limit",
    )
    require(
        explored.states <= MOST,
        f"state_graph: there are {explored.states:,} states, and at most {MOST} can be drawn; make "
        "the program smaller, for example with fewer rounds of its loops",
    )
    graph, outcomes = explored.graph, explored.outcomes
    places = _places(graph)
    numbers = {state: number for number, state in enumerate(places)}
    edges = [(state, edge) for state in numbers for edge in graph.edges.get(state, ())]
    told = words_of_states(explored)
    kinds = {outcome.final: place for place, outcome in enumerate(outcomes)}
    ended = {state: kinds[final] for state, final in graph.finals.items()}
    leading = [coming_to(graph, _ends(explored, outcome)) for outcome in outcomes]
    states = tuple(
        GraphState(
            *places[state],
            told.states[state],
            tuple(place for place, found in enumerate(leading) if state in found),
            ended.get(state),
        )
        for state in numbers
    )
    steps = tuple(
        GraphStep(numbers[state], numbers[edge.target], told.steps[state, edge])
        for state, edge in edges
    )
    places_of_steps = {step: place for place, step in enumerate(edges)}
    ways = tuple(_way(explored, outcome, places_of_steps) for outcome in outcomes)
    well = tuple(bool(one.ends_well if good is None else good(one)) for one in outcomes)
    return StateGraph(states, steps, ways, well)


def _places(graph: Graph) -> dict[int, tuple[int, float]]:
    """Return the layer of each state and its place in it, in the order of reading."""
    states = list(graph.reachable(0))
    numbers = {state: number for number, state in enumerate(states)}
    found = layered([[numbers[one] for one in graph.following(state)] for state in states])
    return dict(sorted(zip(states, found, strict=True), key=lambda one: one[1]))


def _ends(explored: ExplorationResult, outcome: Outcome) -> list[int]:
    if outcome.endless:
        return explored.graph.endless()
    finals = explored.graph.finals.items()
    return [state for state, final in finals if final == outcome.final]


def _way(
    explored: ExplorationResult, outcome: Outcome, places: dict[tuple[int, Edge], int]
) -> tuple[int, ...]:
    way = explored.way_to(outcome)
    if outcome.endless:
        way += explored.graph.on_from(way[-1].target if way else 0)
    sources = [0, *(edge.target for edge in way)]
    return tuple(places[step] for step in zip(sources, way, strict=False))
