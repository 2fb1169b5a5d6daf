"""What is read from the log of a run."""

from kit.lang.signals import Signal
from tests.unit.host.running.logs import LOG, real_run


def test_a_log_becomes_events():
    """Times begin with the run, texts are texts again, globals have their shape."""
    trace = real_run()
    first = trace.events[0]
    assert (first.time, first.pid, first.tid, first.core) == (100, 2, 1, 0)
    assert trace.output(3) == "a%\n"
    assert trace.outputs == {2: "", 3: "a%\n"}
    assert trace.globals == {3: {"log": (1, 2)}}
    assert trace.exit_codes == {2: 5, 3: 0}
    assert (trace.nanoseconds, trace.stopped, trace.real_pids) == (2000, "", {2: 77, 3: 78})
    assert str(trace).splitlines()[-2:] == ["process 2: exit code 5", "process 3: exit code 0"]
    assert repr(trace) == "<HostTrace: 2 processes, 0.0 ms>"


def test_what_processes_used_is_kept():
    """The one who waits for a process is told when it ended, and what it used."""
    trace = real_run()
    assert trace.ends == {2: (1900, 1), 3: (1400, 2)}
    assert trace.usages == {2: (300, 4, 5, 60), 3: (250, 1, 2, 30)}
    assert trace.cores == 2


def test_events_are_in_the_order_of_time():
    """Threads write at the same time, so that lines may be out of order."""
    lines = LOG.splitlines(keepends=True)
    turned = real_run(log="".join([*lines[:5], lines[6], lines[5], *lines[7:]]))
    assert turned.events == real_run().events


def test_a_line_that_was_cut_off_is_left_out():
    """A log that came to its limit ends in the middle of a line, which tells nothing."""
    assert real_run(log=LOG + "2800 2 1 0 print 612") == real_run()


def test_a_long_array_takes_several_lines():
    """Its words are put together; an array of which the log lost some is left out."""
    one, several = "1900 3 1 1 value log 1 2\n", "1900 3 1 1 value log 1\n1900 3 1 1 value log 2\n"
    assert real_run(log=LOG.replace(one, several)).globals == {3: {"log": (1, 2)}}
    assert real_run(log=LOG.replace(one, "1900 3 1 1 value log 1\n")).globals == {3: {}}


def test_what_we_ended_has_no_exit_code():
    """The signal that ended a run that took too long is not an end of the program's own."""
    trace = real_run(late=True, ends={"2": [-9, 2900, 0, 0, 0, 0]})
    assert (trace.exit_codes, trace.signals) == ({2: None, 3: 0}, {})
    assert 2 not in trace.ends
    assert trace.stopped.startswith("The run was ended after 1 s, when 1 of its processes still")


def test_a_signal_is_no_exit_code():
    """A process that a signal ended has the signal in place of an exit code."""
    trace = real_run(ends={"2": [-11, 2900, 0, 0, 0, 0]})
    assert (trace.exit_codes, trace.signals) == ({2: None, 3: 0}, {2: Signal.SIGSEGV})
    assert "process 2: ended by SIGSEGV (11)" in str(trace)


def test_a_signal_that_the_lessons_do_not_have_is_told_as_python_tells_it():
    """Nothing is lost of how a program ended, and nothing fails."""
    trace = real_run(ends={"2": [-31, 2900, 0, 0, 0, 0]})
    assert (trace.exit_codes[2], trace.signals) == (-31, {})
