"""What a scheduler makes of a program: how often its runs come to which outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.cancellation import checked
from kit.errors import LimitExceeded, require, require_whole
from kit.explore.outcome import Outcome, ends_as
from kit.explore.plan import Plan
from kit.sim.computer import Computer
from kit.sim.journal import Run, perform
from kit.sim.schedulers import Scheduler
from kit.sim.settings import Limits
from kit.trace import Trace
from kit.trace.recorder import record_of

NONE = "no end, or no outcome that was found"


@dataclass(frozen=True)
class Sample:
    """How many runs under a scheduler came to which outcome.

    Attributes
    ----------
    counts : tuple of (Outcome or None, int)
        The outcome that most runs came to first. None stands for runs that a limit stopped, or
        whose outcome was not found because not all schedules were covered.
    runs : int
    """

    counts: tuple[tuple[Outcome | None, int], ...]
    runs: int

    def share(self, outcome: Outcome) -> float:
        """Return which part of the runs came to an outcome, from 0 to 1."""
        return dict(self.counts).get(outcome, 0) / self.runs

    def __str__(self) -> str:
        lines = [
            f"{number:,} ({number / self.runs:.1%}): {outcome or NONE}"
            for outcome, number in self.counts
        ]
        return "\n".join([f"{self.runs:,} runs under this scheduler:", "", *lines])


def sample(
    plan: Plan,
    outcomes: Sequence[Outcome],
    scheduler: Scheduler | Callable[[int], Scheduler],
    runs: int,
) -> Sample:
    """Run the machine of a plan under a scheduler and count the outcomes.

    Parameters
    ----------
    plan : Plan
    outcomes : sequence of Outcome
        All that were found.
    scheduler : Scheduler or callable
        A policy, or a function that returns one for the number of a run.
    runs : int
    """
    require_whole("sampled: runs", runs, 1)
    counts: Counter[Outcome | None] = Counter()
    for number in checked(range(runs)):
        trace = _run(plan, _policy(scheduler, number), number)
        fitting = (o for o in outcomes if trace and not o.endless and ends_as(trace, o))
        counts[next(fitting, None)] += 1
    place = {outcome: number for number, outcome in enumerate((*outcomes, None))}
    order = sorted(counts.items(), key=lambda pair: (-pair[1], place[pair[0]]))
    return Sample(tuple(order), runs)


def _policy(scheduler: object, number: int) -> Scheduler:
    is_function = callable(scheduler) and not hasattr(scheduler, "start")
    made: Any = scheduler(number) if callable(scheduler) and is_function else scheduler
    require(
        hasattr(made, "start") and not isinstance(made, type),
        f"sampled: the scheduler is {made!r}; give one such as Lottery(1), or a function that "
        "returns one for the number of a run",
    )
    policy: Scheduler = made
    return policy


def _run(plan: Plan, scheduler: Scheduler, seed: int) -> Trace | None:
    """Return a run; None for one that a limit of the machine stops, such as that of ticks."""
    limits = replace(plan.shown.limits, ticks=Limits().ticks)
    setup = replace(plan.shown, scheduler=scheduler, seed=seed, limits=limits)
    computer = Computer(setup)
    for step in plan.steps:
        perform(computer, step)
    try:
        perform(computer, Run(plan.until))
    except LimitExceeded:
        return None
    return Trace(record_of(computer))
