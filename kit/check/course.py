"""What a course tells the checker: the one way in for what only its subject knows.

A package that has widgets, questions or a storyline of its own names a `Course` in the entry
point group ``kit.course``, and the checker finds it wherever both are installed::

    [project.entry-points."kit.course"]
    my-course = "my_course.checker:COURSE"

Without any, notebooks are checked as notebooks. Whatever is installed, a course has the last
word on its storyline: a list of texts, ``storyline`` in ``[tool.kit]`` of its ``pyproject.toml``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

from kit.check.settings import tables_above
from kit.errors import KitError

GROUP = "kit.course"
"""The group of entry points in which a package names its `Course`."""

Storyline = Mapping[int, str]
"""Number of a line -> what is told in it."""


class Call(NamedTuple):
    """A call in the code of a notebook, as far as its text shows it.

    Attributes
    ----------
    function : str
        Where what is called was imported from, such as ``"numpy.random.rand"``.
    options : dict of str to str
        Keyword -> a text that is given, or the function whose result is; "" for anything else.
        ``**`` is among them if they may be more.
    """

    function: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Course:
    """What the checker has to be told about what a course teaches, and with what.

    Attributes
    ----------
    storyline : dict of int to str
        The lines that lessons tell, unless their course has lines of its own.
    pictures : dict of str to str
        Name -> a picture that may come alive in a lesson.
    exercise : str
        The class of widget that is an exercise with its check and its solution.
    program : str
        The class whose first argument is a program text, which is no code of the cell.
    magic : str
        The cell magic that makes such a program of its cell and binds the first name behind it.
    package : str
        What is imported, or loaded by ``%load_ext``, for that magic to be there.
    unseeded : callable
        Is given each `Call`, and returns what is wrong and its remedy if it draws by chance
        without a seed.
    minutes : callable
        Is given the text of a lesson and its code as syntax trees, and returns how many minutes it
        takes, or None if that cannot be told.
    environment : callable
        Is given the environment of a kernel, and returns the one for a run that leaves no
        traces, such as answers.
    """

    storyline: Storyline = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    exercise: str = ""
    program: str = ""
    magic: str = ""
    package: str = ""
    unseeded: Callable[[Call], tuple[str, str] | None] = lambda _call: None
    minutes: Callable[[str, Sequence[ast.AST]], float | None] = lambda _text, _code: None
    environment: Callable[[Mapping[str, str]], dict[str, str]] = dict


@cache
def installed() -> Course:
    """Return the course that is installed here; of several the first by name."""
    found = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    course = found[0].load() if found else Course()
    if not isinstance(course, Course):
        raise KitError(f"{found[0].value} in the group {GROUP} is no Course; name an object of it")
    return course


def storyline_of(path: Path) -> Storyline:
    """Return the storyline of the course that a notebook or a folder belongs to; it may be empty.

    Raises
    ------
    KitError
        If what the course calls its storyline is no list of texts.
    """
    own = own_storyline(path)
    return installed().storyline if own is None else own[1]


def own_storyline(path: Path) -> tuple[Path, Storyline] | None:
    """Return the storyline that a course has written down, after the file that has it."""
    for file, table in tables_above(path):
        lines = table.get("storyline")
        if lines is None:
            continue
        if isinstance(lines, list) and all(isinstance(one, str) and one.strip() for one in lines):
            return file, dict(enumerate(lines, 1))
        raise KitError(
            f"{file}: [tool.kit] storyline is {lines!r}; give a list of texts, a line each"
        )
    return None


def in_short(storyline: Storyline) -> str:
    """Return all lines of a storyline in a few words each, after their numbers."""
    return ", ".join(f"{line} {re.split('[:,]', text)[0]}" for line, text in storyline.items())
