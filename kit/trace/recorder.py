"""From a computer to the record of its run."""

from __future__ import annotations

from kit.sim.computer import Computer
from kit.sim.journal import Recipe
from kit.trace.record import Record, Settings, ThreadRecord


def record_of(computer: Computer) -> Record:
    """Return what has happened since tick 0; later running does not change it."""
    threads = {
        thread.key: ThreadRecord.of(thread.log)
        for process in computer.processes.values()
        for thread in process.threads.values()
        if thread.log.checkpoints
    }
    return Record(
        Settings.of(computer.setup, computer.physical.reserved),
        computer.now,
        tuple(computer.disk.values()),
        computer.events.copy(),
        threads,
        Recipe(computer.setup, tuple(computer.journal)),
    )
