"""Who looks at states: this process, one after the other, or an executor, many at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from kit.cancellation import check_cancelled
from kit.explore.plan import Plan
from kit.explore.results import Final
from kit.explore.search_result import Access, Race, conflict
from kit.explore.state import Packed, State
from kit.explore.transition import Transition
from kit.explore.transition_system import TransitionSystem, Users
from kit.sim.recording import ThreadId

TASK = 256
"""Most states that a worker is given at once."""

WIDE = 2000
"""States that may wait before those that were found last come first, to bound memory."""

WINDOW = 6
"""Tasks that are under way at once."""

KEPT = WIDE
"""Most states that a worker remembers having sent; about as many may wait to be looked at."""

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


class InTurn:
    """Looks at states here, one after the other."""

    window, least, size, wide = 1, 1, 1, 0

    def __init__(self, plan: Plan) -> None:
        self.system = TransitionSystem(plan)

    def root(self) -> tuple[Any, bytes]:
        """Return the first state, and its digest."""
        return self.system.root, self.system.root_digest

    def begin(self, states: list[State]) -> WorkerResult:
        """Look at states."""
        return look(self.system, states, lambda step: step.state)

    def end(self, answer: WorkerResult) -> WorkerResult:
        """Return what was found."""
        return answer

    def forget(self, answer: WorkerResult) -> None:
        """Drop what was found."""


class Spread:
    """Lets an executor look at states; what it loses is looked at here."""

    window, least, size, wide = WINDOW, 24, TASK, WIDE

    def __init__(self, plan: Plan, executor: Executor) -> None:
        self.plan, self.executor = pickle.dumps(plan), executor
        self.lost = False
        self.system = _worker(self.plan).system

    def root(self) -> tuple[Packed, bytes]:
        """Return the first state, and its digest."""
        root = self.system.root
        return root.packed(root, self.system.pages), self.system.root_digest

    def begin(self, states: list[Packed]) -> tuple[bytes, Future[bytes] | None]:
        """Send states away."""
        packed = pickle.dumps(states)
        if self.lost:
            return packed, None
        try:
            return packed, self.executor.submit(look_far_away, self.plan, packed)
        except RuntimeError:
            # So a broken or closed executor says that it takes no more work.
            self.lost = True
            return packed, None

    def end(self, sent: tuple[bytes, Future[bytes] | None]) -> WorkerResult:
        """Return what was found, if need be by looking here."""
        states, future = sent
        try:
            done = None if future is None else _awaited(future)
        except Exception:  # noqa: BLE001 - each executor has errors of its own for lost work
            # If the work itself was at fault, it fails here as well, and is told.
            done = None
        answer: WorkerResult = pickle.loads(done or look_far_away(self.plan, states))
        return answer

    def forget(self, sent: tuple[bytes, Future[bytes] | None]) -> None:
        """Drop work that is under way."""
        if sent[1] is not None:
            sent[1].cancel()


Work = InTurn | Spread


def look(
    system: TransitionSystem, states: Sequence[State], pack: Callable[[Transition], Any]
) -> WorkerResult:
    """Return what states lead to.

    Parameters
    ----------
    system : TransitionSystem
    states : sequence of State
    pack : callable
        Makes of a step what is sent of the state that it leads to.
    """
    sent: set[bytes] = set()
    expansions = tuple(_expand(system, state, sent, pack) for state in states)
    return WorkerResult(expansions, system.take_users(), frozenset(system.exposed), system.short)


def _expand(
    system: TransitionSystem, state: State, sent: set[bytes], pack: Callable[[Transition], Any]
) -> Expansion:
    if not state.choices:
        return Expansion(system.final(state), (), (), ())
    transitions = list(system.transitions(state))
    steps = []
    for step in transitions:
        packed = None if step.digest in sent else pack(step)
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


class _Worker:
    """Looks at states for another process, and remembers those that it has sent.

    Many of them come back to be looked at, and many are found again from other states. Neither
    kind is turned into bytes, or read from bytes, a second time.
    """

    def __init__(self, plan: Plan) -> None:
        self.system = TransitionSystem(plan)
        self._packed: dict[bytes, Packed] = {}
        self._states: dict[Packed, State] = {}

    def packed(self, step: Transition) -> Packed:
        """Return as bytes the state that a step leads to."""
        packed = self._packed.get(step.digest)
        if packed is None:
            if len(self._packed) >= KEPT:
                self._states.pop(self._packed.pop(next(iter(self._packed))), None)
            packed = step.state.packed(self.system.root, self.system.pages)
            self._packed[step.digest] = packed
            self._states[packed] = step.state
        return packed

    def unpacked(self, packed: Packed) -> State:
        """Return the state of which these are the bytes; none is asked for twice."""
        known = self._states.pop(packed, None)
        return known or State.unpacked(packed, self.system.root, self.system.pages)


@lru_cache(maxsize=2)
def _worker(plan: bytes) -> _Worker:
    return _Worker(pickle.loads(plan))


def look_far_away(plan: bytes, states: bytes) -> bytes:
    """Do what `look` does, in whatever process: takes and returns pickles."""
    try:
        worker = _worker(plan)
        unpacked = list(map(worker.unpacked, pickle.loads(states)))
        answer = look(worker.system, unpacked, worker.packed)
    except BaseException:
        # What it has noted of work that was given up is not for the next one.
        _worker.cache_clear()
        raise
    return pickle.dumps(answer)
