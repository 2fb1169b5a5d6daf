"""The point of no return: the last moment of a run at which it could still have ended well."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from kit.errors import ArgumentError, require
from kit.explore.graph import Graph
from kit.explore.outcome import Outcome
from kit.explore.outcomes import ExplorationResult
from kit.explore.telling import name_of
from kit.explore.uses import Use, thread_at, use_at
from kit.sim.recording import ThreadId
from kit.trace import Trace

MOST_TICKS = 2_000
"""Ticks before the point in which the other access is looked for."""


@dataclass(frozen=True)
class PointOfNoReturn:
    """Up to where a run could still have ended well.

    Attributes
    ----------
    trace : Trace
        The run, as `ExplorationResult.witness` returns it, with the point as its `no_return`: a
        timeline marks it.
    tick : int
        At its beginning a good end could still be reached; what is executed in it decides.
    text : str
        Which accesses and which switch decided it, in words.
    """

    trace: Trace
    tick: int
    text: str

    def __str__(self) -> str:
        return self.text


def point_of_no_return(
    explored: ExplorationResult,
    bad: Outcome | int | Callable[[Outcome], object],
    good: Callable[[Outcome], object] | None = None,
) -> PointOfNoReturn:
    """Return up to where a run that ends badly could still have ended well.

    Parameters
    ----------
    explored : ExplorationResult
        Of all schedules.
    bad : Outcome, int or callable
        The outcome whose shortest run is looked at; as for `ExplorationResult.witness`.
    good : callable, optional
        Tells of an outcome whether it is good. If not given, good are those that end without a
        fault and without waiting for ever; where `bad` does so itself, all others.

    Returns
    -------
    PointOfNoReturn

    Raises
    ------
    ArgumentError
        If not all schedules were looked at, or no schedule ends well.
    """
    require(
        explored.complete,
        "point_of_no_return: not all schedules were looked at, so it is not known what could still "
        "be reached; give explore a higher limit",
    )
    outcome = explored.find(bad)
    how = "otherwise" if good is None and outcome.ends_well else "well"
    return _point(explored, outcome, _good(explored, outcome, good), how)


def told_apart(
    explored: ExplorationResult,
    one: Outcome | int | Callable[[Outcome], object],
    other: Outcome | int | Callable[[Outcome], object],
) -> str:
    """Return what decides to which of two outcomes a run comes, in words.

    It tells the last access of the shortest run to the first outcome that could still have led to
    the second one, the access of another thread that it follows, and where the threads changed.

    Parameters
    ----------
    explored : ExplorationResult
        Of all schedules.
    one, other : Outcome, int or callable
        As for `ExplorationResult.witness`.

    Raises
    ------
    ArgumentError
        If not all schedules were looked at, or both are the same.
    """
    first, second = explored.find(one), explored.find(other)
    require(first != second, f"told_apart: both are {first}; give two outcomes that differ")
    require(
        explored.complete,
        "told_apart: not all schedules were looked at, so it is not known what could "
        "still be reached; give explore a higher limit",
    )
    here, there = explored.words(first), explored.words(second)
    point = _point(explored, first, {second.final}, f"with: {there}")
    return f"This run ends with: {here}. {point}"


def _point(
    explored: ExplorationResult, outcome: Outcome, wanted: set[object], how: str
) -> PointOfNoReturn:
    way = explored.way_to(outcome)
    graph = explored.graph
    safe = coming_to(graph, (s for s, final in graph.finals.items() if final in wanted))
    states = [0, *(edge.target for edge in way)]
    decided = next((place for place, state in enumerate(states) if state not in safe), 0)
    if not decided:
        raise ArgumentError(
            f"point_of_no_return: no schedule of this program ends well, or all end as {outcome}; "
            "give a good= that tells which outcomes are good"
        )
    trace = explored.witness(outcome)
    tick = explored.ticks_of(way[:decided]) - 1
    trace.no_return = tick, _told(trace, tick, way[decided - 1].key, how)
    return PointOfNoReturn(trace, *trace.no_return)


def marked_witness(
    explored: ExplorationResult, bad: Outcome, good: Callable[[Outcome], object] | None = None
) -> Trace:
    """Return the run that shows an outcome, with its point of no return where it has one.

    Parameters
    ----------
    explored : ExplorationResult
    bad : Outcome
    good : callable, optional
        As for `point_of_no_return`.
    """
    try:
        return point_of_no_return(explored, bad, good).trace
    except ArgumentError:
        return explored.witness(bad)


def _good(
    explored: ExplorationResult, bad: Outcome, good: Callable[[Outcome], object] | None
) -> set[object]:
    if good is None:
        others = [outcome for outcome in explored.outcomes if outcome != bad]
        well = [outcome for outcome in others if outcome.ends_well]
        chosen = others if bad.ends_well else well
    else:
        chosen = [*explored.matching(good)]
        require(
            bad not in chosen,
            f"point_of_no_return: {bad} is good itself; give a good= that does not hold of it",
        )
    return {outcome.final for outcome in chosen}


def coming_to(graph: Graph, goals: Iterable[int]) -> set[int]:
    """Return the states from which a way leads to one of others, these included.

    Parameters
    ----------
    graph : Graph
    goals : iterable of int
        Numbers of states.
    """
    before: dict[int, list[int]] = {}
    for state, edges in graph.edges.items():
        for edge in edges:
            before.setdefault(edge.target, []).append(state)
    found = set(goals)
    waiting = list(found)
    while waiting:
        fresh = [state for state in before.get(waiting.pop(), ()) if state not in found]
        found.update(fresh)
        waiting += fresh
    return found


# Words


def _told(trace: Trace, tick: int, key: ThreadId, how: str) -> str:
    use, who = use_at(trace, tick, key), name_of(trace, *key)
    text = f"Up to tick {tick} it could still end {how}. Then {who} {use.now}{_at(use.line)}"
    other = _other_use(trace, tick, key, use)
    if other is None:
        return f"{text}.{_switch_to(trace, tick, key)}"
    then, before, past = other
    text += f", which {name_of(trace, *before)} {past.past} at tick {then}{_at(past.line)}"
    return f"{text}.{_switch_from(trace, then, before)}"


def _at(line: int) -> str:
    return f" (line {line})" if line else ""


def _other_use(
    trace: Trace, tick: int, key: ThreadId, use: Use
) -> tuple[int, ThreadId, Use] | None:
    """Return when another thread used the same word last, which one, and what it did."""
    if use.word is None:
        return None
    cores = trace.history.cores[0]
    for then in range(tick - 1, max(-1, tick - 1 - MOST_TICKS), -1):
        running = cores.at(then)
        if running and running != key and (found := use_at(trace, then, running)).word == use.word:
            return then, running, found
    return None


def _switches(trace: Trace) -> list[tuple[int, ThreadId, ThreadId]]:
    """Return when the core changed, from which thread to which."""
    turns = [(event.tick, event.key) for event in trace.happened("dispatch")]
    return [(at, old, new) for (_, old), (at, new) in pairwise(turns) if old != new]


def _switch_to(trace: Trace, tick: int, key: ThreadId) -> str:
    """Tell of the last switch to a thread before a tick."""
    at = max((at for at, _, new in _switches(trace) if new == key and at <= tick), default=0)
    return f" The switch to {name_of(trace, *key)} at tick {at} decided it." if at else ""


def _switch_from(trace: Trace, tick: int, key: ThreadId) -> str:
    """Tell of the first switch away from a thread after a tick, and where it was then."""
    at = min((at for at, old, _ in _switches(trace) if old == key and at > tick), default=0)
    if not at:
        return ""
    thread = thread_at(trace, at, key)
    line = 0 if thread.state == "terminated" else thread.line
    where = f", in the middle of line {line}," if line else ""
    return f" The switch away from {name_of(trace, *key)} at tick {at}{where} decided it."
