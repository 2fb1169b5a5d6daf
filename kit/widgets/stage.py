"""The stage: every view of a run around one player."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from kit.errors import require
from kit.trace import Trace
from kit.widgets.address_spaces import AddressSpaces
from kit.widgets.cpu import Cpu
from kit.widgets.described import described
from kit.widgets.disk import Disk
from kit.widgets.player import Player
from kit.widgets.timeline import Timeline
from kit.widgets.view import check_trace, refuse_unknown


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def summary(trace: Trace) -> str:
    """Return in a few words what a run is made of."""
    processes = trace.history.processes
    threads = sum(len(process.threads) for process in processes.values())
    return " · ".join(
        (
            _count(len(processes), "process", "processes"),
            _count(threads, "thread", "threads"),
            _count(trace.settings.cores, "core", "cores"),
            trace.settings.scheduler,
        )
    )


class Stage(ipywidgets.VBox):
    """Disk, address spaces, CPU and timeline of a run on one player.

    Parameters
    ----------
    trace : Trace
    title : str, optional
        Shown above; the names of the programs if not given.
    speed : float
        Times the normal rate.
    tick : int
        Where to start.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    trace : Trace
    player : Player
        ``stage.player.tick = 42`` and ``stage.player.playing = True`` move it.
    disk, address_spaces, cpu, timeline : View

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    trace = traitlets.Instance(Trace)

    def __init__(
        self,
        trace: Trace,
        *,
        title: str | None = None,
        speed: float = 1.0,
        tick: int = 0,
        **traits: Any,
    ) -> None:
        check_trace("Stage", trace)
        refuse_unknown("Stage", traits, ("title", "speed", "tick", "layout"))
        require(title is None or isinstance(title, str), f"Stage: title is {title!r}; give a text")
        names = dict.fromkeys(p.program.name for p in trace.history.processes.values())
        shown = title if title is not None else ", ".join(names)
        self.player = Player(trace, title=shown, subtitle=summary(trace), speed=speed, tick=tick)
        self.disk = Disk(trace, player=self.player)
        self.address_spaces = AddressSpaces(trace, player=self.player)
        self.cpu = Cpu(trace, player=self.player)
        self.timeline = Timeline(trace, player=self.player)
        room = ipywidgets.Box([self.disk, self.address_spaces, self.cpu])
        room.add_class("kit-room")
        super().__init__([self.player, room, self.timeline], trace=trace, **traits)
        self.add_class("kit-view")
        self.add_class("kit-stage")

    def __repr__(self) -> str:
        return f"<Stage of {self.trace!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return described(super()._repr_mimebundle_(**kwargs), repr(self))
