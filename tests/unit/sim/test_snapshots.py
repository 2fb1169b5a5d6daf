"""Snapshots: cheap copies that later running does not reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, LimitExceeded, Limits, Machine, Program
from kit.sim.recording import PIECE, Log
from tests.running import launch
from tests.strategies import Setup, run_to_the_end, setups

LONG = "n = 0\ndef main():\n    global n\n    for i in range(4000): n += 1\n    print(n)\n"


@given(setups(), st.integers(0, 80), st.integers(0, 80))
def test_two_snapshots_can_be_visited_in_any_order(setup: Setup, first: int, more: int):
    """Restoring a later snapshot after an earlier one, and back, gives each its own state."""
    machine = setup.machine()
    try:
        machine.run(until=first)
        early = machine.snapshot()
        machine.run(until=machine.now + more)
    except LimitExceeded:
        return
    late = machine.snapshot()
    for snapshot in (early, late, early):
        machine.restore(snapshot)
        assert machine.snapshot().state == snapshot.state
        run_to_the_end(machine)


def test_a_snapshot_shares_the_sealed_parts_of_logs():
    """What a long run has written down is not copied, only the open ends are."""
    machine = launch(LONG, limits=Limits(ticks=10**6))
    machine.run(until=30_000)
    first = machine.snapshot()
    machine.run(until=40_000)
    second = machine.snapshot()
    pieces, more = (list(_pieces(snapshot.state)) for snapshot in (first, second))
    assert len(more) > len(pieces) > 10
    assert {id(piece) for piece in pieces} <= {id(piece) for piece in more}
    assert all(len(end) < PIECE for end in _open_ends(second.state))


def _logs(state):
    for process in state["processes"]:
        for thread in process[4]:
            yield from thread[-1][1:4]


def _pieces(state):
    return [piece for pieces, _ in _logs(state) for piece in pieces]


def _open_ends(state):
    return [end for _, end in _logs(state)]


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20), st.integers(0, 3))
def test_a_log_keeps_everything_in_order(values: list[int], pieces: int):
    """Sealing and copying never change what a log holds."""
    log, expected = Log(), [*range(pieces * PIECE), *values]
    append = log.open_end.append
    for value in expected:
        append(value)
    log.seal()
    assert len(log) == len(expected)
    assert list(log.whole()) == expected
    state = log.state()
    append(1)
    log.restore(state)
    append(2)
    assert list(log.whole()) == [*expected, 2]


def test_programs_launched_after_a_snapshot_are_gone_after_restore():
    """The disk too is as it was; the name is free for another program."""
    machine = launch("def main(): pass")
    snapshot = machine.snapshot()
    machine.launch(Program("late", "def main(): work(3)"))
    assert [program.name for program in machine.run().programs] == ["a", "late"]
    machine.restore(snapshot)
    machine.launch(Program("late", "def main(): work(4)"))
    trace = machine.run()
    assert [program.text for program in trace.programs][1] == "def main(): work(4)"
    assert repr(snapshot) == "<Snapshot: tick 0>"


def test_a_snapshot_of_another_machine_is_refused():
    """A snapshot belongs to the machine it was made of."""
    machine, other = launch(LONG), launch(LONG, cores=2)
    machine.run(until=9)
    before = machine.snapshot().state
    with pytest.raises(ArgumentError, match="is of another machine; give one of this machine"):
        machine.restore(other.snapshot())
    with pytest.raises(ArgumentError, match="give what snapshot\\(\\) returned"):
        machine.restore(None)
    assert machine.snapshot().state == before


def test_traces_do_not_change_when_the_machine_goes_on():
    """A trace made before is finished: running on and restoring do not reach it."""
    machine: Machine = launch(LONG)
    early = machine.run(until=50)
    digest, snapshot = early.digest, machine.snapshot()
    machine.run()
    machine.restore(snapshot)
    machine.run(until=80)
    assert type(early)(early.record).digest == digest
    assert early.end == 50
