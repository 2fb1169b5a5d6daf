"""Goals of one who schedules: which outcomes they are, what is left of them, and where one is."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from kit.errors import plural, require
from kit.explore import ExplorationResult, Outcome
from kit.explore.walk import Walk

Goal = str | Callable[[Outcome], object]
"""What is to be printed, or a test of an outcome."""
SAID = (
    "What can still come of it, and on how many of the schedules that begin like this. "
    "That is no likelihood: no scheduler draws schedules at random."
)


def found_goals(explored: ExplorationResult, goal: Goal) -> tuple[Outcome, ...]:
    """Return the outcomes that are goals.

    Parameters
    ----------
    explored : ExplorationResult
    goal : str or callable

    Raises
    ------
    ArgumentError
        If none is, or all are.
    """
    outcomes = explored.outcomes
    if isinstance(goal, str):
        wanted = goal.strip()
        found = [o for o in outcomes if o.output.get(o.first_pid, "").strip() == wanted]
    else:
        explored.find(goal)
        found = [*explored.matching(goal)]
    listed = "; ".join(map(explored.words, outcomes))
    require(bool(found), f"Scheduling: no schedule prints {goal!r}; the outcomes are: {listed}")
    require(
        len(found) < len(outcomes),
        "Scheduling: every schedule reaches the goal, so there is nothing to choose",
    )
    return tuple(found)


def shortest_goal(explored: ExplorationResult, goals: Sequence[Outcome]) -> Outcome:
    """Return the goal that takes the fewest ticks.

    Parameters
    ----------
    explored : ExplorationResult
    goals : sequence of Outcome
    """
    ticks = {goal: sum(edge.passed for edge in explored.way_to(goal)) for goal in goals}
    return min(ticks, key=ticks.__getitem__)


def goals_left(walk: Walk, goals: Sequence[Outcome]) -> dict[Outcome, int | None]:
    """Return the goals that can still be reached, and on how many schedules.

    Parameters
    ----------
    walk : Walk
    goals : sequence of Outcome
    """
    return {outcome: number for outcome, number in walk.reachable() if outcome in goals}


def verdict_of(walk: Walk, goals: Sequence[Outcome]) -> str:
    """Return where a run stands with regard to its goals, in words.

    Parameters
    ----------
    walk : Walk
    goals : sequence of Outcome
    """
    chosen, outcome = plural(len(walk.words), "choice"), walk.outcome
    words = "" if outcome is None else walk.explored.words(outcome)
    if outcome in goals:
        shortest = Walk.to(walk.explored, shortest_goal(walk.explored, goals))
        least = plural(len(shortest.words), "choice")
        return f"Reached after {chosen}: {words}. The shortest way takes {least}."
    if outcome is not None:
        return f"Not the goal: {words}. Undo, or start again."
    if not goals_left(walk, goals):
        return "The goal can no longer be reached. Undo, or start again."
    return f"The goal can still be reached. You have made {chosen}."


def reachable_in_html(walk: Walk, goals: Sequence[Outcome]) -> str:
    """Return what can still come of a run, as HTML.

    Parameters
    ----------
    walk : Walk
    goals : sequence of Outcome
    """
    reached = dict(walk.reachable())
    numbers = [number for number in reached.values() if number is not None]
    rows = []
    for outcome in walk.explored.outcomes:
        goal = " (goal)" if outcome in goals else ""
        name = f"<b>{html.escape(walk.explored.words(outcome))}</b>{goal}"
        if outcome not in reached:
            rows.append(f"<li>{name}: no longer</li>")
        elif (number := reached[outcome]) is None:
            rows.append(f"<li>{name}: no end of schedules</li>")
        else:
            whole = len(numbers) == len(reached)
            share = f", {100 * number / sum(numbers):.1f}%" if whole else ""
            rows.append(f"<li>{name}: {number:,}{share}</li>")
    return f'<div class="kit-reachable"><p>{SAID}</p><ul>{"".join(rows)}</ul></div>'
