"""What every schedule of a program comes to, and the schedule that shows it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from kit.errors import ArgumentError, LimitExceeded, require
from kit.explore.engine.replaying import steps_of_way
from kit.explore.graph import Edge, Graph, choices_of, turns_of
from kit.explore.plan import FOREVER
from kit.explore.results import Final, Value
from kit.explore.search import search_computer
from kit.explore.search_result import Access, Race, SearchResult
from kit.explore.telling import stuck_in
from kit.sim.computer import Computer
from kit.sim.events.processes import Faulted
from kit.sim.events.scheduling import Waiting
from kit.sim.free_list import POISON
from kit.sim.journal import Run, perform
from kit.sim.schedulers import Follow
from kit.trace import Trace
from kit.trace.recorder import record_of

ON_THE_COMPUTER = 100_000
"""Most states that are looked at again where the engine was wrong."""


@dataclass(frozen=True)
class Outcome:
    """One result, and how many schedules lead to it.

    Attributes
    ----------
    final : Final
        What happened, as plain values that can be compared.
    schedules : int or None
        How many schedules lead to it; None for infinitely many, as where a thread may spin as
        long as it likes. Counted are the points at which it matters who goes on: system calls,
        and accesses to memory that several threads use.
    """

    final: Final
    schedules: int | None

    @property
    def output(self) -> Mapping[int, str]:
        """What each process printed, by pid."""
        return {pid: dict(self.final.output).get(pid, "") for pid, _ in self.final.exit_codes}

    @property
    def globals(self) -> Mapping[int, Mapping[str, Value]]:
        """The last values of each process's globals, by pid and name; an array is a tuple."""
        return {pid: dict(values) for pid, values in self.final.globals}

    @property
    def exit_codes(self) -> Mapping[int, int | None]:
        """Each process's exit code, by pid; None for a process that never ends."""
        return dict(self.final.exit_codes)

    @property
    def first_pid(self) -> int:
        """The pid of the first process, which a specification speaks of."""
        return min(self.exit_codes, default=1)

    @property
    def faults(self) -> Mapping[int, tuple[str, ...]]:
        """The faults of each process that had any, by pid."""
        found: dict[int, tuple[str, ...]] = {}
        for pid, fault in self.final.faults:
            found[pid] = (*found.get(pid, ()), fault)
        return found

    @property
    def deadlock(self) -> bool:
        """Whether threads wait for ever."""
        return bool(self.final.waiting)

    @property
    def endless(self) -> bool:
        """Whether it goes on for ever without any way to an end: a livelock, or a loop."""
        return self.final.endless

    @property
    def ends_well(self) -> bool:
        """Whether it ends, no thread waits for ever, and nothing has failed."""
        return not (self.faults or self.deadlock or self.endless or self.final.limit)

    def __str__(self) -> str:
        """Return it in words, without the number of schedules."""
        return ", ".join(_words(self.final)) or "ends without a result"


def _words(final: Final) -> Iterator[str]:
    several = len(final.exit_codes) > 1
    for pid, text in final.output:
        said = " / ".join(text.splitlines())
        yield f"pid {pid} prints {said!r}" if several else f"prints {said!r}"
    for pid, values in () if final.output else final.globals:
        told = ", ".join(f"{name} = {_value(value)}" for name, value in values)
        if told:
            yield f"pid {pid}: {told}" if several else told
    for pid, code in final.exit_codes:
        if code:
            yield f"pid {pid} ends with exit code {code}" if several else f"exit code {code}"
    yield from (f"{fault} in pid {pid}" for pid, fault in final.faults)
    waits = "deadlock" if final.cycles else "threads wait for ever" if final.waiting else ""
    yield from filter(None, (waits, "never ends" if final.endless else "", final.limit))


def _value(value: Value) -> str:
    return f"{value:#x}, a freed word," if value == POISON else f"{value}"


Where = Outcome | Race | int | Callable[[Outcome], object]
"""What a witness is asked for: an outcome, its place, a race, or a test of an outcome."""


class ExplorationResult:
    """Every result of a program, over all its schedules.

    What `explore` returns; see there.

    Attributes
    ----------
    complete : bool
        Whether every schedule was covered.
    states : int
        States that were looked at.
    moves : int
        Steps that were taken to see them.
    left : int
        States that were found and not looked at, where a limit was reached.
    """

    def __init__(self, found: SearchResult) -> None:
        self._found = found
        self.states, self.moves, self.left = len(found.graph.edges), found.moves, found.left
        self.complete = not found.left

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every distinct result; the one that most schedules lead to first."""
        graph, counts = self._found.graph, self._found.graph.counts()
        found: dict[Final, int | None] = {}
        for state, final in graph.finals.items():
            more, before = counts[state], found.get(final, 0)
            found[final] = None if more is None or before is None else before + more
        if self.complete and graph.endless():
            found[Final(endless=True)] = None
        listed = [Outcome(final, number) for final, number in found.items()]
        return tuple(sorted(listed, key=_order))

    @cached_property
    def races(self) -> tuple[Race, ...]:
        """Pairs of accesses to one word that nothing brings into an order.

        A state is reachable in which both threads are about to make their access, one of them
        a write: which comes first is left to the scheduler. Threads that do the same are told
        once.
        """
        found: dict[tuple[object, ...], Race] = {}
        for race in sorted(self._found.races):
            one, other = (
                (a.pid, a.line, a.writes) for a in sorted((race.first, race.second), key=_place)
            )
            found.setdefault((race.name, one, other), race)
        return tuple(found.values())

    @property
    def deadlocks(self) -> tuple[tuple[Waiting, ...], ...]:
        """The circles in which threads wait for each other: pid, tid, for what, which one."""
        cycles = (cycle for outcome in self.outcomes for cycle in outcome.final.cycles)
        return tuple(sorted(set(cycles)))

    @property
    def schedules(self) -> int | None:
        """How many schedules there are; None for infinitely many."""
        numbers = [outcome.schedules for outcome in self.outcomes]
        return None if None in numbers else sum(number or 0 for number in numbers)

    def share(self, outcome: Outcome) -> str:
        """Return which part of all schedules leads to an outcome, such as "43.7%".

        What is rare is not told as 0.0%, nor what is not certain as 100.0%; empty where there is
        no end of schedules, or where not all were covered.
        """
        if outcome.schedules is None or not self.schedules or not self.complete:
            return ""
        part = outcome.schedules / self.schedules
        if 0 < part < 0.001:
            return "less than 0.1%"
        return "more than 99.9%" if 0.999 < part < 1 else f"{part:.1%}"

    # Witnesses

    def find(self, where: Where) -> Outcome:
        """Return the first outcome that is asked for.

        Raises
        ------
        ArgumentError
            If there is none.
        """
        if isinstance(where, Outcome):
            require(
                where in self.outcomes,
                f"ExplorationResult: {where} is not one of these outcomes; give one",
            )
            return where
        if type(where) is int:
            require(
                0 <= where < len(self.outcomes),
                f"ExplorationResult: there is no outcome number {where}; give 0 to "
                f"{len(self.outcomes) - 1}",
            )
            return self.outcomes[where]
        require(
            callable(where),
            f"ExplorationResult: where is {where!r}; give an outcome, its number, or a test such "
            "as lambda outcome: outcome.deadlock",
        )
        assert callable(where), "this was just checked"
        try:
            chosen = next((outcome for outcome in self.outcomes if where(outcome)), None)
        except (AttributeError, LookupError, TypeError) as error:
            first = self.outcomes[0].globals if self.outcomes else {}
            known = {pid: list(values) for pid, values in first.items()}
            raise ArgumentError(
                f"ExplorationResult: the test raised {type(error).__name__}: {error}; an outcome "
                "has output, globals, exit_codes and faults by pid, and deadlock and endless; its "
                f"globals are {known}"
            ) from None
        if chosen is None:
            raise ArgumentError(
                "ExplorationResult: no schedule that was looked at leads there; there are: "
                f"{self._listed()}"
            )
        return chosen

    def witness(self, where: Where) -> Trace:
        """Return the shortest run in which something happens, ready for a `Stage`.

        Parameters
        ----------
        where : Outcome, int, Race or callable
            One of `outcomes` or its place there, one of `races`, or a test that takes an
            outcome.

        Returns
        -------
        Trace
            Of a machine with one core and without costs. For a race it ends behind the second
            access.

        Raises
        ------
        ArgumentError
            If no schedule that was looked at leads there.
        """
        graph = self._found.graph
        if isinstance(where, Race):
            state, first, second = self._race(where)
            return self._replay((*graph.way_to([state]), first, second), stops=True)
        outcome = self.find(where)
        way = self.way_to(outcome)
        if outcome.endless:
            way += graph.on_from(way[-1].target if way else 0)
        trace = self.run_of(way)
        if outcome.endless:
            return trace
        if self._found.quick and not _ends_as(trace, outcome):
            return self._computed().witness(outcome)
        return trace

    @property
    def graph(self) -> Graph:
        """The states that were looked at, and the steps between them."""
        return self._found.graph

    def way_to(self, outcome: Outcome) -> tuple[Edge, ...]:
        """Return the shortest way to an outcome; to an endless one, to where it cannot end."""
        goals = (
            self.graph.endless()
            if outcome.endless
            else [state for state, final in self.graph.finals.items() if final == outcome.final]
        )
        return self.graph.way_to(goals)

    def run_of(self, way: tuple[Edge, ...], *, ended: bool = True) -> Trace:
        """Return the run that goes a way through the graph.

        Parameters
        ----------
        way : tuple of Edge
            From the first state on.
        ended : bool
            Whether it is shown to its end where nothing can happen after the way.
        """
        goal = way[-1].target if way else 0
        final = self.graph.finals.get(goal) if ended else None
        if final is None:
            return self._replay(way, stops=True)
        return self._replay(way, stops=bool(final.limit), to_end=goal not in self.graph.abrupt)

    def ticks_of(self, way: tuple[Edge, ...]) -> int:
        """Return how many ticks of a witness the beginning of its way takes."""
        return sum(edge.passed for edge in self._steps(way, to_end=False))

    def _steps(self, way: tuple[Edge, ...], *, to_end: bool) -> tuple[Edge, ...]:
        """Return the steps of the real machine that go a way."""
        if not self._found.quick:
            return way
        return tuple(steps_of_way(self._found.plan, self.graph.begun, way, to_end=to_end))

    def _computed(self) -> ExplorationResult:
        """Return what the computer finds, where a run of it contradicts the engine."""
        message = "the engine of kit.explore has promised a run that ends in another way"
        warnings.warn(message, RuntimeWarning, stacklevel=3)
        return ExplorationResult(search_computer(self._found.plan, ON_THE_COMPUTER))

    @property
    def invariant_holds(self) -> bool:
        """Whether the invariant holds in every state that was looked at."""
        return not self._found.broken

    def broken_invariant(self) -> Trace:
        """Return the shortest run up to a moment at which the invariant does not hold.

        Raises
        ------
        ArgumentError
            If it holds in every state.
        """
        require(
            not self.invariant_holds,
            "ExplorationResult: the invariant holds in every state that was looked at; nothing can "
            "show the contrary",
        )
        return self._replay(self._found.graph.way_to(self._found.broken), stops=True)

    def _race(self, race: Race) -> tuple[int, Edge, Edge]:
        found = self._found.races.get(race)
        if found is None:
            raise ArgumentError(f"ExplorationResult: {race} is not one of these races; give one")
        return found

    def _replay(self, way: tuple[Edge, ...], *, stops: bool, to_end: bool = False) -> Trace:
        """Return the run of the real machine that goes a way.

        Parameters
        ----------
        way : tuple of Edge
        stops : bool
            Whether it is stopped where the way ends, however it would go on.
        to_end : bool
            Whether threads do then what they still have to do without others noticing.
        """
        plan = self._found.plan
        way = self._steps(way, to_end=to_end)
        until = sum(edge.passed for edge in way) if stops else None
        setup = replace(plan.shown, scheduler=Follow(turns_of(way), choices_of(way), plan.spurious))
        setup = replace(setup, limits=replace(setup.limits, ticks=min(FOREVER, _longest(way))))
        computer = Computer(setup)
        for step in plan.steps:
            perform(computer, step)
        # Where a limit stops a run, that is its end.
        with suppress(LimitExceeded):
            perform(computer, Run(until))
        return Trace(record_of(computer))

    # Words

    def _listed(self) -> str:
        return "; ".join(f"{number}: {outcome}" for number, outcome in enumerate(self.outcomes))

    def __str__(self) -> str:
        lines = [self.covered, ""]
        for outcome in self.outcomes:
            number, share = outcome.schedules, self.share(outcome)
            count = "infinitely many" if number is None else f"{number:,}"
            count = count if self.complete else f"at least {number:,}" if number else "some"
            lines.append(f"{count} ({share}): {outcome}" if share else f"{count}: {outcome}")
        if self.races:
            lines += ["", "Races:", *(f"- {told(race)}" for race in self.races)]
        return "\n".join(lines)

    @property
    def covered(self) -> str:
        """What was looked at, in a sentence."""
        total = self.schedules
        if self.complete:
            number = "infinitely many" if total is None else f"{total:,}"
            return f"All schedules were covered, {number}, by looking at {self.states:,} states."
        return (
            f"Not all schedules were covered: {self.states:,} states were looked at, and "
            f"{self.left:,} more were known when "
            f"{'it was stopped' if self._found.stopped else 'the limit was reached'}."
        )

    def __repr__(self) -> str:
        whole = "complete" if self.complete else "not complete"
        return f"<ExplorationResult: {len(self.outcomes)} results, {whole}, {self.states} states>"


def _ends_as(trace: Trace, outcome: Outcome) -> bool:
    """Tell whether a run ends as an outcome says."""
    final, end = outcome.final, trace.at(trace.end)
    faults = tuple((e.pid, e.fault) for e in trace.events if isinstance(e, Faulted))
    return (
        all(trace.output(pid) == text for pid, text in outcome.output.items())
        and all(end.processes[pid].exit_code == code for pid, code in final.exit_codes)
        and all(end.processes[pid].globals.items() >= dict(v).items() for pid, v in final.globals)
        and faults == final.faults
        and stuck_in(trace) == final.waiting
    )


def told(race: Race) -> str:
    """Return a race in words."""
    one, other = sorted((race.first, race.second), key=_place)
    who = [
        f"T{access.tid} of pid {access.pid} {_verb(access)} at line {access.line}"
        for access in (one, other)
    ]
    return f"{race.name}: {who[0]}, {who[1]}"


def _verb(access: Access) -> str:
    if access.atomic:
        return "changes it atomically"
    return "writes it" if access.writes else "reads it"


def _place(access: Access) -> tuple[int, ...]:
    return access.pid, access.line, access.writes, access.tid


def _order(outcome: Outcome) -> tuple[int, int, str]:
    number = outcome.schedules
    return (0, 0, repr(outcome.final)) if number is None else (1, -number, repr(outcome.final))


def _longest(way: tuple[Edge, ...]) -> int:
    """Return a limit of ticks that the replay of a way does not come to."""
    return max(1, sum(edge.passed for edge in way)) + 1000
