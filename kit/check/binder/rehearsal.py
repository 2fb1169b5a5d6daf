"""Doing once what Binder does: install, run postBuild, start JupyterLab, open a lesson."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from kit.check.binder import environment, imports
from kit.check.binder.environment import Environment
from kit.check.binder.repository import Repository
from kit.check.results import Problem, Result
from kit.errors import KitError


def rehearse(repository: Repository, python: str, lesson: Path) -> Iterator[Result]:
    """Rehearse the start on Binder; stop where a step fails.

    Parameters
    ----------
    repository : Repository
        Its copy is used, and changed.
    python : str
        Which Python Binder takes.
    lesson : Path
        A notebook in the original.

    Raises
    ------
    KitError
        If this machine cannot rehearse it.
    """
    if os.name == "nt":
        raise KitError("the rehearsal for Binder needs Linux or macOS; run it there")
    requirements, post_build = map(repository.name, ("requirements.txt", "postBuild"))
    started = time.perf_counter()
    made = environment.make(repository, python)
    wrong = made if isinstance(made, Problem) else environment.install(made, requirements)
    seconds = time.perf_counter() - started
    figures = {"install (s)": seconds}
    if isinstance(made, Environment):
        figures["installed size (MB)"] = made.megabytes
    yield _result(repository.origin / requirements, wrong, seconds, figures)
    if wrong or isinstance(made, Problem):
        return
    if repository.has(post_build):
        started = time.perf_counter()
        wrong = environment.run_script(made, post_build)
        seconds = time.perf_counter() - started
        yield _result(repository.origin / post_build, wrong, seconds, {"postBuild (s)": seconds})
        if wrong:
            return
    # Only what is rehearsed this far needs a browser.
    from kit.check.binder.visit import Rehearsed, open_lesson  # noqa: PLC0415

    yield open_lesson(Rehearsed(repository, made, lesson), tuple(imports.problems(made)))


def _result(path: Path, wrong: Problem | None, seconds: float, figures: dict[str, float]) -> Result:
    return Result("binder", path, (wrong,) if wrong else (), seconds, figures)
