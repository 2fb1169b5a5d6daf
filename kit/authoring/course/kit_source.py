"""Where a course gets the kit from: its release, or before there is one, its repository."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from kit import __version__
from kit.errors import KitError

NAME = "os-course-kit"
EXTRAS = "check,lessons"
REPOSITORY = "https://github.com/os-course-kit/os-course-kit"
CHOICES = ("auto", "release", "repository")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class KitSource:
    """What installs the kit.

    Attributes
    ----------
    requirement : str
        A line of requirements.txt.
    revision : str
        The same kit as a revision of its repository, for pre-commit.
    released : bool
        Whether it is a release; else a commit.
    """

    requirement: str
    revision: str
    released: bool


RELEASE = KitSource(f"{NAME}[{EXTRAS}]=={__version__}", f"v{__version__}", released=True)


def kit_source(choice: str = "auto") -> KitSource:
    """Return what installs the kit that runs here.

    Parameters
    ----------
    choice : str
        "release", "repository" for the commit of a kit that was installed from a repository, or
        "auto": the commit, if there is one that is no release.

    Raises
    ------
    KitError
        If the repository is wanted, and the kit does not know its commit.
    """
    if choice not in CHOICES:
        raise KitError(f"--kit {choice}: name one of {', '.join(CHOICES)}")
    commit = "" if choice == "release" else _commit(_origin(), any_commit=choice == "repository")
    if choice == "repository" and not commit:
        raise KitError(
            "--kit repository: this kit was not installed from a repository; install it from a "
            f"clone of {REPOSITORY}, or take --kit release"
        )
    return of_commit(commit) if commit else RELEASE


def of_commit(commit: str) -> KitSource:
    """Return what installs the kit as it is at a commit of its repository.

    Parameters
    ----------
    commit : str
        Forty digits, so that it is the same next year.
    """
    return KitSource(f"{NAME}[{EXTRAS}] @ git+{REPOSITORY}@{commit}", commit, released=False)


def _origin() -> dict[str, Any]:
    """Return what the installer noted on where the kit came from; nothing for an index."""
    try:
        noted = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _commit(origin: dict[str, Any], *, any_commit: bool) -> str:
    """Return the commit that is installed; nothing for a release, unless any is wanted."""
    noted = origin.get("vcs_info", {}).get("commit_id", "")
    if "dir_info" not in origin:
        return noted if _COMMIT.fullmatch(noted) else ""
    folder = Path(url2pathname(urlsplit(origin.get("url", "")).path))
    if not any_commit and f"v{__version__}" in _git(folder, "tag", "--points-at", "HEAD").split():
        return ""
    commit = _git(folder, "rev-parse", "HEAD").strip()
    return commit if _COMMIT.fullmatch(commit) else ""


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""
