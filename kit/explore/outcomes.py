"""What every schedule of a program comes to, and the schedule that shows it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import accumulate

from kit.errors import ArgumentError, LimitExceeded, require
from kit.explore.engine.replaying import numbers_of_steps, steps_of_way
from kit.explore.graph import Edge, Graph, choices_of, turns_of
from kit.explore.outcome import Outcome, ends_as, globals_of, order_of
from kit.explore.plan import FOREVER
from kit.explore.races import distinct, in_words
from kit.explore.results import Final
from kit.explore.sampling import Sample, sample
from kit.explore.search import search_computer
from kit.explore.search_result import Race, SearchResult
from kit.explore.telling import briefly_waiting
from kit.sim.computer import Computer
from kit.sim.events.scheduling import Waiting
from kit.sim.journal import Run, perform
from kit.sim.schedulers import Follow, Scheduler
from kit.trace import Trace
from kit.trace.recorder import record_of

NOT_LIKELIHOODS = "These are shares of the schedules, not likelihoods."

ON_THE_COMPUTER = 100_000
"""Most states that are looked at again where the engine was wrong."""


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
        return tuple(sorted(listed, key=order_of))

    @cached_property
    def races(self) -> tuple[Race, ...]:
        """Pairs of accesses to one word that nothing brings into an order.

        A state is reachable in which both threads are about to make their access, one of them
        a write: which comes first is left to the scheduler. Threads that do the same are told
        once.
        """
        return distinct(self._found.races)

    @cached_property
    def several_processes(self) -> bool:
        """Whether there are several processes, so that a thread is named with its own."""
        return len({edge.key[0] for edges in self.graph.edges.values() for edge in edges}) > 1

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

        It is no likelihood; see `sampled`. What is rare is not told as 0.0%, nor what is not
        certain as 100.0%; empty where there is no end of schedules, or where not all were covered.
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
        chosen = next(self.matching(where), None)
        if chosen is None:
            raise ArgumentError(
                "ExplorationResult: no schedule that was looked at leads there; there are: "
                f"{self._listed()}"
            )
        return chosen

    def matching(self, test: Callable[[Outcome], object]) -> Iterator[Outcome]:
        """Yield the outcomes of which a test holds.

        Raises
        ------
        ArgumentError
            If the test fails at one, as at a global of an outcome that never ends.
        """
        for outcome in self.outcomes:
            try:
                holds = test(outcome)
            except (AttributeError, LookupError, TypeError) as error:
                known = {pid: list(values) for pid, values in outcome.globals.items()}
                raise ArgumentError(
                    f"ExplorationResult: the test raised {type(error).__name__}: {error}, at the "
                    f"outcome “{outcome}”; an outcome has output, globals, exit_codes, signals "
                    f"and faults by pid, and deadlock and endless; its globals are {known}"
                ) from None
            if holds:
                yield outcome

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
        if self._found.quick and not ends_as(trace, outcome):
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

    def ticks_along(self, way: tuple[Edge, ...]) -> list[int]:
        """Return for each step of a way the tick at which a run that goes it has taken it.

        Parameters
        ----------
        way : tuple of Edge
            From the first state on.
        """
        ticks = list(accumulate((e.passed for e in self._steps(way, to_end=False)), initial=0))
        if not self._found.quick:
            return ticks[1:]
        return [ticks[n] for n in numbers_of_steps(self.graph.begun, way)]

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

    def sampled(
        self, scheduler: Scheduler | Callable[[int], Scheduler], runs: int = 1000
    ) -> Sample:
        """Run the program under a scheduler and count which outcomes it comes to.

        Shares of schedules are not likelihoods: a scheduler takes some schedules often, and most
        never. Run number n, from 0 on, has n as its seed, which decides what is left to chance.

        Parameters
        ----------
        scheduler : Scheduler or callable
            A policy such as ``Lottery(1)``, or a function that returns one for the number of a
            run: round robin leaves nothing to chance, so that only ``lambda n: RoundRobin(1 + n)``
            shows more than one run of it.
        runs : int

        Raises
        ------
        ArgumentError
            If the scheduler is none, or the number of runs less than 1.
        """
        return sample(self._found.plan, self.outcomes, scheduler, runs)

    # Words

    def words(self, outcome: Outcome) -> str:
        """Return an outcome in words that none of the others has."""
        text, final = str(outcome), outcome.final
        alike = [o.final for o in self.outcomes if o.final != final and str(o) == text]
        if any(other.globals != final.globals for other in alike):
            text += f" with {', '.join(globals_of(final))}"
        if any(other.waiting != final.waiting for other in alike):
            text += f" ({', '.join(briefly_waiting(self.witness(outcome)))})"
        return text

    def _listed(self) -> str:
        return "; ".join(f"{number}: {outcome}" for number, outcome in enumerate(self.outcomes))

    def __str__(self) -> str:
        lines = [self.covered, ""]
        for outcome in self.outcomes:
            number, share, text = outcome.schedules, self.share(outcome), self.words(outcome)
            count = "infinitely many" if number is None else f"{number:,}"
            count = count if self.complete else f"at least {number:,}" if number else "some"
            lines.append(f"{count} ({share}): {text}" if share else f"{count}: {text}")
        if len(self.outcomes) > 1 and any(map(self.share, self.outcomes)):
            lines += ["", NOT_LIKELIHOODS]
        if self.races:
            several = self.several_processes
            told = (in_words(race, several=several) for race in self.races)
            lines += ["", "Races:", *(f"- {sentence}" for sentence in told)]
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


def _longest(way: tuple[Edge, ...]) -> int:
    """Return a limit of ticks that the replay of a way does not come to."""
    return max(1, sum(edge.passed for edge in way)) + 1000
