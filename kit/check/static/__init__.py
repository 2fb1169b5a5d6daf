"""The first tier of a check: what can be seen of notebooks without running anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from kit.check.notebooks import Notebook, Unreadable
from kit.check.results import Problem, Result
from kit.check.settings import Settings
from kit.check.static import (
    chance,
    committed,
    course,
    exercises,
    form,
    habits,
    headings,
    links,
    stored,
)
from kit.check.static.spelling import misspellings
from kit.check.static.style import mistakes
from kit.check.static.subject import Library, Subject

RULES = {
    "readable": "the file is a notebook of format 4",
    "encoding": "the file is UTF-8 without a byte order mark, as Jupyter reads it",
    "schema": "everything in it is as the notebook format wants it",
    "ids": "each cell has an id of its own",
    "kernelspec": "it asks for the kernel python3, which everybody has",
    "code": "it has code to run",
    "style": "no syntax errors, unknown names, unused imports or likely bugs (ruff)",
    "outputs": "only cells that are tagged for it store outputs, and these look alike everywhere",
    "metadata": "title, goal, minutes and storyline are there, and nothing of somebody's computer",
    "steps": "a lesson has goal, predict, explore, change, explain and transfer, in this order",
    "headings": "one title, no level left out, no two headings alike",
    "alt": "pictures have alternative text, and their files exist",
    "links": "local links have a text and lead to what exists; what is named is in git",
    "spelling": "no common misspellings (codespell)",
    "length": "code cells of a lesson are short",
    "exercise": "each exercise has its check and its solution, in two cells or in its widget",
    "seed": "what uses chance names a seed, so that every reader sees the same",
    "install": "no cell installs packages: what a lesson needs is listed, and there already",
    "paths": "no file is named by a path that only one computer has",
}
"""What is checked, by the rule that a problem names."""

_CHECKS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    form.check_encoding,
    form.check_schema,
    form.check_ids,
    form.check_kernelspec,
    form.check_code,
    form.check_length,
    stored.check_outputs,
    course.check_metadata,
    headings.check_headings,
    headings.check_steps,
    links.check_links,
    links.check_pictures,
    committed.check_committed,
    exercises.check_exercises,
    chance.check_seeds,
    habits.check_installs,
    habits.check_paths,
)


def check(paths: Sequence[Path]) -> Iterator[Result]:
    """Check notebooks without running them.

    Parameters
    ----------
    paths : sequence of Path
        Notebooks; one that cannot be read gives a result with that one problem.

    Yields
    ------
    Result
        One a notebook, in the order of `paths`.

    Raises
    ------
    KitError
        If the settings of a course are wrong.
    """
    began = perf_counter()
    library = Library()
    read = [_read(path, library) for path in paths]
    subjects = [subject for subject in read if isinstance(subject, Subject)]
    # Starting these two costs more than their work, so each looks at all notebooks at once.
    common = zip(mistakes(subjects), misspellings(subjects), strict=True)
    share = (perf_counter() - began) / max(1, len(paths))
    for path, subject in zip(paths, read, strict=True):
        began = perf_counter()
        if isinstance(subject, Subject):
            problems = [problem for one in next(common) for problem in one]
            problems += [problem for rule in _CHECKS for problem in rule(subject)]
            problems.sort(key=lambda problem: problem.cell or 0)
        else:
            problems = [subject]
        yield Result("static", path, tuple(problems), perf_counter() - began + share)


def _read(path: Path, library: Library) -> Subject | Problem:
    try:
        return Subject(Notebook.read(path), Settings.near(path), library)
    except Unreadable as unreadable:
        return unreadable.problem
