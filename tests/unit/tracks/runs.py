"""Runs to lay out: the counter of the lessons, and random small ones."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from kit import FIFO, Costs, KiB, LimitExceeded, Limits, Machine, Program, RoundRobin, Trace

COUNTER = """
count = 0
def worker(n):
    global count
    for i in range(n):
        count += 1
def main():
    a = spawn(worker, 3)
    b = spawn(worker, 3)
    join(a)
    join(b)
    print(count)
"""
ENDLESS = """
count = 0
def worker(n):
    global count
    while True:
        count += n
def main():
    a = spawn(worker, 1)
    worker(2)
"""
STATEMENTS = (
    "count += 1",
    "count = count * 3 - 70",
    "log[n % 3] = count",
    "local = count",
    "sleep(3)",
    "work(4)",
    "helper(n)",
    "block = alloc(2); poke(block, n); free(block)",
    "kept = alloc(3)",
    "print(count, n)",
    "count = 1 // (n - 1)",
    "poke(8, n)",
    "thread_exit()",
    "exit(n)",
)


def run(*programs: Program, cores: int = 1, quantum: int = 4, **settings: Any) -> Trace:
    """Run programs, a process each, launched two ticks apart; also one that is cut short."""
    settings.setdefault("ram", 256 * KiB)
    machine = Machine(cores=cores, scheduler=RoundRobin(quantum=quantum), **settings)
    for place, program in enumerate(programs):
        machine.launch(program, at=2 * place)
    try:
        return machine.run()
    except LimitExceeded as limit:
        return limit.trace


def counter() -> Trace:
    """The run of the first lesson."""
    return run(Program("counter", COUNTER), ram=64 * KiB)


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Program:
    """A program of a few threads that compute, wait, allocate, and sometimes fail."""
    body = draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4))
    lines = [f"        {line}" for statement in body for line in statement.split("; ")]
    spawns = draw(st.integers(0, 5))
    text = "\n".join(
        [
            "count = 5",
            "log = [0] * 3",
            "def helper(depth):",
            "    inner = depth + 1",
            "    if depth < 3:",
            "        helper(inner)",
            "def worker(n):",
            "    global count",
            f"    for i in range({draw(st.integers(0, 3))}):",
            *lines,
            "def main():",
            *(f"    t{n} = spawn(worker, {n})" for n in range(spawns)),
            "    worker(2)",
            *(f"    join(t{n})" for n in range(spawns) if draw(st.booleans())),
        ]
    )
    return Program(draw(st.sampled_from(["a", "counter", "a very long name"])), text)


@st.composite
def traces(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Trace:
    """A finished run of up to three random programs on a random small machine."""
    quantum = draw(st.none() | st.integers(1, 9))
    machine = Machine(
        cores=draw(st.integers(1, 6)),
        ram=draw(st.sampled_from([16, 64])) * KiB,
        scheduler=FIFO() if quantum is None else RoundRobin(quantum=quantum),
        costs=draw(st.sampled_from([Costs.free(), Costs.realistic()])),
        limits=Limits(ticks=400),
    )
    found = {program.name: program for program in draw(st.lists(programs(), max_size=3))}
    for program in found.values():
        for _ in range(draw(st.integers(1, 2))):
            machine.launch(program, at=draw(st.integers(0, 30)))
    try:
        return machine.run()
    except LimitExceeded as limit:
        return limit.trace
