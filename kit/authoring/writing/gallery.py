"""The gallery: a notebook in which each building block can be tried."""

from __future__ import annotations

from kit.authoring.writing.catalogue import MODULES, RUNS, questions, widgets
from kit.authoring.writing.cells import blocks_of, notebook_of
from kit.authoring.writing.document import render
from kit.scenarios import SCENARIOS, Scenario

COURSE = {
    "kind": "page",
    "title": "Gallery of building blocks",
    "goal": "Try every widget, question and scenario that a lesson can be put together from.",
}


def gallery_notebook() -> str:
    """Return the gallery, as a notebook file holds it."""
    text = render(
        "gallery.md.jinja",
        runs=RUNS,
        widgets=widgets(),
        questions=questions(),
        scenarios=SCENARIOS.values(),
        parameters=_parameters,
    )
    return notebook_of(blocks_of(text), COURSE, MODULES)


def _parameters(scenario: Scenario) -> str:
    return ", ".join(f"`{name}`" for name in scenario.parameters)
