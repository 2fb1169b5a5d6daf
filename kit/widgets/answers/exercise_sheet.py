"""What stands below the editor of an exercise: the verdict, the hints, and the solution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import Gesture, ScriptWidget

VERDICTS = ("", "passed", "failed")
SOLUTIONS = ("none", "locked", "open")


class ExerciseSheet(ScriptWidget):
    """Tells what a check has found, and shows hints and a solution when they are asked for.

    Hints are shown in the page alone; a solution is not in the page before it may be seen.

    Parameters
    ----------
    deeds : mapping of str to callable
        What a person can ask for: "show" takes the place of a finding; "solution" and "use"
        take nothing.
    hints : sequence of str

    Attributes
    ----------
    state : str
        One of `VERDICTS`.
    verdict : str
        What the check came to, in a sentence.
    findings : list of dict
        ``{"text": "…", "shows": True}``; `shows` tells whether there is a run to be shown.
    hints_shown : int
    access : str
        One of `SOLUTIONS`: whether there is a solution, and whether it may be seen.
    locked : str
        What opens it, in words.
    solution : str
        Its text; empty until it was asked for.
    unsaved : str
        Why the last answer is not in the file of answers, in words; empty if it is.
    """

    _esm = module("dom.js", "connection.js", "exercise_sheet.js")
    _css = style("exercise_sheet.css", "buttons.css", "lost.css")
    _without_kernel = traitlets.Dict({"state": {"access": "none"}}).tag(sync=True)

    state = traitlets.Enum(VERDICTS, default_value="").tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    findings: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    hints: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    hints_shown = traitlets.Int(0).tag(sync=True)
    access = traitlets.Enum(SOLUTIONS, default_value="none").tag(sync=True)
    locked = traitlets.Unicode("").tag(sync=True)
    solution = traitlets.Unicode("").tag(sync=True)
    unsaved = traitlets.Unicode("").tag(sync=True)

    def __init__(self, deeds: Mapping[str, Callable[..., object]], hints: Sequence[str]) -> None:
        super().__init__(hints=list(hints))
        self._deeds = deeds
        self.on_msg(self._take_message)

    @traitlets.validate("hints_shown")
    def _there_are_so_many(self, proposal: dict[str, Any]) -> int:
        return min(max(int(proposal["value"]), 0), len(self.hints))

    def _take_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict) or content.get("do") not in self._deeds:
            return
        deed = self._deeds[content["do"]]
        if content["do"] != "show":
            deed()
        elif isinstance(content.get("place"), int):
            deed(content["place"])

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it now."""
        found: list[Gesture] = [
            {
                "says": f"was asked to show finding {place + 1}",
                "send": {"do": "show", "place": place},
            }
            for place, finding in enumerate(self.findings)
            if finding["shows"]
        ]
        if self.hints_shown < len(self.hints):
            found.append({"says": "showed a hint", "set": {"hints_shown": self.hints_shown + 1}})
        if self.access == "open":
            found.append({"says": "was asked for the solution", "send": {"do": "solution"}})
        if self.solution:
            found.append({"says": "was asked to use the solution", "send": {"do": "use"}})
        return found

    def __repr__(self) -> str:
        return f"<ExerciseSheet {self.state or 'not checked'}: {self.verdict}>"
