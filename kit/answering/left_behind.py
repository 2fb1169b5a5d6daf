"""Answers that a notebook has left behind: it was renamed, or moved to another folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from kit.quiz.answers import SUFFIX, AnswerRecord, AnswersError, AnswersFile, read

MOST_PLACES = 300
"""Folders, and files in a folder, beyond which is not looked."""


def left_behind(own: Path) -> dict[Path, AnswersFile]:
    """Return files of answers whose notebook is gone, and that may be those of this notebook.

    In its own folder these may have any name, because a notebook can be renamed; in the
    folder above, those beside and those below they have its name, because a notebook can be
    moved. Answers that another notebook has taken along already belong to that one.

    Parameters
    ----------
    own : Path
        The file of this notebook's answers, whether it is there or not.
    """
    found: dict[Path, AnswersFile] = {}
    living: list[AnswersFile] = []
    for path in _candidates(own):
        with suppress(AnswersError, OSError):
            answers_file = read(path)
            if has_notebook(path, answers_file):
                living.append(answers_file)
            else:
                found[path] = answers_file
    with suppress(AnswersError, OSError):
        living.append(read(own))
    return {
        path: answers_file
        for path, answers_file in found.items()
        if answers_file.answers
        and not any(_has_all(one.answers, answers_file.answers) for one in living)
    }


def _candidates(own: Path) -> Iterator[Path]:
    here = own.parent
    for path in _listed(here):
        if path.name.endswith(SUFFIX) and path.name != own.name:
            yield path
    folders = [here.parent, *_listed(here.parent), *_listed(here)]
    for folder in dict.fromkeys(folders):
        moved = folder / own.name
        if folder != here and not folder.name.startswith(".") and moved.is_file():
            yield moved


def _listed(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(islice(folder.iterdir(), MOST_PLACES))
    return []


def has_notebook(path: Path, answers_file: AnswersFile) -> bool:
    """Tell whether the notebook of a file of answers is next to it."""
    names = {path.name.removesuffix(SUFFIX) + ".ipynb", answers_file.notebook}
    return any((path.parent / name).exists() for name in names)


def _has_all(ours: Mapping[str, AnswerRecord], theirs: Mapping[str, AnswerRecord]) -> bool:
    """Tell whether answers hold all of others, or newer ones in their place."""
    return all(key in ours and ours[key]["time"] >= theirs[key]["time"] for key in theirs)


def named(path: Path, own: Path) -> str:
    """Return what a file is called as seen from the folder of this notebook."""
    return Path(os.path.relpath(path, own.parent)).as_posix()
