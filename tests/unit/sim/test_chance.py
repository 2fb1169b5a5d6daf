"""`choose`: chance from the seed, every value where all is explored, one of them in a witness."""

import pytest

from kit import ArgumentError, Follow, Machine, Program
from kit.explore import Spec, check_program, explore
from tests.running import ended, fault, run

DICE = """
sum = 0
lock = Lock()

def throw(n):
    global sum
    x = choose(n)
    with lock:
        sum += x

def main():
    t = spawn(throw, 3)
    throw(2)
    join(t)
    print(sum)
"""


def values(seed: int) -> str:
    """What a program draws with a seed."""
    return ended(
        run('def main():\n    for i in range(40): print(choose(6), end=" ")\n', seed=seed)
    ).output


def test_chance_comes_from_the_seed():
    """The same seed draws the same values, another one others, all of them from 0 to n - 1."""
    assert values(1) == values(1)
    assert values(1) != values(2)
    assert set(values(1).split()) == set("012345")


@pytest.mark.parametrize("n", [0, -3])
def test_one_of_no_values_cannot_be_chosen(n: int):
    """It is a fault that says so."""
    kind, message = fault(run(f"def main():\n    n = {n}\n    print(choose(n))\n"))
    assert kind == "arithmetic fault"
    assert f"chose one of {n} values" in message


def test_exploring_tries_every_value():
    """Each value is a way of its own, with those of other threads; a witness names them."""
    found = explore(Program("dice", DICE))
    assert found.complete
    assert {outcome.output[2] for outcome in found.outcomes} == {f"{n}\n" for n in range(4)}
    for outcome in found.outcomes:
        trace = found.witness(outcome)
        drawn = [event.value for event in trace.happened("choose")]
        assert ended(trace).output == outcome.output[2] == f"{sum(drawn)}\n"
        told = " ".join(trace.narrate(tick) for tick in range(trace.end + 1))
        assert f"chooses {drawn[0]} from 0 to" in told


def test_a_fault_that_only_one_value_leads_to_is_found():
    """Where every value counts, one that goes wrong is met and shown."""
    program = Program("p", "def main():\n    x = choose(5)\n    print(12 // (x - 3))\n")
    verdict = check_program(program, Spec())
    assert [breach.kind for breach in verdict.breaches] == ["fault"]
    shown = verdict.breaches[0].witness()
    assert shown is not None
    assert [event.value for event in shown.happened("choose")] == [3]


def test_too_many_values_are_not_explored():
    """A limit says among how many can be chosen where all are tried."""
    found = explore(Program("p", "def main():\n    print(choose(1000))\n"))
    (outcome,) = found.outcomes
    assert "chose one of 1,000 values, at most 64 are tried" in str(outcome)


def test_follow_repeats_what_was_chosen():
    """Values that are written down come first, then those of chance."""
    text = 'def main():\n    for i in range(3): print(choose(10), end=" ")\n'
    machine = Machine(scheduler=Follow(choices=(7, 3)))
    machine.launch(Program("p", text))
    assert machine.run().output(2).startswith("7 3 ")
    with pytest.raises(ArgumentError, match="give a number from 0 for each call of choose"):
        Follow(choices=(-1,))


def test_a_branch_draws_the_same():
    """What is done again up to a tick draws what it drew before."""
    machine = Machine(seed=3)
    pid = machine.launch(Program("p", "def main():\n    for i in range(9): print(choose(99))\n"))
    trace = machine.run()
    assert trace.branch(at=trace.end // 2).output(pid) == trace.output(pid)
