"""A curtain before what an open question asks about, where no player can be stopped."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import living_widgets
from kit.widgets.base.widget import ScriptWidget
from kit.widgets.pictures import holding


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
        holding.watch(self)

    @property
    def drawn(self) -> bool:
        """Whether a question about what is behind it is open."""
        return any(not getattr(question, "tries", 1) for question in self.questions)

    def wait_for(self, question: object) -> None:
        """Hide what is behind this curtain, if a question asks about it.

        Parameters
        ----------
        question : object
            Such as `Predict`.
        """
        asks = getattr(question, "explored", None) is self.about
        if asks and isinstance(question, ipywidgets.Widget):
            self.questions = [*self.questions, question]

    def go_on(self, question: object) -> None:
        """Do nothing: the page itself shows what is there when its questions have been answered.

        Parameters
        ----------
        question : object
            Such as `Predict`.
        """

    def __repr__(self) -> str:
        return f"<Curtain: {'drawn' if self.drawn else 'open'}>"
