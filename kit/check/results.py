"""What a check finds: problems, and how each notebook fared in each tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TIERS = {
    "static": "what can be seen without running anything",
    "execution": "every cell runs, every widget answers, every exercise can be solved",
    "browser": "every notebook works in JupyterLab, in a real browser",
    "binder": "the repository starts on Binder",
}
"""The tiers of a check, in the order in which they run, with what each is about."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what to do about it.

    Attributes
    ----------
    rule : str
        Short name of what was checked, such as "links"; the same for all its problems.
    found : str
        What is wrong, as a sentence without a full stop at its end.
    remedy : str
        What to do, as a sentence that begins with a verb, without a full stop.
    cell : int or None
        Which cell of the notebook, all cells counted from 1; None if it is no single cell.
    cell_id : str
        The id of that cell, or nothing.
    details : str
        More for those who want to know, such as a traceback; may have many lines.
    """

    rule: str
    found: str
    remedy: str
    cell: int | None = None
    cell_id: str = ""
    details: str = ""

    @property
    def place(self) -> str:
        """Where in the notebook, in words: ``cell 3 (predict)``."""
        if self.cell is None:
            return ""
        return f"cell {self.cell} ({self.cell_id})" if self.cell_id else f"cell {self.cell}"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.found}; {self.remedy} [{self.rule}]"


@dataclass(frozen=True)
class Result:
    """How one notebook, or a repository, fared in one tier.

    Attributes
    ----------
    tier : str
        One of `TIERS`.
    path : Path
        The notebook; for "binder" the folder of the repository.
    problems : tuple of Problem
        In the order of the cells; none if all is well.
    seconds : float
        How long it took.
    figures : mapping of str to float
        What was measured, by a name with its unit, such as ``"peak memory (MB)": 143.0``.
    notes : tuple of str
        What is worth knowing about the result though nothing is wrong, as sentences.
    """

    tier: str
    path: Path
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    figures: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there is no problem."""
        return not self.problems
