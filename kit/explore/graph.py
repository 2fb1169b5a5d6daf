"""What was found: states, steps between them, and which ways lead where."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kit.cancellation import check_cancelled, checked
from kit.explore.final import Final
from kit.sim.recording import Key
from kit.sim.schedulers.follow import Turn


class Edge(NamedTuple):
    """A step from one state to another.

    Attributes
    ----------
    key : (pid, tid)
        Of the thread that took it.
    ran : int
        Ticks that the thread was on the core.
    passed : int
        Ticks that went by, those included in which the core waited for a sleeper.
    stops : bool
        Whether the thread blocked or ended with it.
    target : int
        Number of the state that it leads to.
    """

    key: Key
    ran: int
    passed: int
    stops: bool
    target: int


@dataclass
class Graph:
    """States by number, the first one first.

    Attributes
    ----------
    numbers : dict of bytes to int
        Digest of a state -> its number.
    edges : dict of int to tuple of Edge
        Of the states that were looked at; none where nothing can happen any more.
    finals : dict of int to Final
        The results, by the states in which nothing can happen any more.
    """

    numbers: dict[bytes, int] = field(default_factory=dict)
    edges: dict[int, tuple[Edge, ...]] = field(default_factory=dict)
    finals: dict[int, Final] = field(default_factory=dict)

    def number(self, digest: bytes) -> int:
        """Return the number of a state; a new one for a new state."""
        return self.numbers.setdefault(digest, len(self.numbers))

    def following(self, state: int) -> list[int]:
        """Return the states that one step leads to."""
        return [edge.target for edge in self.edges.get(state, ())]

    # Ways

    def way_to(self, goals: Iterable[int]) -> tuple[Edge, ...]:
        """Return the shortest way from the first state to one of others.

        Shortest in ticks; of those the one with the fewest changes of thread.

        Parameters
        ----------
        goals : iterable of int
            States that can be reached.
        """
        wanted = set(goals)
        best: dict[int, tuple[int, int]] = {0: (0, 0)}
        came: dict[int, tuple[int, Edge]] = {}
        queue: list[tuple[int, int, int]] = [(0, 0, 0)]
        while queue:
            check_cancelled()
            ticks, switches, state = heapq.heappop(queue)
            if (ticks, switches) != best[state]:
                continue
            if state in wanted:
                return self._unwound(came, state)
            last = came[state][1].key if state in came else None
            for edge in self.edges.get(state, ()):
                cost = ticks + edge.passed, switches + (last is not None and edge.key != last)
                if edge.target not in best or cost < best[edge.target]:
                    best[edge.target], came[edge.target] = cost, (state, edge)
                    heapq.heappush(queue, (*cost, edge.target))
        raise LookupError("no way leads there")

    @staticmethod
    def _unwound(came: dict[int, tuple[int, Edge]], state: int) -> tuple[Edge, ...]:
        way: list[Edge] = []
        while state in came:
            state, edge = came[state]
            way.append(edge)
        return tuple(reversed(way))

    def on_from(self, state: int) -> tuple[Edge, ...]:
        """Return a way from a state on until it comes to a state for the second time, or ends."""
        way: list[Edge] = []
        seen = {state}
        while self.edges.get(state):
            way.append(self.edges[state][0])
            state = way[-1].target
            if state in seen:
                break
            seen.add(state)
        return tuple(way)

    # How many schedules

    def counts(self) -> dict[int, int | None]:
        """Return for each state how many ways lead to it from the first one.

        Returns
        -------
        dict of int to int or None
            None where there are infinitely many, because some go round in a circle.
        """
        found: dict[int, int | None] = {0: 1}
        for component in checked(reversed(list(self._components()))):
            self._count_on(component, found)
        return found

    def _count_on(self, component: list[int], found: dict[int, int | None]) -> None:
        inside = set(component)
        circle = any(target in inside for state in component for target in self.following(state))
        if circle:
            found.update(dict.fromkeys(component))
        for state in component:
            ways = found.setdefault(state, 0)
            for target in self.following(state):
                if target not in inside:
                    more = found.get(target, 0)
                    found[target] = None if ways is None or more is None else more + ways

    def endless(self) -> list[int]:
        """Return the states from which no way leads to an end, though something can happen.

        Only where the whole graph is known.
        """
        comers: dict[int, list[int]] = {}
        for state in checked(self.edges):
            for target in self.following(state):
                comers.setdefault(target, []).append(state)
        ending = set(self.finals)
        reached = list(ending)
        for state in checked(reached):
            for earlier in comers.get(state, ()):
                if earlier not in ending:
                    ending.add(earlier)
                    reached.append(earlier)
        return [state for state in self.edges if state not in ending]

    def _components(self) -> Iterator[list[int]]:
        """Yield the strongly connected components, those that are led to first (Tarjan 1972)."""
        index: dict[int, int] = {}
        low: dict[int, int] = {}
        stack: list[int] = []
        on_stack: set[int] = set()
        work: list[tuple[int, Iterator[int]]] = []

        def enter(state: int) -> None:
            check_cancelled()
            index[state] = low[state] = len(index)
            stack.append(state)
            on_stack.add(state)
            work.append((state, iter(self.following(state))))

        enter(0)
        while work:
            state, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[state])
                if low[state] == index[state]:
                    component = [stack.pop()]
                    while component[-1] != state:
                        component.append(stack.pop())
                    on_stack.difference_update(component)
                    yield component
            elif target not in index:
                enter(target)
            elif target in on_stack:
                low[state] = min(low[state], index[target])


def turns_of(way: Iterable[Edge]) -> tuple[Turn, ...]:
    """Return a way as turns: who runs for how long."""
    turns: list[Turn] = []
    goes_on = False
    for edge in way:
        ticks = edge.ran
        if not ticks:
            continue  # it slept up to the tick at which everything was stopped
        if goes_on and turns[-1][:2] == edge.key:
            ticks += turns.pop()[2]
        turns.append((*edge.key, ticks))
        goes_on = not edge.stops
    return tuple(turns)
