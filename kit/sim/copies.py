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
        return f"<Snapshot: tick {self.state[0]}>"


def snapshot(computer: Computer) -> Snapshot:
    """Return everything needed to come back to this moment.

    The sealed parts of thread logs are shared with the computer, not copied.
    """
    return Snapshot(
        computer,
        (
            computer.now,
            computer.printed,
            computer.timer_count,
            tuple(computer.timers),
            tuple(computer.pending.items()),
            tuple(computer.queue.keys()),
            tuple(
                (core.thread.key if core.thread else None, core.used, core.stall, core.last)
                for core in computer.cores
            ),
            computer.physical.state(),
            tuple(process.capture() for process in computer.processes.values()),
            computer.random.getstate(),
            tuple(computer.events),
            tuple((name, part.state()) for name, part in computer.kernel.items()),
        ),
    )


def restore(snapshot: Snapshot) -> None:
    """Bring the computer of a snapshot back to its moment."""
    computer = snapshot.computer
    (
        computer.now,
        computer.printed,
        computer.timer_count,
        timers,
        pending,
        queue,
        cores,
        physical,
        processes,
        chance,
        events,
        kernel,
    ) = snapshot.state
    computer.timers, computer.pending = list(timers), dict(pending)
    computer.physical.restore(physical)
    computer.processes = {
        captured[0][0]: Process.restored(captured, computer.physical.words)
        for captured in processes
    }
    computer.queue = computer.scheduler.start()
    for key in queue:
        computer.queue.add(computer.thread(key))
    for core, (key, used, stall, last) in zip(computer.cores, cores, strict=True):
        core.thread = computer.thread(key) if key else None
        core.used, core.stall, core.last = used, stall, last
    computer.random.setstate(chance)
    computer.events = list(events)
    for name, state in kernel:
        computer.kernel[name].restore(state)
