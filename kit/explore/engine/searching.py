"""Going through all states of the engine's machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kit.cancellation import check_cancelled
from kit.explore.engine.calls import Loud
from kit.explore.engine.compiling import Unsupported
from kit.explore.engine.image import program_of
from kit.explore.engine.machine import Machine
from kit.explore.engine.records import NOTHING, PAUSE, Rules
from kit.explore.engine.results import Results
from kit.explore.engine.state import State
from kit.explore.graph import Edge
from kit.explore.plan import Plan
from kit.explore.search_result import Progress, Race, SearchResult, Stop, conflict
from kit.explore.steps import words_shared_on_purpose
from kit.sim.process import FIRST_PID

if TYPE_CHECKING:
    from kit.lang.program import Program

LEARNING = 200
"""States that are still looked at after something new was learned, since more may come soon."""


class _Again(Exception):  # noqa: N818 - no error: the search starts again with other rules
    """The rules have turned out to be wrong."""


def search(
    plan: Plan, limit: int, progress: Progress | None = None, stop: Stop | None = None
) -> SearchResult | None:
    """Look at every state of a plan.

    Parameters
    ----------
    plan : Plan
    limit : int
        Most states to look at.
    progress, stop : callable, optional

    Returns
    -------
    SearchResult or None
        None if the program does something that the engine cannot do.
    """
    program = program_of(plan)
    if program is None:
        return None
    rules = Rules()
    try:
        while True:
            try:
                return _Search(plan, program, rules, limit, progress, stop).run()
            except _Again:
                pass
            except Loud:
                rules.quiet = False
    except Unsupported:
        return None


class _Search:
    """One pass over the states."""

    def __init__(
        self,
        plan: Plan,
        program: Program,
        rules: Rules,
        limit: int,
        progress: Progress | None,
        stop: Stop | None,
    ) -> None:
        self.plan, self.rules, self.limit = plan, rules, limit
        self.progress, self.stop = progress, stop
        self.machine = Machine(plan, program, rules)
        self.shared_on_purpose = words_shared_on_purpose(program)
        self.results = Results(self.machine, plan)
        self.found = SearchResult(plan)
        self.learned_at = 0

    def run(self) -> SearchResult:
        """Return what was found.

        Raises
        ------
        _Again
            If the rules have changed.
        """
        graph, progress = self.found.graph, self.progress
        root, graph.begun = self.machine.root()
        self.waiting: list[tuple[int, State]] = [(graph.number(root), root)]
        if self.results.is_broken(root):
            self.found.broken.add(0)
        while self.waiting and len(graph.edges) < self.limit:
            check_cancelled()
            if self.stop and self.stop():
                self.found.stopped = True
                break
            self._look_at(*self.waiting.pop())
            if self._has_learned():
                raise _Again
            if progress:
                progress(len(graph.edges), len(graph.numbers))
        if self._learn():
            raise _Again
        self.found.left = len(self.waiting)
        shared = frozenset((FIRST_PID, self.machine.address(word)) for word in self.rules.shared)
        self.found.plan, self.found.quick = replace(self.plan, shared=shared), True
        return self.found

    def _has_learned(self) -> bool:
        """Tell whether something was learned, and a while ago."""
        looked = len(self.found.graph.edges)
        users = self.machine.threads.users
        if not self.learned_at:
            if users.changed and users.shared() - self.rules.shared:
                self.learned_at = looked
            users.changed = False
            return False
        return looked >= self.learned_at + LEARNING and self._learn()

    def _learn(self) -> bool:
        """Let the rules know of the words that turned out to be shared, if there are any."""
        shared = self.machine.threads.users.shared() - self.rules.shared
        self.rules.shared |= shared
        return bool(shared)

    def _look_at(self, number: int, state: State) -> None:
        machine, graph, following = self.machine, self.found.graph, self.machine.threads.following
        edges: list[Edge] = []
        touching: list[tuple[int, int, int]] = []
        own: dict[int, tuple[int, ...]] = {}
        enders: set[int] = set()
        alone = machine.rests[state[2]].alone[0]
        for thread, record in enumerate(state[1]):
            if following[record].doing == NOTHING or alone not in (-1, thread):
                continue
            reached, data, ticks = machine.ahead(state, thread)
            own[thread] = () if data is None else machine.threads.written
            doing = following[reached].doing
            ticks += doing != PAUSE
            if following[reached].word >= 0:
                touching.append((len(edges), thread, reached))
            key, choice = (FIRST_PID, thread + 1), 0
            while not choice or choice < machine.choices:
                then, events = machine.step(state, thread, reached, data, choice)
                chosen = choice if machine.choices else None
                target = self._number(then)
                if machine.rests[then[2]].end is not None:
                    enders.add(thread)
                edges.append(Edge(key, ticks, ticks, False, target, events, chosen))
                choice += 1
        graph.edges[number] = tuple(edges)
        self.found.moves += len(edges)
        for thread, words in own.items():
            if words and enders - {thread}:
                machine.threads.users.note_cut(self.results.watched(words))
        if not edges:
            self._enter_final(number, state)
        elif len(touching) > 1:
            self._look_for_races(number, edges, touching)

    def _number(self, state: State) -> int:
        """Return the number of a state; a new one is to be looked at."""
        graph = self.found.graph
        known = len(graph.numbers)
        number = graph.number(state)
        if number == known:
            self.waiting.append((number, state))
            if self.results.is_broken(state):
                self.found.broken.add(number)
        return number

    def _enter_final(self, number: int, state: State) -> None:
        graph, rest = self.found.graph, self.machine.rests[state[2]]
        if rest.end is not None and not rest.end.alone:
            graph.abrupt.add(number)
        if not self.rules.takers and self.results.needs_takers(state):
            self.rules.takers = True
            raise _Again
        graph.finals[number] = self.results.final(state)

    def _look_for_races(
        self, number: int, edges: list[Edge], touching: list[tuple[int, int, int]]
    ) -> None:
        following, found = self.machine.threads.following, self.found.races
        for place, (first, thread, one) in enumerate(touching):
            word = following[one].word
            if word in self.shared_on_purpose:
                continue
            for second, other_thread, other in touching[place + 1 :]:
                if following[other].word == word:
                    one_of_two = self.results.access(thread, one)
                    other_of_two = self.results.access(other_thread, other)
                    race = Race(one_of_two.name, one_of_two, other_of_two)
                    if race not in found and conflict(one_of_two, other_of_two):
                        found[race] = number, edges[first], edges[second]
