"""An exception that an Output widget on the page takes is seen there."""

from typing import Any

import pytest

from kit.check.browser.held_errors import VIEW, held
from kit.check.browser.websockets import Message

RUN = "the request that runs a cell"


def said(kind: str, content: dict[str, Any]) -> Message:
    """Return what the kernel says because of a cell."""
    parent = {"msg_id": RUN}
    return Message("received", "iopub", kind, {}, parent, {}, content, (), 0)


def made(comm: str, **state: Any) -> Message:
    """Return that a widget is made."""
    return said("comm_open", {"comm_id": comm, "data": {"state": state}})


def takes(comm: str, request: str) -> Message:
    """Return that an Output widget takes what a request leads to; nothing, if that is empty."""
    data = {"method": "update", "state": {"msg_id": request}}
    return said("comm_msg", {"comm_id": comm, "data": data})


def displayed(comm: str) -> Message:
    """Return that a widget is displayed."""
    return said("display_data", {"data": {VIEW: {"model_id": comm}}})


ERROR = said("error", {"ename": "ValueError", "evalue": "no", "traceback": []})
TAKEN = (made("out", msg_id=""), takes("out", RUN), ERROR, takes("out", ""))


@pytest.mark.parametrize(
    "messages",
    [
        (*TAKEN, displayed("out")),
        (made("box", children=["IPY_MODEL_out"]), displayed("box"), *TAKEN),
    ],
    ids=["displayed later", "in another widget"],
)
def test_what_an_output_widget_takes_is_held_by_it(messages: tuple[Message, ...]):
    """The exception is seen where the widget is, before or after, alone or in a box."""
    assert list(held(messages)) == [ERROR]


@pytest.mark.parametrize(
    "messages",
    [
        TAKEN,
        (displayed("out"), made("out", msg_id=""), takes("out", RUN), takes("out", ""), ERROR),
        (displayed("out"), made("out", msg_id=""), takes("out", "another request"), ERROR),
        (ERROR,),
    ],
    ids=["nowhere displayed", "after it", "of something else", "without one"],
)
def test_what_nobody_sees_is_not_held(messages: tuple[Message, ...]):
    """An exception in a widget that is not on the page, or beside it, is told as before."""
    assert list(held(messages)) == []
