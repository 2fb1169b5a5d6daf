"""The rule on what a notebook says about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kit.check.cleaning import pairing_of
from kit.check.course import Storyline, in_short, installed, storyline_of
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import nearest

MINUTES = range(1, 121)
"""How long a lesson may take."""

_KINDS = ("lesson", "page")
_KNOWN = ("kernelspec", "kit", "language_info")
_EXAMPLE = (
    'write "kit": {"title": "…", "goal": "…", "minutes": 20, "storyline": [1]} into its metadata '
    "(in JupyterLab: Property Inspector, Advanced Tools, Notebook Metadata), or "
    '"kit": {"kind": "page", "title": "…", "goal": "…"} if it is no lesson'
)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_minutes(value: object) -> bool:
    return type(value) is int and value in MINUTES


@dataclass(frozen=True)
class _Entry:
    """An entry of the metadata `kit`: how to tell that it is right, and what would be.

    Of those that every lesson needs `of_lessons` is true; `optional` ones nobody needs.
    """

    fits: Callable[[object], bool]
    wanted: str
    of_lessons: bool = False
    optional: bool = False


def _entries(storyline: Storyline) -> dict[str, _Entry]:
    """Return what a notebook may say of itself in a course with such a storyline."""
    pictures = installed().pictures

    def is_storyline(value: object) -> bool:
        if not isinstance(value, list) or not all(type(line) is int for line in value):
            return False
        return not storyline or (bool(value) and {*value} <= storyline.keys())

    def is_pictures(value: object) -> bool:
        return (
            isinstance(value, list)
            and all(isinstance(one, str) for one in value)
            and ({*value} <= pictures.keys())
        )

    return {
        "title": _Entry(_is_text, "a text"),
        "goal": _Entry(_is_text, "a text, what students can do afterwards"),
        "minutes": _Entry(
            _is_minutes, f"a whole number from {MINUTES[0]} to {MINUTES[-1]}", of_lessons=True
        ),
        "storyline": _Entry(
            is_storyline,
            "a list of lines of the storyline, such as "
            f"[{min(7, len(storyline))}]: {in_short(storyline)}",
            of_lessons=True,
            optional=not storyline,
        ),
        "pictures": _Entry(
            is_pictures,
            f"a list of the classic pictures that come alive in it, of {', '.join(pictures)}",
            optional=True,
        ),
    }


class Metadata(StaticRule):
    """Title, goal, minutes and storyline are there, and nothing of somebody's computer.

    The page of the course, the site and the grading read them there.
    """

    code, name = "KC109", "metadata"
    remedy = 'write them into "kit" in the metadata of the notebook'

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield what is missing or wrong in the metadata, and what does not belong there."""
        yield from _course(context)
        metadata = context.notebook.metadata
        extra = [str(name) for name in metadata if name not in (*_KNOWN, "jupytext", "widgets")]
        if metadata.get("jupytext", {}) != pairing_of(metadata):
            extra.append("jupytext.text_representation")
        language = metadata.get("language_info")
        if isinstance(language, Mapping):
            extra += [f"language_info.{name}" for name in language if name != "name"]
        if extra:
            found = (
                f"the notebook's metadata holds what belongs to one computer: {', '.join(extra)}"
            )
            yield Problem("metadata", found, "run `kit clean` on the notebook")


def _course(context: LintContext) -> Iterator[Problem]:
    notebook = context.notebook
    course = notebook.course
    if not course:
        yield Problem("metadata", 'the notebook has no metadata "kit"', _EXAMPLE)
        return
    kind = course.get("kind", "lesson")
    if kind not in _KINDS:
        remedy = f'write "page" or "lesson"; {nearest(str(kind), _KINDS)}'
        yield Problem("metadata", f"the kind of notebook is {kind!r}", remedy)
    entries = _entries(storyline_of(notebook.path))
    for name, entry in entries.items():
        if name in course:
            if not entry.fits(course[name]):
                found = f'"{name}" in the metadata "kit" is {course[name]!r}'
                yield Problem("metadata", found, f"give {entry.wanted}")
        elif not entry.optional and (context.is_lesson or not entry.of_lessons):
            found = f'the metadata "kit" has no "{name}"'
            yield Problem("metadata", found, f"add {entry.wanted}")
    known = (*entries, "kind")
    for name in course:
        if name not in known:
            found = f'the metadata "kit" has an unknown entry "{name}"'
            yield Problem("metadata", found, f"remove it, or mend it: {nearest(name, known)}")
