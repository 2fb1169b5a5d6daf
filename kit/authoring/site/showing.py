"""What the widgets of a page are to its reader: what is asked, and what is shown."""

from __future__ import annotations

from kit.authoring.site.kernelless import SAID, State, closure


def asked_of(state: State) -> int:
    """Return how much a page asks for, as its answers are counted."""
    told = [model["state"] for model in state.values()]
    said = [(traits, traits.get(SAID) or {}) for traits in told]
    roles = ("question", "explanation")
    questions = {traits["key"] for traits, one in said if one.get("role") in roles}
    return len(questions | {one["exercise"] for _, one in said if one.get("exercise")})


def kind_of(state: State, one: str) -> str:
    """Return what a widget is to somebody who looks for it on the page."""
    known = state.get(one, {"state": {}})["state"]
    said = known.get(SAID) or {}
    inner = closure(state, [one]).values()
    if any((model["state"].get(SAID) or {}).get("exercise") for model in inner):
        return "exercise"
    if said.get("role") == "question":
        return "question"
    return "picture" if one in state and shows_stage(state, one) else ""


def shows_stage(state: State, one: str) -> bool:
    """Tell whether a widget is a stage or has one in it, so that a link can lead to its ticks."""
    inner = closure(state, [one]).values() if state[one]["state"].get("children") else ()
    return any("kit-stage" in (model["state"].get("_dom_classes") or ()) for model in inner)
