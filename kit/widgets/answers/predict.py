"""The prediction: a question answered before the run is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from kit.answering.answerable import Answer, is_whole
from kit.answering.choosing import can_be_chosen, choice_record
from kit.answering.judging import Judgement
from kit.answering.notebook import register
from kit.answering.rounds import Rounds
from kit.errors import explain_arguments, require
from kit.explore import ExplorationResult
from kit.quiz import Question, ask
from kit.quiz.question import IN_PICTURE, ONE
from kit.trace import Trace
from kit.widgets.answers.picture_places import PicturePlaces
from kit.widgets.answers.predict_arguments import (
    TAKEN_FROM_THE_PAGE,
    check_source,
    checked_instances,
    described,
    gestures,
    instances_of,
    models_of,
    names_of,
    right_places,
    run_of,
    shared_instance,
    shared_question,
)
from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import living_widgets
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import Gesture, ScriptWidget, refuse_unknown
from kit.widgets.pictures import holding
from kit.widgets.pictures.holding import Withheld
from kit.widgets.pictures.player import Player


class Predict(ScriptWidget):
    """A question about a run, checked in the browser, with feedback to every answer.

    Until it has been answered once, rightly or wrongly, every player that shows this run stops
    at ``question.at``, the last moment at which the answer cannot be seen yet. After two wrong
    answers it tells the right one and asks another instance, as long as there is one.

    Parameters
    ----------
    question : Question
    player : Player, optional
        Shows the run; moved to the moment that shows the answer, or shows why a
        wrong one is wrong, when a person asks for it.
    instances : sequence of Question, optional
        What is asked after two wrong answers each; `from_trace` finds some itself.
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
        How many answers have been checked, to all instances; default 0.
    misses : list of list of int
        The wrong answers, two of each instance that is over; default [].
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
    instances: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    misses: traitlets.List[list[int]] = traitlets.List().tag(sync=True)
    unsaved = traitlets.Unicode("").tag(sync=True)
    player = traitlets.Instance(Player, allow_none=True).tag(sync=True, **living_widgets)
    places: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True, **living_widgets)

    @explain_arguments
    def __init__(
        self,
        question: Question,
        *,
        player: Player | None = None,
        instances: Sequence[Question] | None = None,
        **traits: Any,
    ) -> None:
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
        others = checked_instances(instances)
        self._rounds = Rounds(question, others)
        self.on_answer: list[Callable[[Predict], object]] = []
        self._restoring = False
        self._trace = run_of(question, player)
        self.explored: ExplorationResult | None = None
        self._about: tuple[str, ...] = ()
        self._details: Mapping[str, Any] | None = None
        self._pictures: PicturePlaces | None = None
        super().__init__(
            **shared_question(question),
            instances=[shared_instance(one, player) for one in others],
            player=player,
            **traits,
        )
        owned_by_cell(self)
        register(self)
        self._hold_players()

    @property
    def withheld(self) -> Withheld | None:
        """What must not be seen before it is answered; None if nothing."""
        asked = self._rounds.now
        run = asked.run or (self._trace.digest if self._trace else "")
        if asked.at is None or not self._rounds.is_open or not run:
            return None
        return Withheld(asked.at, run, self._trace)

    def _hold_players(self) -> None:
        """Stop players at the question, and offer the segments of the pictures."""
        holding.hold_all(self)
        if self.player is None or self.at is None:
            return
        self.player.observe(self._another_run, "trace")
        if self.form == IN_PICTURE:
            self._pictures = PicturePlaces(
                self.question, self.player, lambda shown: self.set_trait("places", shown)
            )

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

        Notes
        -----
        Its instances are other moments, threads or variables of the run, or its run with another
        quantum; none is what another question of the notebook asks.
        """
        check_source(trace, player)
        asked = ask(trace, kind, **details)
        made = cls(asked, player=player, instances=instances_of(trace, asked, details))
        made._about, made._details = names_of(kind, details), details
        if isinstance(trace, Trace) and made._trace is None:
            made._trace = trace
            holding.hold_all(made)
        if isinstance(trace, ExplorationResult):
            made.explored = trace
            holding.hold_all(made)
        return made

    def leave_out(self, asked: Question) -> None:
        """Do not ask as another instance what is a question of its own; not once it is answered."""
        if not self.tries and self._rounds.leave_out(asked):
            self.instances = [one for one in self.instances if one["key"] != asked.key]

    def answer(self, *places: int) -> bool:
        """Check an answer to what is asked now, as a person does; return whether it is right.

        Parameters
        ----------
        *places : int
            Of the choices, counted from 0; of an order all, as they should stand.

        Raises
        ------
        ArgumentError
            If that cannot be an answer.
        """
        require(
            len(places) > 0, f"Predict: no place was given; choose among {self._rounds.now.texts}"
        )
        self._require_possible(places)
        # Told at once: a page takes misses without tries for those of an earlier answer.
        with self.hold_sync(), self.hold_trait_notifications():
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
        asked = self._rounds.answered
        if not answer or isinstance(answer, str) or not can_be_chosen(asked, answer):
            return Judgement(False, "That cannot be an answer.")
        told = asked.feedback(answer)
        return Judgement(told.correct, told.text)

    def score(self) -> float:
        """Return 1.0 if the last answer is right, however many came before, else 0.0.

        An answer to another instance counts as one to the question itself.
        """
        return 1.0 if self._rounds.answered.is_right(self.chosen) else 0.0

    def record(self) -> dict[str, Any]:
        """Return what there is to keep of the last answer, as JSON has it."""
        texts = [choice.text for choice in self._rounds.answered.choices]
        return {
            **choice_record(self.kind, self.prompt, texts, self.chosen, self.tries),
            "seed": None if self.player is None else self.player.trace.settings.seed,
            **self._rounds.record(self.chosen),
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
        if not is_whole(tries) or not chosen or not self._rounds.restore(kept):
            return False
        self._restoring = True
        try:
            with self.hold_trait_notifications():
                self.misses = self._rounds.misses
                self.chosen, self.tries = list(chosen), max(1, tries)
        finally:
            self._restoring = False
        self._let_players_go()
        return True

    def _kit_gestures_(self) -> list[Gesture]:
        """Return every kind of answer that a person can give: wrong ones, the right one last."""
        return gestures(self.question, self.tries + 1)

    def _kit_asks_(self) -> dict[str, Any]:
        """Return what is asked, what the page takes for right, and whom it waits for to be seen."""
        return {
            **described(self.question),
            "right": right_places(self.form, self.choices, self.order),
            "instances": [described(one) for one in self._rounds.questions[1:]],
            "about": list(self._about),
            "needs": models_of(self.player),
        }

    def source(self) -> tuple[Trace | None, Mapping[str, Any] | None]:
        """Return the run that is asked about, and with what; None for what is not known."""
        return (self.explored.witness(0) if self.explored else self._trace), self._details

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from a page what was chosen, if it can be; whether it is right is computed here."""
        taken = {name: sync_data[name] for name in sync_data if name in TAKEN_FROM_THE_PAGE}
        if "chosen" in taken:
            self._rounds.catch_up(sync_data)
            if not can_be_chosen(self._rounds.now, taken["chosen"]):
                return
        with self.hold_sync():
            super().set_state(taken)

    @traitlets.validate("chosen")
    def _can_be_chosen(self, proposal: dict[str, Any]) -> list[int]:
        chosen = list(proposal["value"])
        if not any(can_be_chosen(one, chosen) for one in self._rounds.questions):
            self._require_possible(chosen)
        return chosen

    def _require_possible(self, chosen: Sequence[int]) -> None:
        asked = self._rounds.now
        require(
            can_be_chosen(asked, chosen),
            f"Predict: {list(chosen)} cannot be an answer; give the places of choices, each once, "
            f"from 0 to {len(asked.choices) - 1}",
        )

    @traitlets.validate("correct")
    def _computed(self, _proposal: dict[str, Any]) -> bool:
        return self._rounds.answered.is_right(self.chosen)

    @traitlets.observe("chosen")
    def _judge(self, _change: dict[str, Any]) -> None:
        self.correct = self._rounds.answered.is_right(self.chosen)

    @traitlets.observe("tries")
    def _checked(self, change: dict[str, Any]) -> None:
        """Let others know of a check; what was only taken back or restored is none."""
        if self._restoring:
            return
        if not self.tries:
            self._rounds.start_again()
            self.misses = []
        if change["new"] <= change["old"] or not self.chosen:
            return
        right = self._rounds.check(self.chosen)
        self.misses, self.correct = self._rounds.misses, right
        self._let_players_go()
        if self._rounds.is_open:
            holding.hold_all(self)
        for callback in list(self.on_answer):
            callback(self)

    def close(self) -> None:
        """Take it off the page; its player stays, and may go on."""
        if self.comm is not None:
            self._let_players_go()
            if self._pictures is not None:
                self._pictures.stop()
            self.layout.close()
            super().close()

    def __repr__(self) -> str:
        return f"<Predict: {self.question.prompt} {self._rounds.now.texts}>"

    @property
    def in_words(self) -> str:
        """The question and its choices."""
        choices = [f"- {choice.text}" for choice in self.question.choices]
        return "\n".join([f"Predict: {self.question.prompt}", *choices])
