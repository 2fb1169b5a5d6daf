"""Visiting one notebook in JupyterLab: running it, looking at it, pressing its buttons."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from kit.check.browser.lab import Lab, PageLost
from kit.check.browser.page_logs import PageError
from kit.check.browser.websockets import Message, WidgetTraffic

OPENING_SECONDS = 60
GRACE_SECONDS = 5
"""How much longer than it may take a page is waited for, before it counts as lost."""
DRAWING_SECONDS = 5
"""How long a widget may take until it shows something."""
BUSY_SECONDS = 30
"""How long the kernel may take to answer widgets, and the page to press its buttons."""
AXE_SECONDS = 120
"""How long axe-core may take: some ten seconds for ten thousand elements on a slow machine."""
QUIET_SECONDS = 0.1

_DEAD = ("autorestarting", "restarting", "dead")


@dataclass
class Visit:
    """What was seen of a notebook; as much of it as could be.

    Attributes
    ----------
    stage : str
        What was done with it last: "it was opened", "it ran", "it was looked at",
        "its buttons were pressed", "it was closed".
    end : str
        How it ended: "done", "died" with the kernel, "input" when a cell waited for a
        person, "late" when the time was over, "busy" when the kernel did not come to
        rest; nothing if it was lost before any of this.
    lost : PageLost or None
        Why the page was given up.
    running : float
        How long its cells took; seconds.
    cells, widgets, violations, raised : list of dict
        What the functions of ``in_page.js`` return.
    errors, late_errors : list of PageError
        What the page reported before and while buttons were pressed.
    messages : list of Message
        What the page and the kernel said to each other.
    """

    stage: str = "it was opened"
    end: str = ""
    lost: PageLost | None = None
    running: float = 0.0
    cells: list[dict[str, Any]] = field(default_factory=list)
    widgets: list[dict[str, Any]] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    raised: list[dict[str, Any]] = field(default_factory=list)
    errors: list[PageError] = field(default_factory=list)
    late_errors: list[PageError] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def was_run(self) -> bool:
        """Whether all cells were run, so that what came then came from widgets."""
        return self.stage not in ("it was opened", "it ran")

    @property
    def pressed(self) -> bool:
        """Whether it came to pressing buttons."""
        return self.stage in ("its buttons were pressed", "it was closed")


def visit(lab: Lab, name: str, seconds: float) -> Visit:
    """Visit a notebook.

    Parameters
    ----------
    lab : Lab
        Started if need be, and closed if the notebook has left it in a bad state.
    name : str
        The path of the notebook below the server's root.
    seconds : float
        How long its cells may take together.
    """
    if not lab.is_open:
        lab.open()
    lab.log.clear()
    seen, kernel = Visit(), ""
    try:
        kernel = lab.ask("open", name, OPENING_SECONDS)
        _run(lab, seen, seconds)
        if seen.end == "done":
            _look(lab, seen)
        if seen.end == "done":
            _press(lab, seen)
    except PageLost as lost:
        seen.lost = lost
    # The last notebook's kernel may still have had something to say.
    seen.messages = [m for m in lab.log.traffic.messages if m.kernel_id == kernel]
    _note_errors(lab, seen)
    _leave(lab, seen)
    return seen


def _run(lab: Lab, seen: Visit, seconds: float) -> None:
    seen.stage = "it ran"
    start = time.monotonic()
    seen.end = lab.ask("run", seconds, seconds + GRACE_SECONDS)
    seen.running = time.monotonic() - start
    seen.cells = lab.ask("cells")


def _look(lab: Lab, seen: Visit) -> None:
    seen.stage = "it was looked at"
    seen.end = _come_to_rest(lab.log.traffic)
    if seen.end == "done":
        seen.widgets = lab.ask("look", DRAWING_SECONDS, DRAWING_SECONDS + GRACE_SECONDS)
        seen.violations = lab.ask("judge", seconds=AXE_SECONDS)


def _press(lab: Lab, seen: Visit) -> None:
    _note_errors(lab, seen)
    seen.stage = "its buttons were pressed"
    place, done = 0, False
    while not done:
        # A page may have hundreds of buttons: each may take as long, not all together.
        part = lab.ask("press", place, BUSY_SECONDS)
        seen.raised += part["raised"]
        place, done = part["next"], part["done"]
    seen.end = _come_to_rest(lab.log.traffic)


def _note_errors(lab: Lab, seen: Visit) -> None:
    """Keep what the page has reported since this was last done."""
    noted = seen.late_errors if seen.pressed else seen.errors
    noted += lab.log.unexpected
    lab.log.forget_errors()


def _leave(lab: Lab, seen: Visit) -> None:
    if seen.end != "done" or seen.lost:
        lab.close()
        return
    seen.stage = "it was closed"
    try:
        lab.ask("close")
    except PageLost as lost:
        seen.lost = lost
        lab.close()


def _come_to_rest(traffic: WidgetTraffic) -> str:
    """Wait until the kernel has answered all that widgets told it; say how that ended."""

    def died() -> bool:
        states = (m.content["execution_state"] for m in traffic.since(0, "status"))
        return any(state in _DEAD for state in states)

    def rests() -> bool:
        sent = {m.id for m in traffic.comms(direction="sent")}
        idle = (m for m in traffic.since(0, "status") if m.content["execution_state"] == "idle")
        return died() or sent <= {m.parent_id for m in idle}

    deadline = time.monotonic() + BUSY_SECONDS
    try:
        # A message to the kernel is seen a moment after the page has sent it.
        traffic.wait_for_silence(QUIET_SECONDS, BUSY_SECONDS)
        traffic.wait_for(rests, max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        return "busy"
    return "died" if died() else "done"
