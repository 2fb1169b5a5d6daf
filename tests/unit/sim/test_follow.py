"""A schedule that is written down."""

import pytest

from kit import ArgumentError, Follow, Machine, Program, Trace

PAIR = Program(
    "pair",
    """
log = [0, 0, 0, 0]
next = 0

def put(value):
    global next
    for i in range(2):
        log[next] = value
        next += 1

def main():
    a = spawn(put, 1)
    b = spawn(put, 2)
    join(a)
    join(b)
""",
)
TURNS = ((2, 1, 9), (2, 2, 20), (2, 3, 60), (2, 2, 60))


def machine(*turns) -> Machine:
    """A machine that follows turns, with the two writers on it."""
    made = Machine(scheduler=Follow(turns))
    made.launch(PAIR)
    return made


def order(trace: Trace) -> list[tuple[int, int]]:
    """Who got the core, in order: tid and for how long."""
    turns = [(e.tick, e.tid) for e in trace.events if e.kind == "dispatch"]
    ends = [tick for tick, _ in turns[1:]] + [trace.end]
    return [(tid, end - tick) for (tick, tid), end in zip(turns, ends, strict=True)]


def test_threads_run_as_it_is_written():
    """Each turn goes to its thread for its ticks, or until the thread ends; then FIFO."""
    trace = machine(*TURNS).run()
    assert order(trace)[:2] == [(1, 9), (2, 20)]
    assert [tid for tid, _ in order(trace)][2:4] == [3, 2]
    assert trace.at(trace.end).processes[2].exit_code == 0
    assert sorted(trace.at(trace.end).processes[2].globals["log"]) == [1, 1, 2, 2]


def test_run_can_be_stopped_saved_and_taken_up_again():
    """A snapshot in the middle of a turn, and a file, lead to the same run."""
    whole = machine(*TURNS).run()
    half = machine(*TURNS)
    half.run(until=15)
    kept = half.snapshot()
    assert half.run().digest == whole.digest
    half.restore(kept)
    assert half.run().digest == whole.digest
    assert whole.branch(at=15, do=()).digest == whole.digest


@pytest.mark.parametrize("turns", [5, "no turns", ((1, 2),), ((1, 1, 0),), ((1, "x", 3),)])
def test_what_is_no_list_of_turns_is_refused(turns):
    """Turns are three numbers each, the last of them at least 1."""
    with pytest.raises(ArgumentError, match=r"give \(pid, tid, ticks\)"):
        Follow(turns)
