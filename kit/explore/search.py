"""Going through all states: the next ones of every one that is new, until none is new.

Which words of memory several threads use is not known beforehand. The search begins with those
that a few simple schedules show; when it meets another one it starts again. At the end no two
threads have used, in any schedule, a word that was not a point at which others could be chosen.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from kit.cancellation import check_cancelled
from kit.explore.engine import searching as engine
from kit.explore.graph import Edge
from kit.explore.plan import Location, Plan
from kit.explore.results import Final
from kit.explore.search_result import Access, Progress, Race, SearchResult, Stop, conflict
from kit.explore.state import State
from kit.explore.transition_system import TransitionSystem, Users
from kit.sim.recording import ThreadId

TASK = 256
"""Most states that a worker is given at once."""

WIDE = 2000
"""States that may wait before those that were found last come first, to bound memory."""

GUESSED = 3000
"""Ticks of a schedule from which is guessed which memory threads share."""

WINDOW = 6
"""Tasks that are under way at once."""

LOOK = 0.05
"""Seconds between two looks at whether what workers are to find is still wanted."""


class Expansion(NamedTuple):
    """What a state leads to, as a worker sends it.

    Attributes
    ----------
    final : Final or None
        The result, if nothing can happen any more.
    steps : tuple
        For each step: key, ran, passed, stops, digest, and the state, or None where the same
        worker has sent it already; then what was chosen, or None.
    races : tuple of (Race, int, int)
        With the places of their steps.
    broken : tuple of int
        Places of the steps behind which the invariant does not hold.
    """

    final: Final | None
    steps: tuple[tuple[ThreadId, int, int, bool, bytes, Any, int | None], ...]
    races: tuple[tuple[Race, int, int], ...]
    broken: tuple[int, ...]


class WorkerResult(NamedTuple):
    """What a worker found.

    Attributes
    ----------
    expansions : tuple of Expansion
        For each state.
    users : Users
        Who has used which word there. One worker may see only one of those who share a word.
    exposed : frozenset of (pid, tid)
        Threads whose stack another thread was seen to use.
    short : bool
        Whether memory might have been short, had the machine not been given more.
    """

    expansions: tuple[Expansion, ...]
    users: Users
    exposed: frozenset[ThreadId]
    short: bool


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
        work = _InTurn(plan) if executor is None else _Spread(plan, executor)
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
        self, plan: Plan, limit: int, work: _Work, progress: Progress, stop: Stop | None
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


# Who does the work


class _InTurn:
    """Looks at states here, one after the other."""

    window, least, size, wide = 1, 1, 1, 0

    def __init__(self, plan: Plan) -> None:
        self.system = TransitionSystem(plan)

    def root(self) -> tuple[Any, bytes]:
        """Return the first state, and its digest."""
        return self.system.root, self.system.root_digest

    def begin(self, states: list[State]) -> WorkerResult:
        """Look at states."""
        return look(self.system, states, lambda state: state)

    def end(self, answer: WorkerResult) -> WorkerResult:
        """Return what was found."""
        return answer

    def forget(self, answer: WorkerResult) -> None:
        """Drop what was found."""


class _Spread:
    """Lets an executor look at states; what it loses is looked at here."""

    window, least, size, wide = WINDOW, 24, TASK, WIDE

    def __init__(self, plan: Plan, executor: Executor) -> None:
        self.plan, self.executor = pickle.dumps(plan), executor
        self.lost = False
        self.system = _system(self.plan)

    def root(self) -> tuple[bytes, bytes]:
        """Return the first state, and its digest."""
        return self.system.root.packed(), self.system.root_digest

    def begin(self, states: list[bytes]) -> tuple[list[bytes], Future[bytes] | None]:
        """Send states away."""
        if self.lost:
            return states, None
        try:
            return states, self.executor.submit(look_far_away, self.plan, states)
        except RuntimeError:
            # So a broken or closed executor says that it takes no more work.
            self.lost = True
            return states, None

    def end(self, sent: tuple[list[bytes], Future[bytes] | None]) -> WorkerResult:
        """Return what was found, if need be by looking here."""
        states, future = sent
        try:
            done = None if future is None else _awaited(future)
        except Exception:  # noqa: BLE001 - each executor has errors of its own for lost work
            # If the work itself was at fault, it fails here as well, and is told.
            done = None
        answer: WorkerResult = pickle.loads(done or look_far_away(self.plan, states))
        return answer

    def forget(self, sent: tuple[list[bytes], Future[bytes] | None]) -> None:
        """Drop work that is under way."""
        if sent[1] is not None:
            sent[1].cancel()


_Work = _InTurn | _Spread


def look(
    system: TransitionSystem, states: Sequence[State], pack: Callable[[State], Any]
) -> WorkerResult:
    """Return what states lead to.

    Parameters
    ----------
    system : TransitionSystem
    states : sequence of State
    pack : callable
        Makes of a state what is sent.
    """
    sent: set[bytes] = set()
    expansions = tuple(_expand(system, state, sent, pack) for state in states)
    return WorkerResult(expansions, system.take_users(), frozenset(system.exposed), system.short)


def _expand(
    system: TransitionSystem, state: State, sent: set[bytes], pack: Callable[[State], Any]
) -> Expansion:
    if not state.choices:
        return Expansion(system.final(state), (), (), ())
    transitions = list(system.transitions(state))
    steps = []
    for step in transitions:
        packed = None if step.digest in sent else pack(step.state)
        sent.add(step.digest)
        taken = (step.key, step.ran, step.passed, step.stops, step.digest, packed, step.chosen)
        steps.append(taken)
    accesses = [(place, step.access) for place, step in enumerate(transitions) if step.access]
    broken = tuple(place for place, step in enumerate(transitions) if step.broken)
    return Expansion(None, tuple(steps), tuple(_races(accesses)), broken)


def _races(accesses: list[tuple[int, Access]]) -> Iterator[tuple[Race, int, int]]:
    for (place, one), (other_place, other) in combinations(accesses, 2):
        if conflict(one, other):
            yield Race(one.name, one, other), place, other_place


def _awaited(future: Future[bytes]) -> bytes:
    """Return what a worker sends, unless it is no longer wanted."""
    while not future.done():
        check_cancelled()
        wait([future], LOOK)
    return future.result()


@lru_cache(maxsize=2)
def _system(plan: bytes) -> TransitionSystem:
    return TransitionSystem(pickle.loads(plan))


def look_far_away(plan: bytes, states: list[bytes]) -> bytes:
    """Do what `look` does, in whatever process: takes and returns pickles."""
    try:
        answer = look(_system(plan), [State.unpacked(state) for state in states], State.packed)
    except BaseException:
        # What it has noted of work that was given up is not for the next one.
        _system.cache_clear()
        raise
    return pickle.dumps(answer)
