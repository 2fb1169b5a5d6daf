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
SAID = "_without_kernel"
"""The trait in which a widget says what it is here; see CONTRIBUTING.md."""
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
        said = page.traits(one).get(SAID) or {}
        page.traits(one).update(said.get("state", {}))
        if said.get("how") in _HOW:
            _HOW[said["how"]](page, one, [page.note(said["words"])] if "words" in said else [])
    page.state = closure(page.state, shown)
    for one in shown:
        page.disable_rest(one)
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

    def children(self, one: str) -> list[str]:
        return list(_references(self.traits(one).get("children") or []))

    def set_children(self, one: str, children: Iterable[str]) -> None:
        self.traits(one)["children"] = [REFERENCE + child for child in children]

    def replace(self, old: str, *new: str) -> None:
        """Put others where a model stands."""
        for parent in list(self.state):
            children = self.children(parent)
            if old in children:
                place = children.index(old)
                self.set_children(parent, [*children[:place], *new, *children[place + 1 :]])

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


def _left_out(page: _Page, one: str, notes: list[str]) -> None:
    if notes and page.children(one):
        page.set_children(one, notes)
    else:
        page.replace(one, *notes)


def _disabled(page: _Page, one: str, notes: list[str]) -> None:
    page.disable_below(one)
    page.replace(one, one, *notes)


def _as_text(page: _Page, one: str, notes: list[str]) -> None:
    traits = page.traits(one)
    shown = _list(page, traits) if "_options_labels" in traits else _program(page, traits)
    page.replace(one, shown, *notes)


def _list(page: _Page, traits: dict[str, Any]) -> str:
    """Return a new model that lists what can be chosen."""
    items = "".join(f"<li>{html.escape(str(label))}</li>" for label in traits["_options_labels"])
    return page.html(f'<ul class="kit-listed">{items}</ul>')


def _program(page: _Page, traits: dict[str, Any]) -> str:
    """Return a new model that shows a program."""
    label = str(traits.get("label", ""))
    lexer = TextLexer() if label.endswith(".asm") else PythonLexer()
    shown = highlight(str(traits.get("text", "")), lexer, HtmlFormatter(nowrap=True))
    name = html.escape(label or "program")
    return page.html(
        f'<div class="kit-file">{name}</div>'
        f'<pre class="highlight" tabindex="0" role="group" aria-label="{name}">{shown}</pre>',
        "kit-program",
    )


_HOW: dict[str, Callable[[_Page, str, list[str]], None]] = {
    "disabled": _disabled,
    "left out": _left_out,
    "text": _as_text,
}
"""What is made of a widget, by how it says that it is without a kernel."""


def where_a_kernel_is(binder: str) -> str:
    """Return where there is a kernel, as HTML.

    Parameters
    ----------
    binder : str
        An address; empty if there is none.
    """
    if not binder:
        return "open this notebook in JupyterLab"
    return f'<a class="to-binder" href="{html.escape(binder)}">open this lesson on Binder</a>'
