"""The Binder tier: whether a repository starts on Binder, as far as can be told without Docker.

It needs the extra ``binder``; everything else of the kit does without.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kit.check.binder.repository import find_repository
from kit.check.binder.rules import RULES
from kit.check.results import Result

__all__ = ["RULES", "check", "find_repository"]


def check(folder: Path, lesson: Path | None = None) -> Iterator[Result]:
    """Check that a repository starts on Binder.

    Three steps, each with results of its own: what repo2docker would do with it (the result
    of `folder`); what repo2docker accepts without a word though it is wrong (the result of the
    folder with Binder's files); and a rehearsal: the packages are installed into a fresh
    environment (the result of requirements.txt), postBuild is run (its result), JupyterLab is
    started from there, and a lesson is opened in a browser and run (its result). The rehearsal
    takes place only where the steps before have found something to install. Packages of
    Debian (apt.txt) are not installed for it.

    Parameters
    ----------
    folder : Path
        The repository, such as `find_repository` returns.
    lesson : Path, optional
        The notebook to open; the first in the repository if left out.

    Raises
    ------
    KitError
        If the repository or the lesson cannot be read, the package index cannot be
        reached, or there is no git or no browser on this machine.
    """
    from kit.check.binder.checking import check_repository  # noqa: PLC0415 - may be missing

    return check_repository(folder, lesson)
