"""A computer of any kind that changes threads before every single instruction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit import Machine, Trace
from kit.explore.plan import Chosen
from kit.sim.computer import Computer
from kit.sim.journal import Launch
from kit.sim.snapshots import restore, snapshot
from kit.trace.recorder import record_of

End = tuple[Any, ...]


def end_of(trace: Trace) -> End:
    """What a run came to: outputs, exit codes, faults and signals, by pid."""
    processes = trace.history.processes
    output = tuple((pid, trace.output(pid)) for pid in sorted(processes) if trace.output(pid))
    codes = tuple(
        (pid, p.exit.exit_code if p.exit else None) for pid, p in sorted(processes.items())
    )
    faults = sorted((e.pid, e.details["fault"]) for e in trace.events if e.kind == "fault")
    signals = tuple(
        (pid, p.exit.signal) for pid, p in sorted(processes.items()) if p.exit and p.exit.signal
    )
    return output, codes, tuple(faults), signals


def all_ends(machine: Machine) -> set[End]:
    """What all ways to choose a thread before every instruction come to."""
    recipe = machine.run(until=0).record.recipe
    assert recipe is not None
    computer = Computer(replace(recipe.setup, scheduler=Chosen()))
    for step in recipe.steps:
        if isinstance(step, Launch):
            step.apply(computer)
    computer.run(until=0)
    found: set[End] = set()
    _go_on(computer, found, set())
    return found


def _go_on(computer: Computer, found: set[End], seen: set[str]) -> None:
    ready = [t.key for p in computer.alive.values() for t in p.alive if t.state == "ready"]
    if not ready:
        found.add(end_of(Trace(record_of(computer))))
        return
    here = snapshot(computer)
    mark = repr((_plain(here.state), end_of(Trace(record_of(computer)))))
    if mark in seen:
        return
    seen.add(mark)
    for key in ready:
        restore(here)
        computer.dispatcher.queue.chosen = key  # type: ignore[attr-defined]
        computer.run(until=computer.now + 1)
        thread = computer.thread(key)
        if thread.state == "running":
            computer.dispatcher.preempt(computer.cores[0], "expire")
        _go_on(computer, found, seen)


def _plain(state: dict[str, Any]) -> Any:
    """What can matter of a snapshot: neither time nor what was written down."""
    processes = [
        (identity[0], *rest[1:-2], [thread[:-1] for thread in rest[-2]], rest[-1])
        for identity, *rest in state["processes"]
    ]
    parts = [state.get(name) for name in ("physical", "swap", "pending", "areas", "kernel")]
    return processes, parts
