"""The explorer against a computer that changes threads before every single instruction."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kit import Machine, Program
from kit.explore import explore
from kit.explore.plan import Chosen
from kit.sim.computer import Computer
from kit.sim.snapshots import restore, snapshot
from tests.examples import examples

STEPS = st.sampled_from(
    ["LOAD r0, x", "LOAD r0, y", "STORE r0, x", "STORE r0, y", "ADD r0, 1", "LI r0, 5", "FREE"]
)


def written(first: list[str], second: list[str]) -> Program:
    """Two threads of a few instructions each, as assembly: main spawns the other one."""
    rows = (
        [line.replace("FREE", "MOV r1, r0") for line in first],
        [line.replace("FREE", "NOP") for line in second],
    )
    text = "\n".join(
        [
            ".data",
            "x 0",
            "y 0",
            ".code",
            ".entry main",
            ".function other()",
            "other:",
            *rows[1],
            "SYS thread_exit 0",
            ".function main()",
            "main:",
            "LFA r0, other",
            "SYS spawn 1",
            "LI r0, 0",
            *rows[0],
            "SYS thread_exit 0",
        ]
    )
    return Program.from_assembly("two", text)


def all_results(program: Program) -> set[tuple[int, ...]]:
    """The globals at the end of every way to choose a thread before every instruction."""
    machine = Machine()
    machine.launch(program)
    setup = replace(machine.run(until=0).record.recipe.setup, scheduler=Chosen())
    computer = Computer(setup)
    computer.launch(program, 0)
    computer.run(until=0)
    found: set[tuple[int, ...]] = set()
    _go_on(computer, found, (0, 0))
    return found


def _go_on(computer: Computer, found: set[tuple[int, ...]], last: tuple[int, ...]) -> None:
    process = computer.processes[1]
    ready = [thread.key for thread in process.threads.values() if thread.state == "ready"]
    if process.ended or not ready:
        found.add(last)
        return
    here = snapshot(computer)
    for key in ready:
        restore(here)
        computer.dispatcher.queue.chosen = key
        computer.run(until=computer.now + 1)
        thread = computer.thread(key)
        if thread.state == "running":
            computer.dispatcher.preempt(computer.cores[0], "expire")
        process = computer.processes[1]
        values = last
        if not process.ended:
            base = process.layout.data_base
            values = tuple(computer.read_word(process, base + 8 * n) for n in range(2))
        _go_on(computer, found, values)


@examples(15)
@given(st.lists(STEPS, min_size=1, max_size=3), st.lists(STEPS, min_size=1, max_size=3))
def test_results_are_those_of_every_interleaving_of_instructions(first, second):
    """Choosing only where it matters finds what choosing before every instruction finds."""
    program = written(first, second)
    explored = {(o.globals[1]["x"], o.globals[1]["y"]) for o in explore(program).outcomes}
    assert explored == all_results(program)
