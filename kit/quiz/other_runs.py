"""How a run is made again with something changed: its quantum, or its programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kit.lang.program import Program
from kit.sim.journal import Install, Launch, Recipe, Step


def quantum_of(recipe: Recipe) -> int | None:
    """Return for how many ticks a thread may use a core; None if its scheduler sets no such limit.

    Parameters
    ----------
    recipe : Recipe
    """
    quantum = getattr(recipe.setup.scheduler, "quantum", None)
    return quantum if isinstance(quantum, int) and quantum > 0 else None


def with_quantum(recipe: Recipe, quantum: int) -> Recipe:
    """Return a recipe whose scheduler has another quantum.

    Parameters
    ----------
    recipe : Recipe
        Of a machine with a quantum.
    quantum : int
    """
    policy: Any = recipe.setup.scheduler
    setup = replace(recipe.setup, scheduler=replace(policy, quantum=quantum))
    return replace(recipe, setup=setup)


def with_programs(recipe: Recipe, programs: Mapping[str, Program]) -> Recipe:
    """Return a recipe with other programs, both those that are launched and those on the disk.

    Parameters
    ----------
    recipe : Recipe
    programs : mapping of str to Program
        Those that take the place of the ones with their names.
    """

    def changed(step: Step) -> Step:
        if not isinstance(step, Launch | Install):
            return step
        return replace(step, program=programs.get(step.program.name, step.program))

    return replace(recipe, steps=tuple(map(changed, recipe.steps)))
