"""A rule of the static tier: what can be seen of a notebook without running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kit.check.results import Problem
from kit.check.rules import Rule
from kit.check.static.lint_context import LintContext


class StaticRule(Rule):
    """A rule that looks at notebooks one by one, or, where a start costs much, at all at once."""

    def look(self, _context: LintContext) -> Iterator[Problem]:
        """Yield the problems of a notebook."""
        return iter(())

    def look_at_all(self, contexts: Sequence[LintContext]) -> list[list[Problem]]:
        """Return for each notebook the problems that are looked for in all at once."""
        return [[] for _ in contexts]


class Readable(StaticRule):
    """The file is a notebook of format 4."""

    code, name = "KC101", "readable"
    remedy = "restore it from its history, or open it in JupyterLab and save it again"
