"""What was found: states, steps between them, and which ways lead where."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kit.cancellation import check_cancelled, checked
from kit.explore.orders import NO_EVENTS, Events, Orders
from kit.explore.results import Final
from kit.sim.recording import ThreadId
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
    events : tuple
        What was done silently along with it, as in `kit.explore.orders`.
    chosen : int or None
        What `choose` gave, where it ends with one.
    """

    key: ThreadId
    ran: int
    passed: int
    stops: bool
    target: int
    events: Events = NO_EVENTS
    chosen: int | None = None


@dataclass
class Graph:
    """States by number, the first one first.

    Attributes
    ----------
    numbers : dict of hashable to int
        What is equal for equal states -> their number.
    edges : dict of int to tuple of Edge
        Of the states that were looked at; none where nothing can happen any more.
    finals : dict of int to Final
        The results, by the states in which nothing can happen any more.
    begun : tuple
        What was done silently before the first state, as in `kit.explore.orders`.
    abrupt : set of int
        Results at which threads are cut off by the end of their process, so that what they
        have done silently need not have been done.
    """

    numbers: dict[Hashable, int] = field(default_factory=dict)
    edges: dict[int, tuple[Edge, ...]] = field(default_factory=dict)
    finals: dict[int, Final] = field(default_factory=dict)
    begun: Events = NO_EVENTS
    abrupt: set[int] = field(default_factory=set)

    def number(self, digest: Hashable) -> int:
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

    def counts(self, way: Iterable[Edge] = ()) -> dict[int, int | None]:
        """Return for each state with a result how many schedules lead to it.

        Parameters
        ----------
        way : iterable of Edge
            How the schedules begin; all are counted if not given.

        Returns
        -------
        dict of int to int or None
            Without the states that no schedule leads to; None where there are infinitely many,
            because some go round in a circle.
        """
        orders = Orders()
        state, ways = 0, {orders.more(0, self.begun): 1}
        for edge in way:
            before, ways = orders.all_later(ways), {}
            orders.add(ways, before, edge.key[1], edge.events)
            state = edge.target
        reached = self.reachable(state)
        arriving = {state: ways}
        counts: dict[int, int | None] = {final: None for final in self.finals if final in reached}
        for state in self._in_order(reached):
            check_cancelled()
            before = arriving.pop(state, {})
            later = orders.all_later(before)
            if state in counts:
                counts[state] = sum(before.values()) if state in self.abrupt else later.get(0, 0)
            for edge in self.edges.get(state, ()):
                orders.add(arriving.setdefault(edge.target, {}), later, edge.key[1], edge.events)
        return counts

    def reachable(self, state: int) -> dict[int, None]:
        """Return the states that ways from a state lead to, that one first."""
        found = {state: None}
        waiting = [state]
        while waiting:
            check_cancelled()
            for target in self.following(waiting.pop()):
                if target not in found:
                    found[target] = None
                    waiting.append(target)
        return found

    def _in_order(self, states: dict[int, None]) -> Iterator[int]:
        """Yield those states that are on no circle and behind none, each after all before it.

        Parameters
        ----------
        states : dict of int to None
            All that can be reached from the first of them.
        """
        comers = dict.fromkeys(states, 0)
        for state in states:
            for target in self.following(state):
                comers[target] += 1
        first = next(iter(states))
        free = [] if comers[first] else [first]
        while free:
            state = free.pop()
            yield state
            for edge in self.edges.get(state, ()):
                comers[edge.target] -= 1
                if not comers[edge.target]:
                    free.append(edge.target)

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


def choices_of(way: Iterable[Edge]) -> tuple[int, ...]:
    """Return what `choose` gives on a way."""
    return tuple(edge.chosen for edge in way if edge.chosen is not None)
