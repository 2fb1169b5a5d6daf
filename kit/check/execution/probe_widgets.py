"""What looks at the widgets inside a kernel; the text of this file is sent there after `probe.py`.

Both become one module, so that what is imported from there is there already.
"""

# ruff: noqa: SLF001 - what a page would know of a widget stands in private places here

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.check.execution.probe import Description, described

SIMPLE = (bool, int, float, str)
_broken: dict[str, tuple[str, Exception]] = {}


def _widgets() -> dict[str, Any]:
    """Return the live widgets by their model ids, in the order in which they were made."""
    module = sys.modules.get("ipywidgets.widgets.widget")
    return {} if module is None else dict(vars(module)["_instances"])


def _says(method: str, widget: Any) -> Any:
    """Return what a widget says of itself; None if it says nothing of that, or says it wrong."""
    says = getattr(type(widget), method, None)
    try:
        said = None if says is None else says(widget)
        return None if said is None else _FORMS[method](widget, said)
    except Exception as error:  # noqa: BLE001 - of a notebook's own class; it is told
        _broken[widget.model_id] = method, error
        return None


def _gestures(widget: Any, said: Any) -> list[Description]:
    gestures = list(said)
    for one in gestures:
        if not (isinstance(one, dict) and "says" in one and one.keys() & {"send", "set"}):
            raise TypeError(f"{one!r} is no dict with 'says', and 'send' or 'set'")
        for name in one.get("set", ()):
            getattr(widget, name)
    json.dumps(gestures)
    return gestures


def _question(_widget: Any, said: Any) -> Description:
    known = said if isinstance(said, dict) else {}
    if not all(isinstance(known.get(name), str) for name in ("key", "kind", "prompt")):
        raise TypeError(f"{said!r} is no dict with texts as 'key', 'kind' and 'prompt'")
    if "choices" in known and "right" not in known:
        raise TypeError(f"{said!r} has 'choices' and not which are 'right'")
    json.dumps(known)
    return known


def _failure(_widget: Any, said: Any) -> BaseException:
    if not isinstance(said, BaseException):
        raise TypeError(f"{said!r} is no exception")
    return said


def _shown(_widget: Any, said: Any) -> list[Any]:
    return list(said)


_FORMS: dict[str, Callable[[Any, Any], Any]] = {
    "_kit_asks_": _question,
    "_kit_failure_": _failure,
    "_kit_gestures_": _gestures,
    "_kit_shows_": _shown,
}
"""What checks the form of what a widget says, by the method in which it says it."""


def failed_runs() -> list[Description]:
    """Return the errors that widgets show in words, and those in what they say of themselves.

    Nobody at the page can mend either of them.
    """
    found = []
    for key, widget in _widgets().items():
        error, asked = _says("_kit_failure_", widget), ""
        if error is None and key in _broken:
            asked, error = _broken[key]
        if error is not None:
            kind = type(widget).__name__
            found.append({"id": key, "kind": kind, "asked": asked} | described(error))
    return found


def operable(wanted: dict[str, list[str]]) -> list[Description]:
    """Return what a person at the page could operate now.

    Parameters
    ----------
    wanted : dict of str to list of str
        For each model of the controls of ipywidgets the traits to tell.
    """
    widgets = _widgets()
    parents: dict[int, list[Any]] = {}
    for one in widgets.values():
        if one.has_trait("children"):
            for child in one.children:
                parents.setdefault(id(child), []).append(one)
    found = []
    for key, one in widgets.items():
        names = wanted.get(str(one._model_name))
        if names is None and not (one.has_trait("_esm") or hasattr(one, "_kit_gestures_")):
            continue
        if getattr(one, "disabled", False) or _is_hidden(one, parents):
            continue
        described = _own(one) if names is None else _control(one, names)
        if described:
            described |= {"id": key, "model": str(one._model_name), "kind": type(one).__name__}
            label = ("label", "title") if names is None else ("description", "tooltip", "icon")
            found.append(described | {"label": _label(one, label)})
    return found


def _label(widget: Any, names: tuple[str, ...]) -> str:
    """Return what a person reads on a widget or beside it."""
    for name in names:
        text = getattr(widget, name) if widget.has_trait(name) else None
        if isinstance(text, str) and text.strip("\u200b \n"):
            return re.sub(r"<[^>]*>", "", text).strip()[:60]
    return ""


def _is_hidden(widget: Any, parents: dict[int, list[Any]], depth: int = 0) -> bool:
    layout = getattr(widget, "layout", None)
    if getattr(layout, "display", None) == "none":
        return True
    if getattr(layout, "visibility", None) == "hidden" or depth > 50:
        return True
    above = parents.get(id(widget), [])
    return bool(above) and all(_is_hidden(one, parents, depth + 1) for one in above)


def _control(widget: Any, names: list[str]) -> Description:
    state = widget.get_state([name for name in names if name in widget.keys])
    if "children" in state:
        state["children"] = len(widget.children)
    return {"state": state}


def _own(widget: Any) -> Description:
    """Return what a person can do with a widget that is no control of ipywidgets.

    One that does not say it is known by its traits: those that its JavaScript sets, and to which
    somebody in Python listens.
    """
    gestures = _says("_kit_gestures_", widget)
    if gestures is None:
        script = str(getattr(widget, "_esm", ""))
        names = [name for name in _observed(widget) if re.search(rf"\b{re.escape(name)}\b", script)]
        gestures = [
            {"says": f"had its {name} set to {value!r}", "set": {name: value}}
            for name in (names if ".set(" in script else ())
            for value in _other_values(widget, name)
        ]
    changed = {name for one in gestures for name in one.get("set", ())}
    state = {name: getattr(widget, name) for name in sorted(changed)}
    return {"state": state, "gestures": gestures} if gestures else {}


def _observed(widget: Any) -> Iterator[str]:
    """Yield the synced traits that somebody in Python observes."""
    notifiers = widget._trait_notifiers  # by the name of the trait, or traitlets.All
    everything = any(
        any(kinds.values()) for n, kinds in notifiers.items() if not isinstance(n, str)
    )
    for name in widget.keys:
        if not name.startswith("_") and (everything or any(notifiers.get(name, {}).values())):
            yield name


def _other_values(widget: Any, name: str) -> list[Any]:
    """Return what a trait could be instead, as far as the widget itself accepts it."""
    trait, value = widget.traits()[name], getattr(widget, name)
    possible, all_of_them = _possible(trait, value)
    accepted = [one for one in possible if one != value and _accepts(widget, trait, one)]
    return accepted if all_of_them else accepted[:1]


def _possible(trait: Any, value: Any) -> tuple[list[Any], bool]:
    """Return values of the kind that a trait holds, and whether each of them is worth a try."""
    kinds = {kind.__name__ for kind in type(trait).__mro__}
    if "Bool" in kinds:
        return [not value], True
    if "Enum" in kinds:
        return [one for one in trait.values or () if isinstance(one, SIMPLE)], True
    if not kinds & {"Int", "Float"}:
        return [], True
    ends = [end for end in (trait.min, trait.max) if end is not None and math.isfinite(end)]
    if len(ends) == 2:
        middle = (ends[0] + ends[1]) / 2
        return [*ends, middle if "Float" in kinds else int(middle)], True
    if ends:
        return ends, True
    return ([value + 1, value - 1] if isinstance(value, int | float) else [0]), False


def _accepts(widget: Any, trait: Any, value: Any) -> bool:
    try:
        trait._validate(widget, value)
    except Exception:  # noqa: BLE001 - whatever a validator raises, the page could not have sent it
        return False
    return True


def _asking() -> Iterator[tuple[str, Any, Description]]:
    """Yield the widgets that ask something: id, widget, and what it says it asks."""
    for key, widget in _widgets().items():
        asks = _says("_kit_asks_", widget)
        if asks is not None:
            yield key, widget, asks


def asks() -> list[Description]:
    """Return what this notebook asks; of what is asked twice the last one counts."""
    return list({asks["key"]: asks for _, _, asks in _asking()}.values())


def judge(key: str, text: str) -> Description:
    """Return what becomes of a program as an answer: whether it passes, and what is wrong."""
    widget = {asks["key"]: widget for _, widget, asks in _asking()}[key]
    judgement = widget.judge(text)
    return {"passed": bool(judgement.passed), "messages": list(map(str, judgement.messages))}


def predictions() -> list[Description]:
    """Return the questions that are on the page, with their choices and the right ones."""
    return [{"id": key, "form": "one", **asks} for key, _, asks in _asking() if "choices" in asks]


def exercises() -> list[Description]:
    """Return the exercises that are on the page, with what is wrong with each of them."""
    return [
        {
            "id": key,
            "prompt": asks["prompt"][:60],
            "wrong": [[flaw.text, flaw.remedy] for flaw in widget.flaws()],
        }
        for key, widget, asks in _asking()
        if hasattr(widget, "flaws")
    ]


def asked(shown: list[str]) -> list[Description]:
    """Return what is asked, and whether somebody can see it.

    Parameters
    ----------
    shown : list of str
        The model ids of what was displayed.

    Returns
    -------
    list of dict
        For each ``id``, ``what``, ``key``, ``prompt``, ``seen``, ``player``, the id of the player
        it waits for or "", and ``playable``, whether that can be seen, or a view of it.
    """
    seen = _reached(shown)
    return [
        {
            "id": key,
            "what": type(widget).__name__,
            "key": asks["key"],
            "prompt": asks["prompt"],
            "seen": key in seen,
            "player": needs[0] if needs else "",
            "playable": not needs or any(one in seen for one in needs),
        }
        for key, widget, asks in list(_asking())
        for needs in [asks.get("needs")]
    ]


def _reached(shown: list[str]) -> set[str]:
    """Return the ids of widgets that were displayed, and of all that is seen in them."""
    widgets = _widgets()
    waiting = [widgets[key] for key in shown if key in widgets]
    seen: set[str] = set()
    while waiting:
        widget = waiting.pop()
        if widget.comm is None or widget.model_id in seen:
            continue
        seen.add(widget.model_id)
        shows = _says("_kit_shows_", widget)
        # One that does not say it may keep its parts under any name.
        within = [getattr(widget, name) for name in widget.keys] if shows is None else shows
        waiting.extend(_parts(within))
    return seen


def _parts(value: Any) -> Iterator[Any]:
    """Yield the widgets that a value holds."""
    if isinstance(value, sys.modules["ipywidgets.widgets.widget"].Widget):
        yield value
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _parts(one)


ABOUT_WIDGETS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (asked, asks, exercises, failed_runs, judge, operable, predictions)
}
"""What can be asked, besides what `probe.py` has."""
