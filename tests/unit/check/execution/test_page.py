"""What a page shows of the messages of a kernel."""

from typing import Any

from kit.check.execution.page import shown


def message(kind: str, **content: Any) -> dict[str, Any]:
    """Return a message of the iopub channel."""
    return {"msg_type": kind, "header": {"msg_type": kind}, "content": content}


def text(words: str, name: str = "stdout") -> dict[str, Any]:
    """Return a message with words."""
    return message("stream", name=name, text=words)


def display(words: str, kind: str = "display_data", name: str = "") -> dict[str, Any]:
    """Return a message that displays something, under a name."""
    transient = {"display_id": name} if name else {}
    return message(kind, data={"text/plain": words}, metadata={}, transient=transient)


def seen(*messages: dict[str, Any]) -> list[str]:
    """Return what is shown, as words."""
    return [output.get("text") or output["data"]["text/plain"] for output in shown(messages)]


def test_cleared_output_is_gone():
    """At once, or when something new comes."""
    assert seen(text("a"), message("clear_output", wait=False)) == []
    assert seen(text("a"), message("clear_output", wait=True)) == ["a"]
    assert seen(text("a"), message("clear_output", wait=True), text("b"), text("c")) == ["b", "c"]


def test_display_with_a_name_is_replaced():
    """Everything of that name changes, nothing else does."""
    update = display("new", "update_display_data", "x")
    assert seen(display("old", name="x"), display("other"), update) == ["new", "other"]


def test_output_widget_takes_what_is_written_in_it():
    """What is captured is not below the cell, and what is written to stderr is not compared."""
    opened = message("comm_open", comm_id="out", data={"state": {"msg_id": ""}})
    begin = message("comm_msg", comm_id="out", data={"state": {"msg_id": "cell"}})
    end = message("comm_msg", comm_id="out", data={"state": {"msg_id": ""}})
    assert seen(opened, begin, text("inside"), end, text("below"), text("x", "stderr")) == ["below"]
