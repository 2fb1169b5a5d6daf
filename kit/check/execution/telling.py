"""How a problem of the execution tier is told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kit.check.results import Problem

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class Found(Exception):  # noqa: N818 - it carries what was found in a notebook, and is no bug
    """Fails an item of pytest with the problems that were found.

    Attributes
    ----------
    problems : tuple of Problem
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def plain(text: str) -> str:
    """Return a text without the codes that colour it in a terminal."""
    return _ANSI.sub("", text)


def short(text: str, most: int = 200) -> str:
    """Return the first line of a text as a part of a sentence: cut if long, no full stop."""
    line = next((line.strip() for line in plain(text).splitlines() if line.strip()), "")
    return line.rstrip(".") if len(line) <= most else f"{line[: most - 1]}…"


def as_text(notebook: str, problems: Iterable[Problem]) -> str:
    """Return problems as pytest shows them."""
    blocks = []
    for problem in problems:
        where = f"{notebook}, {problem.place}" if problem.place else notebook
        head = f"{where}: {problem.found} [{problem.rule}]\n  -> {problem.remedy}"
        blocks.append(f"{head}\n\n{problem.details.rstrip()}\n" if problem.details else head)
    return "\n".join(blocks)
