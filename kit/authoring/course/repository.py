"""What is in a course's repository, and making one without ever leaving half of it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from kit import __version__
from kit.authoring.course.kit_source import KitSource, kit_source
from kit.authoring.storyline import STORYLINE
from kit.authoring.writing.document import as_markdown
from kit.authoring.writing.lessons import Plan, write_lesson
from kit.errors import KitError

PYTHON = "3.11"
"""The Python of Binder and CI; `pins.txt` is resolved for it, on Linux."""

LESSON = "lessons/01_first_lesson.ipynb"
FIRST = Plan("The first lesson", scenarios=("lost_update",), exercise=True, storyline=(5, 6, 7))
"""What the first lesson is about, to begin with."""

NO_REPOSITORY = "OWNER/NAME"
"""Stands in the README until it is known where the repository will be."""

TEMPLATES = {
    ".gitattributes": "gitattributes",
    ".github/workflows/check.yml": "check.yml",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    "README.md": "README.md",
    "binder/postBuild": "postBuild",
    "binder/requirements.txt": "requirements.txt",
    "binder/runtime.txt": "runtime.txt",
    "pyproject.toml": "pyproject.toml",
}
"""The files beside the lesson, and the templates they are made of."""

_GITHUB = re.compile(
    r"(?:(?:https://|git@)github\.com[/:])?"
    r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<name>[A-Za-z0-9._-]{1,100}?)(?:\.git)?/?"
)


@dataclass(frozen=True)
class Course:
    """A repository that has been made.

    Attributes
    ----------
    folder : Path
        Where it is, as it was asked for.
    title : str
    repository : str
        Its owner and name on GitHub, or `NO_REPOSITORY`.
    files : tuple of str
        What is in it, by name, relative to the folder.
    """

    folder: Path
    title: str
    repository: str
    files: tuple[str, ...]

    @property
    def lesson(self) -> Path:
        """The notebook of its first lesson."""
        return self.folder / LESSON

    @property
    def next_steps(self) -> tuple[str, str, str]:
        """What to do with it, one sentence each."""
        lesson = shlex.quote(str(self.lesson))
        lessons = shlex.quote(str(self.lesson.parent))
        where = f"on GitHub as {self.repository}; README.md has its links to Binder"
        if self.repository == NO_REPOSITORY:
            where = f"on GitHub, and write its name for {NO_REPOSITORY} in README.md"
        return (
            f"Write your lesson: kit preview {lesson}",
            f"Check it, as GitHub will: kit check {lessons}",
            f"Put the folder {where}.",
        )


def make_course(
    folder: str | Path,
    *,
    title: str | None = None,
    repository: str | None = None,
    git: bool = False,
    kit: str = "auto",
) -> Course:
    """Make a repository with a first lesson, Binder files, and a check for GitHub.

    Either all of it is there afterwards, or nothing.

    Parameters
    ----------
    folder : path
        Does not exist yet, or is empty.
    title : str, optional
        Name of the course; made from the name of the folder if left out.
    repository : str, optional
        Owner and name on GitHub, ``"owner/name"``, or its address.
    git : bool
        Whether to make it a git repository.
    kit : str
        Where Binder and GitHub get the kit: "release", "repository", or "auto", from the
        repository as long as the kit here is of no release.

    Raises
    ------
    KitError
        If the folder is in use or cannot be made, or an argument cannot be that.
    """
    folder = Path(folder)
    title = _title(folder) if title is None else _one_line(title)
    repository = NO_REPOSITORY if repository is None else _owner_and_name(repository)
    source = kit_source(kit)
    if git and shutil.which("git") is None:
        raise KitError("git is not installed; install it, or leave --git out")
    try:
        _check_place(folder)
        # Beside its final place, or in it if that exists: only there can it be moved at once.
        beside = folder if folder.exists() else folder.parent
        with tempfile.TemporaryDirectory(dir=beside, prefix=".kit-init-") as temporary:
            made = Path(temporary) / "course"
            files = _write(made, title, repository, source)
            if git:
                _git_init(made)
            _move(made, folder)
    except OSError as error:
        raise KitError(
            f"{folder}: this folder cannot be made: {error.strerror}; choose another place"
        ) from None
    return Course(folder, title, repository, files)


def _check_place(folder: Path) -> None:
    if folder.is_dir():
        if any(folder.iterdir()):
            raise KitError(f"{folder}: this folder is not empty; choose another name")
    elif folder.exists() or folder.is_symlink():
        raise KitError(f"{folder}: this exists and is no folder; choose another name")
    elif not folder.parent.is_dir():
        raise KitError(f"{folder.parent}: there is no such folder; make it first")


def _title(folder: Path) -> str:
    words = re.sub(r"[-_\s]+", " ", folder.resolve().name).strip()
    return _one_line(words[:1].upper() + words[1:])


def _one_line(title: str) -> str:
    title = title.strip()
    if not (title.isprintable() and 1 <= len(title) <= 200):
        raise KitError(f"the title is {title!r}; give one line of 1 to 200 characters")
    return title


def _owner_and_name(repository: str) -> str:
    match = _GITHUB.fullmatch(repository.strip())
    if match is None:
        raise KitError(
            f"the repository is {repository!r}; give its owner and name on GitHub, "
            "as in anna/my-course"
        )
    return f"{match['owner']}/{match['name']}"


def _write(made: Path, title: str, repository: str, source: KitSource) -> tuple[str, ...]:
    for name, text in _texts(title, repository, source):
        file = made / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    (made / "binder" / "postBuild").chmod(0o755)
    (made / LESSON).parent.mkdir()
    first = replace(FIRST, storyline=range(1, len(FIRST.storyline) + 1))
    _, lesson = write_lesson(made / LESSON, first)
    beside = ((Path(LESSON).parent / name).as_posix() for name in lesson.solutions)
    return tuple(sorted((*TEMPLATES, LESSON, *beside)))


def _texts(title: str, repository: str, source: KitSource) -> Iterator[tuple[str, str]]:
    package = resources.files("kit.authoring.course")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("kit.authoring.course"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # what is made is no HTML; see the filter
    )
    environment.filters["markdown"] = as_markdown
    # A JSON string is a TOML string.
    environment.filters["toml"] = partial(json.dumps, ensure_ascii=False)
    values: dict[str, Any] = {
        "kit": source,
        "binder": f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree",
        "lesson": LESSON,
        "lesson_title": FIRST.title,
        "pins": _pins(package.joinpath("pins.txt").read_text(encoding="utf-8")),
        "placeholder": repository == NO_REPOSITORY,
        "python": PYTHON,
        "repository": repository,
        "storyline": [STORYLINE[line] for line in FIRST.storyline],
        "title": title,
        "version": __version__,
    }
    for name, template in TEMPLATES.items():
        yield name, environment.get_template(f"{template}.jinja").render(values)


def _pins(lock: str) -> str:
    return "\n".join(line for line in lock.splitlines() if line and not line.startswith("#"))


def _git_init(made: Path) -> None:
    command = ["git", "init", "--quiet"]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise KitError(f"git init failed: {reason[0]}; leave --git out")


def _move(made: Path, folder: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    for part in sorted(made.iterdir()):
        part.rename(folder / part.name)
