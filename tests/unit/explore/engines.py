"""The two ways to go through all schedules, side by side: the fast engine and the computer."""

from kit.explore.busy import busy_threads
from kit.explore.engine import searching as engine
from kit.explore.explore import LIMIT
from kit.explore.outcomes import ExplorationResult
from kit.explore.plan import Plan
from kit.explore.search import search_computer


def quickly(plan: Plan, limit: int = LIMIT) -> ExplorationResult | None:
    """What the engine finds; None if it does not take the program."""
    found = engine.search(plan, limit)
    return None if found is None else ExplorationResult(found)


def by_computer(plan: Plan, limit: int = LIMIT) -> ExplorationResult:
    """What the computer finds."""
    return ExplorationResult(search_computer(plan, limit))


def assert_same(quick: ExplorationResult, slow: ExplorationResult) -> None:
    """Both have found the same, though not by the same states."""
    assert quick.complete
    assert slow.complete
    assert quick.outcomes == slow.outcomes
    assert quick.races == slow.races
    assert quick.invariant_holds == slow.invariant_holds
    assert busy_threads(quick.graph).keys() == busy_threads(slow.graph).keys()
    assert quick._found.plan.shared == slow._found.plan.shared
    assert quick.states <= slow.states
