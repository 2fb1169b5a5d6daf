"""Exercises of the lessons, made by the cells of their notebooks, as a test needs them."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kit.widgets import Exercise

LESSONS = Path(__file__).parents[1] / "lessons"


@cache
def exercise_of(lesson: str, parts: Sequence[str]) -> Exercise:
    """The exercise that the last of some cells of a lesson makes, once the others have run."""
    text = (LESSONS / f"{lesson}.ipynb").read_text(encoding="utf-8")
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}
    known = dict[str, object]()
    for part in parts[:-1]:
        exec(cells[part], known)  # noqa: S102 - a cell of ours
    *before, last = cells[parts[-1]].partition("Exercise(")
    exec(before[0], known)  # noqa: S102 - a cell of ours
    made = eval(f"{before[1]}{last}", known)  # noqa: S307 - a cell of ours
    assert isinstance(made, Exercise)
    return made
