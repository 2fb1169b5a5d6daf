"""Copies of a whole computer, to come back to: what `Machine.snapshot` is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.sim.process import Process

if TYPE_CHECKING:
    from kit.sim.computer import Computer


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A computer at one moment; opaque, for `restore`.

    Attributes
    ----------
    computer : Computer
    state : dict
        Plain values by the names of what they are of.
    """

    computer: Computer
    state: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Snapshot: tick {self.state['now']}>"


COUNTERS = ("now", "printed", "timer_count")
"""Numbers of the computer."""

PARTS = ("swap", "tlb", "caches", "regions", "stretches", "dispatcher")
"""Parts that copy themselves; a computer has not all of them."""


def snapshot(computer: Computer) -> Snapshot:
    """Return everything needed to come back to this moment.

    The sealed parts of thread logs are shared with the computer, not copied.
    """
    state = {
        **machine_state(computer),
        "disk": tuple(computer.disk.items()),
        "random": computer.random.getstate(),
        "journal": tuple(computer.journal),
        "events": computer.events.state(),
    }
    return Snapshot(computer, state)


def machine_state(computer: Computer) -> dict[str, Any]:
    """Return what a snapshot holds of the machine at this moment, without what led there.

    Parameters
    ----------
    computer : Computer
    """
    parts = {name: getattr(computer, name) for name in PARTS}
    return {
        **{name: getattr(computer, name) for name in COUNTERS},
        **{name: part.state() for name, part in parts.items() if part is not None},
        "physical": computer.physical.state(),
        "timers": tuple(computer.timers),
        "pending": tuple(computer.pending.items()),
        "areas": tuple(computer.areas.items()),
        "pinned": tuple(sorted(computer.pinned)),
        "processes": tuple(process.capture() for process in computer.processes.values()),
        "kernel": {name: part.state() for name, part in computer.kernel.items()},
    }


def restore(snapshot: Snapshot) -> None:
    """Bring the computer of a snapshot back to its moment."""
    computer, state = snapshot.computer, snapshot.state
    for name in COUNTERS:
        setattr(computer, name, state[name])
    computer.timers, computer.journal = list(state["timers"]), list(state["journal"])
    computer.pending, computer.disk = dict(state["pending"]), dict(state["disk"])
    computer.areas, computer.pinned = dict(state["areas"]), set(state["pinned"])
    # Processes refer to frames, and what comes behind them refers to threads.
    computer.physical.restore(state["physical"])
    computer.processes = {
        captured[0][0]: Process.restored(captured, computer.physical.words)
        for captured in state["processes"]
    }
    computer.stopped = {pid for pid, process in computer.processes.items() if process.stopped}
    computer.alive = {}
    for pid, process in computer.processes.items():
        parent = computer.processes.get(process.parent)
        if not process.ended:
            computer.alive[pid] = process
        if parent is not None and process.ended != "terminated":
            parent.children[pid] = process
    for name in PARTS:
        if name in state:
            getattr(computer, name).restore(state[name])
    computer.events.restore(state["events"])
    if "random" in state:
        computer.random.setstate(state["random"])
    for name, kept in state["kernel"].items():
        computer.kernel[name].restore(kept)
