"""What a notebook can be put together from: widgets, questions, scenarios.

All of it is read from the library itself: names, first lines of docstrings, options.
"""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.authoring.writing.cells import as_python, imports_of
from kit.authoring.writing.fitting import best_details
from kit.errors import KitError, nearest
from kit.quiz import KINDS, MISCONCEPTIONS, question
from kit.scenarios import SCENARIOS

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
    "prompt": '"Why can an update be lost?"',
    "rubric": '["It says what happens between load and store."]',
    "ours": '"Between load and store of one thread the other one stores, too."',
    "moments": '[(5, "T2 is made."), (14, "Which thread runs next?", "T2; T3 is new.")]',
}
"""What a snippet gives for an argument that a widget needs."""
NEEDED = {
    "Exercise": 'spec=Spec(output="count 6"), solution=trace.programs[0].text.replace('
    '"count += 1", "fetch_and_add(address(count), 1)")',
    "Review": 'lost_update, (lost_update, "shared"), seed=1',
    "Scheduling": 'goal="count 2"',
}
"""What a widget needs besides, though each of its arguments can be left out."""
OWN_NAME = "own"
"""What a question that was put together by hand is called, as its `Question.kind` is."""
OWN_NAMES = ("Question", "question", "Choice", "Idea", "Misconception")
"""What somebody may look for who wants to put a question together by hand."""
OWN = """\
stage = Stage(trace)  # to be shown in a cell of its own below this one: stage
late = Misconception(
    "a thread runs as soon as it is made", "It queues for a core like every other thread."
)
ideas = [
    Idea("T3", "T3 has only joined the ready queue, after T2.", late, tick=15),
    ("T1", "Its quantum is used up at tick 15, and T2 is waiting."),
]
asked = question(
    "At tick 14, T1 has just made T3. Which thread is given the core next?",
    "T2",
    "The quantum of T1 is used up at tick 15, and T2 has waited longest.",
    ideas,
    tick=15,
    at=14,
)
Predict(asked, player=stage.player)"""
"""A question by hand; the stage is shown in a cell of its own."""
_WIDTH = 88
OF_ALL_SCHEDULES = frozenset({"possible_values"})
"""The kinds of question that are not about one run."""
NOT_CALLED = frozenset({"VIEWS", "RealMachine", "Sandbox", "score"})
"""Names of `kit.widgets` that make no widget, that nobody calls (`sandbox` makes a `Sandbox`), or
that need a file beside the notebook."""


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
    for name, kind in KINDS.items():
        about = "trace" if kind.scenario == "lost_update" else f"{kind.scenario}()"
        details = best_details(SCENARIOS[kind.scenario](), name) or {}
        if name in OF_ALL_SCHEDULES:
            about, details = SAMPLES["explored"], {"name": "count"}
        call = f"Predict.from_trace({about}, {_keywords({'kind': name, **details})})"
        imports = imports_of([call], MODULES)
        found.append(_item(name, inspect.getdoc(kind.ask), imports, call))
    return found


def own_question() -> Item:
    """Return how a question is put together by hand, with an idea that the kit does not know."""
    about = inspect.getdoc(question) or ""
    named = ", ".join(sorted(MISCONCEPTIONS))
    more = (
        "A wrong answer is a pair of it and of what a student who chooses it is told, or an Idea\n"
        "with the misconception that leads to it, one of the kit by its name or your own, and\n"
        "the tick that shows why it is wrong.\n\n"
        f"{textwrap.fill(f'Misconceptions of the kit: {named}.', _WIDTH)}\n\n"
        "For several right answers, an order, or a place to be marked: Question, with a Choice\n"
        "for each; see help(kit.quiz.Question)."
    )
    imports = imports_of([OWN], MODULES)
    return Item(
        OWN_NAME,
        "Ask your own question, with your own answers.",
        imports,
        OWN,
        f"{about}\n\n{more}",
    )


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
            continue
        default = getattr(widget, "usual", {}).get(name, parameter.default)
        if isinstance(default, str | int | float | tuple):
            yield f"{name}={as_python(default)}"


def _keywords(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={as_python(value)}" for name, value in values.items())
