"""Finding files of answers, and the notebooks that may be the lessons they are of."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import KitError, plural
from kit.quiz.answers import FORMAT, LARGEST, SUFFIX

LESSONS = Path("lessons")
"""The folder in which lessons are looked for if no other is named."""
HEAD = 4096
"""Bytes at the beginning of a file, in which the kit writes what format it has."""
MOST_TOLD = 5
"""Files that a message names one by one."""

_MARKS = tuple(FORMAT.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be"))
_OTHERS = {".ipynb": "a notebook, which holds no answers", ".json": f"it is not “{FORMAT}”"}
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True)
class PassedOver:
    """A file that is not graded, because it does not seem to hold answers.

    Attributes
    ----------
    file : Path
    why : str
    """

    file: Path
    why: str


@dataclass
class Found:
    """What some paths hold.

    Attributes
    ----------
    answers : list of Path
        Files of answers, in order, each once; also damaged ones.
    passed_over : list of PassedOver
        The other files in the folders.
    folders : list of Path
        The folders that were searched.
    """

    answers: list[Path] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)


def find_answers(paths: Iterable[str | Path], lessons: Path | None = None) -> Found:
    """Return the files of answers that `paths` name, folders searched through.

    A file in a folder is recognised by what it holds, whatever it is called. A file that is
    named itself is always taken.

    Parameters
    ----------
    paths : iterable of path
    lessons : Path, optional
        The folder with the lessons: other files in it are not handed in, and not told.

    Raises
    ------
    KitError
        If a path does not exist, or there are no answers at all.
    """
    found = Found()
    for path in map(Path, paths):
        if path.is_dir():
            found.folders.append(path)
            _search(path, lessons, found)
        elif not path.exists():
            raise KitError(f"{path}: there is no such file; check the spelling")
        elif not path.is_file() or (path.suffix != ".json" and not _holds_answers(path)):
            raise KitError(f"{path}: these are no answers; give a file that ends in {SUFFIX}")
        else:
            found.answers.append(path)
    found.answers = list(dict.fromkeys(found.answers))
    if not found.answers:
        raise KitError(_nothing(found))
    return found


def _nothing(found: Found) -> str:
    where = " and ".join(map(str, found.folders))
    told = [f"{one.file.name} ({one.why})" for one in found.passed_over[:MOST_TOLD]]
    more = len(found.passed_over) - len(told)
    rest = f", and {plural(more, 'more file')}" if more > 0 else ""
    seen = f", only {', '.join(told)}{rest}" if told else ""
    return (
        f"{where}: there is no file NAME{SUFFIX} in this folder, nor one of another name that "
        f"holds answers{seen}; name another"
    )


def _search(folder: Path, lessons: Path | None, found: Found) -> None:
    """Add what is in a folder."""
    unreadable: list[OSError] = []
    names = sorted(_files(folder, unreadable.append))
    for path in names:
        why = _why_not(path)
        if not why:
            found.answers.append(path)
        elif lessons is None or not _is_inside(path, lessons):
            found.passed_over.append(PassedOver(path, why))
    for error in unreadable:
        why = f"the folder cannot be read: {error.strerror}"
        found.passed_over.append(PassedOver(Path(str(error.filename)), why))


def _files(folder: Path, refuse: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Yield the files below a folder, but none that is hidden."""
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (Path(place) / name for name in names if not name.startswith("."))


def _why_not(path: Path) -> str:
    """Return why a file does not seem to hold answers; empty if it does."""
    if not path.is_file():
        return "it is no file" if path.exists() else "it is a link to nowhere"
    try:
        taken = path.name.endswith(SUFFIX) or _holds_answers(path)
    except OSError as error:
        return "" if path.suffix == ".json" else f"it cannot be read: {error.strerror}"
    if taken:
        aside = ".bak" in path.suffix
        return "a kernel has put it aside as damaged; name it to have it graded" if aside else ""
    if path.suffix.lower() in _ARCHIVES:
        return "packed; unpack it first"
    return _OTHERS.get(path.suffix, "no file of answers")


def _holds_answers(path: Path) -> bool:
    """Tell whether a file says that it holds answers, even if it is damaged further on."""
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1 if path.suffix == ".json" else HEAD)
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return any(mark in raw for mark in _MARKS)
    return isinstance(content, dict) and content.get("format") == FORMAT


def find_lessons(lessons: Path | None, found: Found) -> list[Path]:
    """Return the notebooks that answers may be of.

    Whatever lies beside the answers was handed in, so it is only run if its folder is named as
    that of the lessons.

    Parameters
    ----------
    lessons : Path or None
        The folder that was named; `LESSONS` if None.
    found : Found
        What is to be graded.

    Raises
    ------
    KitError
        If no folder was named, and there is no folder `LESSONS`; or if it has no notebook.
    """
    folder = LESSONS if lessons is None else lessons
    if not folder.is_dir():
        beside = sorted({file.parent for file in found.answers if _has_notebook(file.parent)})
        only = f" (--lessons {beside[0]}, if the notebooks next to the answers are yours)"
        raise KitError(
            f"the lessons are run to grade answers, and there is no folder {folder} here; name "
            f"the folder with your notebooks by --lessons DIR{only if len(beside) == 1 else ''}. "
            "What was handed in is not run"
        )
    handed_in = [*found.folders, *(file.parent for file in found.answers)]
    inside = [one for one in handed_in if _is_inside(one, folder) and not _is_same(one, folder)]
    notebooks = [
        path
        for path in sorted(_files(folder), key=lambda path: (len(path.parts), path))
        if path.suffix == ".ipynb" and path.is_file()
    ]
    own = [path for path in notebooks if not any(_is_inside(path, one) for one in inside)]
    if not own:
        raise KitError(
            f"{folder}: there is no notebook in this folder"
            f"{' but those that were handed in' if notebooks else ''}; name the folder with "
            "the lessons by --lessons"
        )
    return own


def _has_notebook(folder: Path) -> bool:
    return any(folder.glob("*.ipynb"))


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _is_same(path: Path, folder: Path) -> bool:
    return path.resolve() == folder.resolve()
