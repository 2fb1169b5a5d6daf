"""What a page shows below a cell, from what its kernel said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbformat import from_dict
from nbformat.v4 import output_from_msg

from kit.check.execution.troubles import Message

_OUTPUTS = ("display_data", "error", "execute_result", "stream")


def shown(messages: Iterable[Message], *, stderr: bool = False) -> list[Any]:
    """Return the outputs of a cell as a page stores them.

    nbval compares whatever was sent. A page also clears outputs, replaces those that are
    shown under an id, and leaves to an Output widget what belongs there. What is written to
    stderr is left out, for it is never stored, unless it is asked for.
    """
    below = _Below()
    capturing: dict[str, str] = {}
    for message in messages:
        content = message["content"]
        if message["msg_type"] in ("comm_open", "comm_msg"):
            state = content["data"].get("state", {})
            if "msg_id" in state:
                capturing[content["comm_id"]] = state["msg_id"]
        elif not any(capturing.values()) and (stderr or content.get("name") != "stderr"):
            below.take(message)
    return below.outputs


class _Below:
    """The outputs below a cell."""

    def __init__(self) -> None:
        self.outputs: list[Any] = []
        self._by_id: dict[str, list[Any]] = {}
        self._clear_next = False

    def take(self, message: Message) -> None:
        """Do what a page does with a message."""
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self._clear_next = True
            if not content["wait"]:
                self._clear()
        elif kind == "update_display_data":
            for output in self._by_id.get(content["transient"]["display_id"], ()):
                output.data = from_dict(content["data"])  # type: ignore[no-untyped-call]
        elif kind in _OUTPUTS:
            self._clear()
            output = output_from_msg(message)  # type: ignore[no-untyped-call]
            self.outputs.append(output)
            if name := content.get("transient", {}).get("display_id"):
                self._by_id.setdefault(name, []).append(output)

    def _clear(self) -> None:
        if self._clear_next:
            self.outputs.clear()
            self._clear_next = False
