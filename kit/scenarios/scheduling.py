"""Scheduling: who gets the core, and what devices do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.lang import Program
from kit.scenarios.scenario import choice, number, scenario, switch
from kit.sim import FIFO, MLFQ, SJF, STCF, Costs, Fair, Lottery, Priority, RoundRobin, Stride
from kit.trace import Machine

JOB = """
def main():
    work(TICKS)
"""

MIXED = """
def main():
    for i in range(ROUNDS):
        work(3)
        io(DEVICE)
"""

POLICIES: dict[str, Callable[[int], Any]] = {
    "fifo": lambda _: FIFO(),
    "sjf": lambda _: SJF(),
    "stcf": lambda _: STCF(),
    "round robin": RoundRobin,
    "priority": lambda quantum: Priority(quantum=quantum),
    "mlfq": lambda quantum: MLFQ(quantum=quantum, boost=20 * quantum),
    "lottery": Lottery,
    "stride": Stride,
    "fair": lambda quantum: Fair(latency=4 * quantum, granularity=quantum),
}


@scenario(
    "Three jobs under a scheduling policy",
    "A long job came first: which jobs wait for it depends on the policy.",
    "Response time is the wait for the first turn, turnaround the time to the end.",
    "Policies that know how long jobs are can serve short ones first; others have to guess.",
    policy=choice(
        "fifo",
        *(name for name in POLICIES if name != "fifo"),
        meaning="how the next thread for the core is chosen",
    ),
    quantum=number(5, 1, 50, "ticks of a turn, where the policy has turns"),
    seed=number(0, 0, 1000, "for the lottery"),
)
def three_jobs(policy: str, quantum: int, seed: int) -> Machine:
    """A long job and two short ones, of different priority and with different tickets."""
    machine = Machine(scheduler=POLICIES[policy](quantum), seed=seed)
    for name, ticks, at, priority, tickets in (
        ("long", 60, 0, 1, 50),
        ("short", 12, 2, 2, 100),
        ("shorter", 6, 4, 3, 200),
    ):
        machine.launch(
            Program(name, JOB.replace("TICKS", str(ticks))),
            at=at,
            expected=ticks,
            priority=priority,
            tickets=tickets,
        )
    return machine


@scenario(
    "A core keeps working while a device works",
    "A process that waits for a device is blocked and uses no core.",
    "The other one computes meanwhile, so that both together take less time.",
    "A core that waits for the device instead is idle.",
    switch_on_io=switch(True, "whether the core switches to the other process"),
    device=number(8, 1, 50, "ticks the device needs"),
)
def overlap_with_device(switch_on_io: bool, device: int) -> Machine:
    """One process that computes and one that waits a lot."""
    machine = Machine(switch_on_io=switch_on_io, costs=Costs(interrupt=1))
    text = MIXED.replace("ROUNDS", "3").replace("DEVICE", str(device))
    machine.launch(Program("waiting", text))
    machine.launch(Program("computing", JOB.replace("TICKS", "30")))
    return machine


@scenario(
    "Threads on several cores run at the same time",
    "On one core threads take turns; on several they really run together.",
    "More cores than threads do not help.",
    cores=number(2, 1, 8, "cores of the machine"),
)
def several_cores(cores: int) -> Machine:
    """Four threads with the same work."""
    machine = Machine(cores=cores, scheduler=RoundRobin(5))
    text = """
def worker(n):
    work(20 + n)

def main():
    a = spawn(worker, 1)
    b = spawn(worker, 2)
    worker(3)
    join(a)
    join(b)
"""
    machine.launch(Program("workers", text))
    return machine
