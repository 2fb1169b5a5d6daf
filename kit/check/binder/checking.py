"""What the Binder tier looks at, in its order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from kit.check.binder import badge, overlooked_files, pins, plan, rehearsal
from kit.check.binder.repository import Repository, copied
from kit.check.notebooks import find_checked
from kit.check.results import Problem, Result
from kit.errors import KitError, plural


def check_repository(folder: Path, lesson: Path | None) -> Iterator[Result]:
    """Check a repository; see `kit.check.binder.check`."""
    if not folder.is_dir():
        raise KitError(f"{folder}: there is no such folder; check the spelling")
    lesson = lesson or next(iter(find_checked([folder])))
    if not lesson.resolve().is_relative_to(folder.resolve()):
        raise KitError(f"{lesson}: this is not in the repository {folder}; name one that is")
    with copied(folder) as repository:
        started = time.perf_counter()
        asked = plan.ask(repository)
        yield _planned(asked, repository, time.perf_counter() - started)
        started = time.perf_counter()
        planned = None if isinstance(asked, Problem) else asked
        found = [*overlooked_files.problems(repository), *badge.problems(repository)]
        name = lesson.resolve().relative_to(folder.resolve()).as_posix()
        kept = repository.has(name)
        if not kept:
            found.append(repository.absent(name))
        resolved: dict[str, str] = {}
        requirements = repository.name("requirements.txt")
        if planned and planned.is_python and repository.has(requirements):
            release = planned.release or planned.python
            resolution = pins.resolve(repository, release)
            resolved.update(resolution.versions)
            found += pins.problems(repository, release, resolution)
        seconds = time.perf_counter() - started
        place = folder / (repository.binder_folder or requirements)
        figures = {"packages": float(len(resolved))} if resolved else {}
        yield Result("binder", place, tuple(found), seconds, figures)
        if planned and kept and "jupyterlab" in resolved:
            yield from rehearsal.rehearse(repository, planned.python, lesson)


def _planned(asked: plan.Plan | Problem, repository: Repository, seconds: float) -> Result:
    if isinstance(asked, Problem):
        return Result("binder", repository.origin, (asked,), seconds, notes=_notes(repository))
    files = asked.files(repository)
    figures = {f"files taken, for Python {asked.python}": float(len(files))}
    problems = tuple(plan.problems(asked, repository))
    return Result("binder", repository.origin, problems, seconds, figures, _notes(repository))


def _notes(repository: Repository) -> tuple[str, ...]:
    """Return what is worth knowing about the commit that was looked at."""
    names = repository.uncommitted
    if not names:
        return ()
    shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    verb = "has" if len(names) == 1 else "have"
    what = f"{plural(len(names), 'file')} {verb} changes that are not committed ({shown})"
    return (f"The last commit was looked at; {what}.",)
