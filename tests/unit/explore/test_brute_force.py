"""The explorer against a computer that changes threads before every single instruction."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Machine, Program, RoundRobin
from kit.explore import explore
from kit.explore.plan import Chosen
from kit.sim.computer import Computer
from kit.sim.snapshots import restore, snapshot
from tests.examples import examples
from tests.unit.explore.programs import computed

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


CUT_OFF = {
    "several writes": ("    x = 1\n    x = 2\n    y = 3", {(0, 0), (1, 0), (2, 0), (2, 3)}),
    "a write and an output": ("    x = 1\n    print(y)", {(0, 0), (1, 0)}),
    "a loop": ("    for i in range(3):\n        x += 1", {(n, 0) for n in range(4)}),
    "a lock in between": (
        "    x = 1\n    y = 1\n    with lock:\n        x = 2",
        {(0, 0), (1, 0), (1, 1), (2, 1)},
    ),
}


@pytest.mark.parametrize("end", ["", "    exit(0)", "    assert 0 > 1"])
@pytest.mark.parametrize(("writes", "expected"), CUT_OFF.values(), ids=list(CUT_OFF))
@pytest.mark.parametrize("way", [lambda program: program, computed], ids=["quickly", "computer"])
def test_results_show_how_far_a_thread_came_that_is_cut_off(way, writes, expected, end):
    """Where `main` ends the process, every prefix of what another thread writes is a result."""
    text = "x = 0\ny = 0\nlock = Lock()\ndef other():\n    global x, y\n" + writes
    program = Program("cut", f"{text}\ndef main():\n    spawn(other)\n{end}\n")
    outcomes = explore(way(program))
    assert {(o.globals[1]["x"], o.globals[1]["y"]) for o in outcomes.outcomes} == expected
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        assert trace.at(trace.end).processes[1].globals.items() >= outcome.globals[1].items()
    for quantum in range(1, 12):
        machine = Machine(scheduler=RoundRobin(quantum))
        machine.launch(program)
        trace = machine.run()
        values = trace.at(trace.end).processes[1].globals
        assert (values["x"], values["y"]) in expected


def test_only_what_is_watched_is_read_by_the_end_of_a_process():
    """What another thread writes makes no more schedules where it is not part of a result."""
    text = "x = 0\ny = 0\ndef other():\n    global x\n    x = 1\n    x = 2\n    x = 3\n"
    program = Program("cut", text + "def main():\n    spawn(other)\n")
    for explored in (program, computed(program)):
        assert len(explore(explored).outcomes) == 4
        assert len(explore(explored, watch=["y"]).outcomes) == 1
        assert explore(explored, watch=["y"]).schedules < explore(explored).schedules
