"""The prediction: a question answered before the run is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import traitlets

from kit.answering.answerable import Answer, is_whole
from kit.answering.choosing import can_be_chosen, tried
from kit.answering.judging import Judgement
from kit.answering.notebook import register
from kit.errors import explain_arguments, require
from kit.explore import ExplorationResult
from kit.quiz import Question, ask
from kit.quiz.misconceptions import name_of
from kit.quiz.question import IN_PICTURE, ONE, ORDER
from kit.trace import Trace
from kit.widgets.answers.picture_places import PicturePlaces
from kit.widgets.answers.predict_arguments import run_of, shared
from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import living_widgets
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import Gesture, ScriptWidget, refuse_unknown
from kit.widgets.pictures import holding
from kit.widgets.pictures.holding import Withheld
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.view import check_player, check_trace

TAKEN_FROM_THE_PAGE = ("chosen", "tries")
"""What a page may say of a question; whether an answer is right is computed here."""


class Predict(ScriptWidget):
    """A question about a run, checked in the browser, with feedback to every answer.

    Until it has been answered once, rightly or wrongly, every player that shows this run stops
    at ``question.at``, the last moment at which the answer cannot be seen yet.

    Parameters
    ----------
    question : Question
    player : Player, optional
        Shows the run; moved to the moment that shows the answer, or shows why a
        wrong one is wrong, when a person asks for it.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    question : Question
    explored : ExplorationResult or None
        Of a question about every schedule; `Outcomes` shows it when there is an answer.
    key, kind, prompt : str
        Those of the question.
    chosen : list of int
        Places of the choices last checked, of an order in that order; [] before.
    correct : bool
        Whether that is right; default False.
    tries : int
        How many answers have been checked; default 0.
    unsaved : str
        Why the last answer is not in the file of answers, in words; empty if it is.
    on_answer : list of callable
        Called with this widget after each check.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    _esm = module(
        "dom.js",
        "connection.js",
        "evaluation.js",
        "answer_forms.js",
        "picture_choice.js",
        "predict.js",
    )
    _css = style("card.css", "predict.css", "buttons.css", "lost.css")
    _without_kernel = traitlets.Dict({"role": "question"}).tag(sync=True)

    key = traitlets.Unicode("").tag(sync=True)
    kind = traitlets.Unicode("").tag(sync=True)
    prompt = traitlets.Unicode("").tag(sync=True)
    form = traitlets.Unicode(ONE).tag(sync=True)
    choices: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    order: traitlets.List[int] = traitlets.List(traitlets.Int()).tag(sync=True)
    why = traitlets.Unicode("").tag(sync=True)
    tick = traitlets.Int(0).tag(sync=True)
    at = traitlets.Int(None, allow_none=True).tag(sync=True)
    chosen: traitlets.List[int] = traitlets.List(traitlets.Int()).tag(sync=True)
    correct = traitlets.Bool(False).tag(sync=True)
    tries = traitlets.Int(0, min=0).tag(sync=True)
    unsaved = traitlets.Unicode("").tag(sync=True)
    player = traitlets.Instance(Player, allow_none=True).tag(sync=True, **living_widgets)
    places: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True, **living_widgets)

    @explain_arguments
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
        refuse_unknown(self, traits)
        self.question = question
        self.on_answer: list[Callable[[Predict], object]] = []
        self._restoring = False
        self._trace = run_of(question, player)
        self.explored: ExplorationResult | None = None
        self._about: tuple[str, ...] = ()
        self._pictures: PicturePlaces | None = None
        super().__init__(
            key=question.key,
            kind=question.kind,
            prompt=question.prompt,
            form=question.form,
            choices=[shared(choice) for choice in question.choices],
            order=list(question.order),
            why=question.why,
            tick=question.tick,
            at=question.at,
            player=player,
            **traits,
        )
        owned_by_cell(self)
        register(self)
        self._hold_players()

    @property
    def withheld(self) -> Withheld | None:
        """What must not be seen before it is answered; None if nothing."""
        run = self.question.run or (self._trace.digest if self._trace else "")
        if self.at is None or self.tries or not run:
            return None
        return Withheld(self.at, run, self._trace)

    def _hold_players(self) -> None:
        """Stop players at the question, and offer the segments of the pictures."""
        holding.hold_all(self)
        if self.player is None or self.at is None:
            return
        self.player.observe(self._another_run, "trace")
        if self.form == IN_PICTURE:
            self._pictures = PicturePlaces(self.question, self.player, self._show_places)

    def _show_places(self, places: list[dict[str, Any]]) -> None:
        self.places = places

    def _another_run(self, _change: dict[str, Any]) -> None:
        """Forget the run: a question that does not name it is about what its player showed."""
        if not self.question.run:
            self._let_players_go()
            self._trace = None

    def _let_players_go(self) -> None:
        holding.release_all(self)

    @classmethod
    @explain_arguments
    def from_trace(
        cls,
        trace: Trace | ExplorationResult,
        *,
        kind: str,
        player: Player | None = None,
        **details: Any,
    ) -> Predict:
        """Make a prediction from a trace.

        Parameters
        ----------
        trace : Trace or ExplorationResult
            What `explore` returned, for the kind "possible_values".
        kind : str
            A name of `kit.quiz.KINDS`, such as "final_value" or "next_thread".
        player : Player, optional
            Of the same trace.
        **details
            The arguments of that kind, such as ``name="count"`` or ``at=12``.
        """
        if isinstance(trace, ExplorationResult):
            require(
                player is None,
                "Predict.from_trace: a question about every schedule is about no single run; "
                "leave player out",
            )
        else:
            check_trace("Predict.from_trace", trace)
            check_player("Predict.from_trace", trace, player)
        made = cls(ask(trace, kind, **details), player=player)
        made._about = _names(kind, details)
        if isinstance(trace, Trace) and made._trace is None:
            made._trace = trace
            holding.hold_all(made)
        if isinstance(trace, ExplorationResult):
            made.explored = trace
            holding.hold_all(made)
        return made

    def answer(self, *places: int) -> bool:
        """Check an answer, as a person does at the page; return whether it is right.

        Parameters
        ----------
        *places : int
            Of the choices, counted from 0; of an order all, as they should stand.

        Raises
        ------
        ArgumentError
            If that cannot be an answer.
        """
        require(len(places) > 0, f"Predict: no place was given; choose among {self._texts}")
        self._require_possible(places)
        with self.hold_trait_notifications():
            self.chosen, self.tries = list(places), self.tries + 1
        return bool(self.correct)

    @property
    def given(self) -> tuple[int, ...]:
        """The places of the choices last checked."""
        return tuple(self.chosen)

    def judge(self, answer: Answer) -> Judgement:
        """Return whether an answer is right, and what to tell who gave it.

        Parameters
        ----------
        answer : sequence of int
            Places of choices.
        """
        if not answer or isinstance(answer, str) or not can_be_chosen(self.question, answer):
            return Judgement(False, "That cannot be an answer.")
        told = self.question.feedback(answer)
        return Judgement(told.correct, told.text)

    def score(self) -> float:
        """Return 1.0 if the last answer is right, however many came before, else 0.0."""
        return 1.0 if self.question.is_right(self.chosen) else 0.0

    def record(self) -> dict[str, Any]:
        """Return what there is to keep of the last answer, as JSON has it."""
        return {
            "kind": self.kind,
            "prompt": self.prompt,
            "choice": [self.question.choices[place].text for place in self.chosen],
            "chosen": list(self.chosen),
            "tries": self.tries,
            "seed": None if self.player is None else self.player.trace.settings.seed,
        }

    def restore(self, record: Mapping[str, Any]) -> bool:
        """Show an answer that was kept, without counting it as another try.

        Parameters
        ----------
        record : mapping
            What `record` returned.

        Returns
        -------
        bool
            Whether it is an answer to this question; if not, nothing has changed.
        """
        given: object = record
        kept = given if isinstance(given, Mapping) else {}
        chosen, tries = kept.get("chosen"), kept.get("tries")
        if not is_whole(tries) or not chosen or not can_be_chosen(self.question, chosen):
            return False
        self._restoring = True
        try:
            with self.hold_trait_notifications():
                self.chosen, self.tries = list(chosen), max(1, tries)
        finally:
            self._restoring = False
        self._let_players_go()
        return True

    def _kit_gestures_(self) -> list[Gesture]:
        """Return every kind of answer that a person can give: wrong ones, the right one last."""
        found = []
        for chosen in tried(self.question):
            numbers = ", ".join(str(place + 1) for place in chosen)
            says = f"was answered with choice{'s' if len(chosen) > 1 else ''} {numbers}"
            correct = self.question.is_right(chosen)
            given = {"chosen": chosen, "correct": correct, "tries": self.tries + 1}
            found.append({"says": says, "set": given})
        return found

    def _kit_asks_(self) -> dict[str, Any]:
        """Return what is asked, what is right, and whom it waits for to be seen."""
        question, player = self.question, self.player
        ideas = {name_of(one.misconception) for one in question.choices if one.misconception}
        right = [place for place, choice in enumerate(self.choices) if choice["correct"]]
        offered = () if question.form == ORDER else question.choices
        wrong = [name_of(one.misconception) for one in offered if not one.correct]
        views = [] if player is None or player.comm is None else [player, *player.views.values()]
        return {
            "key": self.key,
            "kind": self.kind,
            "prompt": self.prompt,
            "form": self.form,
            "choices": [choice["text"] for choice in self.choices],
            "right": self.order if self.form == ORDER else right,
            "misconceptions": sorted(ideas),
            "wrong": wrong,
            "ideas": [name_of(one.misconception) for one in question.choices],
            "about": list(self._about),
            "needs": [one.model_id for one in views if isinstance(one, ipywidgets.Widget)],
        }

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from a page what was chosen, if it can be; whether it is right is computed here."""
        taken = {name: sync_data[name] for name in sync_data if name in TAKEN_FROM_THE_PAGE}
        if "chosen" in taken and not can_be_chosen(self.question, taken["chosen"]):
            return
        super().set_state(taken)

    @traitlets.validate("chosen")
    def _can_be_chosen(self, proposal: dict[str, Any]) -> list[int]:
        chosen = list(proposal["value"])
        self._require_possible(chosen)
        return chosen

    def _require_possible(self, chosen: Sequence[int]) -> None:
        require(
            can_be_chosen(self.question, chosen),
            f"Predict: {list(chosen)} cannot be an answer; give the places of choices, each once, "
            f"from 0 to {len(self.question.choices) - 1}",
        )

    @traitlets.validate("correct")
    def _computed(self, _proposal: dict[str, Any]) -> bool:
        return self.question.is_right(self.chosen)

    @traitlets.observe("chosen")
    def _judge(self, _change: dict[str, Any]) -> None:
        self.correct = self.question.is_right(self.chosen)

    @traitlets.observe("tries")
    def _checked(self, change: dict[str, Any]) -> None:
        """Let others know of a check; what was only taken back or restored is none."""
        if self._restoring or change["new"] <= change["old"] or not self.chosen:
            return
        self.correct = self.question.is_right(self.chosen)
        self._let_players_go()
        for callback in list(self.on_answer):
            callback(self)

    @property
    def _texts(self) -> str:
        return ", ".join(choice.text for choice in self.question.choices)

    def close(self) -> None:
        """Take it off the page; its player stays, and may go on."""
        if self.comm is not None:
            self._let_players_go()
            if self._pictures is not None:
                self._pictures.stop()
            self.layout.close()
            super().close()

    def __repr__(self) -> str:
        return f"<Predict: {self.question.prompt} {self._texts}>"

    @property
    def in_words(self) -> str:
        """The question and its choices."""
        choices = [f"- {choice.text}" for choice in self.question.choices]
        return "\n".join([f"Predict: {self.question.prompt}", *choices])


def _names(kind: str, details: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a sentence has to name to say the answer: the variable, or the thread.

    Nothing where it may well be named with that value: a variable that is read later on can have
    been set to it in the program itself.
    """
    if kind in ("final_value", "possible_values") and isinstance(details.get("name"), str):
        return (details["name"],)
    tid = details.get("tid")
    return (f"T{tid}",) if kind == "next_state" and tid is not None else ()
