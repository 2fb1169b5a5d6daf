"""Doing with every widget what a person can do, over the same messages that a page sends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from kit.check.execution.gestures import CONTROLS, Gesture, Operable, gestures
from kit.check.execution.kernel import Kernel
from kit.check.execution.telling import short
from kit.check.execution.troubles import Trouble, WidgetOwner, troubles
from kit.check.results import Problem

PATIENCE = 2.0
"""Seconds for which threads and tasks are waited for, before they count as meant to last."""
PAUSE = 0.02
"""Seconds between two looks at them."""

NOTHING: dict[str, Any] = {"busy": 0, "commands": [], "raised": [], "failed": []}
"""What is known of a kernel that cannot be asked."""

_WANTED = {
    model: [*control.traits, "description", "disabled"] for model, control in CONTROLS.items()
}


def settle(kernel: Kernel) -> dict[str, Any]:
    """Wait until threads and tasks that were started are over; return what the probe knows then.

    What outlasts `PATIENCE` is taken for a clock or a server, and not waited for again.
    """
    deadline = time.monotonic() + PATIENCE
    known: dict[str, Any] = kernel.ask("after") or NOTHING
    waited = bool(known["busy"])
    while known["busy"]:
        if time.monotonic() > deadline:
            kernel.ask("accept_busy")
        time.sleep(PAUSE)
        known = _joined(known, kernel.ask("after"))
    if waited:  # what ended may have left something for the event loop to do
        known = _joined(known, kernel.ask("after"))
    return known


def _joined(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return now | {name: before[name] + now[name] for name in ("commands", "raised")}


def as_troubles(known: dict[str, Any]) -> Iterator[Trouble]:
    """Yield the failed commands, and the exceptions in threads, of which the probe knows."""
    for command, code in known["commands"]:
        yield Trouble("command", f"!{command.strip()} (exit code {code})")
    for raised in known["raised"]:
        yield Trouble("thread", short(raised["text"]), raised["details"])


class Driver:
    """Operates the widgets of a notebook, one after the other.

    A widget is operated once. What a gesture uncovers is operated before the gesture is taken
    back; what it makes as well, but not what that makes in turn.

    Parameters
    ----------
    kernel : Kernel
    seconds : float
        How long all of it may take.
    unheard : callable
        Whether a `Trouble` does not count.

    Attributes
    ----------
    done : set of str
        The ids of the widgets that were operated.
    problems : list of Problem
    """

    def __init__(
        self,
        kernel: Kernel,
        seconds: float,
        unheard: Callable[[Trouble], bool] = lambda _one: False,
    ) -> None:
        self.unheard = unheard
        self.kernel = kernel
        self.seconds = seconds
        self.done: set[str] = set()
        self.problems: list[Problem] = []
        self._reported: set[tuple[str, str]] = set()
        self._deadline = time.monotonic() + seconds
        self._widgets: dict[str, Operable] = {}
        self._making: set[str] = set()
        self._fruitful: set[str] = set()

    def drive(self, failed: list[dict[str, Any]]) -> None:
        """Operate everything.

        Parameters
        ----------
        failed : list of dict
            Widgets that show an error already, as the probe tells them.

        Raises
        ------
        KernelDied, TookTooLong
            From a callback, or from what it has left behind.
        """
        self._failed_runs(failed, None)
        self.kernel.changed = True
        self._old = set(self.kernel.made)
        for key in list(self._operable()):
            self._operate(key)
        # What a widget says wrong of itself shows only when it is asked for it.
        self._failed_runs(self.kernel.ask("failed_runs"), None)

    def _operable(self) -> dict[str, Operable]:
        """Return what can be operated now, asking only if that may have changed."""
        if self.kernel.changed:
            self.kernel.changed = False
            operable = self.kernel.ask("operable", _WANTED)
            self._widgets = {one["id"]: Operable.of(one) for one in operable}
        return self._widgets

    def _operate(self, key: str) -> None:
        widget = self._operable().get(key)
        if widget is None or key in self.done:
            return
        self.done.add(key)
        for gesture in gestures(widget):
            if time.monotonic() > self._deadline:
                self._give_up()
                return
            now = self._operable().get(key)
            # What a person could do may be gone because of what was done before.
            if now is None or not any(_same(gesture, one) for one in gestures(now)):
                continue
            before = set(self._operable())
            self._perform(widget, gesture)
            self._go_on(key, before)
            back = _back(gesture)
            if back is not None and key in self._operable():
                self._perform(widget, back)

    def _go_on(self, key: str, before: set[str]) -> None:
        """Operate what a gesture has uncovered or made."""
        new = [one for one in self._operable() if one not in before and one not in self.done]
        uncovered = [one for one in new if one in self._old]
        for one in uncovered:
            self._operate(one)
        made = [one for one in new if one not in self._old]
        if made and not self._making and key not in self._fruitful:
            self._fruitful.add(key)
            self._making.add(key)
            for one in made:
                self._operate(one)
            self._making.discard(key)

    def _perform(self, widget: Operable, gesture: Gesture) -> None:
        owner = WidgetOwner(self.kernel.cell_of(widget.id), widget.name, gesture.deed)
        request = self.kernel.begin(owner)
        self.kernel.say(widget.id, dict(gesture.data))
        known = settle(self.kernel)
        for trouble in troubles([*request.take(), *self.kernel.aside.take()]):
            self._tell(widget.id, owner, trouble)
        for trouble in as_troubles(known):
            self._tell(widget.id, owner, trouble)
        self._failed_runs(known["failed"], owner)

    def _failed_runs(self, failed: list[dict[str, Any]], by: WidgetOwner | None) -> None:
        """Tell of widgets that show an error which nobody at the page can mend."""
        for widget in failed:
            own = WidgetOwner(self.kernel.cell_of(widget["id"]), widget["kind"], "was made")
            kind, text, owner = "error", short(widget["text"]), by or own
            if widget["asked"]:
                kind, text, owner = "contract", f"{widget['asked']}(): {text}", own
            self._tell(widget["id"], owner, Trouble(kind, text, widget["details"]))

    def _tell(self, key: str, owner: WidgetOwner, trouble: Trouble) -> None:
        """Add a problem; the same failure of the same widget is reported once."""
        if not self.unheard(trouble) and (key, trouble.text) not in self._reported:
            self._reported.add((key, trouble.text))
            self.problems += filter(None, [owner.problem(trouble)])

    def _give_up(self) -> None:
        if not any(problem.rule == "budget" for problem in self.problems):
            found = f"after {self.seconds:g} s not all of its widgets have been operated"
            remedy = "make what they call quicker, or allow more with notebook_seconds in "
            settings = "[tool.kit.check] of pyproject.toml"
            self.problems.append(Problem("budget", found, remedy + settings))


def _same(one: Gesture, other: Gesture) -> bool:
    """Whether two gestures are the same; what was there before may differ."""
    return one.data == other.data


def _back(gesture: Gesture) -> Gesture | None:
    """Return the gesture that takes one back, if it left anything to take back."""
    state = gesture.data.get("state", {})
    if not gesture.back or dict(gesture.back) == state:
        return None
    deed = f"{gesture.deed} and then set back"
    return replace(gesture, deed=deed, data={**gesture.data, "state": dict(gesture.back)}, back={})
