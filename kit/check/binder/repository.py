"""A repository as Binder would get it: what is committed, and nothing else."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kit.check.results import Problem
from kit.errors import KitError

BINDER_FOLDERS = (".binder", "binder")
"""Where repo2docker looks for its files before it looks into the repository itself."""

FILES = (
    "Dockerfile",
    "environment.yml",
    "environment.yaml",
    "Pipfile",
    "Pipfile.lock",
    "requirements.txt",
    "runtime.txt",
    "apt.txt",
    "postBuild",
    "start",
)
"""Files that tell repo2docker what a Python repository needs."""

# Nobody commits these, even where no .gitignore says so yet.
NEVER_NEW = (".venv", "venv", "node_modules", "__pycache__", ".ipynb_checkpoints")


def find_repository(path: str | Path) -> Path:
    """Return the repository that a file or a folder is in.

    It is the nearest folder above that git or Binder would take for one: it has ``.git``
    in it, or a folder ``binder`` with one of the `FILES`.

    Raises
    ------
    KitError
        If there is no such folder.
    """
    place = Path(path).resolve()
    for folder in (place, *place.parents):
        if (folder / ".git").exists() or any(_is_for_binder(folder / f) for f in BINDER_FOLDERS):
            here = Path.cwd()
            return folder.relative_to(here) if folder.is_relative_to(here) else folder
    raise KitError(
        f"{path}: this is in no repository; make a folder binder/ with a requirements.txt next "
        "to the lessons, or say git init there"
    )


def _is_for_binder(folder: Path) -> bool:
    return any((folder / name).is_file() for name in FILES)


@dataclass(frozen=True)
class Repository:
    """A repository and a copy of what Binder would get of it.

    Attributes
    ----------
    origin : Path
        Where its authors work on it.
    copy : Path
        What a clone holds. Where nothing has been committed yet, what it would hold if all were.
    uncommitted : tuple of str
        Files that differ from the last commit, by name: they are not in the copy as they are.
    """

    origin: Path
    copy: Path
    uncommitted: tuple[str, ...] = ()

    @cached_property
    def binder_folder(self) -> str:
        """Where repo2docker finds its files: ``"binder"``, ``".binder"``, or nothing."""
        return next((name for name in BINDER_FOLDERS if (self.copy / name).is_dir()), "")

    def name(self, file: str) -> str:
        """Return the name of one of repo2docker's files, as seen from the repository."""
        return f"{self.binder_folder}/{file}" if self.binder_folder else file

    def has(self, name: str) -> bool:
        """Tell whether Binder would get this file."""
        return (self.copy / name).is_file()

    def read(self, name: str) -> str | None:
        """Return the text of a file; None if Binder would not get it."""
        if not self.has(name):
            return None
        return (self.copy / name).read_text(encoding="utf-8-sig", errors="replace")

    def ignored(self) -> Iterator[Problem]:
        """Yield a problem for each of repo2docker's files that only the authors have."""
        names = [f"{folder}/{file}" for folder in BINDER_FOLDERS for file in FILES]
        for name in names:
            if (self.origin / name).is_file() and not self.has(name):
                yield self.absent(name)

    def absent(self, name: str) -> Problem:
        """Return the problem of a file that Binder needs and does not get."""
        if name in self.uncommitted:
            found = f"{name} is not committed, so Binder does not get it"
            return Problem("ignored", found, f"run: git add {shlex.quote(name)}, then git commit")
        found = f"git ignores {name}, so Binder does not get it"
        return Problem("ignored", found, f"run: git add --force {shlex.quote(name)}")

    def git(self, *arguments: str) -> str:
        """Return what a git command says of the original; nothing if it fails."""
        if not (self.origin / ".git").exists():
            return ""
        done = _git(*arguments, folder=self.origin, environment=_environment())
        return "" if done.returncode else done.stdout.strip()


@contextmanager
def copied(folder: Path) -> Iterator[Repository]:
    """Make a clean copy of a repository, and take it away at the end.

    It holds the last commit, with the line ends that a clone on Linux gets. Where there is none
    yet, it holds what git would keep if everything were committed now. Neither the folder nor
    its git history is changed.

    Parameters
    ----------
    folder : Path
        Need not be a git repository.

    Raises
    ------
    KitError
        If there is no git, or it cannot read the folder.
    """
    if shutil.which("git") is None:
        raise KitError("git is not installed; install it, since Binder starts from what git keeps")
    with tempfile.TemporaryDirectory(prefix="kit-binder-", ignore_cleanup_errors=True) as place:
        copy = Path(place).resolve() / "repository"
        copy.mkdir()
        environment = _apart(folder, Path(place))
        # A clone on Linux changes no line ends, whatever the author's machine does.
        plain = ("-c", "core.autocrlf=false", "-c", "core.eol=lf", "-c", "core.safecrlf=false")
        quiet = ("-c", "advice.addEmbeddedRepo=false")
        but = (f":(exclude,glob)**/{name}/**" for name in NEVER_NEW)
        uncommitted = _uncommitted(folder)
        for command in (
            (*quiet, "add", "--all", "--", ".", *but)
            if uncommitted is None
            else ("read-tree", "HEAD"),
            (*plain, "checkout-index", "--all", f"--prefix={copy.as_posix()}/"),
        ):
            done = _git(*command, folder=folder, environment=environment)
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise KitError(f"{folder}: git cannot copy this repository: {reason}; mend that")
        yield Repository(folder, copy, uncommitted or ())


def _uncommitted(folder: Path) -> tuple[str, ...] | None:
    """Return what differs from the last commit, by name; None if there is no commit."""
    if not (folder / ".git").exists():
        return None
    if _git("rev-parse", "--verify", "--quiet", "HEAD", folder=folder).returncode:
        return None
    asked = ("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    lines = _git(*asked, folder=folder).stdout.split("\0")
    return tuple(line[3:] for line in lines if line)


def _apart(folder: Path, place: Path) -> dict[str, str]:
    """Return an environment in which git may add files without changing the repository."""
    environment = _environment() | {"GIT_INDEX_FILE": str(place / "index")}
    if (folder / ".git").exists():
        # What is tracked stays tracked even where .gitignore names it, so begin with the index.
        index, objects = (
            folder / _git("rev-parse", "--git-path", name, folder=folder).stdout.strip()
            for name in ("index", "objects")
        )
        if index.is_file():
            shutil.copy(index, place / "index")
        (place / "objects").mkdir()
        return environment | {
            "GIT_OBJECT_DIRECTORY": str(place / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.resolve()),
        }
    _git("init", "--quiet", str(place / "git"), folder=place)
    return environment | {
        "GIT_DIR": str(place / "git" / ".git"),
        "GIT_WORK_TREE": str(folder.resolve()),
    }


def _environment() -> dict[str, str]:
    # Where this runs in a git hook, git has said in variables which repository is meant.
    meant = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in meant}


def _git(
    *command: str, folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *command],
        cwd=folder,
        env=environment or _environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
