"""The kernel: how it gets a core back, and what a program may not do itself."""

from __future__ import annotations

from kit.lang import Program
from kit.scenarios.scenario import choice, number, scenario, switch
from kit.sim import Costs, Limits, RoundRobin
from kit.trace import Machine

LOOP = """
x = 0

def main():
    global x
    while True:
        x += 1
"""

ASKS = """
def main():
    for i in range(3):
        print(i)
        io(6)
"""

TRIES = {
    "write the page table": "write_page_table(0)",
    "disable the interrupts": "disable_interrupts()",
    "halt": "halt()",
    "read the page table": "mine = read_page_table()",
}

SPY = """
mine = 0

def main():
    global mine
    print("before")
    TRY
    print("after")
"""


@scenario(
    "How the system gets the core back",
    "A loop asks the system for nothing: only the timer's interrupt takes the core from it.",
    "Each trap saves the user registers on the kernel stack; the switch saves those of the kernel.",
    "Without a timer the loop keeps the core forever, and the run ends at its limit.",
    timer=switch(True, "whether a timer interrupts"),
    quantum=number(12, 1, 50, "ticks of a turn"),
    cost=number(2, 0, 10, "ticks of a system call, an interrupt and a switch each"),
    reaches_limit=True,
)
def getting_the_core_back(timer: bool, quantum: int, cost: int) -> Machine:
    """A process that only computes, and one that asks the system for something all the time."""
    costs = Costs(system_call=cost, interrupt=cost, context_switch=cost)
    limits = Limits(ticks=240)
    machine = Machine(scheduler=RoundRobin(quantum), costs=costs, limits=limits, timer=timer)
    machine.launch(Program("loop", LOOP))
    machine.launch(Program("asks", ASKS))
    return machine


@scenario(
    "A privileged instruction in user mode",
    "Only the system may change the page table or turn interrupts off.",
    "The hardware refuses it: a trap leads to the system, which ends the process.",
    "The other process notices nothing.",
    tries=choice(*TRIES, meaning="what the program tries"),
)
def privileged_instruction(tries: str) -> Machine:
    """One process that tries it, and one that goes on."""
    machine = Machine(scheduler=RoundRobin(6))
    machine.launch(Program("spy", SPY.replace("TRY", TRIES[tries])))
    machine.launch(Program("neighbour", 'def main():\n    work(20)\n    print("still here")\n'))
    return machine
