"""What the execution tier looks for, and how a problem is told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kit.check.results import Problem

RULES = {
    "readable": "the file is a notebook of format 4",
    "ids": "every cell has an id, and no two have the same",
    "code": "there is a cell to run",
    "kernel": "the kernel that the notebook names can be started",
    "raises": "a cell runs without an exception",
    "did-not-raise": "a cell tagged raises-exception raises one",
    "stderr": "a cell writes nothing to stderr: no warning, no unknown magic",
    "command": "a !command ends with exit code 0",
    "timeout": "a cell, and a widget's callback, ends in time",
    "kernel-died": "the kernel lives until the end",
    "long-output": "no cell prints thousands of lines",
    "output": "what a cell tagged nbval-check-output shows is what is stored",
    "late": "nothing fails in a thread or a task, or after its cell has ended",
    "widget": "every widget answers to what a person can do with it",
    "prediction": "every prediction has a right answer and others beside it",
    "unseen": "every prediction and exercise is shown, and so is the player of a prediction",
    "twice": "no question and no exercise is asked twice",
    "exercise": "the starter does not solve its exercise, and the solution does",
    "budget": "the notebook keeps to its time and its memory",
    "pytest": "pytest itself can run the notebook",
}
"""Rules by their names; see `Problem.rule`."""

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
