"""What an earlier tier has told already: one problem is told once, where it is seen first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kit.check.results import Problem, Result
from kit.check.tiers import Tier

_HINDRANCES = frozenset({"ids", "code"})
"""What the first tier sees, and keeps the second from running a notebook."""

_SAME = {
    "cell-error": "raises",
    "kernel-died": "kernel-died",
    "kernel-error": "widget",
    "timeout": "timeout",
}
"""Rule of the browser tier -> the rule of the execution tier that the same cell breaks."""


def without_what_is_told(result: Result, done: Sequence[Tier]) -> Result | None:
    """Return a result without the problems that an earlier tier has told of the same notebook.

    Parameters
    ----------
    result : Result
    done : sequence of Tier
        The tiers before.

    Returns
    -------
    Result or None
        None if the notebook could not be run for a reason that is told already.
    """
    rules = {problem.rule for problem in result.problems}
    if result.tier == "execution" and rules and rules <= _HINDRANCES:
        told = {problem.rule for problem in _of(result.path, "static", done)}
        return None if rules <= told else result
    if result.tier != "browser":
        return result
    before = {(problem.rule, problem.cell) for problem in _of(result.path, "execution", done)}
    again = [one for one in result.problems if (_SAME.get(one.rule), one.cell) in before]
    if not again:
        return result
    kept = tuple(one for one in result.problems if one not in again)
    where = ", ".join(dict.fromkeys(one.place or "the notebook" for one in again))
    note = f"In the browser, too, {where} fails as told of execution."
    return replace(result, problems=kept, notes=(*result.notes, note))


def _of(path: Path, tier: str, done: Sequence[Tier]) -> list[Problem]:
    """Return the problems of a notebook in an earlier tier."""
    results = [result for one in done if one.name == tier for result in one.results]
    return [problem for result in results if result.path == path for problem in result.problems]
