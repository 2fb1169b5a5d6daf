"""The states of a small program in words: where each thread is, and what the variables hold.

A state that was looked at is known by its number alone, so it is told from a run of the machine
that comes by it. A run comes by many states, so few runs tell all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from kit.cancellation import checked
from kit.explore.graph import Edge, Graph
from kit.explore.outcomes import ExplorationResult
from kit.explore.telling import thread_name
from kit.explore.uses import use_at
from kit.sim.recording import ThreadId
from kit.sim.waits import Reason
from kit.trace import Trace
from kit.trace.moment import Moment
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import awaited


class StepWords(NamedTuple):
    """A step in words.

    Attributes
    ----------
    does : str
        "T2 writes count (line 7)".
    changes : tuple of str
        What the variables hold after it that they did not hold before: "count = 2".
    """

    does: str
    changes: tuple[str, ...]


@dataclass
class StateWords:
    """The words of all states and steps.

    Attributes
    ----------
    states : dict of int to tuple of str
    steps : dict of (int, Edge) to StepWords
        By the state that a step leads from, and the step.
    """

    states: dict[int, tuple[str, ...]] = field(default_factory=dict)
    steps: dict[tuple[int, Edge], StepWords] = field(default_factory=dict)


def words_of_states(explored: ExplorationResult) -> StateWords:
    """Return the words of all states and steps that were looked at.

    Parameters
    ----------
    explored : ExplorationResult
    """
    told = StateWords()
    threads = sorted({edge.key for edges in explored.graph.edges.values() for edge in edges})
    for way in checked(_covering(explored.graph)):
        _tell_way(told, explored, way, threads)
    return told


def _covering(graph: Graph) -> Iterator[tuple[Edge, ...]]:
    """Yield ways from the first state on that go along every step at least once."""
    came: dict[int, tuple[Edge, ...]] = {0: ()}
    for state in (queue := [0]):
        for edge in graph.edges.get(state, ()):
            if edge.target not in came:
                came[edge.target] = (*came[state], edge)
                queue.append(edge.target)
    new = {state: list(graph.edges.get(state, ())) for state in came}
    if not new[0]:
        yield ()
    for state, edges in new.items():
        while edges:
            way, at = came[state], state
            while new[at]:
                edge = new[at].pop()
                way, at = (*way, edge), edge.target
            yield way


def _tell_way(
    told: StateWords,
    explored: ExplorationResult,
    way: tuple[Edge, ...],
    threads: list[ThreadId],
) -> None:
    trace, several = explored.run_of(way), explored.several_processes
    ticks = [0, *explored.ticks_along(way)]
    states = [0, *(edge.target for edge in way)]
    # Where a run ends, threads have also done what others did not need of them.
    ended = states[-1] in explored.graph.finals
    seen = [*ticks[:-1], trace.end if ended else ticks[-1]]
    for state, tick in zip(states, seen, strict=True):
        if state not in told.states:
            told.states[state] = tuple(_state(trace, tick, threads, several=several))
    for place, edge in enumerate(way):
        if (states[place], edge) not in told.steps:
            before, after = (trace.at(tick) for tick in seen[place : place + 2])
            use = use_at(trace, ticks[place + 1] - 1, edge.key)
            does = f"{thread_name(*edge.key, several=several)} {use.now}"
            does += f" (line {use.line})" if use.line else ""
            does += "" if edge.chosen is None else f", which gives {edge.chosen}"
            held = {*_variables(before)}
            changes = tuple(text for text in _variables(after) if text not in held)
            told.steps[states[place], edge] = StepWords(does, changes)


def _state(trace: Trace, tick: int, threads: list[ThreadId], *, several: bool) -> Iterator[str]:
    moment, names = trace.at(tick), Names(trace.history, tick)
    there = {
        (pid, tid): thread
        for pid, process in moment.processes.items()
        for tid, thread in process.threads.items()
    }
    for key in sorted({*threads, *there}):
        name = thread_name(*key, several=several)
        thread = there.get(key)
        if thread is None or tick == 0:
            yield f"{name} has not begun"
        elif thread.state == "terminated":
            yield f"{name} has ended"
        elif thread.waits_for:
            reason, detail = thread.waits_for
            what = awaited(names, key[0], cast("Reason", reason), detail)
            yield f"{name} waits at line {thread.line} for {what}"
        elif thread.line:
            yield f"{name} is at line {thread.line}"
        else:
            yield f"{name} has run its last line"
    yield from _variables(moment)


def _variables(moment: Moment) -> Iterator[str]:
    """Yield what each global holds, in words: "count = 1", "lock m: held by T2"."""
    several = len(moment.processes) > 1
    for pid, process in moment.processes.items():
        variables = process.program.image.variables
        for name, value in process.globals.items():
            text = f"{name} = {value}"
            if variables[name].kind == "Lock":
                text = f"lock {name}: {f'held by T{value}' if value else 'free'}"
            yield f"pid {pid}: {text}" if several else text
