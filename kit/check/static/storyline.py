"""The rule on the storyline of a whole course: every line of it has a lesson."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kit.check.course import Storyline, own_storyline
from kit.check.notebooks import find_checked
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import KitError


class Untold(StaticRule):
    """Each line of a course's own storyline is told by a lesson.

    This is looked at when all notebooks of the course are checked. The problem is one of the file
    that has the storyline.
    """

    code, name = "KC120", "storyline"
    remedy = "write a lesson that tells it, or take it out of storyline in [tool.kit]"

    def look_at_courses(
        self, contexts: Sequence[LintContext]
    ) -> Iterator[tuple[Path, list[Problem]]]:
        """Yield each course with lines that no lesson tells, and these."""
        checked = {one.notebook.path.resolve(): one for one in contexts}
        courses = dict(filter(None, map(own_storyline, checked)))
        for file, storyline in courses.items():
            lessons = _lessons_of(file)
            if lessons and checked.keys() >= lessons:
                told = [checked[path].notebook.course.get("storyline") for path in lessons]
                problems = list(self._untold(storyline, told))
                if problems:
                    yield file, problems

    def _untold(self, storyline: Storyline, told: Sequence[object]) -> Iterator[Problem]:
        for line, text in storyline.items():
            if not any(isinstance(lines, list) and line in lines for lines in told):
                found = f"no lesson tells line {line} of the storyline, '{text}'"
                yield Problem(self.name, found, self.remedy)


def _lessons_of(file: Path) -> set[Path]:
    try:
        found = [path.resolve() for path in find_checked([file.parent])]
    except KitError:  # all of them are excluded, and one was named
        return set()
    return {path for path in found if (own_storyline(path) or (None,))[0] == file}
