"""What if: another run from the moment that is shown."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

from kit.errors import KitError
from kit.lang.image import flat
from kit.sim.faults import SIGNALS
from kit.sim.interventions import Inject, Intervention, Kill, RunNext, Write
from kit.trace import Moment
from kit.widgets.base.controls import ControlsAid
from kit.widgets.in_c import InC
from kit.widgets.pictures.player import Player

Choice = tuple[str, Any]
"""What a person reads, and what it stands for."""
MOST_CHOICES = 200
ENDED = ("zombie", "terminated")
LABEL_WIDTH = "60px"


def processes(moment: Moment) -> list[Choice]:
    """Return the processes that can be killed at a moment: text and (pid,)."""
    return [
        (f"{process.name} (pid {process.pid})", (process.pid,))
        for process in moment.processes.values()
        if process.state not in ENDED
    ]


def threads(moment: Moment, states: tuple[str, ...] = ()) -> list[Choice]:
    """Return the living threads at a moment, those in `states` if given: text and (pid, tid)."""
    return [
        (f"{process.name} T{tid} (pid {process.pid}), {thread.state}", (process.pid, tid))
        for process in moment.processes.values()
        if process.state not in ENDED
        for tid, thread in process.threads.items()
        if thread.state != "terminated" and (not states or thread.state in states)
    ]


def variables(moment: Moment) -> list[Choice]:
    """Return the variables at a moment: text and (pid, name, index)."""
    found: list[Choice] = []
    for process in moment.processes.values():
        if process.state in ("new", *ENDED):
            continue
        for name, value in process.globals.items():
            variable = process.program.image.variables[name]
            for index, word in enumerate(flat(value)):
                where = f"of {process.name} (pid {process.pid})"
                text = f"{variable.name_of(index)} = {word} {where}"
                found.append((text, (process.pid, name, index)))
    return found


ACTIONS: dict[str, Callable[[Moment], list[Choice]]] = {
    "kill a process": processes,
    "kill a thread": threads,
    "let a thread fail": threads,
    "run a thread next": lambda moment: threads(moment, ("ready",)),
    "set a variable": variables,
}


def intervention(action: str, whom: tuple[Any, ...], fault: str, value: int) -> Intervention:
    """Return what a person chose.

    Parameters
    ----------
    action : str
        Its name in the menu.
    whom : tuple of Any
        pid and tid; for a variable pid, name and index.
    fault : str
    value : int
        What is to be written.
    """
    if action == "let a thread fail":
        pid, tid = whom
        return Inject(pid, tid, fault)
    if action == "run a thread next":
        return RunNext(*whom)
    if action == "set a variable":
        pid, name, index = whom
        return Write(pid, name, value, index)
    return Kill(*whom)


class Branching(ipywidgets.VBox):
    """Controls with which a person changes what happens at the moment that is shown.

    Parameters
    ----------
    player : Player
    branch : callable
        Takes an intervention, and shows the new run.
    in_c : InC
        The button that is next to "What if".

    Attributes
    ----------
    action, whom, fault, value : Dropdown, Dropdown, Dropdown, IntText
    go : Button
    """

    _without_kernel = traitlets.Dict(
        {
            "how": "left out",
            "words": "“What if …” runs on from this moment, and “The same in C” is written when "
            "it is asked for: both need a kernel",
        }
    ).tag(sync=True)

    def __init__(self, player: Player, branch: Callable[[Intervention], object], in_c: InC) -> None:
        self.player, self._branch = player, branch
        self._locked = False
        self.unfold = ipywidgets.ToggleButton(description="What if …", icon="code-fork")
        self.action = ipywidgets.Dropdown(options=list(ACTIONS), description="What if")
        self.whom = ipywidgets.Dropdown(description="whom")
        self.fault = ipywidgets.Dropdown(options=list(SIGNALS), description="how")
        self.value = ipywidgets.IntText(description="to")
        self.go = ipywidgets.Button(button_style="")
        self.status = ipywidgets.HTML()
        self.status.add_class("kit-status")
        controls = [self.action, self.whom, self.fault, self.value]
        self.form = ipywidgets.Box([*controls, self.go, self.status])
        self.form.add_class("kit-form")
        for control in controls:
            control.style.description_width = LABEL_WIDTH
        # Outside of the form, because it has something to say also while that is folded away.
        aid = ControlsAid(layout={"display": "none"})
        super().__init__([self.unfold, in_c, self.form, aid])
        in_c.box = self
        self.add_class("kit-branching")
        self.add_class("kit-controls")
        # A run that plays stops, so that what is offered is what is seen.
        self.unfold.observe(lambda _change: player.pause(), "value")
        self.unfold.observe(self._refresh, "value")
        self.action.observe(self._refresh, "value")
        self.go.on_click(self._go)
        player.observe(self._refresh, ["tick", "trace", "locks"])
        self._refresh()

    def _refresh(self, _change: Any = None) -> None:
        """Offer what there is at the tick; nothing is looked up while it is folded away."""
        self.form.layout.display = "" if self.unfold.value else "none"
        if not self.unfold.value:
            return
        action, chosen = self.action.value, self.whom.label
        offered = ACTIONS[action](self.player.trace.at(self.player.tick))[:MOST_CHOICES]
        offered = offered or [("none at this tick", None)]
        texts = [text for text, _ in offered]
        self.whom.options = offered
        self.whom.index = texts.index(chosen) if chosen in texts else 0
        self.fault.layout.display = "" if action == "let a thread fail" else "none"
        self.value.layout.display = "" if action == "set a variable" else "none"
        self.go.description = f"Run on from tick {self.player.tick}"
        self.go.disabled = self.whom.value is None or bool(self.player.locks)
        self._tell_of_locks()

    def _tell_of_locks(self) -> None:
        """Say that nothing can be changed yet while a question waits for its answer."""
        locked = bool(self.player.locks)
        if locked:
            why = self.player.why_locked()
            self.say(f"Another run would go on, but {why}.")
        elif self._locked:
            self.status.value = ""
        self._locked = locked

    def _go(self, _button: ipywidgets.Button) -> None:
        self.status.value = ""
        if self.whom.value is None:
            return
        try:
            self._branch(
                intervention(self.action.value, self.whom.value, self.fault.value, self.value.value)
            )
        except KitError as error:
            self.say(str(error))

    def say(self, text: str) -> None:
        """Show a message, as it is."""
        self.status.value = f'<span role="status">{html.escape(text)}</span>'
