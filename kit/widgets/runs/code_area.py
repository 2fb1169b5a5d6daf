"""A text area for a program: line numbers, and mistakes marked at their lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from kit.errors import LanguageError
from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import Gesture, ScriptWidget


class CodeArea(ScriptWidget):
    """Program text that a person edits, with buttons to run it and to start again.

    The Tab key moves on, as everywhere on a page; Enter keeps the indentation, Ctrl+] and
    Ctrl+[ change it, Ctrl+F finds, Ctrl+Enter runs, Ctrl+Shift+Enter checks.

    Parameters
    ----------
    text : str
    run : callable
        Called when a person wants the text to be run; `text` is what was written then.
    check : callable, optional
        Called when a person wants it to be checked; without one there is no such button.
    **traits
        Any of the traits below.

    Attributes
    ----------
    text : str
        What stands in it, as far as Python knows: sent when a person pauses, and before
        a run.
    given : str
        What "Start again" puts back.
    label : str
        Shown above; default "Program".
    errors : list of dict
        ``{"line": 7, "column": 12, "message": "…"}``, both counted from 1.
    rows : int
        Height in lines; default 12. A person can make it higher.
    checks : bool
        Whether there is a button to check the text.
    """

    _esm = module("dom.js", "connection.js", "syntax.js", "code_find.js", "code_area.js")
    _css = style("code_area.css", "syntax.css", "buttons.css", "lost.css")
    _without_kernel = traitlets.Dict().tag(sync=True)

    # What a person writes is not sent back: over a slow link it would undo what came after.
    text = traitlets.Unicode("").tag(sync=True, echo_update=False)
    given = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("Program").tag(sync=True)
    errors: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    rows = traitlets.Int(12).tag(sync=True)
    checks = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        text: str,
        run: Callable[[], object],
        *,
        check: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        what = "Changing" if check is None else "Changing, running and checking"
        said = {"how": "text", "words": f"{what} this program needs a kernel"}
        checks = check is not None
        super().__init__(text=text, given=text, checks=checks, _without_kernel=said, **traits)
        self._deeds = {"run": run} if check is None else {"run": run, "check": check}
        self.on_msg(self._take_message)

    def _take_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Do what is wanted; the text comes along, for it may be newer than the trait."""
        message = content if isinstance(content, dict) else {}
        deed = self._deeds.get(str(message.get("do")))
        if deed is not None:
            text = message.get("text")
            if isinstance(text, str):
                self.set_state({"text": text})
            deed()

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it now."""
        return [
            {"says": f"was asked to {deed} its text", "send": {"do": deed, "text": self.text}}
            for deed in self._deeds
        ]

    def write(self, text: str) -> None:
        """Put another text in as if it were typed, so that Ctrl+Z brings one's own back."""
        self.send({"do": "write", "text": text})
        self.text = text

    def mark(self, error: BaseException | None) -> int:
        """Mark a mistake in the text at its line, and return that.

        For any other error, or none, return 0 and leave what is marked.

        Parameters
        ----------
        error : BaseException or None
            What was raised when the text was compiled under the name of `label`.
        """
        if not isinstance(error, LanguageError) or error.file != self.label:
            return 0
        message = str(error).removeprefix(f"{error.file}:{error.line}:{error.column}: ")
        self.errors = [{"line": error.line, "column": error.column, "message": message}]
        return error.line

    def __repr__(self) -> str:
        return f"<CodeArea {self.label}: {len(self.text.splitlines())} lines>"
