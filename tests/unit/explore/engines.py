"""The two ways to go through all schedules, side by side: the fast engine and the computer."""

from dataclasses import replace

from kit.explore.engine import searching as engine
from kit.explore.explore import LIMIT, Explorable, machine_of
from kit.explore.outcomes import ExplorationResult
from kit.explore.plan import Plan, at_once, plain, roomy
from kit.explore.search import search_computer


def plan_of(explored: Explorable, invariant: str = "", *, spurious: bool = False) -> Plan:
    """What `explore` makes of a program."""
    machine = machine_of(explored)
    recipe = machine.run(until=0).record.recipe
    assert recipe is not None
    real = plain(recipe.setup, spurious=spurious)
    plan = Plan(real, at_once(recipe.steps), invariant=invariant)
    room = roomy(real)
    return plan if room is None else replace(plan, setup=room, real=real)


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
    assert quick._found.plan.shared == slow._found.plan.shared
    assert quick.states <= slow.states
