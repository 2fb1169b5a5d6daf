"""Finding files of answers, and the lessons that they are of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kit.errors import KitError
from kit.quiz.answers import SUFFIX

LESSONS = Path("lessons")
"""The folder in which lessons are looked for if no other is named."""


def find_answers(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files of answers that `paths` name, folders searched through, in order.

    Raises
    ------
    KitError
        If a path does not exist, is no file of answers, or holds none.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = _inside(path, f"*{SUFFIX}")
            if not inside:
                raise KitError(
                    f"{path}: there is no file NAME{SUFFIX} in this folder; name another"
                )
            found.extend(inside)
        elif not path.exists():
            raise KitError(f"{path}: there is no such file; check the spelling")
        elif path.suffix != ".json":
            raise KitError(f"{path}: these are no answers; give a file that ends in {SUFFIX}")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def find_lesson(name: str, answers: Path, lessons: Path | None) -> Path:
    """Return the notebook of this name.

    Notebooks beside answers come last, and only if no folder was named: they may have been
    handed in, and then they are not the teacher's.

    Parameters
    ----------
    name : str
        A file name.
    answers : Path
        The file that names it.
    lessons : Path or None
        Where to look for it; nowhere else is looked then.

    Raises
    ------
    KitError
        If there is none, or more than one.
    """
    folders = [lessons] if lessons is not None else [LESSONS, answers.parent]
    for folder in folders:
        direct = folder / name
        found = [direct] if direct.is_file() else []
        if not found and folder != answers.parent and folder.is_dir():
            found = _inside(folder, "*.ipynb", name)
        if len(found) > 1:
            raise KitError(
                f"there are {len(found)} notebooks called {name} in {folder}; "
                "name the folder of the right one with --lessons"
            )
        if found:
            return found[0]
    looked = " and ".join(str(folder) for folder in folders)
    raise KitError(f"{name} is not in {looked}; name the folder with the lesson by --lessons")


def _inside(folder: Path, pattern: str, name: str | None = None) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob(pattern)
        if path.is_file()
        and name in (None, path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
