"""What is written for Perfetto is read back as the same run."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given

from kit import Trace
from kit.host import HostTrace, read_trace
from kit.scenarios import SCENARIOS
from kit.trace.perfetto import write_perfetto
from tests.examples import examples
from tests.running import scenario
from tests.strategies import Setup, run_to_the_end
from tests.unit.host.reading.histories import intervals
from tests.unit.host.running.logs import logs, real_run
from tests.worlds import worlds


def there_and_back(run: Trace | HostTrace) -> HostTrace:
    """Write a run, and read it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        write_perfetto(run, path)
        return read_trace(path)


def check(before: Trace, tick: int, host: HostTrace) -> None:
    """Hold a run that was read to the one that was written."""
    after = host.trace
    assert intervals(after, after.seen.nanoseconds) == intervals(before, tick)
    for pid, process in before.history.processes.items():
        read = after.history.processes[pid]
        assert read.output.whole == process.output.whole == host.output(pid)
        assert (read.exit is None) == (process.exit is None)
        if process.exit is not None and read.exit is not None:
            assert read.exit.exit_code == process.exit.exit_code == host.exit_codes[pid]
            assert read.exit.signal == process.exit.signal == host.signals.get(pid)
        assert (read.origin, read.reaped is None) == (process.origin, process.reaped is None)
        assert [(p.tid, p.program.name) for p in read.execs] == [
            (p.tid, p.program.name) for p in process.execs
        ]
    assert [fault[1:4] for fault in after.history.faults] == [
        fault[1:4] for fault in before.history.faults
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_is_read_back(name: str) -> None:
    """All threads are in the same states, on the same cores, at the same times."""
    trace = scenario(name)
    check(trace, 1000, there_and_back(trace))


@given(world=worlds())
@examples(20)
def test_every_run_is_read_back(world: Setup) -> None:
    """So it is for programs that ask the system for anything, on machines of every kind."""
    trace = run_to_the_end(world.machine())
    check(trace, 1000, there_and_back(trace))


CUT_OFF = """1100 2 1 0 begin counter
1100 2 1 0 forks 3
1100 3 1 0 fork 2
1100 2 1 0 thread_end 0
1100 3 1 0 thread_end 0
"""
"""All threads have ended, and no process, as far as it was recorded."""


@given(log=logs())
@example(log=CUT_OFF)
@examples(20)
def test_every_real_run_is_read_back(log: str) -> None:
    """So it is for what was seen of a real run."""
    trace = real_run(log=log).trace
    check(trace, trace.seen.nanoseconds, there_and_back(trace))


def test_what_is_read_can_be_written_again() -> None:
    """Reading and writing once more changes nothing."""
    first = there_and_back(scenario("pipe_between_processes"))
    again = there_and_back(first)
    assert again.events == first.events
