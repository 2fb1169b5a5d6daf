"""The figures of the textbook's simulators, see tests/data/README.md, and programs for them."""

import json
from pathlib import Path
from typing import Any

from kit import Program

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "textbook_cases.json").read_text()
)
"""Simulator -> its cases."""


def job(name: str, ticks: int) -> Program:
    """A program that takes exactly so many ticks: some computing, and the call of exit."""
    work = f"LI r0, {ticks - 2}\nSYS work 1\n" if ticks > 2 else "NOP\n" * (ticks - 1)
    return Program.from_assembly(name, f".code\n{work}SYS exit 1")


def feedback_job(name: str, run: int, io_every: int, io_ticks: int) -> Program:
    """A program that waits for a device after every `io_every` of its `run` ticks; 0 for never."""
    code = []
    for tick in range(1, run):
        if io_every and tick % io_every == 0:
            code.append("SYS io 1")
        elif io_every and tick % io_every == io_every - 1:
            code.append(f"LI r0, {io_ticks}")
        else:
            code.append("NOP")
    return Program.from_assembly(name, ".code\n" + "\n".join([*code, "SYS exit 1"]))


def listed_process(name: str, text: str) -> Program:
    """A process of `cN`, N ticks on the core, and `i`, a request and a tick to handle its end."""
    code = []
    for step in text.split(","):
        code += ["SYS io 0", "NOP"] if step == "i" else ["NOP"] * int(step[1:])
    return Program.from_assembly(name, ".code\n" + "\n".join([*code[:-1], "SYS exit 1"]))


LOOP = """top{n}: LOAD r0, count
ADD r0, r0, 1
STORE r0, count
SUB r3, r3, 1
GT r4, r3, -{loops}
JNZ r4, top{n}
SYS thread_exit 0"""


def race(threads: int, loops: int, interrupt_every: int) -> tuple[Program, int]:
    """Threads that each add `loops` times to a count and halt, and the length of the prologue.

    They wait for each other at a barrier. The prologue is so long that the clock's
    interrupt comes when the last one gets there, so that the first one begins a quantum.
    """
    main = []
    for n in range(1, threads + 1):
        main += [f"LFA r0, worker{n}", "SYS spawn 0", "LI r0, 100", "SYS sleep 1"]
    main[-2:] = ["SYS thread_exit 0"]
    workers = []
    for n in range(1, threads + 1):
        wait = "NOP\n" * (interrupt_every + 4) if n == threads else ""
        workers.append(
            f".function worker{n}()\nworker{n}: {wait}LEA r0, gate\nSYS wait_barrier 1\n"
            + LOOP.format(n=n, loops=loops)
        )
    prologue = len(main) + 2 * threads + interrupt_every + 4
    padding = -prologue % interrupt_every
    code = "\n".join(["NOP\n" * padding + "\n".join(main), *workers])
    text = f".data\ncount 0\ngate Barrier({threads})\n.code\n{code}"
    return Program.from_assembly("race", text), prologue + padding
