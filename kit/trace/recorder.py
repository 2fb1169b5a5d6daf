"""From a computer to the record of its run."""

from __future__ import annotations

from kit.sim.computer import Computer
from kit.sim.journal import Recipe
from kit.trace.record import Record, Settings, ThreadRecord


def record_of(computer: Computer) -> Record:
    """Return what has happened since tick 0; later running does not change it."""
    setup = computer.setup
    quantum = setup.scheduler.quantum
    settings = Settings(
        cores=setup.cores,
        ram=setup.ram,
        page_size=setup.page_size,
        reserved_frames=computer.physical.reserved,
        scheduler=setup.scheduler.name,
        quantum=quantum if isinstance(quantum, int) else None,
        seed=setup.seed,
        costs=setup.costs,
        contiguous=setup.contiguous is not None,
        demand=setup.demand,
        swap=setup.swap,
        tlb=setup.tlb,
        asid=setup.asid,
    )
    threads = {
        thread.key: ThreadRecord.of(thread.log)
        for process in computer.processes.values()
        for thread in process.threads.values()
        if thread.log.checkpoints
    }
    return Record(
        settings,
        computer.now,
        tuple(computer.disk.values()),
        computer.events.copy(),
        threads,
        Recipe(setup, tuple(computer.journal)),
    )
