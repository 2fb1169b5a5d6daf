"""The explanation: a place to write, a rubric to check it against, and another one to compare."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeGuard

import traitlets

from kit.answering.answerable import Answer, is_whole
from kit.answering.judging import Judgement
from kit.answering.notebook import register
from kit.errors import explain_arguments, require
from kit.quiz.answers import EXPLANATION
from kit.widgets.base.assets import module, style
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import Gesture, ScriptWidget, refuse_unknown

TAKEN_FROM_THE_PAGE = ("text", "ticked", "tries")
"""What a page may say of an explanation."""
MOST = 20_000
"""Characters of the longest explanation."""


class Explain(ScriptWidget):
    """A place to explain something in one's own words.

    What is written is kept with the answers. When something has been written, a rubric opens to
    check it against, and then another explanation to compare it with. Nobody marks it: it counts
    as handed in, and is worth no points.

    Parameters
    ----------
    prompt : str
        What is to be explained. What is between backticks is shown as code.
    rubric : iterable of str
        What a good explanation says, a sentence each; the reader ticks what theirs says.
    ours : str
        An explanation to compare with; an empty line begins a paragraph.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    key : str
        Stays the same as long as the prompt does.
    text : str
        What was written; empty before.
    ticked : list of int
        Places of the rubric that the reader says are met.
    tries : int
        How often it was handed in.
    unsaved : str
        Why it is not in the file of answers, in words; empty if it is.
    on_answer : list of callable
        Called with this widget each time it was handed in, or a box was ticked.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.

    Examples
    --------
    >>> Explain("Why does `join` block?", ["It names what is waited for."], "Because …")
    <Explain: Why does `join` block?>
    """

    _esm = module("dom.js", "connection.js", "explain.js")
    _css = style("card.css", "inline_code.css", "explain.css", "buttons.css", "lost.css")
    _without_kernel = traitlets.Dict({"role": "explanation"}).tag(sync=True)

    kind = EXPLANATION

    key = traitlets.Unicode("").tag(sync=True)
    prompt = traitlets.Unicode("").tag(sync=True)
    rubric: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    ours = traitlets.Unicode("").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    ticked: traitlets.List[int] = traitlets.List(traitlets.Int()).tag(sync=True)
    tries = traitlets.Int(0, min=0).tag(sync=True)
    unsaved = traitlets.Unicode("").tag(sync=True)

    @explain_arguments
    def __init__(self, prompt: str, rubric: Iterable[str], ours: str, **traits: Any) -> None:
        listed = [] if isinstance(rubric, str) else list(rubric)
        good = bool(listed) and all(map(_is_sentence, listed))
        require(good, f"Explain: rubric is {rubric!r}; give a list of sentences")
        for name, value in (("prompt", prompt), ("ours", ours)):
            require(_is_sentence(value), f"Explain: {name} is {value!r}; give a text")
        refuse_unknown(self, traits)
        # In the source of a notebook a sentence may take several lines.
        prompt, listed = _joined(prompt), list(map(_joined, listed))
        self.on_answer: list[Callable[[Explain], object]] = []
        self._restoring = False
        asked = json.dumps([EXPLANATION, prompt])
        super().__init__(
            key=hashlib.sha256(asked.encode()).hexdigest()[:16],
            prompt=prompt,
            rubric=listed,
            ours=textwrap.dedent(ours).strip(),
            **traits,
        )
        owned_by_cell(self)
        register(self)

    def write(self, text: str) -> None:
        """Hand in an explanation, as a person does at the page.

        Parameters
        ----------
        text : str

        Raises
        ------
        ArgumentError
            If nothing is written in it.
        """
        good = _is_sentence(text) and len(text) <= MOST
        require(good, f"Explain: the text is {text!r}; write at least a word, and at most {MOST:,}")
        with self.hold_trait_notifications():
            self.text, self.tries = text, self.tries + 1

    @property
    def given(self) -> str:
        """What was written."""
        return str(self.text)

    def judge(self, answer: Answer) -> Judgement:
        """Return that something was written; whether it is good is for people to say.

        Parameters
        ----------
        answer : str
        """
        written = isinstance(answer, str) and bool(answer.strip())
        return Judgement(written, "It was handed in." if written else "Nothing is written.")

    def score(self) -> float:
        """Return 0.0: it is worth no points."""
        return 0.0

    def record(self) -> dict[str, Any]:
        """Return what there is to keep of it, as JSON has it."""
        kept = {"kind": self.kind, "prompt": self.prompt, "text": self.text}
        return kept | {"ticked": list(self.ticked), "tries": self.tries}

    def restore(self, record: Mapping[str, Any]) -> bool:
        """Show what was kept.

        Parameters
        ----------
        record : mapping
            What `record` returned.

        Returns
        -------
        bool
            Whether it is an explanation; if not, nothing has changed.
        """
        given: object = record
        kept = given if isinstance(given, Mapping) else {}
        text, ticked, tries = kept.get("text"), kept.get("ticked"), kept.get("tries")
        if not is_whole(tries) or not isinstance(text, str) or not self._is_rubric(ticked):
            return False
        self._restoring = True
        try:
            with self.hold_trait_notifications():
                self.text, self.ticked, self.tries = text, list(ticked), max(1, tries)
        finally:
            self._restoring = False
        return True

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take from a page what was written and ticked, and nothing else."""
        taken = {name: sync_data[name] for name in sync_data if name in TAKEN_FROM_THE_PAGE}
        text, ticked = taken.get("text", ""), taken.get("ticked", [])
        if isinstance(text, str) and len(text) <= MOST and self._is_rubric(ticked):
            super().set_state(taken)

    def _is_rubric(self, places: Any) -> TypeGuard[list[int]]:
        """Tell whether places can be ticked."""
        return isinstance(places, list) and all(
            is_whole(place) and place < len(self.rubric) for place in places
        )

    @traitlets.observe("ticked", "tries")
    def _tell(self, _change: dict[str, Any]) -> None:
        for callback in () if self._restoring or not self.tries else tuple(self.on_answer):
            callback(self)

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it: write something, then tick the rubric."""
        found: list[Gesture] = [
            {"says": "was given a text", "set": {"text": "Because.", "tries": self.tries + 1}}
        ]
        if self.tries:
            ticked = list(range(len(self.rubric)))
            found.append({"says": "was ticked", "set": {"ticked": ticked}})
        return found

    def _kit_asks_(self) -> dict[str, Any]:
        """Return what is asked."""
        return {"key": self.key, "kind": self.kind, "prompt": self.prompt}

    def close(self) -> None:
        """Take it off the page."""
        if self.comm is not None:
            self.layout.close()
            super().close()

    def __repr__(self) -> str:
        return f"<Explain: {self.prompt}>"


def _joined(text: str) -> str:
    return " ".join(text.split())


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
