"""Going through all states: the next ones of every one that is new, until none is new.

Which words of memory several threads use is not known beforehand. The search begins with those
that a few simple schedules show; when it meets another one it starts again. At the end no two
threads have used, in any schedule, a word that was not a point at which others could be chosen.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from kit.cancellation import check_cancelled
from kit.explore.engine import searching as engine
from kit.explore.graph import Edge
from kit.explore.plan import Location, Plan
from kit.explore.search_result import Progress, SearchResult, Stop
from kit.explore.transition_system import TransitionSystem, Users
from kit.explore.work import Expansion, InTurn, Spread, Work, WorkerResult

GUESSED = 3000
"""Ticks of a schedule from which is guessed which memory threads share."""


def search(
    plan: Plan,
    limit: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> SearchResult:
    """Look at every state of a plan.

    Parameters
    ----------
    plan : Plan
    limit : int
        Most states to look at.
    executor : Executor, optional
        Looks at many at once; in this process if not given.
    progress : callable, optional
    stop : callable, optional
        Is asked at each state whether to end there, as at the limit.

    Returns
    -------
    SearchResult
        Its plan names every word that several threads use.
    """
    told = progress and _Onward(progress)
    quickly = engine.search(plan, limit, told, stop)
    return quickly or search_computer(plan, limit, executor, told, stop)


class _Onward:
    """Tells how far a search has come, but not what it does again."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._told = progress, (0, 0)

    def __call__(self, looked: int, known: int) -> None:
        told = max(looked, self._told[0]), max(known, self._told[1])
        if told > self._told:
            self._told = told
            self._progress(*told)


def search_computer(
    plan: Plan,
    limit: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> SearchResult:
    """Do what `search` does on a real computer, whatever the plan.

    Parameters
    ----------
    plan : Plan
    limit : int
        Most states.
    executor : Executor, optional
    progress : Progress, optional
    stop : Stop, optional
        What says that the search is to end.
    """
    plan = _first_guess(plan)
    while True:
        work = InTurn(plan) if executor is None else Spread(plan, executor)
        found = _Search(plan, limit, work, progress or (lambda *_: None), stop).run()
        if isinstance(found, SearchResult):
            return found
        plan = found


def _first_guess(plan: Plan) -> Plan:
    """Return the plan with the words that threads share in two simple schedules."""
    for choose in (0, -1):
        system = TransitionSystem(plan)
        state, turn, ticks = system.root, 0, 0
        while state.choices and ticks < GUESSED:
            place = choose or turn % len(state.choices)
            transition = system.step(state, state.choices[place])
            state, turn, ticks = transition.state, turn + 1, ticks + transition.passed
        shared = plan.shared | _shared(system.take_users())
        plan = replace(plan, shared=shared, exposed=frozenset(system.exposed))
        if system.short:
            plan = plan.as_it_is()
    return plan


def _shared(users: Users) -> frozenset[Location]:
    """Return the words that several threads use, at least one of which writes."""
    return frozenset(
        location for location, who in users.items() if len(who) > 1 and any(who.values())
    )


class _Search:
    """One pass over the states of a plan."""

    def __init__(
        self, plan: Plan, limit: int, work: Work, progress: Progress, stop: Stop | None
    ) -> None:
        self.plan, self.limit, self.work = plan, limit, work
        self.progress, self.stop = progress, stop
        self.found = SearchResult(plan)
        self.users: Users = {}
        self.waiting: deque[tuple[int, Any]] = deque()

    def run(self) -> SearchResult | Plan:
        """Return what was found, or a better plan to start again with."""
        root, digest = self.work.root()
        first = self.found.graph.number(digest)
        self.waiting.append((first, root))
        if self.work.system.root_is_broken:
            self.found.broken.add(first)
        under_way: deque[tuple[list[int], Any]] = deque()
        begun = 0
        try:
            while self.waiting or under_way:
                check_cancelled()
                if self.stop and self.stop():
                    self.found.stopped = True
                    break
                while self.waiting and len(under_way) < self.work.window and begun < self.limit:
                    task = self._next_task(self.limit - begun)
                    begun += len(task)
                    numbers, states = [number for number, _ in task], [state for _, state in task]
                    under_way.append((numbers, self.work.begin(states)))
                if not under_way:
                    break
                numbers, answer = under_way.popleft()
                better = self._take(numbers, self.work.end(answer))
                if better is not None:
                    return better
                check_cancelled()
                self.progress(len(self.found.graph.edges), len(self.found.graph.numbers))
        finally:
            for _, answer in under_way:
                self.work.forget(answer)
        self.found.left = len(self.waiting) + sum(len(numbers) for numbers, _ in under_way)
        return self.found

    def _next_task(self, most: int) -> list[tuple[int, Any]]:
        """Take out the states to look at next.

        The last ones that were found, so that few wait; where many hands want work, the first
        ones as long as not too many wait, since these lead to the most others.
        """
        waiting, work = self.waiting, self.work
        fair = max(work.least, len(waiting) // work.window)
        count = min(fair, work.size, len(waiting), most)
        take = waiting.pop if len(waiting) > work.wide else waiting.popleft
        return [take() for _ in range(count)]

    def _take(self, numbers: list[int], answer: WorkerResult) -> Plan | None:
        for location, who in answer.users.items():
            known = self.users.setdefault(location, {})
            for key, wrote in who.items():
                known[key] = known.get(key, False) or wrote
        shared = self.plan.shared | _shared({word: self.users[word] for word in answer.users})
        exposed = self.plan.exposed | answer.exposed
        if answer.short or (shared, exposed) != (self.plan.shared, self.plan.exposed):
            plan = replace(self.plan, shared=shared, exposed=exposed)
            return plan.as_it_is() if answer.short else plan
        for number, expansion in zip(numbers, answer.expansions, strict=True):
            self._enter(number, expansion)
        return None

    def _enter(self, number: int, expansion: Expansion) -> None:
        graph = self.found.graph
        if expansion.final is not None:
            graph.finals[number] = expansion.final
        edges: list[Edge] = []
        for key, ran, passed, stops, digest, state, chosen in expansion.steps:
            known = len(graph.numbers)
            target = graph.number(digest)
            if target == known:
                self.waiting.append((target, state))
            edges.append(Edge(key, ran, passed, stops, target, chosen=chosen))
        graph.edges[number] = tuple(edges)
        self.found.moves += len(edges)
        for race, first, second in expansion.races:
            self.found.races.setdefault(race, (number, edges[first], edges[second]))
        self.found.broken.update(edges[place].target for place in expansion.broken)
