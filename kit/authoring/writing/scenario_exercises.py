"""Exercises that follow from a scenario: choose its parameters, or write a program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain

from kit.authoring.writing.cells import as_python
from kit.authoring.writing.document import TEMPLATES, render
from kit.authoring.writing.facts import FIGURES, Figure, Output, Variation, Variations
from kit.scenarios import Scenario

TOPICS = tuple(sorted(path.stem for path in (TEMPLATES / "exercises").glob("*.md")))
"""What there is an exercise about: the names of the library's modules of scenarios."""
SOLUTIONS = "solutions"
"""The folder of solutions, beside the notebook."""


@dataclass(frozen=True)
class Choosing:
    """The exercise to find parameters with which a run shows something.

    Attributes
    ----------
    scenario : Scenario
    solution : Variation
    task : str
        What the run must show, as Markdown.
    found, wanted : str
        Expressions: what is looked at in the run `mine`, and when that is enough.
    """

    scenario: Scenario
    solution: Variation
    task: str
    found: str
    wanted: str

    @property
    def text(self) -> str:
        """Its cells."""
        names = list(self.solution.chosen)
        defaults = {name: self.scenario.parameters[name].default for name in names}
        before = ", ".join(f"{name}={as_python(value)}" for name, value in defaults.items())
        return render(
            "choose.md.jinja",
            names=" and ".join(f"`{name}`" for name in names),
            task=self.task,
            starter=f"{self.scenario.name}({before})",
            solution=f"{self.scenario.name}({self.solution.arguments})",
            found=self.found,
            wanted=self.wanted,
        )


@cache
def choosing(scenario: Scenario) -> Choosing | None:
    """Return the exercise about a scenario's parameters; None if it has none that matter."""
    runs = Variations(scenario)
    outputs = (_about_output(runs, fact) for fact in runs.outputs)
    fewer = (_about_figure(runs, figure, more=False) for figure in FIGURES)
    more = (_about_figure(runs, figure, more=True) for figure in FIGURES)
    return next((found for found in chain(outputs, fewer, more) if found is not None), None)


def _about_output(runs: Variations, fact: Output) -> Choosing | None:
    """Ask for what is printed with other parameters."""
    usual = fact.of(runs.usual.trace)
    for run in (*runs.single, *runs.double):
        printed = fact.of(run.trace)
        if printed is not None and printed.splitlines()[-1:] != usual.splitlines()[-1:]:
            task, wanted = fact.task(printed), fact.reached(printed)
            return Choosing(runs.scenario, run, task, fact.in_run("mine"), wanted)
    return None


def _about_figure(runs: Variations, fact: Figure, *, more: bool) -> Choosing | None:
    """Ask for a figure half way to the best one, so that more than one choice will do."""
    usual = fact.of(runs.usual.trace)
    figures = [(fact.of(run.trace), run) for run in runs.single]
    known = [pair for pair in figures if pair[0] is not None]
    if usual is None or not known:
        return None
    figure, run = (max if more else min)(known, key=lambda pair: pair[0])
    limit = (usual + figure + more) // 2
    if not (usual < limit <= figure if more else figure <= limit < usual):
        return None
    task, wanted = fact.task(limit, more), fact.reached(limit, more)
    return Choosing(runs.scenario, run, task, fact.in_run("mine"), wanted)


def topic(scenario: Scenario) -> str:
    """Return what a scenario is about: the name of the module that holds it.

    A program of the teacher's own has the exercise about threads.
    """
    name = scenario.build.__module__.rpartition(".")[2]
    return name if name in TOPICS else "threads"


def programming(scenario: Scenario) -> str:
    """Return the cells of the exercise to write a program about a scenario's topic."""
    return (TEMPLATES / "exercises" / f"{topic(scenario)}.md").read_text(encoding="utf-8")


def solution(scenario: Scenario) -> tuple[str, str]:
    """Return the file that `programming` names for its solution, and what is in it.

    A file of its own can be left out of what students get.
    """
    name = f"{topic(scenario)}.txt"
    return f"{SOLUTIONS}/{name}", (TEMPLATES / "exercises" / name).read_text(encoding="utf-8")
