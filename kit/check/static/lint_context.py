"""A notebook as the rules look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kit.check.exercise_cells import ExerciseCells, exercises_of
from kit.check.markdown import Heading, Prose, read_prose
from kit.check.notebooks import Cell, Notebook, Unreadable
from kit.check.programs import Piece, pieces_of
from kit.check.settings import Settings
from kit.files import FileError, read_text


@dataclass
class Library:
    """What links may lead to: files with anchors, each read once, and what git keeps.

    Attributes
    ----------
    known : dict of Path to set of str or None
        The anchors of files.
    committed : dict of Path to set of str
        The files that git keeps, by repository.
    """

    known: dict[Path, frozenset[str] | None] = field(default_factory=dict)
    committed: dict[Path, frozenset[str]] = field(default_factory=dict)

    def anchors(self, path: Path) -> frozenset[str] | None:
        """Return the anchors of a notebook or Markdown file; None if they cannot be known."""
        path = path.resolve()
        if path not in self.known:
            self.known[path] = _anchors_of(path)
        return self.known[path]


@dataclass(frozen=True)
class LintContext:
    """A notebook that is checked, with what several rules want to know of it.

    Attributes
    ----------
    notebook : Notebook
    settings : Settings
    library : Library
        Shared by all notebooks of one check.
    """

    notebook: Notebook
    settings: Settings
    library: Library

    @property
    def is_lesson(self) -> bool:
        """Whether it says that it is a lesson; one that says nothing is only told to."""
        return bool(self.notebook.course) and self.notebook.is_lesson

    @property
    def is_python(self) -> bool:
        """Whether its code is Python, as far as it says."""
        spec = self.notebook.metadata.get("kernelspec")
        language = spec.get("language") if isinstance(spec, dict) else None
        return language in (None, "python")

    @cached_property
    def prose(self) -> tuple[tuple[Cell, Prose], ...]:
        """Its cells of text, with what they hold."""
        return tuple((cell, read_prose(cell.source)) for cell in self.notebook.markdown)

    @property
    def headings(self) -> list[tuple[Cell, Heading]]:
        """Its headings, in order."""
        return [(cell, heading) for cell, prose in self.prose for heading in prose.headings]

    @cached_property
    def exercises(self) -> tuple[list[ExerciseCells], list[Cell]]:
        """Its exercises, and the checks and solutions that belong to none."""
        return exercises_of(self.notebook.cells)

    def prose_of(self, cell: Cell) -> Prose:
        """Return what a cell of text holds."""
        return next(prose for other, prose in self.prose if other is cell)

    def solution_blocks(self, cell: Cell) -> list[str]:
        """Return the blocks of Python in a cell; none if it is no text."""
        if cell.type != "markdown":
            return []
        return [fence.text for fence in self.prose_of(cell).fences if fence.language == "python"]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its Python, in order; nothing if it is in another language."""
        if not self.is_python:
            return ()
        solutions = {
            exercise.starter.number: (cell, block)
            for exercise in self.exercises[0]
            for cell in exercise.solutions[:1]
            for block in self.solution_blocks(cell)[:1]
        }
        return tuple(pieces_of(self.notebook.code, solutions))


def _anchors_of(path: Path) -> frozenset[str] | None:
    try:
        if path.suffix == ".ipynb":
            notebook = Notebook.read(path)
            texts = [read_prose(cell.source) for cell in notebook.markdown]
            found = {f"cell-id={cell.id}" for cell in notebook.cells}
        elif path.suffix == ".md":
            texts = [read_prose(read_text(path))]
            found = {heading.github_anchor for heading in texts[0].headings}
        else:
            return None
    except (Unreadable, FileError):
        return None
    for text in texts:
        found |= text.ids
        for heading in text.headings:
            found |= {heading.anchor, f"heading={heading.anchor}"}
    return frozenset(found)
