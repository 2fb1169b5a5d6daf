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
    chance,
    course,
    exercises,
    form,
    habits,
    headings,
    links,
    stored,
)
from kit.check.static.rule import Readable, StaticRule
from kit.check.static.spelling import Spelling
from kit.check.static.storyline import Untold
from kit.check.static.style import Style
from kit.check.static.subject import Library, Subject

RULES = by_name(
    Readable,
    form.Encoding,
    form.Schema,
    form.Ids,
    form.Kernelspec,
    form.Code,
    Style,
    stored.Outputs,
    course.Metadata,
    headings.Steps,
    headings.Headings,
    links.Pictures,
    links.Links,
    Spelling,
    form.Length,
    exercises.Exercises,
    chance.Seeds,
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
    subjects = [subject for subject in read if isinstance(subject, Subject)]
    rules = [rule() for rule in RULES.values() if issubclass(rule, StaticRule)]
    common = zip(*(rule.look_at_all(subjects) for rule in rules), strict=True)
    share = (perf_counter() - began) / max(1, len(paths))
    for path, subject in zip(paths, read, strict=True):
        began = perf_counter()
        if isinstance(subject, Subject):
            problems = [problem for one in next(common) for problem in one]
            problems += [problem for rule in rules for problem in rule.look(subject)]
            problems.sort(key=lambda problem: problem.cell or 0)
        else:
            problems = [subject]
        yield Result("static", path, tuple(problems), perf_counter() - began + share)
    for file, untold in Untold().look_at_courses(subjects):
        yield Result("static", file, tuple(untold))


def _read(path: Path, library: Library) -> Subject | Problem:
    try:
        return Subject(Notebook.read(path), Settings.near(path), library)
    except Unreadable as unreadable:
        return unreadable.problem
