"""The explorer against a computer that changes threads before every single instruction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Machine, Program, RoundRobin
from kit.explore import explore
from tests.examples import examples
from tests.unit.explore.interleavings import STEPS, all_results, written
from tests.unit.explore.programs import computed


@examples(15)
@given(st.lists(STEPS, min_size=1, max_size=3), st.lists(STEPS, min_size=1, max_size=3))
def test_results_are_those_of_every_interleaving_of_instructions(first, second):
    """Choosing only where it matters finds what choosing before every instruction finds."""
    program = written(first, second)
    explored = {(o.globals[2]["x"], o.globals[2]["y"]) for o in explore(program).outcomes}
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
    assert {(o.globals[2]["x"], o.globals[2]["y"]) for o in outcomes.outcomes} == expected
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        assert trace.at(trace.end).processes[2].globals.items() >= outcome.globals[2].items()
    for quantum in range(1, 12):
        machine = Machine(scheduler=RoundRobin(quantum))
        machine.launch(program)
        trace = machine.run()
        values = trace.at(trace.end).processes[2].globals
        assert (values["x"], values["y"]) in expected


def test_only_what_is_watched_is_read_by_the_end_of_a_process():
    """What another thread writes makes no more schedules where it is not part of a result."""
    text = "x = 0\ny = 0\ndef other():\n    global x\n    x = 1\n    x = 2\n    x = 3\n"
    program = Program("cut", text + "def main():\n    spawn(other)\n")
    for explored in (program, computed(program)):
        assert len(explore(explored).outcomes) == 4
        assert len(explore(explored, watch=["y"]).outcomes) == 1
        assert explore(explored, watch=["y"]).schedules < explore(explored).schedules
