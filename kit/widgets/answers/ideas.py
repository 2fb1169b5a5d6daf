"""The `Ideas` widget: which mistaken ideas a reader's answers show, and what is true instead."""

from __future__ import annotations

from typing import Any

import traitlets

from kit.answering.ideas import files_beside, ideas_in, known_ideas, told
from kit.answering.notebook import AnswerStore, store
from kit.quiz.ideas import STATES
from kit.widgets.base.assets import module, style
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import ScriptWidget, refuse_unknown


class Ideas(ScriptWidget):
    """A reader's map of mistaken ideas: held, shaken and dropped, with what is true instead.

    It is made from all answers to questions in this notebook and in the notebooks in the same
    folder. An idea is held if the last answers show it, dropped if only earlier ones did, and
    shaken if it was dropped at one question and another answer still shows it. On a published
    page it is made from what the reader's browser keeps of the course.

    Parameters
    ----------
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    kept : list of dict
        For each lesson with answers: `lesson`, what it is called; `href`, where it is, empty in
        a notebook; and `shown`, for each question the ideas that its first and its last answer
        show, by name.
    known : dict
        Name of an idea -> `idea`, `instead` and `source`, as `Misconception` has them.
    states : dict of str to str
        Name of an idea that answers show -> "held", "shaken" or "dropped".

    Raises
    ------
    ArgumentError
        If an argument does not exist.
    """

    _esm = module("dom.js", "idea_states.js", "ideas.js")
    _css = style("card.css", "ideas.css", "buttons.css")
    # The page itself keeps the answers of a course, and tells the map of them.
    _without_kernel = traitlets.Dict({"role": "ideas"}).tag(sync=True)

    kept: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    known: traitlets.Dict[str, dict[str, str]] = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        refuse_unknown(self, traits)
        self.store: AnswerStore = store()
        self._beside = files_beside(self.store)
        super().__init__(**self._now(), **traits)
        self.store.watchers.append(self.update)
        owned_by_cell(self)

    def update(self) -> None:
        """Show what is so now; called whenever something was asked, answered or imported."""
        with self.hold_sync():
            for name, value in self._now().items():
                setattr(self, name, value)

    @property
    def states(self) -> dict[str, str]:
        """Each idea that answers show, by name, with its state."""
        return told(ideas_in(self.store, self._beside))

    def _now(self) -> dict[str, Any]:
        lessons = ideas_in(self.store, self._beside)
        kept = [
            {"lesson": one.lesson, "href": "", "shown": list(map(list, one.shown))}
            for one in lessons
        ]
        known = {
            name: {"idea": one.idea, "instead": one.instead, "source": one.source}
            for name, one in known_ideas(self.store).items()
        }
        return {"kept": kept, "known": known}

    @property
    def in_words(self) -> str:
        """The ideas, a line each, with what is true instead."""
        states = self.states
        if not states:
            return "Ideas: no answer shows a mistaken idea."
        counts = ", ".join(f"{list(states.values()).count(one)} {one}" for one in STATES)
        lines = [f"Ideas: {counts}"]
        for state in STATES:
            for name in (one for one, its in states.items() if its == state):
                known = self.known.get(name, {})
                idea, instead = known.get("idea", name), known.get("instead", "")
                lines.append(f"- {state}: “{idea}.” {instead}".rstrip())
        return "\n".join(lines)

    def close(self) -> None:
        """Take it off the page."""
        if self.comm is not None:
            self.store.watchers.remove(self.update)
            self.layout.close()
            super().close()

    def __repr__(self) -> str:
        states = list(self.states.values())
        return f"<Ideas: {', '.join(f'{states.count(one)} {one}' for one in STATES)}>"
