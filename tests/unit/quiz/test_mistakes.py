import pytest

from kit import ArgumentError, Machine, Program
from kit.quiz import final_value, next_thread
from kit.scenarios import counter_with_lock, dining_philosophers, lost_update


@pytest.mark.parametrize("name", ["seated", "forks"])
def test_objects_have_no_value_to_ask_for(name: str):
    """A barrier or an array of locks is refused like any global that is no integer."""
    with pytest.raises(ArgumentError, match=f"no global integer '{name}'; use one of meals"):
        final_value(dining_philosophers(), name)


def test_a_lock_is_no_integer():
    """What a lock holds is for the system to know."""
    with pytest.raises(ArgumentError, match="no global integer 'lock'"):
        final_value(counter_with_lock(), "lock")


def test_a_tick_outside_the_trace_is_told_with_the_last_one():
    """A teacher reads from where to where can be asked."""
    trace = lost_update()
    with pytest.raises(
        ArgumentError, match=f"at is 500; give a whole number from 0 to {trace.end}"
    ):
        next_thread(trace, 500)


def test_a_tick_after_the_last_turn_is_told_with_the_last_that_works():
    """The tick that the error names can be asked at, and the one behind it cannot."""
    trace = lost_update()
    with pytest.raises(ArgumentError, match="ask at an earlier tick") as caught:
        next_thread(trace, trace.end)
    last = int(str(caught.value).rpartition("tick, ")[2].partition(" ")[0])
    assert next_thread(trace, last).tick == last + 1
    with pytest.raises(ArgumentError, match="ask at an earlier tick"):
        next_thread(trace, last + 1)


def test_a_run_without_turns_has_no_next_thread():
    """Where no thread ever runs there is nothing to ask."""
    machine = Machine()
    machine.launch(Program("late", "def main(): pass"), at=50)
    with pytest.raises(ArgumentError, match="no thread is given a core after tick 5; leave it out"):
        next_thread(machine.run(until=10), 5)
