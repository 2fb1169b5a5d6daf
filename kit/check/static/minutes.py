"""The rule on how long a lesson takes: what it says is what is counted."""

from __future__ import annotations

from collections.abc import Iterator

from kit.check.course import installed
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule

TOLERANCE = 0.2
"""By which share the stated minutes may differ from the counted ones."""


class Minutes(StaticRule):
    """The minutes that a lesson states are those that are counted, within 20 %.

    A reader who plans twenty minutes and needs forty gives up before the exercise. Counted are the
    words, at 140 a minute, and what is to be done: predictions, moments, experiments, explanations
    and exercises. It is a rough measure, and the same for all lessons. A lesson with places that
    are still to be written is not counted.
    """

    code, name = "KC121", "minutes"
    remedy = 'state the counted minutes as "minutes" in the metadata and in the goal, or shorten it'

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield where a lesson states other minutes than are counted."""
        stated = context.notebook.course.get("minutes")
        if not context.is_lesson or type(stated) is not int:
            return
        text = " ".join(block for _, prose in context.prose for block in prose.blocks)
        code = [piece.tree for piece in context.pieces if piece.tree is not None]
        counted = installed().minutes(text, code)
        if counted is not None and abs(stated - counted) > TOLERANCE * counted:
            found = f"the lesson states {stated} minutes, and {round(counted)} are counted"
            remedy = f'write "minutes": {round(counted)} and the same in its goal, or shorten it'
            yield Problem("minutes", found, remedy)
