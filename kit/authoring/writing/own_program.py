"""A lesson about a program of the teacher's own: what the templates need to know of it."""

from __future__ import annotations

from pathlib import Path

from kit.errors import KitError, LanguageError, LimitExceeded
from kit.files import read_text
from kit.lang.program import Program
from kit.scenarios import Scenario
from kit.scenarios.scenario import number
from kit.sim.schedulers import RoundRobin
from kit.trace import Machine

OWN = "own"
"""What is answered in place of a scenario's name; and what such a run is called in cells."""
NAME = "run_program"
"""The function of the notebook that runs it, in place of a scenario."""
QUANTUM = (1, 5, 10)
"""The least, the usual and the largest quantum of the sandbox."""
EXAMPLE = """\
count = 0
def worker(n):
    global count
    for i in range(n):
        count += 1
def main():
    a = spawn(worker, 3)
    worker(3)
    join(a)
    print("count", count)
"""
"""A program to begin with, for those who have none yet."""


def read_program(path: str) -> Program:
    """Return the program in a file.

    Raises
    ------
    KitError
        If the file cannot be read, is no program, or does not run to its end.
    """
    text = read_text(Path(path))
    name = "".join(c if c.isalnum() or c in "_-" else "_" for c in Path(path).stem) or "program"
    try:
        return Program(name, text)
    except LanguageError as error:
        told = str(error).removeprefix(f"{error.file}:{error.line}:{error.column}: ")
        raise KitError(f"{path}, line {error.line}: {told}") from None


def own_scenario(program: Program) -> Scenario:
    """Return a program as a scenario, with the quantum to be chosen.

    Raises
    ------
    KitError
        If it does not run to its end.
    """
    least, usual, most = QUANTUM

    def build(quantum: int) -> Machine:
        machine = Machine(scheduler=RoundRobin(quantum=quantum))
        machine.launch(program)
        return machine

    build.__name__ = NAME
    meaning = "how many ticks a thread may run before others get their turn"
    scenario = Scenario(
        build,
        f"The program {program.name}",
        (f"*[Teacher: say what is to be seen in {program.name}.]*",),
        {"quantum": number(usual, least, most, meaning)},
        reaches_limit=False,
    )
    try:
        scenario()
    except LimitExceeded as limit:
        raise KitError(
            f"the program {program.name} does not run to its end: {limit}; let it do less"
        ) from None
    return scenario


def as_text(program: Program) -> str:
    """Return the literal of a program's text as it stands in a cell, on lines of its own."""
    text = program.text.strip("\n").replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{text}\n"""'
