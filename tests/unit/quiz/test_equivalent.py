"""Equivalent instances: the same kind and the same ideas, about other runs."""

import random

import pytest

from kit.explore import explore
from kit.lang.program import Program
from kit.quiz import KINDS, ask
from kit.quiz.equivalent import (
    Instance,
    equivalent_instances,
    found_details,
    varied_program,
)
from kit.scenarios import fault_in_a_thread, lost_update

ASKED = {
    "final_value": {"name": "count"},
    "next_thread": {"at": 12},
    "value_read": {"name": "count", "at": 36},
}


def instance_of(kind: str) -> Instance:
    """A question about the lost update."""
    trace = lost_update()
    details = ASKED[kind]
    return Instance(trace, ask(trace, kind, **details), details)


@pytest.mark.parametrize("kind", ASKED)
def test_instances_are_of_the_same_kind_and_ideas(kind: str):
    """Their runs are others, no two ask the same, and each has one right answer as before."""
    original = instance_of(kind)
    found = equivalent_instances(original, seed=1, most=4)
    assert len(found) == 4
    for one in found:
        assert one.question.kind == kind
        assert one.question.form == original.question.form
        assert one.question.ideas == original.question.ideas
        assert one.question.run == one.trace.digest != original.trace.digest
        assert ask(one.trace, kind, **one.details).key == one.question.key
    assert len({one.question.key for one in found}) == 4


def test_a_seed_gives_the_same_instances():
    """And another seed gives others."""
    one, same, other = (
        [i.question.key for i in equivalent_instances(instance_of("final_value"), seed, 3)]
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_answers_differ_where_they_can():
    """Who knows the answer of a neighbour does not know their own."""
    found = equivalent_instances(instance_of("final_value"), seed=3, most=6)
    answers = {one.question.choices[one.question.answer].text for one in found}
    assert len(answers) >= 3


def test_a_run_ends_as_the_original_does():
    """A thread that faults does so in every instance."""
    trace = fault_in_a_thread()
    details = next(KINDS["alive"].propose(trace))
    original = Instance(trace, ask(trace, "alive", **details), details)
    found = equivalent_instances(original, seed=1, most=3)
    assert found
    assert all(one.trace.happened("fault") for one in found)


def test_questions_about_every_schedule_have_instances():
    """What is explored is the changed program."""
    explored = explore(lost_update.machine(loops=2))
    details = {"name": "count"}
    original = Instance(explored.witness(0), ask(explored, "possible_values", **details), details)
    for one in equivalent_instances(original, seed=1, most=2):
        assert one.question.key != original.question.key
        assert one.question.ideas == original.question.ideas


def test_details_are_found_again():
    """Of a question that would be proposed; of any other one nothing is known."""
    trace = lost_update()
    details = found_details(trace, ask(trace, "final_value", name="count"))
    assert details == {"name": "count"}
    assert found_details(trace, ask(trace, "next_thread", at=13)) in (None, {"at": 13})


def test_numbers_that_hold_a_program_together_stay():
    """Sizes, indexes and exit codes are not changed, whatever the seed; counts are."""
    text = (
        "log = [0] * 4\ncount = 3\ndef main():\n    log[2] = 5\n    for é in range(6):\n"
        "        log[3] += 7\n    exit(9)\n"
    )
    texts = {varied_program(Program("p", text), random.Random(n)).text for n in range(20)}
    assert len(texts) > 10
    for one in texts:
        assert "log = [0] * 4\n" in one
        assert "    log[2] = " in one
        assert "log[3] += " in one
        assert one.endswith("exit(9)\n")


def test_assembly_stays_as_it_is():
    """Its numbers are addresses and sizes as often as not."""
    assembly = Program("p", "def main(): print(7)").disassemble()
    program = Program.from_assembly("p", assembly)
    assert varied_program(program, random.Random(1)) is program
