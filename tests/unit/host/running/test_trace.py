"""What is read from the log of a run."""

from kit import Program
from kit.host.running.trace import read_run
from kit.lang.signals import Signal

LOG = """1100 2 1 begin counter
1200 3 1 fork 2
1300 2 2 thread 0
1400 3 1 print 61250a
1500 3 1 value log 1 2
1600 3 1 end 0
1700 2 1 wait 3 0
"""

PROGRAMS = {"counter": Program("counter", "log = [0, 0]\ndef main(): pass\n")}


def found(late: bool, codes: dict[str, int]) -> dict[str, object]:
    """Return what the launcher tells."""
    pids = {"2": 77, "3": 78}
    return {"pids": pids, "codes": codes, "log": LOG, "late": late, "begin": 1000, "end": 2000}


def test_a_log_becomes_events():
    """Times begin with the run, texts are texts again, globals have their shape."""
    trace = read_run(found(False, {"2": 5}), PROGRAMS, 1)
    assert trace.events[0].time == 100
    assert trace.output(3) == "a%\n"
    assert trace.outputs == {2: "", 3: "a%\n"}
    assert trace.globals == {3: {"log": (1, 2)}}
    assert trace.exit_codes == {2: 5, 3: 0}
    assert (trace.nanoseconds, trace.stopped, trace.real_pids) == (1000, "", {2: 77, 3: 78})
    assert str(trace).splitlines()[-2:] == ["process 2: exit code 5", "process 3: exit code 0"]


def test_a_line_that_was_cut_off_is_left_out():
    """A log that came to its limit ends in the middle of a line, which tells nothing."""
    cut = {**found(False, {"2": 5}), "log": LOG + "1800 2 1 print 612"}
    assert read_run(cut, PROGRAMS, 1) == read_run(found(False, {"2": 5}), PROGRAMS, 1)


def test_what_we_ended_has_no_exit_code():
    """The signal that ended a run that took too long is not an end of the program's own."""
    trace = read_run(found(True, {"2": -9}), PROGRAMS, 2.5)
    assert (trace.exit_codes, trace.signals) == ({2: None, 3: 0}, {})
    assert trace.stopped.startswith("The run was ended after 2.5 s, when 1 of its processes still")


def test_a_signal_is_no_exit_code():
    """A process that a signal ended has the signal in place of an exit code."""
    trace = read_run(found(False, {"2": -11}), PROGRAMS, 1)
    assert (trace.exit_codes, trace.signals) == ({2: None, 3: 0}, {2: Signal.SIGSEGV})
    assert "process 2: ended by SIGSEGV (11)" in str(trace)


def test_a_signal_that_the_lessons_do_not_have_is_told_as_python_tells_it():
    """Nothing is lost of how a program ended, and nothing fails."""
    trace = read_run(found(False, {"2": -31}), PROGRAMS, 1)
    assert (trace.exit_codes[2], trace.signals) == (-31, {})
