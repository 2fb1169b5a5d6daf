"""Programs and processes: loading, address spaces, fork, exec, wait."""

from __future__ import annotations

from kit.lang import Program
from kit.scenarios.scenario import number, scenario, switch
from kit.sim import Costs, RoundRobin
from kit.trace import Machine

SUM = """
total = 0
numbers = [3, 1, 4, 1, 5]

def main():
    global total
    for i in range(len(numbers)):
        total += numbers[i]
    print("total", total)
"""

COUNTER = """
count = 0

def main():
    global count
    for i in range(ROUNDS):
        count += 1
    print("count", count, "at", address(count))
"""

FORK = """
x = 1

def main():
    global x
    child = fork()
    if child == 0:
        x = 2
        print("child: x is", x)
        exit(0)
    wait()
    print("parent: x is", x)
"""

SHELL = """
def main():
    child = fork()
    if child == 0:
        exec("sum")
        print("there is no such program")
        exit(1)
    print("waited for", wait())
    print("its exit code is", exit_status())
"""

ZOMBIE = """
def main():
    child = fork()
    if child == 0:
        exit(7)
    work(BUSY)
    print("waited for", wait(), "with exit code", exit_status())
"""

ORPHAN = """
def main():
    if fork() == 0:
        sleep(LONG)
        print("my parent has ended")
        exit(0)
    exit(0)
"""


@scenario(
    "One program becomes a process",
    "Until it is launched the program is static: a file on disk, without memory, not executed.",
    "Loading copies code and data into RAM page by page; heap and stack are added.",
    "When it ends its memory is free again, and the file lies on disk as before.",
    at=number(6, 0, 100, "tick at which it is launched"),
    load=number(2, 0, 20, "ticks to load a page"),
)
def one_program(at: int, load: int) -> Machine:
    """A program on disk, loaded, run, ended."""
    machine = Machine(costs=Costs(load_page=load))
    machine.launch(Program("sum", SUM), at=at)
    return machine


@scenario(
    "One program, two processes",
    "Both processes have the same virtual addresses; data and stack are in different frames.",
    "The code, which is only read, is in the same frames.",
    "Each counts in its own data: neither sees what the other writes.",
    rounds=number(4, 1, 50, "how far each of them counts"),
    quantum=number(5, 1, 50, "ticks a process may run before the other gets the core"),
)
def one_program_twice(rounds: int, quantum: int) -> Machine:
    """The same file launched two times."""
    machine = Machine(scheduler=RoundRobin(quantum))
    counter = Program("counter", COUNTER.replace("ROUNDS", str(rounds)))
    machine.launch(counter)
    machine.launch(counter, at=3)
    return machine


@scenario(
    "fork copies a process, but its memory only when it is written",
    "After fork both processes use the same frames, marked copy on write.",
    "The first write to a page faults, and the writer gets a copy of it.",
    "The parent does not see what its child writes.",
    quantum=number(8, 1, 50, "ticks a process may run before the other gets the core"),
)
def fork_copies_on_write(quantum: int) -> Machine:
    """A child changes a variable; its parent still has its own."""
    machine = Machine(scheduler=RoundRobin(quantum), costs=Costs(page_fault=2))
    machine.launch(Program("forking", FORK))
    return machine


@scenario(
    "A shell starts a program: fork, exec, wait",
    "The child is a copy of the shell until exec puts another program into the same process.",
    "Its pid stays; code, data, heap and stack are new.",
    "The shell is blocked in wait until the child has ended, and gets its exit code.",
    found=switch(True, "whether the disk holds the program that it asks for"),
)
def exec_keeps_the_pid(found: bool) -> Machine:
    """What a shell does with a command."""
    machine = Machine(scheduler=RoundRobin(10), costs=Costs(load_page=1))
    machine.launch(Program("shell", SHELL))
    if found:
        machine.install(Program("sum", SUM))
    return machine


@scenario(
    "A zombie waits to be waited for",
    "The child has ended and has no memory, but its entry in the process table stays.",
    "wait hands its exit code to the parent and removes the entry.",
    busy=number(30, 1, 500, "ticks the parent computes before it waits"),
)
def zombie(busy: int) -> Machine:
    """A child ends long before its parent looks."""
    machine = Machine(scheduler=RoundRobin(10))
    machine.launch(Program("parent", ZOMBIE.replace("BUSY", str(busy))))
    return machine


@scenario(
    "An orphan is adopted by init",
    "The parent ends first; its child goes on.",
    "From then on init (pid 1) is its parent and waits for it, so that no zombie is left.",
    long=number(20, 1, 500, "ticks for which the child sleeps"),
)
def orphan(long: int) -> Machine:
    """A parent that does not wait for its child."""
    machine = Machine(scheduler=RoundRobin(10))
    machine.launch(Program("parent", ORPHAN.replace("LONG", str(long))))
    return machine
