"""The trace of a real run: what it refuses, what it says of its clock."""

import pytest

from kit import Kill, TraceError
from kit.trace.link import packed_run
from kit.trace.real import RealTrace, duration, trace_of
from tests.unit.host.running.logs import real_run


def test_what_cannot_be_done_again_is_refused():
    """A real run has no branch, and no link leads to it."""
    trace = real_run().trace
    with pytest.raises(TraceError, match="a real run cannot be done again"):
        trace.branch(at=1, do=Kill(2))
    with pytest.raises(TraceError, match="a real run cannot be done again, so no link"):
        packed_run(trace)


def test_its_clock_is_told():
    """A tick has a length, and the first one a time."""
    lines = "101000 2 1 0 begin counter\n102500 2 1 0 end 0\n"
    trace = real_run(log=lines, ends={"2": [0, 102600, 0, 0, 0, 0]}).trace
    assert isinstance(trace, RealTrace)
    assert trace.clock == "A real run: a tick is 100 ns; tick 0 is 99.9 µs after the run began."


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [(0, "0 ns"), (999, "999 ns"), (2000, "2 µs"), (13_460_000, "13.5 ms"), (2 * 10**9, "2 s")],
)
def test_times_are_read_easily(nanoseconds: int, text: str):
    """Each time has the unit in which its number is small."""
    assert duration(nanoseconds) == text


def test_nothing_else_is_taken_for_a_real_run():
    """What is no real run, nor has one, stays what it is."""
    real = real_run()
    assert trace_of(real) is real.trace
    assert trace_of(real.trace) is real.trace
    assert trace_of("text") == "text"
