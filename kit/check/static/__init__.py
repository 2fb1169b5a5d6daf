"""The first tier of a check: what can be seen of notebooks without running anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from kit.check.notebooks import Notebook, Unreadable
from kit.check.results import Problem, Result
from kit.check.rules import by_name
from kit.check.settings import Settings
from kit.check.static import (
    course,
    exercise_rule,
    habits,
    headings,
    links,
    minutes,
    notebook_format,
    seeds,
    stored,
)
from kit.check.static.lint_context import Library, LintContext
from kit.check.static.rule import Readable, StaticRule
from kit.check.static.spelling import Spelling
from kit.check.static.storyline import Untold
from kit.check.static.style import Style

RULES = by_name(
    Readable,
    notebook_format.Encoding,
    notebook_format.Schema,
    notebook_format.Ids,
    notebook_format.Kernelspec,
    notebook_format.Code,
    Style,
    stored.Outputs,
    course.Metadata,
    headings.Steps,
    headings.Headings,
    minutes.Minutes,
    links.Pictures,
    links.Links,
    Spelling,
    notebook_format.Length,
    exercise_rule.Exercises,
    seeds.Seeds,
    habits.Installs,
    habits.Paths,
    Untold,
)
"""Name -> the rule that looks for its problems."""


def check(paths: Sequence[Path]) -> Iterator[Result]:
    """Check notebooks without running them.

    Parameters
    ----------
    paths : sequence of Path
        Notebooks; one that cannot be read gives a result with that one problem.

    Yields
    ------
    Result
        One a notebook, in the order of `paths`; then one for each course with a line that
        none of its lessons tells.

    Raises
    ------
    KitError
        If the settings of a course are wrong.
    """
    began = perf_counter()
    library = Library()
    read = [_read(path, library) for path in paths]
    contexts = [context for context in read if isinstance(context, LintContext)]
    rules = [rule() for rule in RULES.values() if issubclass(rule, StaticRule)]
    common = zip(*(rule.look_at_all(contexts) for rule in rules), strict=True)
    share = (perf_counter() - began) / max(1, len(paths))
    for path, context in zip(paths, read, strict=True):
        began = perf_counter()
        if isinstance(context, LintContext):
            problems = [problem for one in next(common) for problem in one]
            problems += [problem for rule in rules for problem in rule.look(context)]
            problems.sort(key=lambda problem: problem.cell or 0)
        else:
            problems = [context]
        yield Result("static", path, tuple(problems), perf_counter() - began + share)
    for file, untold in Untold().look_at_courses(contexts):
        yield Result("static", file, tuple(untold))


def _read(path: Path, library: Library) -> LintContext | Problem:
    try:
        return LintContext(Notebook.read(path), Settings.near(path), library)
    except Unreadable as unreadable:
        return unreadable.problem
