"""The prediction: a question answered before the run is played."""

from __future__ import annotations

from typing import Any

import anywidget
import ipywidgets
import traitlets

from kit.errors import require
from kit.quiz import Question, ask
from kit.trace import Trace
from kit.widgets.described import described
from kit.widgets.lifetimes import owned_by_cell
from kit.widgets.module import STATIC, module
from kit.widgets.player import Player
from kit.widgets.view import check_player, check_trace, refuse_unknown


class Predict(anywidget.AnyWidget):
    """A question with choices, checked in the browser, with feedback to every answer.

    Parameters
    ----------
    question : Question
    player : Player, optional
        Moved to the moment that shows the answer when a person asks for it.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    question : Question
    chosen : int
        Place of the choice last checked; -1 before.
    correct : bool
        Whether that choice is right; default False.
    tries : int
        How many choices have been checked; default 0.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    _esm = module("dom.js", "predict.js")
    _css = STATIC / "predict.css"

    prompt = traitlets.Unicode("").tag(sync=True)
    choices: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    tick = traitlets.Int(0).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    correct = traitlets.Bool(False).tag(sync=True)
    tries = traitlets.Int(0).tag(sync=True)
    player = traitlets.Instance(Player, allow_none=True).tag(
        sync=True, **ipywidgets.widget_serialization
    )

    def __init__(self, question: Question, *, player: Player | None = None, **traits: Any) -> None:
        require(
            isinstance(question, Question),
            f"Predict: the question is {type(question).__name__}; "
            "write Predict.from_trace(trace, kind='final_value', name='count')",
        )
        require(
            player is None or isinstance(player, Player),
            f"Predict: the player is {type(player).__name__}; give stage.player",
        )
        refuse_unknown("Predict", traits, ("player", "layout"))
        self.question = question
        super().__init__(
            prompt=question.prompt,
            choices=[
                {"text": choice.text, "correct": choice.correct, "feedback": choice.feedback}
                for choice in question.choices
            ],
            tick=question.tick,
            player=player,
            **traits,
        )
        owned_by_cell(self)

    @classmethod
    def from_trace(
        cls, trace: Trace, *, kind: str, player: Player | None = None, **details: Any
    ) -> Predict:
        """Make a prediction from a trace.

        Parameters
        ----------
        trace : Trace
        kind : str
            A name of `kit.quiz.KINDS`: "final_value", "next_thread".
        player : Player, optional
            Of the same trace.
        **details
            The arguments of that kind, such as ``name="count"`` or ``at=12``.
        """
        check_trace("Predict.from_trace", trace)
        check_player("Predict.from_trace", trace, player)
        return cls(ask(trace, kind, **details), player=player)

    def close(self) -> None:
        """Take it off the page; its player stays."""
        if self.comm is not None:
            self.layout.close()
            super().close()

    @property
    def speaker(self) -> Predict:
        """Who knows in the page whether it is still shown: itself."""
        return self

    def __repr__(self) -> str:
        texts = ", ".join(choice.text for choice in self.question.choices)
        return f"<Predict: {self.question.prompt} {texts}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return described(super()._repr_mimebundle_(**kwargs), repr(self))
