"""What all widgets of the kit share: their words, and what they say of themselves.

What a widget says of itself is a contract that any widget can keep, see CONTRIBUTING.md: whoever
checks or publishes a notebook reads it without knowing the class.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from kit.errors import ArgumentError, nearest
from kit.widgets.base.assets import style
from kit.widgets.base.described import described
from kit.widgets.base.own_cell import InItsCell

Gesture = dict[str, Any]
"""``{"says": "was run", "send": {"do": "run"}}``, or with "set" the traits that a page sets."""

SAID = "_without_kernel"
"""The trait in which a widget says what it is on a page without a kernel."""


class Described(InItsCell):
    """Stands before a class of widgets that say what they are."""

    folds = False
    """Whether its words are folded away where HTML can be shown."""

    @property
    def in_words(self) -> str:
        """What it shows, for readers of a stored notebook, where no widget can be shown."""
        return repr(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        shown = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        return described(shown, self.in_words, fold=self.folds)


class ScriptWidget(Described, anywidget.AnyWidget):
    """A widget with JavaScript of its own."""

    @property
    def release_channel(self) -> ipywidgets.Widget:
        """What reports that it is no longer shown: itself."""
        return self

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it now: nothing of which Python would hear."""
        return []

    def _kit_shows_(self) -> Iterable[ipywidgets.Widget]:
        """Return the widgets that are seen in it: what it drives stands elsewhere."""
        return ()


def say_without_kernel(widget: ipywidgets.Widget, **said: object) -> None:
    """Let a widget of another library say what it is on a page without a kernel.

    Those of the kit have the synced trait `SAID` of their class.
    """
    widget.add_traits(**{SAID: traitlets.Dict(default_value=said).tag(sync=True)})


def say_exercise(widget: ScriptWidget, key: str) -> None:
    """Let a widget of the kit say to which exercise it belongs, for a page that keeps answers."""
    widget.set_trait(SAID, {**getattr(widget, SAID), "exercise": key})


def style_sheet(*names: str) -> ipywidgets.HTML:
    """Return files of the kit's styles as a part of a box, which has no style sheet of its own."""
    sheet = ipywidgets.HTML(f"<style>{style(*names)}</style>")
    sheet.layout.display = "contents"
    return sheet


def refuse_unknown(widget: ipywidgets.Widget, given: dict[str, Any], *more: str) -> None:
    """Raise `ArgumentError` for a keyword argument that the class of a widget does not have.

    Parameters
    ----------
    widget : Widget
    given : dict of str to object
        What was given and has no parameter of its own.
    *more : str
        What else there is besides those parameters; ``layout`` if nothing is given.
    """
    parameters = inspect.signature(type(widget).__init__).parameters.values()
    own = (one.name for one in parameters if one.kind is one.KEYWORD_ONLY)
    known = (*own, *(more or ("layout",)))
    for name in given:
        if name not in known:
            who = type(widget).__name__
            raise ArgumentError(f"{who} has no argument '{name}'; {nearest(name, known)}")
