"""The point of no return of a run that ends badly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Program
from kit.errors import ArgumentError
from kit.explore import Spec, check_program, explore, point_of_no_return
from kit.scenarios import deadlock, lost_update
from tests.examples import examples
from tests.unit.explore.interleavings import STEPS, results_after, written
from tests.unit.explore.programs import computed, counter

ADDS = ["LOAD r0, x", "ADD r0, 1", "STORE r0, x"]


@pytest.mark.parametrize("way", [lambda program: program, computed], ids=["quickly", "computer"])
@examples(15)
@given(
    first=st.lists(STEPS, max_size=2),
    second=st.lists(STEPS, max_size=2),
    place=st.integers(0, 5),
)
def test_a_good_end_can_be_reached_up_to_that_tick_and_not_behind_it(way, first, second, place):
    """So says a computer that changes threads before every single instruction."""
    program = written(ADDS + first, second + ADDS)
    explored = explore(way(program))
    assert len(explored.outcomes) > 1
    bad = explored.outcomes[place % len(explored.outcomes)]
    good = explored.outcomes[(place + 1) % len(explored.outcomes)]
    point = point_of_no_return(explored, bad, lambda outcome: outcome == good)
    wanted = tuple(good.globals[2].values())
    assert wanted in results_after(program, point.trace, point.tick)
    assert wanted not in results_after(program, point.trace, point.tick + 1)
    ends = point.trace.at(point.trace.end).processes[2].globals
    assert tuple(ends.values()) == tuple(bad.globals[2].values())


def test_an_update_is_lost_when_the_second_thread_reads_what_the_first_has_not_written():
    """The two accesses and the switch between them are named."""
    explored = explore(counter(1))
    point = point_of_no_return(
        explored, lambda o: o.globals[2]["count"] == 1, lambda o: o.globals[2]["count"] == 2
    )
    read = point.tick - 10
    assert str(point) == (
        f"Up to tick {point.tick} it could still end well. Then T3 reads count (line 8), which "
        f"T2 read at tick {read} (line 8). The switch away from T2 at tick {read + 1}, in the "
        "middle of line 8, decided it."
    )
    other = point_of_no_return(explored, point_outcome := explored.outcomes[0])
    assert point_outcome.ends_well
    assert "it could still end otherwise" in other.text


def test_a_deadlock_is_decided_when_the_second_lock_is_taken():
    """Without a good= all that ends without waiting for ever is good."""
    point = point_of_no_return(explore(deadlock), lambda outcome: outcome.deadlock)
    assert "Then T3 calls acquire on second (line 15). The switch to T3 at tick" in point.text
    assert point.tick < point.trace.end


def test_where_nothing_better_can_be_reached_it_says_so():
    """One outcome has no point, nor has one that is good itself, nor a search that was cut off."""
    one = explore(Program("one", "x = 1\ndef main():\n    print(x)\n"))
    with pytest.raises(ArgumentError, match="no schedule of this program ends well"):
        point_of_no_return(one, 0)
    several = explore(lost_update)
    with pytest.raises(ArgumentError, match="is good itself"):
        point_of_no_return(several, 0, lambda outcome: outcome.output)
    with pytest.raises(ArgumentError, match="not all schedules were looked at"):
        point_of_no_return(explore(counter(3), limit=20), 0)


def test_the_run_that_shows_what_is_wrong_has_its_point():
    """A breach of a specification is shown so, and one that nothing could prevent without."""
    verdict = check_program(counter(1), Spec(globals={"count": 2}, races=True))
    (breach,) = verdict.breaches
    tick, text = breach.witness().no_return
    assert text.startswith(f"Up to tick {tick} it could still end well.")
    (always,) = check_program(counter(1), Spec(globals={"count": 7}, races=True)).breaches
    assert always.witness().no_return is None


def test_the_accesses_of_two_processes_to_shared_memory_are_named():
    """Each has its own address space, so that the word is known by its area."""
    text = 'def main():\n    a = shared("n", 1)\n    fork()\n    poke(a, peek(a) + 1)\n'
    text += "    wait()\n    print(peek(a))\n"
    point = point_of_no_return(
        explore(Program("area", text)), lambda outcome: "2" not in "".join(outcome.output.values())
    )
    assert "reads word 0 of the shared memory 'n' (line 4), which T1 of pid" in point.text
    assert "The switch away from T1 of pid" in point.text
