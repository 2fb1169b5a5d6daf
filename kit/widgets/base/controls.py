"""Controls for the parameters of a function, from the abbreviations of ipywidgets' interact."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets
import traitlets

from kit.errors import ArgumentError, nearest
from kit.scenarios import Parameter, Scenario
from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import ScriptWidget, say_without_kernel

Control = Any
"""A widget with a value, or ``fixed``."""

_EMPTY = inspect.Parameter.empty
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_HINT = (
    "give a tuple such as (1, 10) for a slider, a list for a choice, True or False for a box "
    "to tick, a text, or a widget"
)


class ControlsAid(ScriptWidget):
    """Gives the controls in the same box what they lack for keyboards and screen readers."""

    _esm = module("dom.js", "connection.js", "controls.js")
    _css = style("controls.css", "lost.css")


def name_of(function: Callable[..., object]) -> str:
    """Return what a function is called."""
    if isinstance(function, Scenario):
        return function.name
    inner = getattr(function, "func", function)  # what functools.partial wraps
    return str(getattr(inner, "__name__", type(inner).__name__))


def make_controls(function: Callable[..., object], given: dict[str, Any]) -> dict[str, Control]:
    """Return a control for each parameter of a function.

    Parameters
    ----------
    function : callable
        A `Scenario` brings its bounds along.
    given : dict of str to object
        Abbreviations of ipywidgets' ``interact``, or widgets.

    Raises
    ------
    ArgumentError
        If there is no such parameter, one has no value, or an abbreviation makes no control.
    """
    who = f"sandbox: {name_of(function)}"
    if isinstance(function, Scenario):
        wanted = {name: (_span(one), one.default) for name, one in function.parameters.items()}
        takes_any = False
    else:
        wanted, takes_any = _parameters(function)
    for name in given:
        if name not in wanted and not takes_any:
            raise ArgumentError(f"{who} has no parameter '{name}'; {nearest(name, wanted)}")
    for name, abbreviation in given.items():
        wanted[name] = abbreviation, wanted.get(name, (_EMPTY, _EMPTY))[1]
    return {name: _control(who, name, *pair) for name, pair in wanted.items()}


def _span(parameter: Parameter) -> Any:
    if parameter.choices:
        return list(parameter.choices)
    whole = not isinstance(parameter.default, bool)
    return (parameter.least, parameter.most) if whole else parameter.default


def _parameters(function: Callable[..., object]) -> tuple[dict[str, tuple[Any, Any]], bool]:
    """Return the parameters with their defaults, and whether any other name will do."""
    try:
        parameters: Iterable[inspect.Parameter] = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}, True  # a function of C that does not say what it takes
    wanted = {one.name: (one.default, one.default) for one in parameters if one.kind in _NAMED}
    return wanted, any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters)


def _control(who: str, name: str, abbreviation: Any, default: Any) -> Control:
    if abbreviation is _EMPTY:
        raise ArgumentError(f"{who} needs a value for '{name}': write {name}=(1, 10), or {_HINT}")
    try:
        control = ipywidgets.interactive.widget_from_abbrev(abbreviation, default)
    except (TypeError, ValueError, traitlets.TraitError) as error:
        raise ArgumentError(f"{who}: {name} is {abbreviation!r}, {error}; {_HINT}") from None
    if control is None:
        raise ArgumentError(f"{who}: {name} is {abbreviation!r}; {_HINT}")
    if not control.description:
        control.description = name
    if control is not abbreviation:
        control.tooltip = name
        if isinstance(control, ipywidgets.Text):
            control.continuous_update = False  # half a word is no run
    return control


def control_box(controls: dict[str, Control], meanings: dict[str, str]) -> ipywidgets.VBox:
    """Return controls as they stand on the page, a row each, with what they mean.

    Parameters
    ----------
    controls : dict of str to Widget
        ``fixed`` is left out.
    meanings : dict of str to str
        For some of them.
    """
    shown = {name: one for name, one in controls.items() if isinstance(one, ipywidgets.Widget)}
    # One width for all, so that the sliders stand below each other.
    width = f"{max((len(one.description) for one in shown.values()), default=0) + 1}ch"
    rows = []
    for name, control in shown.items():
        if not getattr(control.style, "description_width", "none"):
            control.style.description_width = width
        row = ipywidgets.HBox([control])
        if name in meanings:
            meaning = ipywidgets.Label(meanings[name])
            meaning.add_class("kit-meaning")
            row.children = [control, meaning]
        rows.append(row)
    box = ipywidgets.VBox([*rows, ControlsAid(layout={"display": "none"})])
    box.add_class("kit-controls")
    say_without_kernel(box, how="disabled", words="Another run needs a kernel")
    return box


def in_words(controls: dict[str, Control]) -> str:
    """Return what the controls say: ``"quantum = 3, policy = lru"``."""
    return ", ".join(
        f"{name} = {_value(control)}"
        for name, control in controls.items()
        if isinstance(control, ipywidgets.Widget)
    )


def _value(control: Control) -> str:
    label = getattr(control, "label", None)  # what a person reads of a choice
    return label if isinstance(label, str) else repr(control.value)
