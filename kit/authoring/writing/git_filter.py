"""Offering `kit clean` to git, which then stores clean notebooks, whatever the disk holds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from kit.errors import KitError
from kit.files import read_text, write_text

ATTRIBUTE = "*.ipynb filter=kit"
SETTING, COMMAND = "filter.kit.clean", "kit clean -"


def install_filter(folder: Path) -> list[str]:
    """Let git clean the notebooks of a repository whenever they are added.

    The files on disk keep their outputs; what is committed has none.

    Parameters
    ----------
    folder : Path
        Some folder of the repository.

    Returns
    -------
    list of str
        What was set, in words.

    Raises
    ------
    KitError
        If git is not there, or the folder is in no repository.
    """
    if shutil.which("git") is None:
        raise KitError("git was not found; install it, and try again")
    top = Path(_git(folder, "rev-parse", "--show-toplevel"))
    _git(top, "config", SETTING, COMMAND)
    done = [f'git config {SETTING} "{COMMAND}"']
    attributes = top / ".gitattributes"
    text = read_text(attributes) if attributes.exists() else ""
    if ATTRIBUTE not in text.splitlines():
        separator = "" if not text or text.endswith("\n") else "\n"
        write_text(attributes, f"{text}{separator}{ATTRIBUTE}\n")
        done.append(f"the line `{ATTRIBUTE}` in {attributes}")
    return done


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        said = result.stderr.strip().removeprefix("fatal: ")
        raise KitError(f"{folder}: git says: {said}; go to a folder of your repository")
    return result.stdout.strip()
