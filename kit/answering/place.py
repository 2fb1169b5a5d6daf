"""Where the answers of this kernel's notebook are kept."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.quiz.answers import (
    OFF,
    SESSION,
    SUFFIX,
    VARIABLE,
    AnswersError,
    answers_name,
    notebook_name,
    read,
)

UNNAMED = "notebook.ipynb"
"""What a notebook is called that nobody knows."""
MOST_FILES = 100
"""Files of answers in a folder, beyond which is not looked."""


@dataclass(frozen=True)
class Place:
    """Where answers are kept.

    Attributes
    ----------
    notebook : str
        File name of the notebook.
    path : Path or None
        The file from which answers are read; None if there is none.
    why : str
        Why none are written to it, to stand behind "because"; empty if they are.
    deliberate : bool
        Whether that is as it is meant, so that nothing is said of it beside an answer.
    others : tuple of Path
        Files of which one may be that of this notebook: they are read, too.
    """

    notebook: str = UNNAMED
    path: Path | None = None
    why: str = ""
    deliberate: bool = False
    others: tuple[Path, ...] = ()


def find_place() -> Place:
    """Return where the answers of this kernel's notebook are kept."""
    names: Mapping[str, Any] = {}
    if "ipykernel" in sys.modules:
        from IPython import get_ipython  # noqa: PLC0415 - only where there is a kernel

        names = getattr(get_ipython(), "user_ns", {})
    return place_of(os.environ, names, in_kernel="ipykernel" in sys.modules)


def place_of(environment: Mapping[str, str], names: Mapping[str, Any], *, in_kernel: bool) -> Place:
    """Return where answers are kept.

    Parameters
    ----------
    environment : mapping of str to str
    names : mapping of str to object
        Those of the notebook: VS Code leaves the notebook's path there.
    in_kernel : bool
        Whether this is the kernel of a notebook; what a command in a notebook starts has
        the same environment, and is none.
    """
    told = environment.get(VARIABLE, "").strip()
    if told.lower() == OFF:
        return Place(why=f"{VARIABLE} is {OFF}", deliberate=True)
    if told:
        return _place_told(Path(told))
    if environment.get("SERVER_SOFTWARE", "").lower().startswith("voila"):
        return Place(why="this page is shown without its notebook", deliberate=True)
    if not in_kernel:
        return Place(why="this is no notebook", deliberate=True)
    notebook = _from_editor(names) or _from_server(environment.get(SESSION, ""))
    if notebook is not None:
        own = notebook.with_name(answers_name(notebook.name))
        return Place(notebook_name(notebook.name), own)
    return _one_of_those_here("it is not known which notebook this is")


def _place_told(path: Path) -> Place:
    """Return the place that somebody has set; the notebook is the one named in the file."""
    name = path.name.removesuffix(SUFFIX).removesuffix(".json") + ".ipynb"
    notebook = notebook_name(name)
    with contextlib.suppress(AnswersError, OSError):
        # A new or a damaged file has no notebook's name in it.
        notebook = read(path).notebook
    return Place(notebook, path.absolute())


def _from_editor(names: Mapping[str, Any]) -> Path | None:
    file = names.get("__vsc_ipynb_file__")
    return _notebook(Path(file)) if isinstance(file, str) and "\0" not in file else None


def _from_server(session: str) -> Path | None:
    """Return the notebook of a session: its path is whole, or that from the server's root."""
    if not session.endswith(".ipynb") or "\0" in session:
        return None
    # With collaboration the name of a drive stands before the path.
    path = Path(session.replace("RTC:", ""))
    here = Path.cwd()
    candidates = [path, here / path.name, *(parent / path for parent in here.parents)]
    existing = (one for one in candidates if one.is_file())
    found = next(existing, None)
    return _notebook(path) if found is None else found.absolute()


def _notebook(path: Path) -> Path | None:
    """Return a path if a file can be written beside it: the notebook may have been renamed."""
    path = path.absolute()
    return path if path.suffix == ".ipynb" and path.parent.is_dir() else None


def _one_of_those_here(why: str) -> Place:
    """Return the files of answers here: who grades runs a notebook with them, and no server.

    They may be those of other notebooks, so they are only read. Where a class has handed in
    several notebooks at once, each question finds its answer by its key.
    """
    files = sorted(Path.cwd().glob(f"*{SUFFIX}"))[:MOST_FILES]
    if len(files) != 1:
        return Place(why=why, others=tuple(files))
    return replace(_place_told(files[0]), why=why)
