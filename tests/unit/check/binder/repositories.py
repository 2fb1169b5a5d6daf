"""Small repositories for the tests of the Binder tier."""

import json
import subprocess
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from kit.check import binder
from kit.check.results import Problem, Result

LESSON = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
BADGE = "https://mybinder.org/v2/gh/anna/course"
GOOD: Mapping[str, str | None] = {
    "binder/requirements.txt": "# nothing\n",
    "binder/runtime.txt": "python-3.11\n",
    "binder/postBuild": (
        "#!/usr/bin/env bash\n"
        "pip install --no-deps -e .\n"
        'jupyter labextension disable "@jupyterlab/apputils-extension:announcements"\n'
    ),
    "pyproject.toml": (
        '[project]\nname = "os-course-kit"\nversion = "1"\nrequires-python = ">=3.11"\n'
    ),
    "README.md": f"[open]({BADGE}/HEAD?urlpath=lab/tree/lessons/a.ipynb)\n",
    "lessons/a.ipynb": LESSON,
}
"""Files of a repository without a trap but that it brings no JupyterLab."""


def git(folder: Path, *command: str) -> str:
    """Run git in a folder, and return what it prints."""
    said = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *command]
    return subprocess.run(said, cwd=folder, check=True, capture_output=True, text=True).stdout


def write(folder: Path, files: Mapping[str, str | None]) -> None:
    """Write files into a folder; None takes one away."""
    for name, text in files.items():
        file = folder / name
        if text is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def make(folder: Path, changed: Mapping[str, str | None] | None = None) -> Path:
    """Make a git repository of the good files, with some of them changed."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, {**GOOD, **(changed or {})} if changed else GOOD)
    return folder


def look(folder: Path, lesson: Path | None = None) -> list[Result]:
    """Check all that is checked before the rehearsal."""
    return list(islice(binder.check(folder, lesson), 2))


def problems(folder: Path) -> list[Problem]:
    """Return the problems but for the JupyterLab that is missing in all these repositories."""
    found = [problem for result in look(folder) for problem in result.problems]
    return [problem for problem in found if "bring JupyterLab" not in problem.found]
