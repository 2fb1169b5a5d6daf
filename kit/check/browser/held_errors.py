"""Which exceptions an Output widget shows, as the messages of a page tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.check.browser.websockets import Message

VIEW = "application/vnd.jupyter.widget-view+json"
_MODEL = re.compile(r"IPY_MODEL_(\w+)")


def held(messages: Sequence[Message]) -> Iterator[Message]:
    """Yield the exceptions that an Output widget took which is on the page.

    While it takes outputs, its trait ``msg_id`` names the message that leads to them. The page
    may show it before or after the exception, alone or in another widget.

    Parameters
    ----------
    messages : sequence of Message
        All of a notebook, in order.
    """
    seen = _on_page(messages)
    taking: dict[str, str] = {}
    for message in messages:
        if message.direction != "received":
            continue
        state = message.data.get("state", {})
        if "msg_id" in state:
            taking[message.content["comm_id"]] = state["msg_id"]
        if message.msg_type == "error" and message.parent_id:
            takers = (comm for comm, request in taking.items() if request == message.parent_id)
            if any(comm in seen for comm in takers):
                yield message


def _on_page(messages: Sequence[Message]) -> set[str]:
    """Return the ids of widgets that are displayed, and of those in them."""
    inside: dict[str, set[str]] = {}
    found: list[str] = []
    for message in messages:
        if state := message.data.get("state"):
            inner = inside.setdefault(message.content["comm_id"], set())
            inner.update(_MODEL.findall(str(state)))
        if view := (message.content.get("data") or {}).get(VIEW):
            found.append(view["model_id"])
    seen: set[str] = set()
    while found:
        one = found.pop()
        if one not in seen:
            seen.add(one)
            found.extend(inside.get(one, ()))
    return seen
