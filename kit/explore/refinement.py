"""Whether a program does nothing but what a simpler one, taken as its specification, may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from kit.errors import explain_arguments, require
from kit.explore.check import undecided
from kit.explore.explore import LIMIT, Explorable, explore
from kit.explore.outcome import Outcome
from kit.explore.outcomes import ExplorationResult
from kit.explore.search_result import Stop
from kit.explore.telling import schedule_of
from kit.trace import Trace

By = Literal["outcomes", "output"]
"""What is compared: how runs end, with the globals that both programs have, or what they print."""


@dataclass(frozen=True)
class Refinement:
    """Whether every outcome of a program is one of its reference.

    Attributes
    ----------
    mine, reference : ExplorationResult
        What was found of both.
    by : str
        "outcomes" or "output".
    strays : tuple of Outcome
        Outcomes of mine that the reference was not found to have.
    """

    mine: ExplorationResult
    reference: ExplorationResult
    by: By
    strays: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether every schedule was covered, and every outcome is one of the reference."""
        return not self.strays and self.mine.complete

    @property
    def decided(self) -> bool:
        """Whether it is known: one that the reference cannot have was found, or there is none."""
        return self.reference.complete if self.strays else self.mine.complete

    def __bool__(self) -> bool:
        return self.passed

    def witness(self) -> Trace | None:
        """Return the shortest run that ends in the first stray; None where there is none."""
        return self.mine.witness(self.strays[0]) if self.strays else None

    def schedule(self) -> tuple[str, ...]:
        """Return that run in words."""
        trace = self.witness()
        return () if trace is None else schedule_of(trace)

    def __str__(self) -> str:
        if self.passed:
            return f"Every outcome is one of the reference. {self.mine.covered}"
        if not self.decided:
            return f"Not decided. {undecided(self.reference if self.strays else self.mine)}"
        told = ["Not every outcome is one of the reference. It has none like this:"]
        told += [f"- {stray}" for stray in self.strays]
        schedule = self.schedule()
        return "\n".join([*told, "A schedule that shows the first:", *(f"  {s}" for s in schedule)])


@explain_arguments
def refines(
    mine: Explorable,
    reference: Explorable,
    *,
    by: By = "outcomes",
    limit: int = LIMIT,
    stop: Stop | None = None,
) -> Refinement:
    """Tell whether every outcome of a program is one of another's, which serves as its meaning.

    The reference says what may happen, most simply with ``with lock:`` around all that is to
    happen at once. A program refines it if nothing else can be seen of it, on any schedule.

    Parameters
    ----------
    mine, reference : Program, Scenario, Machine or callable
        As for `explore`.
    by : str
        "outcomes" for what is printed, exit codes, faults, threads that wait for ever and the
        last values of the globals that the first processes of both have; "output" for all this
        but the globals.
    limit : int
        Most states to look at, of each.
    stop : callable, optional
        As for `explore`.

    Raises
    ------
    ArgumentError
        If one of them cannot be explored.
    """
    require(by in get_args(By), f"refines: by is {by!r}; give 'outcomes' or 'output'")
    ours = explore(mine, limit=limit, stop=stop)
    theirs = explore(reference, limit=limit, stop=stop)
    names = _names(ours) & _names(theirs) if by == "outcomes" else frozenset()
    allowed = {_seen(outcome, names) for outcome in theirs.outcomes}
    strays = tuple(one for one in ours.outcomes if _seen(one, names) not in allowed)
    return Refinement(ours, theirs, by, strays)


def _names(outcomes: ExplorationResult) -> frozenset[str]:
    """Return the globals of the first process."""
    return frozenset(
        name for one in outcomes.outcomes for name in one.globals.get(one.first_pid, {})
    )


def _seen(outcome: Outcome, names: frozenset[str]) -> tuple[Any, ...]:
    """Return what can be seen of an outcome."""
    ended = outcome.globals.get(outcome.first_pid, {})
    return (
        tuple(sorted((pid, text.rstrip("\n")) for pid, text in outcome.output.items())),
        tuple(sorted((pid, str(code)) for pid, code in outcome.exit_codes.items())),
        tuple(sorted(outcome.signals.items())),
        tuple(sorted(outcome.faults.items())),
        (outcome.deadlock, outcome.endless, outcome.final.limit),
        tuple(sorted((name, ended.get(name)) for name in names)),
    )
