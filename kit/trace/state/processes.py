"""Processes and threads: who made them, what they run, how they end."""

from __future__ import annotations

from typing import NamedTuple

from kit.lang.signals import Signal, effect_of
from kit.sim.events import processes
from kit.sim.recording import ThreadId
from kit.trace.process_history import (
    Ended,
    Exec,
    ProcessEnd,
    ProcessHistory,
    Signals,
    ThreadHistory,
)
from kit.trace.record import Record
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


class Birth(NamedTuple):
    """A thread that is made.

    Attributes
    ----------
    tick : int
    creator : (pid, tid) or None
        The thread that spawned it, or that called fork; None where the machine made it.
    """

    tick: int
    creator: ThreadId | None


class Fault(NamedTuple):
    """A thread did what cannot be done; `kind` is a key of `kit.sim.faults.SIGNALS`."""

    tick: int
    pid: int
    tid: int
    kind: str
    message: str


class Printed(NamedTuple):
    """A thread wrote a line to the console."""

    tick: int
    pid: int
    tid: int
    text: str


class Intervention(NamedTuple):
    """Somebody acted from outside; the tid is 0 where it is about a process."""

    tick: int
    pid: int
    tid: int
    action: str
    detail: str


class Processes(Reducer):
    """Follows them.

    Attributes
    ----------
    processes : dict of int to ProcessHistory
    births : dict of (pid, tid) to Birth
        In order of creation; threads of programs that were never loaded are not in it.
    living : Steps of tuple of (pid, tid)
        The threads that have not ended.
    faults : list of Fault
    prints : list of Printed
    interventions : list of Intervention
    """

    def __init__(self, record: Record) -> None:
        settings = record.settings
        self._sizes = settings.page_size, settings.code_base, settings.segment_size
        self._programs = {program.name: program for program in record.programs}
        self.processes: dict[int, ProcessHistory] = {}
        self.births: dict[ThreadId, Birth] = {}
        self.living: Steps[tuple[ThreadId, ...]] = Steps(())
        self.faults: list[Fault] = []
        self.prints: list[Printed] = []
        self.interventions: list[Intervention] = []

    def _on_launch(self, event: processes.Launch) -> None:
        self._process(event, event.program, "launch")
        self._thread(event.pid, 1, event.tick, "main", ())

    def _on_fork(self, event: processes.Fork) -> None:
        copied = self.processes[event.parent].threads[event.tid]
        process = self._process(event, event.program, "fork")
        self._thread(event.pid, event.tid, event.tick, copied.function, copied.arguments)
        process.threads[event.tid].program = copied.program
        inherited = self.processes[event.parent].signals.last.ignored
        if inherited:
            process.signals.add(event.tick, Signals(inherited))
        self.births.setdefault(event.key, Birth(event.tick, (event.parent, event.tid)))

    def _process(
        self, event: processes.Launch | processes.Fork, program: str, origin: str
    ) -> ProcessHistory:
        made = self.processes[event.pid] = ProcessHistory(
            event.pid, event.parent, self._programs[program], event.tick, origin, *self._sizes
        )
        return made

    def _thread(
        self, pid: int, tid: int, tick: int, function: str, arguments: tuple[int, ...]
    ) -> None:
        process = self.processes[pid]
        made = ThreadHistory(function, arguments, process.programs.at(tick))
        process.threads[tid] = made
        made.state.add(tick, "new")
        self.living.add(tick, (*self.living.at(tick), (pid, tid)))

    def _on_thread(self, event: processes.ThreadMade) -> None:
        if event.tid not in self.processes[event.pid].threads:
            self._thread(event.pid, event.tid, event.tick, event.function, event.arguments)
        creator = (event.pid, event.creator) if event.creator else None
        made = self.processes[event.pid].threads[event.tid].state.ticks[0]
        self.births.setdefault(event.key, Birth(made, creator))

    def _on_exec(self, event: processes.Exec) -> None:
        process, program = self.processes[event.pid], self._programs[event.program]
        process.programs.add(event.tick, program)
        process.execs.append(Exec(event.tick, program, event.tid))
        self._thread(event.pid, event.tid, event.tick, "main", ())

    def _on_end(self, event: processes.End) -> None:
        others = tuple(key for key in self.living.at(event.tick) if key != event.key)
        self.living.add(event.tick, others)
        thread = self.processes[event.pid].threads[event.tid]
        thread.result, thread.ended = event.result, Ended(event.tick, event.how)

    def _on_exit(self, event: processes.Exit) -> None:
        process = self.processes[event.pid]
        process.exit = ProcessEnd(event.tick, event.exit_code, event.reason, event.signal)
        process.exited_by = event.tid
        # No process that has ended is stopped, or has a signal that waits.
        process.signals.add(event.tick, Signals(process.signals.last.ignored))

    def _on_ignore(self, event: processes.Ignore) -> None:
        steps = self.processes[event.pid].signals
        ignored = _with(steps.last.ignored, event.signal)
        steps.add(event.tick, steps.last._replace(ignored=ignored))

    def _on_kill(self, event: processes.Kill) -> None:
        target, signal = self.processes[event.target], Signal(event.signal)
        if target.exit is not None:
            return
        steps, now = target.signals, target.signals.last
        effect = effect_of(signal, ignored=signal in now.ignored, stopped=now.stopped)
        if effect == "stop":
            steps.add(event.tick, now._replace(stopped=True))
        elif effect == "continue":
            steps.add(event.tick, Signals(now.ignored))

    def _on_pending(self, event: processes.Pending) -> None:
        steps = self.processes[event.pid].signals
        pending = _with(steps.last.pending, event.signal)
        steps.add(event.tick, steps.last._replace(pending=pending))

    def _on_adopt(self, event: processes.Adopt) -> None:
        self.processes[event.pid].parents.add(event.tick, event.parent)

    def _on_reap(self, event: processes.Reap) -> None:
        self.processes[event.pid].reaped = event.tick

    def _on_print(self, event: processes.Print) -> None:
        self.processes[event.pid].output.add(event.tick, event.text)
        self.prints.append(Printed(event.tick, *event.key, event.text))

    def _on_fault(self, event: processes.Faulted) -> None:
        self.faults.append(Fault(event.tick, *event.key, event.fault, event.message))

    def _on_intervene(self, event: processes.Intervene) -> None:
        step = Intervention(event.tick, *event.key, event.action, event.detail)
        self.interventions.append(step)


def _with(signals: tuple[Signal, ...], number: int) -> tuple[Signal, ...]:
    """Return signals with one more of them, by number."""
    return tuple(sorted({*signals, Signal(number)}))
