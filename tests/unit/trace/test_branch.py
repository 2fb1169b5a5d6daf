"""What would have happened: branches equal the run before their tick and differ from it on."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    ArgumentError,
    Inject,
    Kill,
    LimitExceeded,
    Limits,
    Program,
    RoundRobin,
    RunNext,
    Trace,
    TraceError,
    Write,
)
from kit.lang.signals import Signal
from tests.examples import examples
from tests.running import ended, launch, run, told
from tests.strategies import Setup
from tests.worlds import worlds

COUNTER = """
counter = 0
marks = [0] * 3
def worker(n):
    global counter
    for i in range(n): counter += 1
    marks[1] = n
def main():
    t = spawn(worker, 20)
    u = spawn(worker, 20)
    join(t)
    join(u)
    print(counter, marks[2])
"""
LOCKED = """
lock = Lock()
done = 0
def worker(n):
    global done
    with lock:
        work(50)
        done += 1
def main():
    t = spawn(worker, 1)
    u = spawn(worker, 1)
    join(t)
    join(u)
    print(done)
"""


def counted(**more: Any) -> Trace:
    """A run of the counter program with slices of 5."""
    return run(COUNTER, scheduler=RoundRobin(quantum=5), **more)


def history_before(trace: Trace, tick: int) -> list[Any]:
    """Everything that happened before a tick."""
    events = [event for event in trace.record.events if event[0] < tick]
    logs = {
        key: (log.values[: log.retired(tick - 1)], log.targets[: log.retired(tick - 1)])
        for key, log in trace.record.threads.items()
        if log.retired(tick - 1)
    }
    return [events, logs]


def test_a_branch_that_does_nothing_is_the_same_run():
    """Doing everything again gives the same digest, wherever it was taken up."""
    trace = counted()
    for tick in (0, 1, 57, trace.end):
        assert trace.branch(at=tick).digest == trace.digest


def test_writing_a_variable_changes_what_is_computed_from_it():
    """A global, an element of an array and a plain address can be written."""
    trace = counted()
    done = trace.branch(at=30, do=[Write(2, "counter", 1000), Write(2, "marks", 5, index=2)])
    assert done.output(2).split()[1] == "5"
    assert int(done.output(2).split()[0]) > 1000
    address = trace.at(30).processes[2].history.data_base
    assert trace.branch(at=30, do=Write(2, address, 1000)).at(30).processes[2].globals[
        "counter"
    ] == 1000  # fmt: skip


def test_killing_a_thread_wakes_who_joins_it():
    """The others go on; its updates up to then stay."""
    trace = counted()
    branch = trace.branch(at=60, do=Kill(2, 2))
    assert branch.at(60).processes[2].threads[2].state == "terminated"
    assert ended(branch).exit_code == 0
    assert ended(branch).threads[2].state == "terminated"
    assert branch.at(59).processes[2].threads[2].state != "terminated"


def test_killing_a_process_gives_all_its_memory_back():
    """SIGKILL ends it, no frame is left, and the other process does not notice."""
    trace = run(COUNTER, COUNTER, scheduler=RoundRobin(quantum=5))
    branch = trace.branch(at=40, do=Kill(2))
    assert ended(branch).signal == Signal.SIGKILL
    assert {pid for pid, _ in branch.at(40).frames.values()} == {3}
    assert branch.output(2) == ""
    assert branch.output(3) == trace.output(3)


def test_a_thread_killed_with_a_lock_held_leaves_the_others_waiting():
    """Nobody can release what it held: the run ends stuck."""
    trace = run(LOCKED)
    assert trace.output(2) == "2\n"
    holder = next(tick for tick, *_ in told(trace, "acquire"))
    branch = trace.branch(at=holder + 5, do=Kill(2, 2))
    assert told(branch, "lock_left_held")
    assert told(branch, "stuck")
    assert ended(branch).threads[3].state == "blocked"


def test_an_injected_fault_takes_the_process_down():
    """As if the instruction had done it; the message says that it came from outside."""
    branch = counted().branch(at=50, do=Inject(2, 3, "divide by zero"))
    assert ended(branch).signal == Signal.SIGFPE
    ((tick, tid, kind, message),) = told(branch, "fault")
    assert (tick, tid, kind) == (50, 3, "divide by zero")
    assert "from outside" in message


def test_a_thread_can_be_forced_to_run_next():
    """It gets the core at that tick; who had it queues again."""
    trace = counted()
    tick = next(t for t in range(30, trace.end) if trace.at(t).ready)
    chosen = trace.at(tick).ready[-1]
    branch = trace.branch(at=tick, do=RunNext(*chosen))
    assert branch.at(tick).running == (chosen,)
    assert trace.at(tick).running[0] in branch.at(tick).ready


def test_forcing_a_switch_inside_an_update_loses_it():
    """The race becomes visible on a machine that would never have shown it."""
    trace = run(COUNTER)
    assert trace.output(2).split()[0] == "40"
    load = next(
        tick
        for tick in range(trace.end)
        if "T2" in trace.narrate(tick) and "reads counter" in trace.narrate(tick)
    )
    branch = trace.branch(at=load, do=RunNext(2, 3))
    assert branch.output(2).split()[0] == "20"


def test_a_branch_can_be_branched_again():
    """What was done in the first branch is done in the second one too."""
    first = counted().branch(at=30, do=Write(2, "counter", 100))
    second = first.branch(at=60, do=Write(2, "marks", 7, index=2))
    assert second.at(59).processes[2].globals == first.at(59).processes[2].globals
    assert second.output(2).split()[1] == "7"
    assert int(second.output(2).split()[0]) > 100
    earlier = second.branch(at=10, do=Write(2, "marks", 8, index=2))
    assert earlier.output(2).split() == second.output(2).split()


def test_what_was_done_between_runs_is_done_again():
    """Launches and files that came later come at the same ticks."""
    machine = launch(COUNTER, scheduler=RoundRobin(quantum=5))
    machine.run(until=33)
    machine.put_file("data", [4])
    machine.launch(Program("late", "def main():\n    f = open('data')\n    print(read(f))"))
    machine.intervene(Write(2, "counter", 500))
    trace = machine.run()
    assert trace.output(3) == "4\n"
    for tick in (0, 20, 33, 34, trace.end):
        assert trace.branch(at=tick).digest == trace.digest


def test_a_stopped_run_is_branched_up_to_where_it_stopped():
    """A branch goes as far as the run it comes from."""
    machine = launch(COUNTER, scheduler=RoundRobin(quantum=5))
    trace = machine.run(until=70)
    assert trace.branch(at=40).end == 70


def test_a_saved_trace_can_be_branched(tmp_path: Path):
    """The file holds what it takes, schedulers and interventions included."""
    trace = counted(tlb=4, demand=True).branch(at=30, do=Write(2, "counter", 100))
    trace.save(tmp_path / "run.trace")
    loaded = Trace.load(tmp_path / "run.trace")
    assert loaded.digest == trace.digest
    kill = Kill(2, 2)
    assert loaded.branch(at=80, do=kill).digest == trace.branch(at=80, do=kill).digest


class Own(RoundRobin):
    """A policy that a teacher wrote."""


def test_a_file_never_names_code_that_is_not_of_the_kit(tmp_path: Path):
    """A trace of a teacher's own policy can be saved and played, but not run again."""
    trace = run(COUNTER, scheduler=Own(quantum=5))
    assert trace.branch(at=9).digest == trace.digest
    trace.save(tmp_path / "own.trace")
    loaded = Trace.load(tmp_path / "own.trace")
    assert loaded.output(2) == trace.output(2)
    with pytest.raises(TraceError, match="run its notebook again"):
        loaded.branch(at=9)


def test_a_branch_may_reach_a_limit():
    """The error carries the branch."""
    endless = "go = 0\ndef main():\n    while go: work(1)\n    work(50)\n"
    trace = run(endless, limits=Limits(ticks=300))
    with pytest.raises(LimitExceeded) as caught:
        trace.branch(at=0, do=Write(2, "go", 1))
    assert caught.value.trace.end == 300


def test_the_trace_of_a_limit_can_be_branched():
    """Killing what would not end lets the run end."""
    with pytest.raises(LimitExceeded) as caught:
        run("def main():\n    while True: work(1)\n", limits=Limits(ticks=300))
    assert ended(caught.value.trace.branch(at=100, do=Kill(2))).signal == Signal.SIGKILL


MISTAKES = [
    (Kill(10), "Kill: there is no process 10 at tick 40; alive are 2"),
    (Kill(2, 9), "Kill: process 2 has no thread 9 at tick 40; alive are 1, 2, 3"),
    (Inject(2, 0), "Inject: process 2 has no thread 0"),
    (RunNext(2, 1), "RunNext: thread 1 of process 2 is blocked at tick 40"),
    (RunNext(2, 3, core=4), r"RunNext: core is 4; give one of \[0\]"),
    (Write(2, "countr", 1), "'a' has no global 'countr'; did you mean 'counter'"),
    (Write(2, "marks", 1, index=3), "Write: index of marks is 3; give a whole number from 0 to 2"),
    (Write(2, 8, 1), "give an address it may write"),
    ("kill", "Trace.branch: 'kill' is no intervention; give Kill"),
    (Kill, "is no intervention"),
]


@pytest.mark.parametrize(("step", "message"), MISTAKES, ids=str)
def test_what_is_not_possible_is_refused(step: Any, message: str):
    """The message says what was found at that tick."""
    trace = counted()
    tick = next(t for t in range(40, 60) if (2, 3) in trace.at(t).ready)
    with pytest.raises(ArgumentError, match=message.replace("tick 40", f"tick {tick}")):
        trace.branch(at=tick, do=[step])


def test_a_refused_intervention_changes_nothing():
    """The machine runs on as if it had not been asked."""
    machine = launch(COUNTER, scheduler=RoundRobin(quantum=5))
    machine.run(until=44)
    before = machine.snapshot().state
    for step in (Kill(5), Write(2, 8, 1), RunNext(2, 1)):
        with pytest.raises(ArgumentError):
            machine.intervene(step)
    assert machine.snapshot().state == before
    with pytest.raises(ArgumentError, match="there is no fault 'boom'"):
        Inject(2, 1, "boom")
    with pytest.raises(ArgumentError, match="a whole number from 0 to"):
        counted().branch(at=-1)


@st.composite
def interventions(draw: Any, trace: Trace) -> tuple[int, Any]:
    """A tick, and something that is possible at it."""
    tick = draw(st.integers(0, trace.end))
    moment = trace.at(tick)
    alive = [p for p in moment.processes.values() if p.state not in ("zombie", "terminated")]
    threads = [(p.pid, t.tid) for p in alive for t in p.threads.values() if t.state != "terminated"]
    options: list[Any] = [Kill(p.pid) for p in alive]
    options += [kind(*key) for key in threads for kind in (Kill, Inject)]
    options += [RunNext(*key) for key in moment.ready]
    options += [Write(p.pid, "counter", 77) for p in alive if p.state != "new"]
    return tick, draw(st.sampled_from(options)) if options else ()


@examples(15)
@given(worlds(), st.data())
def test_branches_equal_the_run_before_their_tick(setup: Setup, data: st.DataObject):
    """Whatever the machine and whatever is done, nothing before it changes."""
    trace = setup.run()
    tick, step = data.draw(interventions(trace))
    try:
        branch = trace.branch(at=tick, do=step)
    except LimitExceeded as limit:
        branch = limit.trace
    except ArgumentError as refused:
        assert "out of memory" in str(refused) or "frame" in str(refused)  # noqa: PT017
        return
    assert history_before(branch, tick) == history_before(trace, tick)
