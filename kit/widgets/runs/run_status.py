"""The line under the controls of a run: how it goes, what became of it, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import Gesture, ScriptWidget

STATES = ("idle", "running", "done", "limit", "failed", "cancelled")


class RunStatus(ScriptWidget):
    """Says how a run goes; while one takes long, shows for how long, and offers to cancel it.

    The seconds are counted in the browser. What is said is announced to screen readers,
    the seconds are not.

    Parameters
    ----------
    cancel : callable
        Called when a person has pressed Cancel.

    Attributes
    ----------
    state : str
        One of `STATES`.
    turn : int
        Grows with every run that starts, so that the seconds begin anew.
    text : str
        What became of the run, in a sentence.
    detail : str
        Lines of program text below it.
    note : str
        What else there is to say, whatever the state: a run before that has not stopped.
    """

    _esm = module("dom.js", "connection.js", "run_status.js")
    _css = style("run_status.css", "buttons.css")

    state = traitlets.Enum(STATES, default_value="idle").tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    detail = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)

    def __init__(self, cancel: Callable[[], object]) -> None:
        super().__init__()
        self._cancel = cancel
        self.on_msg(self._take_message)

    def _take_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict) and content.get("do") == "cancel":
            self._cancel()

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it now."""
        running = self.state == "running"
        return [{"says": "was cancelled", "send": {"do": "cancel"}}] if running else []

    def start(self) -> None:
        """Say that a run has begun."""
        with self.hold_sync():
            self.state = "running"
            self.turn += 1

    def tell(self, state: str, text: str, detail: str = "") -> None:
        """Say what became of it."""
        with self.hold_sync():
            self.state, self.text, self.detail = state, text, detail

    def __repr__(self) -> str:
        return f"<RunStatus {self.state}: {self.text}>"
