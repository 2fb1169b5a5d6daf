"""Copies of a whole computer, to come back to: what `Machine.snapshot` is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.sim.process import Process

if TYPE_CHECKING:
    from kit.sim.computer import Computer


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A computer at one moment; opaque, for `restore`."""

    computer: Computer
    state: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<Snapshot: tick {self.state[0][0]}>"


def snapshot(computer: Computer) -> Snapshot:
    """Return everything needed to come back to this moment.

    The sealed parts of thread logs are shared with the computer, not copied.
    """
    return Snapshot(
        computer,
        (
            (computer.now, computer.printed, computer.timer_count),
            tuple(computer.timers),
            (tuple(computer.pending.items()), tuple(computer.disk.items())),
            computer.physical.state(),
            (tuple(computer.areas.items()), tuple(sorted(computer.pinned))),
            computer.swap.state() if computer.swap else (),
            computer.translation.state() if computer.translation else (),
            tuple(process.capture() for process in computer.processes.values()),
            computer.dispatcher.state(),
            computer.random.getstate(),
            (computer.events.state(), tuple(computer.journal)),
            tuple((name, part.state()) for name, part in computer.kernel.items()),
        ),
    )


def restore(snapshot: Snapshot) -> None:
    """Bring the computer of a snapshot back to its moment."""
    computer = snapshot.computer
    (
        (computer.now, computer.printed, computer.timer_count),
        timers,
        (pending, disk),
        physical,
        (areas, pinned),
        swap,
        translation,
        processes,
        dispatcher,
        chance,
        (events, journal),
        kernel,
    ) = snapshot.state
    computer.timers, computer.pending, computer.disk = list(timers), dict(pending), dict(disk)
    computer.physical.restore(physical)
    computer.areas, computer.pinned = dict(areas), set(pinned)
    if computer.swap:
        computer.swap.restore(swap)
    if computer.translation:
        computer.translation.restore(translation)
    computer.processes = {
        captured[0][0]: Process.restored(captured, computer.physical.words)
        for captured in processes
    }
    computer.dispatcher.restore(dispatcher)
    computer.random.setstate(chance)
    computer.events.restore(events)
    computer.journal = list(journal)
    for name, state in kernel:
        computer.kernel[name].restore(state)
