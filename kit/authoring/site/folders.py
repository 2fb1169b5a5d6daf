"""Where what a course is made of comes to lie when it is published: folders are kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from kit.check.addresses import repository_above


def absolute(path: str | Path) -> Path:
    """Return a path from the root on, without ``..``; links of the file system stay."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve follows links


def bases_of(sources: Sequence[Path], paths: Iterable[str | Path]) -> dict[Path, Path]:
    """Return for each notebook the folder from which its place is counted.

    A folder that is named is the top for all that is in it. Notebooks that are named one by one
    keep the folders below the one that holds them all. What has nothing in common, such as a
    lesson of another repository, is counted from its own folder.

    Parameters
    ----------
    sources : sequence of Path
        Notebooks, from the root on.
    paths : iterable of str or Path
        What was named: notebooks and folders.
    """
    named = sorted((absolute(path) for path in paths), key=lambda path: len(path.parts))
    folders = [path for path in named if path.is_dir()]
    tops = {
        source: next((one for one in folders if source.is_relative_to(one)), None)
        for source in sources
    }
    groups: dict[Path | None, set[Path]] = {}
    for source, top in tops.items():
        if top is None:
            groups.setdefault(repository_above(source.parent), set()).add(source.parent)
    common = {repository: _common(group) for repository, group in groups.items()}
    return {
        source: top or common[repository_above(source.parent)] or source.parent
        for source, top in tops.items()
    }


def _common(folders: Iterable[Path]) -> Path | None:
    """Return the folder that holds all of these; None if it is no folder of a course."""
    try:
        common = Path(os.path.commonpath(list(folders)))
    except ValueError:
        # They are on several drives.
        return None
    one = len(set(folders)) == 1
    return common if one or not _is_of_the_machine(common) else None


def _is_of_the_machine(folder: Path) -> bool:
    """Tell whether a folder holds all kinds of things: the root, a home, what is temporary."""
    general = (Path.home(), absolute(tempfile.gettempdir()))
    return any(place == folder or folder in place.parents for place in general)


def reach_of(base: Path) -> Path:
    """Return the folder from which lessons may take files: above their own, but not anywhere.

    It is the repository, or where there is none, the folder that holds the base.
    """
    repository = repository_above(base)
    if repository is not None:
        return repository
    return base if _is_of_the_machine(base.parent) else base.parent
