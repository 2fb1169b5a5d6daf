"""What the operating system reports of faults and ends, a line each, as a console shows it."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from kit.lang.signals import how_ended
from kit.sim.events import processes, scheduling
from kit.sim.faults import FAULTS
from kit.trace.replay import History
from kit.trace.state.reducer import Reducer, replay

MACHINE = 0
"""Stands for the pid of the machine itself."""


class Report(NamedTuple):
    """A line about a process, or about the machine."""

    tick: int
    pid: int
    text: str


def reports(history: History) -> list[Report]:
    """Return all reports of a run, in order."""
    reporter = _Reporter(history)
    replay(history.record.events.others, reporter)
    return reporter.found


class _Reporter(Reducer):
    def __init__(self, history: History) -> None:
        self.history = history
        self.found: list[Report] = []

    def _add(self, tick: int, pid: int, text: str) -> None:
        self.found.append(Report(tick, pid, text))

    def _on_fault(self, event: processes.Faulted) -> None:
        # Where the segments are stands in the narration, and in the address spaces.
        self._add(event.tick, event.pid, event.message.partition("; code 0x")[0])
        exited = self.history.processes[event.pid].exit
        if exited is None or (exited[0], exited[2]) != (event.tick, event.fault):
            text = f"no handler catches it: only T{event.tid} ends"
            self._add(event.tick, event.pid, text)

    def _on_exit(self, event: processes.Exit) -> None:
        why = f": {event.reason}" if event.reason in FAULTS else ""
        told = how_ended(event.exit_code, event.signal)
        self._add(event.tick, event.pid, told + why)

    def _on_limit(self, event: processes.Limit) -> None:
        self._add(event.tick, MACHINE, f"the run is stopped: {event.message}")

    def _on_deadlock(self, event: scheduling.Deadlock) -> None:
        pids = dict.fromkeys(pid for pid, *_ in event.cycle)
        several = len(pids) > 1
        names = [f"T{tid} of pid {pid}" if several else f"T{tid}" for pid, tid, *_ in event.cycle]
        circle = ", which waits for ".join([*names[1:], names[0]])
        for pid in pids:
            self._add(event.tick, pid, f"deadlock: {names[0]} waits for {circle}")

    def _on_stuck(self, event: scheduling.Stuck) -> None:
        waiting = defaultdict(list)
        for pid, tid, *_ in event.waiting:
            waiting[pid].append(f"T{tid}")
        for pid, names in waiting.items():
            text = f"waiting for something that will never happen: {', '.join(names)}"
            self._add(event.tick, pid, text)
