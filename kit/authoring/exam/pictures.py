"""The picture of the moment at which a question is asked, without what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kit.quiz.equivalent import Instance
from kit.sim.journal import Recipe, Run, Step
from kit.trace import Trace
from kit.trace.link import followed
from kit.tracks import cpu, timeline
from kit.tracks.memory.address_spaces import address_spaces
from kit.tracks.picture import Picture
from kit.tracks.svg.stage import Shown, StagePicture
from kit.tracks.system.console import console
from kit.tracks.system.process_table import process_table

VIEWS: Sequence[tuple[str, tuple[str, str], Callable[[Trace], Picture]]] = (
    ("address_spaces", ("RAM", "address spaces"), address_spaces),
    ("cpu", ("CPU", "executes threads"), cpu),
    ("timeline", ("TIMELINE", "up to now"), timeline),
    ("process_table", ("OS", "allocates to processes"), process_table),
    ("console", ("CONSOLE", "output and errors"), console),
)
"""What a picture shows: the name of the view, its heading, and what lays it out."""


def picture_of(instance: Instance) -> str:
    """Return the moment at which a question is asked as the text of an SVG file.

    Nothing in it is from later, not even how long the run is: it is of a run that ends there.

    Parameters
    ----------
    instance : Instance
    """
    at = instance.question.at or 0
    recipe = instance.trace.record.recipe
    assert recipe is not None, "an instance is made from a recipe"
    trace = followed(_until(recipe, at))
    shown = [Shown(name, heading, lay_out(trace)) for name, heading, lay_out in VIEWS]
    return StagePicture(trace, shown, [at], held=True).moment(at)


def _until(recipe: Recipe, at: int) -> Recipe:
    """Return how a run is made as far as a tick."""
    steps: list[Step] = []
    for step in recipe.steps:
        if not isinstance(step, Run):
            steps.append(step)
        elif step.until is None or step.until >= at:
            steps.append(replace(step, until=at, reached=at))
            break
        else:
            steps.append(step)
    return Recipe(recipe.setup, tuple(steps))
