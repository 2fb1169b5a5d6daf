"""What a person can do with a widget, as the messages that a page sends for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

State = Mapping[str, Any]

MOST_CHOICES = 100
"""How many entries of a long list are tried, spread over it."""


@dataclass(frozen=True)
class Gesture:
    """One thing that a person does.

    Attributes
    ----------
    deed : str
        What happens to the widget, in words: "was moved to 10".
    data : mapping
        What a page sends of it, as in a ``comm_msg``.
    back : mapping of str to object
        The values that were there before; empty if nothing is to be set back.
    """

    deed: str
    data: Mapping[str, Any]
    back: Mapping[str, Any]


@dataclass(frozen=True)
class Operable:
    """A widget that a person can operate, as the kernel describes it.

    Attributes
    ----------
    id, model, kind, label : str
        The id and the name of its model, its class, what stands on it.
    state : mapping
        The traits that say what can be done.
    gestures : list of dict
        Of another widget what can be done, as it says itself, or as its traits say.
    """

    id: str
    model: str
    kind: str
    label: str
    state: State
    gestures: list[dict[str, Any]]

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Operable:
        """Return a widget as the probe describes it."""
        return cls(**{"gestures": [], **described})

    @property
    def name(self) -> str:
        """What it is, in words."""
        return f"{self.kind} '{self.label}'" if self.label else self.kind


def gestures(widget: Operable) -> Iterator[Gesture]:
    """Yield what a person can do with a widget."""
    if widget.model in CONTROLS:
        yield from CONTROLS[widget.model].gestures(widget.state)
        return
    for gesture in widget.gestures:
        if "set" in gesture:
            yield _set(gesture["says"], widget.state, **gesture["set"])
        else:
            yield _send(gesture["says"], gesture["send"])


def _set(deed: str, state: State, **values: Any) -> Gesture:
    data = {"method": "update", "state": values, "buffer_paths": []}
    return Gesture(deed, data, {name: state[name] for name in values})


def _set_for_good(deed: str, state: State, **values: Any) -> Gesture:
    """Return a gesture that a person cannot take back where nothing was there before."""
    gesture = _set(deed, state, **values)
    return gesture if None not in gesture.back.values() else replace(gesture, back={})


def _send(deed: str, content: Any) -> Gesture:
    return Gesture(deed, {"method": "custom", "content": content}, {})


def _button(_state: State) -> Iterator[Gesture]:
    yield _send("was clicked", {"event": "click"})


def _switch(state: State) -> Iterator[Gesture]:
    on = not state["value"]
    yield _set("was switched on" if on else "was switched off", state, value=on)


def _between(state: State) -> list[float]:
    """Return both ends of a range and its middle, on the grid of its steps."""
    least, most, step = state["min"], state["max"], state.get("step") or 0
    middle = (least + most) / 2
    if step:
        middle = least + round((middle - least) / step) * step
    if isinstance(least, int) and isinstance(most, int):
        middle = round(middle)
    return list(dict.fromkeys((least, middle, most)))


def _number(state: State) -> Iterator[Gesture]:
    # A slider without bounds is no slider, but a bounded text may go to infinity.
    for value in _between(state) if _is_finite(state) else ():
        yield _set(f"was moved to {value:g}", state, value=value)


def _is_finite(state: State) -> bool:
    return math.isfinite(state["min"]) and math.isfinite(state["max"])


def _logarithm(state: State) -> Iterator[Gesture]:
    for exponent in _between(state):
        value = state["base"] ** exponent
        yield _set(f"was moved to {value:g}", state, value=value)


def _range(state: State) -> Iterator[Gesture]:
    points = _between(state)
    for low, high in ((points[0], points[0]), (points[0], points[-1]), (points[-1], points[-1])):
        yield _set(f"was moved to {low:g} to {high:g}", state, value=[low, high])


def _free_number(state: State) -> Iterator[Gesture]:
    for value in (state["value"] + 1, state["value"] - 1):
        yield _set(f"was changed to {value:g}", state, value=value)


def _places(number: int) -> list[int]:
    """Return the places of a list, spread over it if there are many."""
    if number <= MOST_CHOICES:
        return list(range(number))
    step = (number - 1) / (MOST_CHOICES - 1)
    return [round(place * step) for place in range(MOST_CHOICES)]


def _choice(state: State) -> Iterator[Gesture]:
    labels = state["_options_labels"]
    for place in _places(len(labels)):
        yield _set_for_good(f"was set to {labels[place]!r}", state, index=place)


def _choice_slider(state: State) -> Iterator[Gesture]:
    labels = state["_options_labels"]
    for place in dict.fromkeys((0, len(labels) // 2, len(labels) - 1)) if labels else ():
        yield _set_for_good(f"was moved to {labels[place]!r}", state, index=place)


def _choice_range(state: State) -> Iterator[Gesture]:
    labels = state["_options_labels"]
    last = len(labels) - 1
    for low, high in dict.fromkeys(((0, 0), (0, last), (last, last))) if labels else ():
        deed = f"was moved to {labels[low]!r} to {labels[high]!r}"
        yield _set(deed, state, index=[low, high])


def _choices(state: State) -> Iterator[Gesture]:
    labels = state["_options_labels"]
    for place in _places(len(labels)):
        yield _set(f"was set to {labels[place]!r} alone", state, index=[place])
    yield _set("was set to everything", state, index=list(range(len(labels))))
    yield _set("was set to nothing", state, index=[])


def _text(state: State) -> Iterator[Gesture]:
    typed = f"{state['value']}x"
    yield _set(f"was filled with {typed[-40:]!r}", state, value=typed)
    yield _set("was emptied", state, value="")


def _text_or_option(state: State) -> Iterator[Gesture]:
    options = state["options"]
    for place in _places(len(options)):
        yield _set(f"was filled with {options[place]!r}", state, value=options[place])
    if not state["ensure_option"]:
        yield from _text(state)


def _pages(state: State) -> Iterator[Gesture]:
    for place in _places(state["children"]):
        yield _set(f"was opened at page {place + 1}", state, selected_index=place)


def _folds(state: State) -> Iterator[Gesture]:
    yield from _pages(state)
    yield _set("was folded up", state, selected_index=None)


def _color(state: State) -> Iterator[Gesture]:
    for value in ("#ff0000", "#0000ff"):
        if state["value"] != value:
            yield _set(f"was set to {value}", state, value=value)


_DAY = {"year": 2024, "month": 1, "date": 29}  # JavaScript counts months from 0
_TIME = {"hours": 12, "minutes": 30, "seconds": 0, "milliseconds": 0}


def _moment(value: dict[str, int], deed: str) -> Callable[[State], Iterator[Gesture]]:
    def pick(state: State) -> Iterator[Gesture]:
        bounds = [state[end] for end in ("min", "max") if state[end] is not None]
        for bound in bounds:
            yield _set("was set to the end of its range", state, value=bound)
        if not bounds:
            yield _set(deed, state, value=value)

    return pick


@dataclass(frozen=True)
class Control:
    """A kind of control of ipywidgets.

    Attributes
    ----------
    gestures : callable
        Yields what a person can do, from the traits below.
    traits : tuple of str
        What has to be known of it.
    """

    gestures: Callable[[State], Iterator[Gesture]]
    traits: tuple[str, ...] = ()


_BOUNDED = Control(_number, ("value", "min", "max", "step"))
_ONE_OF = Control(_choice, ("index", "_options_labels"))
_ANY_TEXT = Control(_text, ("value",))
_SWITCH = Control(_switch, ("value",))
_BOUNDS = ("value", "min", "max")

CONTROLS: dict[str, Control] = {
    "AccordionModel": Control(_folds, ("selected_index", "children")),
    "BoundedFloatTextModel": _BOUNDED,
    "BoundedIntTextModel": _BOUNDED,
    "ButtonModel": Control(_button),
    "CheckboxModel": _SWITCH,
    "ColorPickerModel": Control(_color, ("value",)),
    "ComboboxModel": Control(_text_or_option, ("value", "options", "ensure_option")),
    "DatePickerModel": Control(_moment(_DAY, "was set to 29 February 2024"), _BOUNDS),
    "DatetimeModel": Control(_moment(_DAY | _TIME, "was set to 29 February 2024"), _BOUNDS),
    "DropdownModel": _ONE_OF,
    "FloatLogSliderModel": Control(_logarithm, ("value", "min", "max", "step", "base")),
    "FloatRangeSliderModel": Control(_range, ("value", "min", "max", "step")),
    "FloatSliderModel": _BOUNDED,
    "FloatTextModel": Control(_free_number, ("value",)),
    "IntRangeSliderModel": Control(_range, ("value", "min", "max", "step")),
    "IntSliderModel": _BOUNDED,
    "IntTextModel": Control(_free_number, ("value",)),
    "NaiveDatetimeModel": Control(_moment(_DAY | _TIME, "was set to 29 February 2024"), _BOUNDS),
    "PasswordModel": _ANY_TEXT,
    "PlayModel": _BOUNDED,
    "RadioButtonsModel": _ONE_OF,
    "SelectModel": _ONE_OF,
    "SelectMultipleModel": Control(_choices, ("index", "_options_labels")),
    "SelectionRangeSliderModel": Control(_choice_range, ("index", "_options_labels")),
    "SelectionSliderModel": Control(_choice_slider, ("index", "_options_labels")),
    "TabModel": Control(_pages, ("selected_index", "children")),
    "TextModel": _ANY_TEXT,
    "TextareaModel": _ANY_TEXT,
    "TimeModel": Control(_moment(_TIME, "was set to 12:30"), _BOUNDS),
    "ToggleButtonModel": _SWITCH,
    "ToggleButtonsModel": _ONE_OF,
}
"""The controls of ipywidgets that a person can operate, by the names of their models."""
