"""A curtain before what an open question asks about, where no player can be stopped."""

from __future__ import annotations

import weakref
from typing import Any, Protocol

import ipywidgets
import traitlets

from kit.answering import notebook
from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import living_widgets
from kit.widgets.base.widget import ScriptWidget

_curtains: weakref.WeakSet[Curtain] = weakref.WeakSet()
"""All curtains of this kernel."""


class AskingOfAll(Protocol):
    """A question about every schedule, as curtains know it: `Predict`."""

    explored: object
    tries: int


class Curtain(ScriptWidget):
    """Hides the other parts of its box until the questions about them have been answered.

    Parameters
    ----------
    about : object
        What is shown there: the very thing that the questions were made from.

    Attributes
    ----------
    questions : tuple of Widget
        Those that are open, or were when they were asked.
    """

    _esm = module("dom.js", "curtain.js")
    _css = style("curtain.css")

    questions: traitlets.List[ipywidgets.Widget] = traitlets.List().tag(sync=True, **living_widgets)

    def __init__(self, about: object, **traits: Any) -> None:
        super().__init__(**traits)
        self.about = about
        for item in notebook.known():
            self.draw_for(item)
        _curtains.add(self)

    @property
    def drawn(self) -> bool:
        """Whether a question about what is behind it is open."""
        return any(not getattr(question, "tries", 1) for question in self.questions)

    def draw_for(self, item: object) -> None:
        """Wait for a question, if it asks about what is behind this curtain."""
        if getattr(item, "explored", None) is self.about and isinstance(item, ipywidgets.Widget):
            self.questions = [*self.questions, item]

    def __repr__(self) -> str:
        return f"<Curtain: {'drawn' if self.drawn else 'open'}>"


def draw_all(question: AskingOfAll) -> None:
    """Draw every curtain before what a question asks about."""
    for curtain in list(_curtains):
        if curtain.comm is not None:
            curtain.draw_for(question)
