"""Short ways for tests to run a program."""

from functools import cache
from typing import Any

from kit import Machine, Program, Trace
from kit.scenarios import SCENARIOS
from kit.trace import ProcessState


def launch(*texts: str, **settings: Any) -> Machine:
    """Return a machine with a process for each text, named a, b, c, …, launched at tick 0."""
    machine = Machine(**settings)
    for name, text in zip("abcdefgh", texts, strict=False):
        machine.launch(Program(name, text))
    return machine


def run(*texts: str, **settings: Any) -> Trace:
    """Return the trace of running a process for each text."""
    return launch(*texts, **settings).run()


@cache
def scenario(name: str) -> Trace:
    """Return the run of a scenario, the same for every test: no test can change a trace."""
    return SCENARIOS[name]()


def ended(trace: Trace, pid: int = 2) -> ProcessState:
    """Return a process at the end of a trace."""
    return trace.at(trace.end).processes[pid]


def told(trace: Trace, kind: str, pid: int | None = None) -> list[tuple[Any, ...]]:
    """Return tick, tid and details of each event of a kind."""
    return [
        (event.tick, event.tid, *event.details.values())
        for event in trace.events
        if event.kind == kind and pid in (None, event.pid)
    ]


def fault(trace: Trace, pid: int = 2) -> tuple[str, str]:
    """Return kind and message of the one fault of a process."""
    ((_, _, kind, message),) = told(trace, "fault", pid)
    return kind, message


TWO_FAULTS = """
big = [1] * 64
def divides():
    work(5)
    x = 1 // (big[0] - 1)
def main():
    t = spawn(divides)
    work(9)
    big[63] = 2
    join(t)
"""


@cache
def two_faults_in_one_tick() -> Trace:
    """Return a run in whose last tick a page comes for one core and the other's fault ends it."""
    return run(TWO_FAULTS, cores=2, page_size=64, demand=True)
