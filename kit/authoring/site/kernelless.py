"""The widgets of a page as they are without a kernel.

What works without one stays as it is. Controls that would do nothing are taken away or
disabled, and a sentence says what they need and where that can be had.
"""

from __future__ import annotations

import copy
import html
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, TextLexer

State = dict[str, dict[str, Any]]
"""Models by their ids, as a notebook keeps them."""

REFERENCE = "IPY_MODEL_"
CONTROLS = "@jupyter-widgets/controls"
CODE_AREA = "kit.widgets.runs.code_area.CodeArea"
STATUS = "kit.widgets.runs.run_status.RunStatus"
SHEET = "kit.widgets.answers.exercise_sheet.ExerciseSheet"
ANSWERS = "kit.widgets.answers.answers.Answers"
SHARED = ("_esm", "_css")
"""Traits with texts that all widgets of a class have in common."""


def closure(state: State, ids: Iterable[str]) -> State:
    """Return the models with these ids and all that they refer to, in the order of `state`."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        one = waiting.pop()
        if one in state and one not in found:
            found.add(one)
            waiting.extend(_references(state[one]["state"]))
    return {one: model for one, model in state.items() if one in found}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(REFERENCE):
            yield value.removeprefix(REFERENCE)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def share_texts(state: State, texts: dict[str, str]) -> None:
    """Take out of a state what all widgets of a class share, and put names in its place.

    Parameters
    ----------
    state : dict
        Changed in place.
    texts : dict of str to str
        The texts by their names; what is new is added.
    """
    names = {text: name for name, text in texts.items()}
    for model in state.values():
        traits = model["state"]
        for trait in SHARED:
            text = traits.get(trait)
            if text:
                if text not in names:
                    names[text] = f"{traits.get('_anywidget_id', '')}{trait}:{len(names)}"
                    texts[names[text]] = text
                traits[trait] = names[text]


def without_kernel(state: State, shown: Iterable[str], where: str) -> State:
    """Return the models of a page in which nothing waits for a kernel.

    Parameters
    ----------
    state : dict
        It stays as it is.
    shown : iterable of str
        Ids of the models that the page shows.
    where : str
        HTML that says where there is a kernel: "open it in JupyterLab".
    """
    shown = list(shown)
    page = _Page(copy.deepcopy(closure(state, shown)), where)
    for one in list(page.state):
        for name in page.classes(one):
            if name in _DEEDS:
                _DEEDS[name](page, one)
    page.state = closure(page.state, shown)
    for one in shown:
        page.disable_rest(one)
        if page.traits(one).get("_anywidget_id") == ANSWERS:
            page.traits(one).update(_ANSWERS_AT_FIRST)
    return page.state


class _Page:
    """The models of a page while they are being changed."""

    def __init__(self, state: State, where: str) -> None:
        self.state = state
        self.where = where
        self._made = 0

    def traits(self, one: str) -> dict[str, Any]:
        traits: dict[str, Any] = self.state[one]["state"]
        return traits

    def classes(self, one: str) -> list[str]:
        return list(self.traits(one).get("_dom_classes") or ())

    def children(self, one: str) -> list[str]:
        return list(_references(self.traits(one).get("children") or []))

    def set_children(self, one: str, children: Iterable[str]) -> None:
        self.traits(one)["children"] = [REFERENCE + child for child in children]

    def replace(self, parent: str, old: str, new: str) -> None:
        self.set_children(parent, [new if one == old else one for one in self.children(parent)])

    def note(self, what: str) -> str:
        """Return a new model that says what needs a kernel."""
        text = f"<p>{html.escape(what)}: {self.where}.</p>"
        return self.html(text, "kit-needs-kernel")

    def html(self, value: str, *classes: str) -> str:
        """Return a new model that shows HTML."""
        self._made += 1
        name = f"site-{self._made}"
        layout, style = f"{name}-layout", f"{name}-style"
        self.state[layout] = _model("@jupyter-widgets/base", "Layout", {})
        self.state[style] = _model(CONTROLS, "HTMLStyle", {})
        traits = {
            "value": value,
            "_dom_classes": list(classes),
            "layout": REFERENCE + layout,
            "style": REFERENCE + style,
        }
        self.state[name] = _model(CONTROLS, "HTML", traits)
        return name

    def is_control(self, one: str) -> bool:
        """Tell whether it is a control of ipywidgets that only tells a kernel."""
        model = self.state[one]
        return model["model_module"] == CONTROLS and "disabled" in model["state"]

    def disable_below(self, one: str) -> bool:
        """Disable all controls that a model consists of, and return whether there was one."""
        found = False
        for inner in closure(self.state, [one]):
            if self.is_control(inner) and not self.traits(inner)["disabled"]:
                self.traits(inner)["disabled"] = found = True
        return found

    def disable_rest(self, one: str) -> None:
        """Disable the controls of a widget of which nothing special is known."""
        box = self.state[one]["model_name"] in ("VBoxModel", "BoxModel")
        if self.disable_below(one) and box:
            self.set_children(one, [*self.children(one), self.note("These controls need a kernel")])


def _model(module: str, name: str, traits: dict[str, Any]) -> dict[str, Any]:
    version = "2.0.0"
    style = name in ("Layout", "HTMLStyle")
    known = {
        "_model_module": module,
        "_model_module_version": version,
        "_model_name": f"{name}Model",
        "_view_module": "@jupyter-widgets/base" if style else module,
        "_view_module_version": version,
        "_view_name": f"{'Style' if name == 'HTMLStyle' else name}View",
    }
    return {
        "model_module": module,
        "model_module_version": version,
        "model_name": f"{name}Model",
        "state": known | traits,
    }


def _branching(page: _Page, one: str) -> None:
    page.set_children(
        one, [page.note("“What if …” runs on from this moment, for which it needs a kernel")]
    )


def _sandbox(page: _Page, one: str) -> None:
    controls, *rest = page.children(one)
    page.disable_below(controls)
    page.set_children(one, [controls, page.note("Another run needs a kernel"), *rest])


def _editor(page: _Page, one: str) -> None:
    exercise = "kit-exercise" in page.classes(one)
    what = "Changing, running and checking this program" if exercise else "Changing this program"
    children = []
    for child in page.children(one):
        kind = page.traits(child).get("_anywidget_id")
        if kind == CODE_AREA:
            children += [_program(page, child), page.note(f"{what} needs a kernel")]
        elif page.state[child]["model_name"] != "CheckboxModel" and kind != STATUS:
            children.append(child)
        if kind == SHEET:
            page.traits(child)["access"] = "none"
    page.set_children(one, children)


def _program(page: _Page, area: str) -> str:
    """Return a new model that shows the text of a code area."""
    traits = page.traits(area)
    label = str(traits.get("label", ""))
    lexer = TextLexer() if label.endswith(".asm") else PythonLexer()
    shown = highlight(str(traits.get("text", "")), lexer, HtmlFormatter(nowrap=True))
    name = html.escape(label or "program")
    return page.html(
        f'<div class="kit-file">{name}</div>'
        f'<pre class="highlight" tabindex="0" role="group" aria-label="{name}">{shown}</pre>',
        "kit-program",
    )


def _outcomes(page: _Page, one: str) -> None:
    for child in page.children(one):
        if "kit-form" in page.classes(child):
            first = page.children(child)[0]
            labels = page.traits(first).get("_options_labels") or ()
            items = "".join(f"<li>{html.escape(str(label))}</li>" for label in labels)
            listed = page.html(f'<ul class="kit-listed">{items}</ul>')
            page.set_children(child, [listed, page.note("Playing another of them needs a kernel")])
        elif page.state[child]["model_name"] == "FigureModel":
            for mark in _references(page.traits(child).get("marks") or []):
                page.traits(mark)["interactions"] = {}


_DEEDS: dict[str, Callable[[_Page, str], None]] = {
    "kit-branching": _branching,
    "kit-sandbox": _sandbox,
    "kit-editor": _editor,
    "kit-outcomes": _outcomes,
}
"""What is done to widgets, by their class in the page."""
# The kernel that made it kept none; the page tells where they are kept.
_ANSWERS_AT_FIRST = {"place": "", "problem": "", "content": ""}
