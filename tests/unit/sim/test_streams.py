"""Pipes as streams: what POSIX says of `read` and `write` with a buffer, and of files, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Costs, KiB, Machine, Program, RoundRobin
from kit.explore import explore
from kit.lang.signals import Signal
from kit.sim.calls.pipes import CAPACITY, WHOLE
from kit.trace.passing import find_arrows
from tests.examples import examples
from tests.running import ended, fault, launch, run, told

PAIR = """
got = [0] * 40
def main():
    d = pipe()
    if fork() == 0:
        close(d)
        a = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]
        {writer}
        exit(0)
    close(d + 1)
    {reader}
    n = 0
"""


def pair(writer: str, reader: str, **settings):
    """Run a child that writes and its parent, which reads."""
    text = PAIR.format(
        writer=writer.replace("\n", "\n        "), reader=reader.replace("\n", "\n    ")
    )
    return run(text, **{"scheduler": RoundRobin(5), **settings})


def test_borders_between_writes_are_not_kept():
    """A read takes what is there, of however many writes it is."""
    trace = pair(
        "write(d + 1, a, 3)\nwrite(d + 1, a, 2)",
        "sleep(200)\nprint(read(d, got, 10), got[0], got[2], got[3], got[4], got[5])",
    )
    assert trace.output(2) == "5 10 12 10 11 0\n"


def test_a_read_takes_no_more_than_it_asked_for():
    """What is left comes with the next one, in order."""
    trace = pair(
        "write(d + 1, a, 5)",
        "sleep(200)\nfor i in range(4): print(read(d, got, 2), got[0])",
    )
    assert trace.output(2) == "2 10\n2 12\n1 14\n0 14\n"


def test_a_reader_of_an_empty_pipe_waits_for_what_comes_first():
    """It does not wait for all that it asked for."""
    trace = pair("sleep(90)\nwrite(d + 1, a, 2)\nsleep(90)", "print(read(d, got, 10))\nsleep(50)")
    ((_, _, pipe, most, values),) = told(trace, "stream_read")
    assert (pipe, most, values, trace.output(2)) == (1, 10, (10, 11), "2\n")
    (blocked,) = [event for event in trace.happened("block", pid=2) if event.reason == "pipe_read"]
    assert trace.at(blocked.tick + 1).pipes[1].readers == ((2, 1),)


def test_a_large_write_goes_in_in_parts_and_returns_when_all_is_in():
    """Its writer waits while the pipe is full, and readers get parts of it meanwhile."""
    trace = pair(
        "print(write(d + 1, a, 16))",
        "sleep(100)\nn = 1\nwhile n > 0:\n    n = read(d, got, 3)\n    print(n, got[0])",
    )
    assert trace.output(3) == "16\n"
    assert [line.split()[0] for line in trace.output(2).splitlines()] == [*"33333", "1", "0"]
    parts = [len(values) for *_, values in told(trace, "stream_write")]
    assert (sum(parts), parts[0]) == (16, CAPACITY)
    full = trace.happened("stream_write")[0].tick
    assert trace.at(full).pipes[1].words == tuple(range(10, 10 + CAPACITY))
    assert trace.at(full).pipes[1].writers == ((3, 1),)


def test_a_small_write_is_never_taken_apart():
    """It waits until all of it fits, although some of it would."""
    trace = pair(
        f"write(d + 1, a, {CAPACITY - 1})\nwrite(d + 1, a, {WHOLE})",
        "sleep(300)\nprint(read(d, got, 40))\nprint(read(d, got, 40))",
    )
    assert trace.output(2) == f"{CAPACITY - 1}\n{WHOLE}\n"
    assert [len(values) for *_, values in told(trace, "stream_write")] == [CAPACITY - 1, WHOLE]


WRITERS = """
got = [0] * 40
def main():
    d = pipe()
    for k in range(2):
        if fork() == 0:
            a = [k + 1] * 12
            for i in range(3): write(d + 1, a, {size})
            exit(0)
    close(d + 1)
    n = 1
    while n > 0:
        n = read(d, got, {size})
        for i in range(n): print(got[i], end="")
"""


@examples(10)
@given(quantum=st.integers(1, 9), size=st.integers(1, 12), seed=st.integers(0, 3))
def test_whole_writes_stay_together(quantum, size, seed):
    """Nothing is lost or made up, and what is written whole is found side by side."""
    text = WRITERS.format(size=size)
    trace = run(text, scheduler=RoundRobin(quantum), seed=seed, cores=1 + seed % 2)
    output = trace.output(2)
    assert sorted(output) == ["1"] * 3 * size + ["2"] * 3 * size
    if size <= WHOLE:
        parts = {output[start : start + size] for start in range(0, len(output), size)}
        assert parts == {"1" * size, "2" * size}


def test_nobody_left_to_read_ends_a_writer_that_waits():
    """As for words one by one, with SIGPIPE, though a part of it was in already."""
    trace = pair("write(d + 1, a, 16)", "sleep(200)\nread(d, got, 2)\nclose(d)\nwait()")
    assert (fault(trace, 3)[0], ended(trace, 3).signal) == ("broken pipe", Signal.SIGPIPE)


def test_words_one_by_one_and_streams_are_one_stream():
    """Either way to read gets what either way to write has put in."""
    trace = pair(
        "write(d + 1, 5)\nwrite(d + 1, a, 2)\nwrite(d + 1, 6)",
        "sleep(200)\nprint(read(d), read(d, got, 2), got[0], got[1], read(d), read(d))",
    )
    assert trace.output(2) == "5 2 10 11 6 -1\n"


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("read(d, 0, 2)", "may not use 0x0000 as a buffer"),
        ("write(d + 1, 0, 2)", "may not use 0x0000 as a buffer"),
        ("read(d, got, -1)", "-1 is no number of words"),
        ("write(d + 1, got, 99999999)", "99999999 is no number of words"),
        ("read(d + 1, got, 1)", "for writing"),
        ("write(d, got, 1)", "for reading"),
        ("read(9, got, 1)", "not open"),
    ],
)
def test_a_buffer_that_cannot_be_used_makes_the_call_fail(call, why):
    """It is an error that the program is told, EFAULT on Unix, and no fault."""
    text = f"got = [0] * 4\ndef main():\n    d = pipe()\n    write(d + 1, 3)\n    print({call})"
    trace = run(text)
    assert trace.output(2) == "-1\n"
    assert why in trace.narrate(told(trace, "refuse")[0][0])
    assert trace.at(told(trace, "refuse")[0][0]).pipes[1].words == (3,)


def test_no_words_are_read_and_written_at_once():
    """A call that asks for nothing waits for nothing."""
    calls = "read(d, got, 0), write(d + 1, got, 0)"
    assert run(f"got = [0]\ndef main():\n    d = pipe()\n    print({calls})").output(2) == "0 0\n"


def test_code_is_no_buffer():
    """Where a process may not write, nothing is read to; it may be written from."""
    text = "def main():\n    d = pipe()\n    print(write(d + 1, 1024, 2), read(d, 1024, 1))"
    assert run(text, page_size=1 * KiB).output(2) == "2 -1\n"


def test_files_are_read_and_written_the_same_way():
    """Up to their end, which is told by 0, and in one event a call."""
    machine = launch("""
        got = [0] * 9
        def main():
            f = open("data", "r+")
            print(read(f, got, 2), read(f, got, 9), read(f, got, 9), got[0])
            seek(f, 2)
            print(write(f, address(got[1]), 3))
            g = open("data", "a")
            print(write(g, got, 1))
        """)
    machine.put_file("data", [1, 2, 3])
    trace = machine.run()
    assert trace.output(2) == "2 1 0 3\n3\n1\n"
    assert trace.at(trace.end).files["data"] == (1, 2, 2, 0, 0, 3)
    assert "is at the end of 'data'" in trace.narrate(told(trace, "read_words")[2][0])


def test_the_narration_says_where_a_call_got_less():
    """How many words came first, then how many were asked for, and which they are."""
    trace = pair("write(d + 1, a, 2)", "sleep(90)\nread(d, got, 10)")
    said = trace.narration(told(trace, "stream_read")[0][0])
    assert "T1 of a (pid 2) reads 2 words from pipe 1." in said.first
    assert "It asked for 10 words. They are 10, 11." in str(said)


def test_an_arrow_for_each_write_that_a_read_gets_words_of():
    """From where the words were written to where they are read."""
    trace = pair("write(d + 1, a, 3)\nwrite(d + 1, a, 2)", "sleep(200)\nread(d, got, 4)\nread(d)")
    arrows = [one for one in find_arrows(trace.history) if one.kind == "message"]
    assert [one.text for one in arrows] == ["pipe 10, 11, 12", "pipe 10", "pipe 11"]
    assert {(one.source, one.target) for one in arrows} == {((3, 1), (2, 1))}


def test_every_way_to_get_parts_is_explored():
    """One read gets both writes, or the first of them only."""
    text = PAIR.format(
        writer="write(d + 1, a, 2)\n        write(d + 1, a, 3)", reader="print(read(d, got, 9))"
    )
    outcomes = explore(Program("stream", text))
    assert {outcome.output[2] for outcome in outcomes.outcomes} == {"2\n", "5\n"}


@pytest.mark.parametrize("place", ["a global", "on a stack"])
def test_a_buffer_that_another_thread_uses_is_found(place: str):
    """What `read` writes is as much an access to memory as a store."""
    text = f"""
{"got = [0]" if place == "a global" else ""}
def reader(d, to):
    read(d, to, 1)
def main():
    {"got = [0]" if place == "on a stack" else "pass"}
    d = pipe()
    write(d + 1, 5)
    t = spawn(reader, d, address(got[0]))
    print(got[0], got[0])
    join(t)
"""
    outcomes = explore(Program("race", text))
    assert {o.output[2] for o in outcomes.outcomes} == {"0 0\n", "0 5\n", "5 5\n"}


def test_a_run_is_taken_up_in_the_middle_of_a_write():
    """A snapshot holds what is still to be written, and who waits for it."""
    reader = "n = 1\n    while n: n = read(d, got, 3)"
    text = PAIR.format(writer="write(d + 1, a, 16)", reader=reader)
    machine = Machine(scheduler=RoundRobin(5), costs=Costs(system_call=1))
    machine.launch(Program("a", text))
    whole = machine.run()
    (waits, *_) = [event for event in whole.happened("block") if event.reason == "pipe_write"]
    again = Machine(scheduler=RoundRobin(5), costs=Costs(system_call=1))
    again.launch(Program("a", text))
    again.run(until=waits.tick + 1)
    middle = again.snapshot()
    for _ in range(2):
        again.restore(middle)
        assert again.run().digest == whole.digest
