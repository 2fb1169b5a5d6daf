"""The rule that what a notebook shows or reads is in git, as whoever clones the course needs."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kit.check.addresses import is_private, repository_above
from kit.check.named import files_named_by
from kit.check.results import Problem
from kit.check.static.lint_context import Library, LintContext


def uncommitted(context: LintContext) -> Iterator[Problem]:
    """Yield which files the notebook names that git does not know.

    Of a notebook that is not in git itself nothing is said, nor of what is not for students.
    """
    path = context.notebook.path.absolute()
    top = repository_above(path.parent)
    known = _known(top, context.library) if top is not None else frozenset()
    if top is None or path.relative_to(top).as_posix() not in known:
        return
    for file, cell in files_named_by(context.notebook):
        inside = file.is_relative_to(top)
        if not inside or is_private(file, top) or file.relative_to(top).as_posix() in known:
            continue
        name = file.relative_to(top).as_posix()
        ignored = _git(top, "check-ignore", "--quiet", name).returncode == 0
        force = "--force " if ignored else ""
        found = f"{name} is not in git, so people who clone the course do not get it"
        yield cell.problem("links", found, f"run: git add {force}{shlex.quote(name)}")


def _known(top: Path, library: Library) -> frozenset[str]:
    """Return the files that git keeps, by their names in the repository; none without git."""
    if top not in library.committed:
        try:
            names = _git(top, "ls-files", "-z").stdout.split("\0")
        except OSError:
            names = []
        library.committed[top] = frozenset(names)
    return library.committed[top]


def _git(top: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-C", str(top), *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
