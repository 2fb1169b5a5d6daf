"""One result of a program, in words, and whether a run ends with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kit.explore.results import Final, Value
from kit.explore.telling import stuck_in
from kit.lang.signals import Signal, how_ended
from kit.sim.events.processes import Faulted
from kit.sim.free_list import POISON
from kit.trace import Trace


@dataclass(frozen=True)
class Outcome:
    """One result, and how many schedules lead to it.

    Attributes
    ----------
    final : Final
        What happened, as plain values that can be compared.
    schedules : int or None
        How many schedules lead to it; None for infinitely many, as where a thread may spin as
        long as it likes. Counted are the points at which it matters who goes on: system calls,
        and accesses to memory that several threads use.
    """

    final: Final
    schedules: int | None

    @property
    def output(self) -> Mapping[int, str]:
        """What each process printed, by pid."""
        return {pid: dict(self.final.output).get(pid, "") for pid, _ in self.final.exit_codes}

    @property
    def globals(self) -> Mapping[int, Mapping[str, Value]]:
        """The last values of each process's globals, by pid and name; an array is a tuple."""
        return {pid: dict(values) for pid, values in self.final.globals}

    @property
    def exit_codes(self) -> Mapping[int, int | None]:
        """Each process's exit code, by pid; None for one that never ends or a signal ends."""
        return dict(self.final.exit_codes)

    @property
    def signals(self) -> Mapping[int, Signal]:
        """The signal that ended a process, by pid; those that no signal ended are left out."""
        return dict(self.final.signals)

    @property
    def first_pid(self) -> int:
        """The pid of the first process, which a specification speaks of."""
        return min(self.exit_codes, default=1)

    @property
    def faults(self) -> Mapping[int, tuple[str, ...]]:
        """The faults of each process that had any, by pid."""
        found: dict[int, tuple[str, ...]] = {}
        for pid, fault in self.final.faults:
            found[pid] = (*found.get(pid, ()), fault)
        return found

    @property
    def deadlock(self) -> bool:
        """Whether threads wait for ever."""
        return bool(self.final.waiting)

    @property
    def endless(self) -> bool:
        """Whether it goes on for ever without any way to an end: a livelock, or a loop."""
        return self.final.endless

    @property
    def ends_well(self) -> bool:
        """Whether it ends, no thread waits for ever, and nothing has failed."""
        return not (self.faults or self.deadlock or self.endless or self.final.limit)

    def __str__(self) -> str:
        """Return it in words, without the number of schedules."""
        return ", ".join(_words(self.final)) or "ends without a result"


def _words(final: Final) -> Iterator[str]:
    several = final.several_processes
    for pid, text in final.output:
        said = " / ".join(text.splitlines())
        yield f"pid {pid} prints {said!r}" if several else f"prints {said!r}"
    yield from () if final.output else globals_of(final)
    for pid, code in final.exit_codes:
        if code:
            yield f"pid {pid} ends with exit code {code}" if several else f"exit code {code}"
    for pid, signal in final.signals:
        ended = how_ended(None, signal)
        yield f"pid {pid} is {ended}" if several else ended
    yield from faults_in(final)
    waits = "deadlock" if final.cycles else "threads wait forever" if final.waiting else ""
    yield from filter(None, (waits, "never ends" if final.endless else "", final.limit))


def faults_in(final: Final) -> Iterator[str]:
    """Yield each fault in words; with its process where there are several."""
    several = final.several_processes
    yield from (f"{fault} in pid {pid}" if several else fault for pid, fault in final.faults)


def globals_of(final: Final) -> Iterator[str]:
    """Yield the last values of each process's globals in words."""
    for pid, values in final.globals:
        told = ", ".join(f"{name} = {_value(value)}" for name, value in values)
        if told:
            yield f"pid {pid}: {told}" if final.several_processes else told


def _value(value: Value) -> str:
    return f"{value:#x}, a freed word," if value == POISON else f"{value}"


def ends_as(trace: Trace, outcome: Outcome) -> bool:
    """Tell whether a run ends as an outcome says."""
    final, end = outcome.final, trace.at(trace.end)
    faults = tuple((e.pid, e.fault) for e in trace.events if isinstance(e, Faulted))
    return (
        all(trace.output(pid) == text for pid, text in outcome.output.items())
        and all(end.processes[pid].exit_code == code for pid, code in final.exit_codes)
        and all(end.processes[pid].signal == outcome.signals.get(pid) for pid in outcome.exit_codes)
        and all(end.processes[pid].globals.items() >= dict(v).items() for pid, v in final.globals)
        and faults == final.faults
        and stuck_in(trace) == final.waiting
    )


def order_of(outcome: Outcome) -> tuple[int, int, str]:
    """Return what sorts outcomes: the one that most schedules lead to first."""
    number = outcome.schedules
    return (0, 0, repr(outcome.final)) if number is None else (1, -number, repr(outcome.final))
