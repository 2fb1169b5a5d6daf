"""What a notebook can be put together from: widgets, questions, scenarios.

All of it is read from the library itself: names, first lines of docstrings, options.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.authoring.writing.cells import as_python, imports_of
from kit.authoring.writing.fitting import best_details
from kit.errors import KitError, nearest
from kit.quiz import KINDS
from kit.scenarios import SCENARIOS, lost_update

MODULES = ("kit.widgets", "kit.explore", "kit.quiz", "kit.scenarios")
"""The modules whose names snippets use; where two have the same, it is the first one's."""
RUNS = "trace = lost_update()\nother = lost_update(quantum=4)"
"""The runs that widgets and questions are about."""
START = f"from kit.scenarios import lost_update\n\n{RUNS}"
"""What snippets of widgets and questions are pasted below."""
SCENARIOS_START = "from kit.widgets import Stage"
"""What snippets of scenarios are pasted below."""
SAMPLES = {
    "trace": "trace",
    "a": "trace",
    "b": "other",
    "runs": "[trace, other]",
    "program": "trace.programs[0]",
    "function": "lost_update",
    "question": 'final_value(trace, "count")',
    "explored": "explore(lost_update)",
}
"""What a snippet gives for an argument that a widget needs."""
NEEDED = {
    "Exercise": 'spec=Spec(output="count 6"), solution=trace.programs[0].text.replace('
    '"count += 1", "fetch_and_add(address(count), 1)")'
}
"""What a widget needs besides, though each of its arguments can be left out."""
TELLING = {"alive": "fault_in_a_thread", "faults": "stacks_can_be_reached", "metric": "three_jobs"}
"""The scenario that a kind of question is asked about, where another run tells more."""
OF_ALL_SCHEDULES = frozenset({"possible_values"})
"""The kinds of question that are not about one run."""
NOT_CALLED = frozenset({"VIEWS", "Sandbox", "score"})
"""Names of `kit.widgets` that make no widget, or that nobody calls: `sandbox` makes a `Sandbox`."""


@dataclass(frozen=True)
class Item:
    """Something that can be put into a cell.

    Attributes
    ----------
    name : str
    line : str
        What it is, in one line.
    imports, call : str
        The code to paste.
    about : str
        All that there is to know about it.
    """

    name: str
    line: str
    imports: str
    call: str
    about: str

    @property
    def snippet(self) -> str:
        """The code to paste into a cell."""
        return f"{self.imports}\n\n{self.call}"


def widgets() -> list[Item]:
    """Return the widgets, views first."""
    module = importlib.import_module("kit.widgets")
    views = set(module.VIEWS.values())
    found = [getattr(module, name) for name in module.__all__ if name not in NOT_CALLED]
    found.sort(key=lambda widget: widget not in views)
    return [_widget(widget, widget in views) for widget in found]


def questions() -> list[Item]:
    """Return the kinds of question, each asked about a run in which it has an answer."""
    found = []
    for kind, function in KINDS.items():
        about, details = "trace", best_details(lost_update(), kind) or {}
        if kind in OF_ALL_SCHEDULES:
            about, details = SAMPLES["explored"], {"name": "count"}
        elif kind in TELLING:
            about = f"{TELLING[kind]}()"
            details = best_details(SCENARIOS[TELLING[kind]](), kind) or {}
        call = f"Predict.from_trace({about}, {_keywords({'kind': kind, **details})})"
        imports = imports_of([call], MODULES)
        found.append(_item(kind, inspect.getdoc(function), imports, call))
    return found


def scenarios() -> list[Item]:
    """Return the scenarios with their parameters."""
    found = []
    for name, scenario in SCENARIOS.items():
        defaults = {key: parameter.default for key, parameter in scenario.parameters.items()}
        call = f"Stage({name}({_keywords(defaults)}))"
        found.append(_item(name, str(scenario), f"from kit.scenarios import {name}", call))
    return found


def item(items: Sequence[Item], name: str, what: str) -> Item:
    """Return the one of a name.

    Raises
    ------
    KitError
        If there is none; it names the one that may have been meant.
    """
    for one in items:
        if one.name == name:
            return one
    raise KitError(f"there is no {what} '{name}'; {nearest(name, [one.name for one in items])}")


def _item(name: str, about: str | None, imports: str, call: str) -> Item:
    text = about or ""
    return Item(name, text.partition("\n")[0], imports, call, text)


def _widget(widget: Any, is_view: bool) -> Item:
    options = widget.class_traits(option=True) if is_view else {}
    chosen = {name: trait.default() for name, trait in options.items()}
    arguments = [*_arguments(widget), *([_keywords(chosen)] if chosen else [])]
    if widget.__name__ in NEEDED:
        arguments.insert(1, NEEDED[widget.__name__])
    call = f"{widget.__name__}({', '.join(arguments)})"
    return _item(widget.__name__, inspect.getdoc(widget), imports_of([call], MODULES), call)


def _arguments(widget: Any) -> Iterator[str]:
    """Yield what a widget needs, then what can be chosen, as it is if nothing is."""
    for name, parameter in inspect.signature(widget).parameters.items():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            yield SAMPLES[name]
        elif isinstance(parameter.default, str | int | float | tuple):
            yield f"{name}={as_python(parameter.default)}"


def _keywords(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={as_python(value)}" for name, value in values.items())
