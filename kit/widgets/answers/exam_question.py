"""The question of an exam: it takes one answer, and tells nothing about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from kit.answering.answerable import Answer
from kit.answering.choosing import can_be_places, choice_record
from kit.answering.judging import Judgement
from kit.answering.notebook import register
from kit.errors import explain_arguments, nearest, require
from kit.quiz.question import ONE, ORDER, SEVERAL
from kit.widgets.base.box import KitBox
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown

FORMS = (ONE, SEVERAL, ORDER)
NOT_YET = "Choose first."
IN_ORDER = "Give each a number of its own, 1 for the first."
HANDED_IN = "Your answer is kept. It can no longer be changed."


class ExamQuestion(KitBox):
    """A question that is answered once, without feedback; what is right is not in the notebook.

    The answer is kept with the others beside the notebook, and judged by the key of the exam.

    Parameters
    ----------
    key : str
        Of the question.
    kind : str
        Of the question, such as "final_value".
    prompt : str
    choices : sequence of str
        What can be chosen.
    form : str
        "one", "several" or "order".
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    key, kind, prompt : str
    chosen : tuple of int
        Places of the choices that were handed in; empty before.
    unsaved : str
        Why the answer is not in the file of answers, in words; empty if it is.
    on_answer : list of callable
        Called with this widget when it is answered.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    @explain_arguments
    def __init__(
        self,
        key: str,
        kind: str,
        prompt: str,
        choices: Sequence[str],
        form: str = ONE,
        **traits: Any,
    ) -> None:
        require(form in FORMS, f"ExamQuestion: form is {form!r}; {nearest(str(form), FORMS)}")
        given: object = choices
        listed = list(choices) if isinstance(given, list | tuple) else []
        good = len(listed) > 1 and all(isinstance(one, str) for one in listed)
        require(good, f"ExamQuestion: choices is {choices!r}; give at least two texts")
        refuse_unknown(self, traits)
        self.key, self.kind, self.prompt = key, kind, prompt
        self.texts, self.form = listed, form
        self.chosen: tuple[int, ...] = ()
        self.unsaved = ""
        self.on_answer: list[Callable[[ExamQuestion], object]] = []
        self._fields = self._made_fields()
        self._button = ipywidgets.Button(
            description="Hand in this answer", layout={"width": "fit-content"}
        )
        self._button.on_click(self._pressed)
        self._said = ipywidgets.Label()
        asked = ipywidgets.Label(prompt)
        super().__init__([asked, *self._fields, self._button, self._said], **traits)
        owned_by_cell(self)
        register(self)

    def _made_fields(self) -> list[Any]:
        wide, style = {"width": "auto"}, {"description_width": "0"}
        if self.form == ONE:
            options = [(text, place) for place, text in enumerate(self.texts)]
            return [ipywidgets.RadioButtons(options=options, value=None, layout=wide, style=style)]
        if self.form == SEVERAL:
            return [
                ipywidgets.Checkbox(description=text, indent=False, layout=wide)
                for text in self.texts
            ]
        numbers = [("", 0), *((str(number), number) for number in range(1, len(self.texts) + 1))]
        style = {"description_width": "initial"}
        return [
            ipywidgets.Dropdown(options=numbers, description=text, layout=wide, style=style)
            for text in self.texts
        ]

    @property
    def _marked(self) -> tuple[int, ...]:
        """The places that are chosen on the page now; empty if that is no answer."""
        values = [field.value for field in self._fields]
        if self.form == ONE:
            return () if values[0] is None else (values[0],)
        if self.form == SEVERAL:
            return tuple(place for place, value in enumerate(values) if value)
        if sorted(values) != list(range(1, len(values) + 1)):
            return ()
        return tuple(sorted(range(len(values)), key=lambda place: values[place]))

    def _pressed(self, _button: object) -> None:
        marked = self._marked
        if marked:
            self.answer(*marked)
        else:
            self._said.value = IN_ORDER if self.form == ORDER else NOT_YET

    def answer(self, *places: int) -> None:
        """Hand in an answer, as a person does at the page.

        Parameters
        ----------
        *places : int
            Of the choices, counted from 0; of an order all, as they should be.

        Raises
        ------
        ArgumentError
            If that cannot be an answer, or one was handed in already.
        """
        require(not self.chosen, "ExamQuestion: it is answered; an exam takes one answer")
        require(
            self._can_be(places),
            f"ExamQuestion: {list(places)} cannot be an answer; give the places of choices, each "
            f"once, from 0 to {len(self.texts) - 1}",
        )
        self._take(places)
        for callback in list(self.on_answer):
            callback(self)

    def _can_be(self, places: object) -> bool:
        return bool(places) and can_be_places(self.form, len(self.texts), places)

    def _take(self, places: Sequence[int]) -> None:
        self.chosen = tuple(places)
        if self.form == ONE:
            self._fields[0].value = places[0]
        for place, field in enumerate(self._fields if self.form != ONE else ()):
            field.value = place in places if self.form == SEVERAL else places.index(place) + 1
        for field in (*self._fields, self._button):
            field.disabled = True
        self._said.value = HANDED_IN

    @property
    def given(self) -> tuple[int, ...]:
        """The places of the choices that were handed in."""
        return self.chosen

    def judge(self, _answer: Answer) -> Judgement:
        """Tell nothing: what is right is not known here."""
        return Judgement(False, "An exam is judged by its key.")

    def score(self) -> float:
        """Return 0.0: what is right is not known here."""
        return 0.0

    def record(self) -> dict[str, Any]:
        """Return what there is to keep of the answer, as JSON has it."""
        tries = int(bool(self.chosen))
        return choice_record(self.kind, self.prompt, self.texts, self.chosen, tries)

    def restore(self, record: Mapping[str, Any]) -> bool:
        """Show the answer that was kept.

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
        chosen: object = given.get("chosen") if isinstance(given, Mapping) else None
        if not isinstance(chosen, list) or not self._can_be(chosen):
            return False
        self._take(chosen)
        return True

    def _kit_asks_(self) -> dict[str, Any]:
        """Return what is asked; nothing of what is right."""
        return {"key": self.key, "kind": self.kind, "prompt": self.prompt}

    @property
    def in_words(self) -> str:
        """The question and its choices."""
        return "\n".join([self.prompt, *(f"- {text}" for text in self.texts)])

    def __repr__(self) -> str:
        return f"<ExamQuestion: {self.prompt}>"
