"""Copying courses to where a server shows them, so that nothing of the teacher's is changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kit.check.notebook_text import as_text
from kit.check.notebooks import Notebook
from kit.check.runnable import as_run
from kit.files import write_text

MARKS = (".git", "pyproject.toml")
"""What the folder of a whole course holds."""
BIGGEST_FILE = 20_000_000
BIGGEST_COURSE = 200_000_000
_LEFT_OUT = ("node_modules", "__pycache__")


def make_runnable(copy: Path, notebook: Notebook) -> None:
    """Change the copy of a notebook so that running all its cells runs what is to be run."""
    content = as_run(notebook)
    if content is not None:
        write_text(copy, as_text(content))


class Copies:
    """Copies of notebooks, together with all that they may read.

    Of a notebook's course all is copied but what is hidden, virtual environments and
    files beyond `BIGGEST_FILE` bytes. The course is the nearest folder above the notebook
    that holds one of `MARKS`; without one, or if what would be copied is more than
    `BIGGEST_COURSE` bytes, it is the folder of the notebook. Copies are not copied again, as where
    a notebook is in the folder for temporary files.

    Parameters
    ----------
    root : Path
        Where the copies go.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._places: dict[Path, Path] = {}

    def name_of(self, notebook: Path) -> str:
        """Return the path of a notebook's copy below the root, with slashes; make it if need be.

        Each notebook is copied as it was when the first one of its course was asked for.
        """
        notebook = notebook.resolve()
        course = next((c for c in self._places if notebook.is_relative_to(c)), None)
        if course is None:
            course = _course_of(notebook)
            self._places[course] = self.root / f"{len(self._places) + 1}-{course.name}"
            _copy(course, self._places[course], self.root.resolve())
        copy = self._places[course] / notebook.relative_to(course)
        if not copy.exists():  # it is in a folder that is left out, or big
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, copy)
        return copy.relative_to(self.root).as_posix()


def _course_of(notebook: Path) -> Path:
    too_high = {Path.home(), Path(notebook.anchor)}
    for folder in notebook.parents:
        if folder in too_high:
            break
        if any((folder / mark).exists() for mark in MARKS):
            sizes = (path.stat().st_size for path in _wanted(folder) if path.is_file())
            return folder if sum(sizes) <= BIGGEST_COURSE else notebook.parent
    return notebook.parent


def _copy(source: Path, target: Path, copies: Path) -> None:
    wanted = [path for path in _wanted(source) if not path.is_relative_to(copies)]
    target.mkdir(parents=True)
    for path in wanted:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():  # only links to folders come alone
            copy.symlink_to(path.resolve(), target_is_directory=True)
        else:
            # What cannot be read, or is gone by now, no notebook reads either.
            with suppress(OSError):
                shutil.copyfile(path, copy)


def _wanted(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder, and the links to other folders, which are not followed."""
    for name, folders, files in os.walk(folder):
        here = Path(name)
        folders[:] = [inner for inner in folders if _is_entered(here / inner)]
        yield from (here / inner for inner in folders if (here / inner).is_symlink())
        for path in map(here.joinpath, files):
            if path.is_file() and path.stat().st_size <= BIGGEST_FILE:
                yield path


def _is_entered(folder: Path) -> bool:
    left_out = folder.name.startswith(".") or folder.name in _LEFT_OUT
    return not left_out and not (folder / "pyvenv.cfg").exists()
