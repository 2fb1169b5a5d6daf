"""The `Answers` widget: what was answered in this notebook, where it is kept, and a way out."""

from __future__ import annotations

from typing import Any

import traitlets

from kit.answering.answerable import Answerable
from kit.answering.notebook import AnswerStore, store
from kit.quiz.answers import EXPLANATION, MOST_BYTES, AnswersError, answers_name
from kit.widgets.base.assets import module, style
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import Gesture, ScriptWidget, refuse_unknown

RIGHT, WRONG, OPEN, WRITTEN = "right", "wrong", "open", "written"


class Answers(ScriptWidget):
    """How far one has come with the questions and exercises of this notebook.

    Answers are kept in a file beside the notebook. Where that cannot be, as on Binder, they
    can be taken away as a file and brought back.

    Parameters
    ----------
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    entries : list of dict
        What has been asked: prompt, state ("right", "wrong", "open"; of an explanation
        "written" or "open") and tries of each.
    summary : str
        How many are answered, how many are right, and how many explanations are written.
    place : str
        Where the answers are kept; a sentence without any folder's name.
    problem : str
        What went wrong with the file; empty if nothing did.

    Raises
    ------
    ArgumentError
        If an argument does not exist.
    """

    _esm = module("dom.js", "connection.js", "answers.js")
    _css = style("card.css", "answers.css", "buttons.css", "lost.css")
    # The kernel that made a page kept none; the page tells where they are kept.
    _without_kernel = traitlets.Dict(
        {"role": "answers", "state": {"place": "", "problem": "", "content": ""}}
    ).tag(sync=True)

    entries: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    summary = traitlets.Unicode("").tag(sync=True)
    place = traitlets.Unicode("").tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    file_name = traitlets.Unicode("").tag(sync=True)
    content = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    largest = traitlets.Int(MOST_BYTES).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        refuse_unknown(self, traits)
        self.store: AnswerStore = store()
        super().__init__(**_state(self.store), **traits)
        self.store.watchers.append(self.update)
        self.on_msg(self._receive)
        owned_by_cell(self)

    def update(self) -> None:
        """Show what is so now; called whenever something was asked, answered or imported."""
        with self.hold_sync():
            for name, value in _state(self.store).items():
                setattr(self, name, value)

    def _receive(self, _widget: object, content: Any, buffers: list[Any]) -> None:
        """Take a file that was chosen in the page."""
        if not isinstance(content, dict) or content.get("do") != "import" or not buffers:
            return
        name = str(content.get("name", "the file"))[:100]
        # What is said twice would not be announced twice.
        self.status = ""
        try:
            self.status = self.store.take(bytes(buffers[0]))
        except AnswersError as error:
            self.status = (
                f"“{name}” was not imported: {error}. Nothing has changed; "
                "choose a file that was made by Export in this notebook."
            )

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it: import a file, which here is none."""
        return [{"says": "was given no file", "send": {"do": "import", "name": self.file_name}}]

    def close(self) -> None:
        """Take it off the page."""
        if self.comm is not None:
            self.store.watchers.remove(self.update)
            self.layout.close()
            super().close()

    def __repr__(self) -> str:
        return f"<Answers: {self.summary}>"


def _state(answers: AnswerStore) -> dict[str, Any]:
    entries = [_entry(item) for item in answers.items.values()]
    right = sum(entry["state"] == RIGHT for entry in entries)
    answered = sum(entry["state"] != OPEN for entry in entries)
    name = answers_name(answers.place.notebook)
    path = answers.place.path
    where = f"Saved in {name} next to this notebook" if answers.saved else ""
    if where and path is not None and path.name != name:
        where = f"Saved in {path.name}"
    if where and answers.origin:
        where += f"; taken along from {answers.origin}, whose notebook is gone"
    written = sum(entry["state"] == WRITTEN for entry in entries)
    summary = f"{answered} of {len(entries)} answered, {right} right"
    summary += f", {written} written" if written else ""
    return {
        "entries": entries,
        "summary": summary if entries else "No question has been asked yet",
        "place": where and f"{where}.",
        "problem": answers.problem,
        "file_name": name,
        "content": answers.answers_file.text(),
    }


def _entry(item: Answerable) -> dict[str, Any]:
    tries = int(item.record()["tries"])
    state = OPEN if not tries else RIGHT if item.score() >= 1 else WRONG
    if tries and item.kind == EXPLANATION:
        state = WRITTEN
    return {"prompt": item.prompt, "state": state, "tries": tries}
