"""The lessons as the browser-only Jupyter gets them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from kit.authoring.site.folders import absolute, bases_of, reach_of
from kit.authoring.site.layout import plain
from kit.check.addresses import is_private
from kit.check.named import files_named_by
from kit.check.notebooks import Notebook, find_notebooks, readable
from kit.check.runnable import executable
from kit.errors import KitError

INSTALL = """# Here nothing is installed yet: this takes about a minute the first time.
%pip install -q os-course-kit"""
INSTALL_ID = "install-the-kit"


@dataclass
class _Course:
    """The notebooks that are counted from one folder, and the files that they name."""

    base: Path
    notebooks: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def top(self) -> Path:
        """The folder that holds all of them: lessons find a file above them by ``../``."""
        return Path(os.path.commonpath([self.base, *(file.parent for file in self.files)]))


def copy(
    paths: Sequence[str | Path],
    folder: Path,
    tell: Callable[[str], object] = lambda _line: None,
) -> list[str]:
    """Copy notebooks, and the files that they name, into a folder.

    Folders are kept. Each notebook gets a first cell of code that installs the kit. What is for
    teachers stays behind, also where a notebook names it: solutions, marks, answers, hidden files.

    Parameters
    ----------
    paths : sequence of str or Path
    folder : Path
        Does not exist yet.
    tell : callable
        Takes a line for each file that is copied, or is named and stays behind.

    Returns
    -------
    list of str
        The places of the notebooks in the folder.

    Raises
    ------
    KitError
        If there is no notebook, or two files would have one place.
    """
    found = [absolute(path) for path in find_notebooks([str(path) for path in paths])]
    sources = list(dict.fromkeys(found))
    bases = bases_of(sources, paths)
    courses = {base: _Course(base) for base in bases.values()}
    for source in sources:
        course = courses[bases[source]]
        course.notebooks.append(source)
        course.files += _for_students(readable(source), course, tell)
    places: dict[str, Path] = {}
    names = []
    for course in courses.values():
        for source in dict.fromkeys((*course.notebooks, *course.files)):
            name = source.relative_to(course.top).as_posix()
            other = places.setdefault(plain(name), source)
            if other != source:
                raise KitError(
                    f"{source} and {other} would be one file, {name}; rename one of them"
                )
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if source in course.notebooks:
                _write_with_installation(source, place)
                names.append(name)
            else:
                shutil.copyfile(source, place)
                tell(f"{name}: copied, since a lesson names it")
    return names


def _for_students(
    notebook: Notebook, course: _Course, tell: Callable[[str], object]
) -> Iterator[Path]:
    reach = reach_of(course.base)
    for file, _ in files_named_by(notebook):
        if file in course.files:
            continue
        if not file.is_relative_to(reach):
            tell(f"{file}: left out, since it lies outside {reach}")
        elif is_private(file, reach):
            tell(f"{file}: left out, since it is not for students")
        else:
            yield file


def _write_with_installation(path: Path, place: Path) -> None:
    notebook = executable(readable(path))
    code = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    cell = new_code_cell(INSTALL, id=INSTALL_ID)
    notebook.cells.insert(code[0] if code else len(notebook.cells), cell)
    nbformat.write(notebook, place)
