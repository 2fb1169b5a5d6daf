"""What was done to a machine: doing it again, and the past that two runs share."""

from kit import Kill, RoundRobin, Trace
from kit.lang.signals import Signal
from tests.running import launch

COUNT = "x = 0\ndef main():\n    global x\n    for i in range(20):\n        x += 1\n"


def shared(one: Trace, other: Trace) -> int:
    """Up to which tick two runs are surely the same, asked both ways round."""
    ways = (
        one.record.recipe.shared_until(other.record.recipe),
        other.record.recipe.shared_until(one.record.recipe),
    )
    assert ways[0] == ways[1]
    return ways[0]


def test_a_branch_shares_the_past_of_its_run():
    """Up to the tick of what was done differently both runs are one."""
    trace = launch(COUNT, COUNT, scheduler=RoundRobin(4)).run()
    assert shared(trace, trace.branch(30, Kill(2))) == 30
    assert shared(trace, trace) == trace.end


def test_two_branches_share_up_to_the_earlier_one():
    """What is done at the same tick, but differently, parts them at that tick."""
    trace = launch(COUNT, COUNT, scheduler=RoundRobin(4)).run()
    early, late, other = (
        trace.branch(20, Kill(2)),
        trace.branch(40, Kill(2)),
        trace.branch(20, Kill(3)),
    )
    assert shared(early, late) == 20
    assert shared(early, other) == 20


def test_other_settings_or_programs_share_nothing():
    """Where the machine or what was launched is another one, no tick is surely the same."""
    trace = launch(COUNT, scheduler=RoundRobin(4)).run()
    assert shared(trace, launch(COUNT, scheduler=RoundRobin(5)).run()) == 0
    assert shared(trace, launch(COUNT.replace("20", "30"), scheduler=RoundRobin(4)).run()) == 0


def test_a_run_in_pieces_can_be_branched_where_it_was_stopped():
    """The branch begins at the very tick at which the first piece ended."""
    machine = launch(COUNT, COUNT, scheduler=RoundRobin(4))
    stop = machine.run(until=50).end
    trace = machine.run()
    for tick in (stop - 1, stop, stop + 1):
        branch = trace.branch(tick, Kill(3))
        assert branch.at(tick).processes[3].signal == Signal.SIGKILL
        assert shared(trace, branch) == tick


def test_a_branch_of_a_branch_does_both():
    """What was done before stays done."""
    trace = launch(COUNT, COUNT, scheduler=RoundRobin(4)).run()
    first = trace.branch(20, Kill(2))
    second = first.branch(30, Kill(3))
    assert {pid: p.signal for pid, p in second.at(second.end).processes.items()} == {
        2: Signal.SIGKILL,
        3: Signal.SIGKILL,
    }
    assert second.end == 30
