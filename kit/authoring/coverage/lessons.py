"""What one lesson covers: some of it is written in it, the rest is known when it has run."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kit.authoring.coverage.minutes import minutes_of
from kit.authoring.running import Running
from kit.authoring.writing.document import as_cell
from kit.check.course import storyline_of
from kit.check.markdown import read_prose
from kit.check.notebooks import Notebook, readable
from kit.check.runnable import executable
from kit.errors import KitError
from kit.quiz.answers import EXERCISE, EXPLANATION

FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "title": str,
    "goal": str,
    "minutes": (int, float),
    "storyline": (list, tuple),
    "pictures": (list, tuple),
}
"""What has to be known of a lesson, and as what."""

PARTS = frozenset({"Player", "Answers", "Predict", "Explain", "Review"})
"""Widgets that are in every lesson, so that naming them says nothing."""


@dataclass(frozen=True)
class Covered:
    """What a lesson covers.

    Attributes
    ----------
    path : Path
    course : mapping
        Its metadata "kit": title, goal, minutes, storyline, pictures.
    widgets : tuple of str
        The widgets that its code makes.
    questions : tuple of str
        The kinds of question that it asks.
    misconceptions : tuple of str
        The ideas behind their wrong answers, by name.
    exercises : int
    wrong : tuple of str
        Of each wrong choice the idea that leads to it; empty where there is none.
    counted : int or None
        How many minutes it takes, as counted; None if that cannot be told.
    """

    path: Path
    course: Mapping[str, Any]
    widgets: tuple[str, ...]
    questions: tuple[str, ...]
    misconceptions: tuple[str, ...]
    exercises: int
    wrong: tuple[str, ...] = ()
    counted: int | None = None

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the storyline that it tells."""
        return tuple(self.course.get("storyline", ()))

    @property
    def link(self) -> str:
        """A link to it from its own folder, in Markdown."""
        return self.link_from(self.path.parent)

    def link_from(self, folder: Path) -> str:
        """Return a link to it from a folder above it, in Markdown."""
        place = self.path.absolute().relative_to(folder.absolute()).as_posix()
        return f"[{as_cell(self.course['title'])}]({quote(place)})"


def covered_by(path: Path) -> Covered:
    """Run a lesson and return what it covers.

    Raises
    ------
    KitError
        If it cannot be read or run, or is no lesson of the course.
    """
    notebook = readable(path)
    _check(notebook)
    with Running(executable(notebook), path) as lesson:
        asked: list[dict[str, Any]] = lesson.ask("asks")
    return Covered(
        path,
        notebook.course,
        widgets_of(cell.source for cell in notebook.run),
        _names(one["kind"] for one in asked if one["kind"] not in (EXERCISE, EXPLANATION)),
        _names(name for one in asked for name in one.get("misconceptions", ())),
        sum(one["kind"] == EXERCISE for one in asked),
        tuple(idea for one in asked for idea in one.get("wrong", ())),
        _counted(notebook),
    )


def _counted(notebook: Notebook) -> int | None:
    """Return how many minutes a lesson takes, from its text and its code."""
    text = (block for cell in notebook.markdown for block in read_prose(cell.source).blocks)
    counted = minutes_of(" ".join(text), [_parsed(cell.source) for cell in notebook.run])
    return None if counted is None else round(counted)


def _check(notebook: Notebook) -> None:
    """Refuse what is no lesson of the course."""
    optional = {"pictures"} if storyline_of(notebook.path) else {"pictures", "storyline"}
    for name, kinds in FIELDS.items():
        value = notebook.course.get(name, () if name in optional else None)
        if isinstance(value, kinds):
            continue
        found = f"no {name}" if value is None else f"{value!r} for its {name}"
        raise KitError(f'{notebook.path}: its metadata "kit" has {found}; run `kit check` on it')


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def widgets_of(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the widgets that some code makes, of which it says something to name them."""
    module = importlib.import_module("kit.widgets")
    known = set(module.__all__) - PARTS
    views = {name: view.__name__ for name, view in module.VIEWS.items()}
    found: set[str] = set()
    for source in sources:
        for node in ast.walk(_parsed(source)):
            if isinstance(node, ast.Name) and node.id in known:
                found.add(node.id)
            # Views are also named by texts: Stage(trace, views=["timeline"]).
            if isinstance(node, ast.Constant) and node.value in views:
                found.add(views[node.value])
    return tuple(sorted(found))


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except SyntaxError:
        # A magic command; it makes no widget.
        return ast.Module([], [])
