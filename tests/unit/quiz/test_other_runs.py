"""A run made again with something changed."""

from kit.lang.program import Program
from kit.quiz.other_runs import quantum_of, with_programs, with_quantum
from kit.scenarios import lost_update, three_jobs
from kit.sim import RoundRobin
from kit.trace import Machine, Trace
from kit.trace.link import followed

AGAIN = "count = {}\ndef main():\n    print(count)\n    if count < 9: exec('{}')\n"


def test_a_quantum_is_changed_where_there_is_one():
    """The rest stays, and a scheduler without a quantum has none to change."""
    recipe = lost_update(quantum=5).record.recipe
    assert quantum_of(recipe) == 5
    assert followed(with_quantum(recipe, 6)).digest == lost_update(quantum=6).digest
    assert quantum_of(three_jobs(policy="fifo").record.recipe) is None


def test_a_program_is_changed_wherever_it_comes_from():
    """It is the run that a machine has that was given the other programs from the start."""

    def run(one: int, two: int) -> Trace:
        machine = Machine(scheduler=RoundRobin(quantum=5))
        machine.launch(Program("one", AGAIN.format(one, "two")))
        machine.install(Program("two", AGAIN.format(two, "one")))
        return machine.run(until=200)

    for one, two in ((1, 9), (9, 1), (9, 9)):
        numbers = {"one": (one, "two"), "two": (two, "one")}
        others = {name: Program(name, AGAIN.format(*given)) for name, given in numbers.items()}
        changed = with_programs(run(1, 1).record.recipe, others)
        assert followed(changed).digest == run(one, two).digest
