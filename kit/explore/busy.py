"""Busy waiting: a thread that runs in circles until another one does something.

If a thread that is chosen again and again comes to neither its end nor a call in which it
blocks, it only uses up time: whatever it waits for, another thread has to do it. A thread that
sleeps between two looks gives the core away, and so does one that blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from kit.cancellation import checked
from kit.explore.graph import Edge, Graph
from kit.explore.outcomes import ExplorationResult
from kit.explore.telling import thread_name
from kit.sim.recording import ThreadId
from kit.trace import Trace


@dataclass(frozen=True)
class BusyWait:
    """A thread that waits busily on some schedule.

    Attributes
    ----------
    pid, tid : int
    lines : tuple of int
        The lines that it goes round in, in order of their numbers.
    """

    pid: int
    tid: int
    lines: tuple[int, ...]
    _show: Callable[[], Trace] = field(repr=False, compare=False)
    _several: bool = field(default=False, repr=False, compare=False)

    def witness(self) -> Trace:
        """Return the shortest run up to where it waits, with two rounds of it."""
        return self._show()

    def __str__(self) -> str:
        first, last = self.lines[0], self.lines[-1]
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        who = thread_name(self.pid, self.tid, several=self._several)
        return f"{who} goes round at {where} until another thread ends that"


def busy_waiting(explored: ExplorationResult) -> tuple[BusyWait, ...]:
    """Return the threads that run in circles on some schedule until another one does something.

    Parameters
    ----------
    explored : ExplorationResult
        Of all schedules, or of some: then of those.
    """
    graph = explored.graph
    found = []
    for key, states in busy_threads(graph).items():
        way = graph.way_to(states)
        circle, start = circle_of(graph, key, way[-1].target if way else 0)
        # Only in the second round it is sure to do nothing else.
        steps = (*way, *circle, *circle[start:])
        before, trace = explored.ticks_of((*way, *circle)), explored.run_of(steps, ended=False)
        lines = {
            line
            for tick in range(before, trace.end)
            if (line := trace.at(tick).processes[key[0]].threads[key[1]].line)
        }
        show, several = partial(explored.run_of, steps), explored.several_processes
        found.append(BusyWait(*key, tuple(sorted(lines)), show, several))
    return tuple(found)


def busy_threads(graph: Graph) -> dict[ThreadId, frozenset[int]]:
    """Return the threads that wait busily, with the states from which each runs in circles.

    Parameters
    ----------
    graph : Graph
        States from which nothing leads to an end do not count: nobody can end what happens there.
    """
    hopeless = set(graph.endless())
    found = {}
    for key in sorted({edge.key for edges in graph.edges.values() for edge in edges}):
        states = _circling(graph, key) - hopeless
        if states:
            found[key] = frozenset(states)
    return found


def _circling(graph: Graph, key: ThreadId) -> set[int]:
    """Return the states from which a thread that runs alone never blocks or ends."""
    comers: dict[int, list[int]] = {}
    left: list[int] = []
    moving: set[int] = set()
    for state, edges in checked(graph.edges.items()):
        own = [edge for edge in edges if edge.key == key]
        if not own:
            continue
        moving.add(state)
        if any(edge.stops for edge in own):
            left.append(state)
        for edge in own:
            comers.setdefault(edge.target, []).append(state)
    left += [target for target in comers if target not in moving]
    outside = set(left)
    for state in left:
        for earlier in comers.get(state, ()):
            if earlier not in outside:
                outside.add(earlier)
                left.append(earlier)
    return moving - outside


def circle_of(graph: Graph, key: ThreadId, state: int) -> tuple[tuple[Edge, ...], int]:
    """Return what a thread does alone from a state on, until it is in a state for the second time.

    Parameters
    ----------
    graph : Graph
    key : (pid, tid)
    state : int
        One from which it runs in circles.

    Returns
    -------
    steps : tuple of Edge
    start : int
        How many of them come before the circle.
    """
    way: list[Edge] = []
    seen: dict[int, int] = {}
    while state not in seen:
        seen[state] = len(way)
        way.append(next(edge for edge in graph.edges[state] if edge.key == key))
        state = way[-1].target
    return tuple(way), seen[state]
