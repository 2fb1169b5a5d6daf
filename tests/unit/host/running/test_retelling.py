"""Real runs told as simulated ones: every view shows them by the same checks."""

from array import array
from itertools import pairwise

import pytest
from hypothesis import given

from kit import Machine, Program
from kit.host import HostTrace, run
from kit.host.running.retelling import MOST_TICKS, tick_of
from kit.scenarios import SCENARIOS
from kit.trace.real import RealTrace
from tests.examples import examples
from tests.unit.host.running.logs import logs, real_run
from tests.unit.tracks.system import test_console, test_lifecycle
from tests.unit.tracks.test_pictures import check_timeline

SHORT = 200
"""Ticks of runs that are looked at tick by tick."""


def told(trace: RealTrace) -> list[str]:
    """Return the kinds of its events."""
    return [event.kind for event in trace.events]


def check(real: HostTrace) -> RealTrace:
    """Hold the trace of a real run to the run, and the pictures to the trace."""
    trace = real.trace
    assert 0 < trace.end <= MOST_TICKS
    ticks = [event.tick for event in trace.events]
    assert ticks == sorted(ticks)
    assert trace.end >= ticks[-1]
    for pid, process in trace.at(trace.end).processes.items():
        assert process.output == real.output(pid)
        assert (process.exit_code, process.signal) == (
            real.exit_codes[pid],
            real.signals.get(pid),
        )
    for core in trace.history.cores:
        on = [key for key in core.values if key is not None]
        assert set(on) <= set(trace.history.births)
    for tick in {0, trace.end, *ticks}:
        assert trace.narrate(tick)
    if trace.end < SHORT:
        test_console.check(trace)
        test_lifecycle.check(trace)
        check_timeline(trace)
    return trace


def test_a_run_is_told_in_the_words_of_the_model():
    """Threads are made, seen on cores, wait, and end; what they use has the model's addresses."""
    trace = check(real_run())
    assert told(trace)[:4] == ["launch", "thread", "admit", "dispatch"]
    waits = next(event for event in trace.events if event.kind == "block")
    image = trace.programs[0].image
    told_then = trace.narrate(waits.tick)
    assert told_then == "T1 of counter (pid 2) blocks: it waits for the lock “locks[1]”."
    assert image.variable_at(image.variables["locks"].offset + 8) == "locks[1]"
    made = trace.happened("thread")[1]
    assert (made.key, made.details["function"], made.details["arguments"]) == (
        (2, 2),
        "worker",
        (7,),
    )
    assert trace.metrics().totals["switches"] == 12
    assert trace.metrics().processes[3].page_faults == 30
    assert repr(trace) == "<real run of 'counter'; 1.9 µs, a tick is 100 ns>"


def test_what_was_seen_on_a_core_takes_it():
    """Two threads are never on one core; the one that was there is ready until it is seen again."""
    lines = ["1100 2 1 0 begin counter", "1200 2 1 0 create 2 worker 1", "1300 2 2 0 thread 0"]
    lines += ["1500 2 1 0 print 410a", "1600 2 2 1 print 420a", "2000 2 1 0 end 0", ""]
    trace = check(real_run(log="\n".join(lines)))
    states = [trace.history.processes[2].threads[tid].state.values for tid in (1, 2)]
    assert states[0] == ["running", "ready", "running", "terminated"]
    assert states[1] == ["ready", "running", "ready", "running", "terminated"]
    assert trace.history.processes[2].threads[2].core.values == array("q", [0, -1, 1, -1])


@examples(40)
@given(log=logs())
def test_any_log_can_be_told(log: str):
    """Whatever a program managed to write down before it was ended has a picture."""
    check(real_run(log=log, late=True, ends={"2": [-9, 2950, 0, 0, 0, 0]}))


def test_a_tick_is_as_long_as_the_run_needs():
    """Ticks are 100, 200, 500 nanoseconds and so on, so few that each can be told."""
    assert [tick_of(n) for n in (0, 500_000, 500_100, 2_000_000, 3_000_000_000)] == [
        *(100, 100, 200, 500, 1_000_000)
    ]
    lengths = [tick_of(1000 * n) for n in range(1, 100_000, 500)]
    assert all(one <= other for one, other in pairwise(lengths))


@pytest.mark.notebook
@pytest.mark.parametrize(
    "name",
    [
        *("producer_consumer", "exec_keeps_the_pid", "orphan", "pipe_between_processes"),
        *("kill_a_process", "fault_in_a_thread", "deadlock", "overlap_with_device"),
    ],
)
def test_real_runs_are_shown(name: str):
    """Runs of scenarios are shown as they were recorded."""
    trace = check(run(SCENARIOS[name], seconds=1))
    assert trace.end > 10


@pytest.mark.notebook
def test_what_waits_is_recorded():
    """Each way to wait is told, with what it waits for, and that it goes on."""
    text = """
lock = Lock()
ready = Condition()
meet = Barrier(2)
table = RWLock()
slots = Semaphore(0)
go = 0

def worker():
    global go
    meet.wait()
    with table.writing():
        sleep(300)
    slots.release()
    with ready:
        go = 1
        ready.notify()

def main():
    t = spawn(worker)
    sleep(100)
    meet.wait()
    sleep(100)
    with table.reading():
        pass
    slots.acquire()
    with ready:
        while go == 0:
            ready.wait()
    join(t)
    ends = pipe()
    child = fork()
    if child == 0:
        sleep(100)
        write(ends + 1, 7)
        exit(0)
    print(read(ends))
    wait(child)
"""
    machine = Machine()
    machine.launch(Program("waits", text))
    real = run(machine)
    assert real.outputs == {2: "7\n", 3: ""}
    check(real)
    waits = {event.details["reason"] for event in real.trace.happened("block")}
    assert {"sleep", "barrier", "read_lock", "pipe_read"} <= waits
    kinds = {event.kind for event in real.events}
    assert {"create", "down", "up", "read lock", "write lock", "go on", "join"} <= kinds
