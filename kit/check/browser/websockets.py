"""Reading what a page and its kernel say to each other, off the page's websockets.

A Jupyter page speaks to a kernel in one of two ways, and these are both read:
the framing called ``v1.kernel.websocket.jupyter.org``, and the older one of
JSON text, or of binary frames that begin with a count of parts.
"""

from __future__ import annotations

import json
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from playwright.sync_api import Page, WebSocket

Direction = Literal["sent", "received"]
KERNEL_URL = re.compile(r"/api/kernels/(?P<id>[^/]+)/channels")
COMM_TYPES = frozenset({"comm_open", "comm_msg", "comm_close"})


@dataclass(frozen=True)
class Message:
    """One Jupyter message that crossed a websocket of the page.

    Attributes
    ----------
    direction : "sent" or "received"
        As the page sees it.
    channel, msg_type, header, parent, metadata, content, buffers
        The message's parts, as Jupyter's messaging protocol names them.
    size : int
        Of the whole frame; bytes.
    kernel_id : str
        Whose websocket it was.
    time : float
        When it was seen; seconds of the monotonic clock.
    """

    direction: Direction
    channel: str
    msg_type: str
    header: dict[str, Any]
    parent: dict[str, Any]
    metadata: dict[str, Any]
    content: dict[str, Any]
    buffers: tuple[bytes, ...]
    size: int
    kernel_id: str = ""
    time: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> str:
        """Its own id."""
        return str(self.header.get("msg_id", ""))

    @property
    def parent_id(self) -> str:
        """The id of the message that it answers; nothing if there is none."""
        return str(self.parent.get("msg_id", ""))

    @property
    def data(self) -> dict[str, Any]:
        """What a comm message carries; nothing for any other."""
        return self.content.get("data") or {} if self.msg_type in COMM_TYPES else {}


def decode(frame: bytes | str, direction: Direction, kernel_id: str = "") -> Message:
    """Return the message that one frame of a kernel's websocket holds."""
    size = len(frame.encode() if isinstance(frame, str) else frame)
    if isinstance(frame, str):
        message, buffers = json.loads(frame), []
    elif _is_v1(frame):
        channel, *parts = _split(frame, *_v1_offsets(frame))
        names = ("header", "parent_header", "metadata", "content")
        message = {"channel": channel.decode()}
        message |= {name: json.loads(part) for name, part in zip(names, parts, strict=False)}
        buffers = parts[len(names) :]
    else:
        count = struct.unpack_from(">I", frame)[0]
        text, *buffers = _split(frame, *struct.unpack_from(f">{count}I", frame, 4), len(frame))
        message = json.loads(text)
    return Message(
        direction=direction,
        channel=message.get("channel") or "",
        msg_type=message["header"]["msg_type"],
        header=message["header"],
        parent=message.get("parent_header") or {},
        metadata=message.get("metadata") or {},
        content=message["content"],
        buffers=tuple(buffers),
        size=size,
        kernel_id=kernel_id,
    )


def _is_v1(frame: bytes) -> bool:
    # Only here do the first eight bytes, read this way round, count a few parts:
    # the older framing puts a count and an offset there, big end first.
    count: int = struct.unpack_from("<Q", frame)[0]
    return count < 2**16 and len(frame) >= 8 * (count + 1)


def _v1_offsets(frame: bytes) -> tuple[int, ...]:
    return struct.unpack_from(f"<{struct.unpack_from('<Q', frame)[0]}Q", frame, 8)


def _split(frame: bytes, *offsets: int) -> list[bytes]:
    return [frame[a:b] for a, b in pairwise(offsets)]


class WidgetTraffic:
    """Every message between a page and its kernels since the page was made.

    Attributes
    ----------
    page : Page
    messages : list of Message
        In the order in which they were seen.
    kernel_ids : list of str
        The kernels that the page connected to; once for each websocket.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.messages: list[Message] = []
        self.kernel_ids: list[str] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        kernel = KERNEL_URL.search(socket.url)
        if kernel is None:
            return
        name = kernel["id"]
        self.kernel_ids.append(name)
        socket.on("framesent", lambda frame: self._take(frame, "sent", name))
        socket.on("framereceived", lambda frame: self._take(frame, "received", name))

    def _take(self, frame: bytes | str, direction: Direction, kernel_id: str) -> None:
        self.messages.append(decode(frame, direction, kernel_id))

    def mark(self) -> int:
        """Return this moment, for `since`."""
        return len(self.messages)

    def since(self, mark: int = 0, *msg_types: str) -> list[Message]:
        """Return the messages since a mark: all, or those of these types."""
        found = self.messages[mark:]
        return [m for m in found if m.msg_type in msg_types] if msg_types else found

    def comms(self, mark: int = 0, direction: Direction | None = None) -> list[Message]:
        """Return the widget messages since a mark: both ways, or one way."""
        found = self.since(mark, *COMM_TYPES)
        return [m for m in found if direction in (None, m.direction)]

    def wait_for(self, condition: Callable[[], object], timeout: float = 30) -> None:
        """Let messages come until the condition holds.

        Raises
        ------
        TimeoutError
            If it does not within so many seconds.
        """
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The page was not seen to say it within {timeout} s")
            # Playwright hands over what it has heard only while it is called.
            self.page.wait_for_timeout(20)

    def wait_for_silence(self, seconds: float = 0.3, timeout: float = 30) -> None:
        """Wait until no message has come or gone for so long."""
        start = time.monotonic()

        def silent() -> bool:
            last = self.messages[-1].time if self.messages else start
            return time.monotonic() - max(last, start) > seconds

        self.wait_for(silent, timeout)
