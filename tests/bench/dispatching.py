"""The same round robin in the machine and in SimPy, to compare dispatches a second."""

from collections.abc import Iterator
from typing import Any

import simpy

from kit import Limits, Machine, MiB, Program, RoundRobin, Trace

THREADS = 100
SPINNING = f"""
def worker():
    while True: pass
def main():
    for i in range({THREADS}): spawn(worker)
    thread_exit()
"""


def run_machine(ticks: int) -> Trace:
    """Let the threads take turns of one tick on one core."""
    machine = Machine(scheduler=RoundRobin(quantum=1), ram=MiB, limits=Limits(ticks=10**9))
    machine.launch(Program("spinning", SPINNING))
    return machine.run(until=ticks)


def dispatches(trace: Trace) -> int:
    """Return how many turns there were."""
    return sum(event[1] == "dispatch" for event in trace.record.events)


def run_simpy(ticks: int) -> int:
    """Let as many SimPy processes share one resource the same way; return how many turns."""
    environment = simpy.Environment()
    core = simpy.Resource(environment, capacity=1)
    turns = 0

    def worker() -> Iterator[Any]:
        nonlocal turns
        while True:
            with core.request() as turn:
                yield turn
                yield environment.timeout(1)
                turns += 1

    for _ in range(THREADS):
        environment.process(worker())
    environment.run(until=ticks)
    return turns
