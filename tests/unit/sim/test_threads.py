"""Threads: how they start, wait, share and end."""

import pytest

from kit import RoundRobin
from tests.running import ended, run, told


def test_join_gives_the_result_before_and_after_the_end():
    """A joiner gets what the function returned, whether it had to wait or not."""
    text = (
        "def w(n):\n    sleep(n)\n    return n * 10\n"
        "def main():\n    a = spawn(w, 1)\n    b = spawn(w, 30)\n    sleep(15)\n"
        "    print(join(a), join(b), join(a))\n"
    )
    trace = run(text)
    assert trace.output(2) == "10 300 10\n"
    joins = [row for row in told(trace, "block") if row[3] == "join"]
    assert [(tid, detail) for _, tid, _, _, detail in joins] == [(1, 3)]


def test_joining_nobody_answers_minus_one():
    """A thread that does not exist, or oneself, is refused and the reason noted."""
    trace = run("def main():\n    print(join(7), join(0), join(gettid()))\n")
    assert trace.output(2) == "-1 -1 -1\n"
    assert [reason for *_, reason in told(trace, "refuse")] == [
        "there is no such thread",
        "there is no such thread",
        "a thread cannot wait for itself",
    ]


def test_several_threads_may_wait_for_one():
    """All who wait are woken at the end, each with the result."""
    text = (
        "def slow():\n    work(30)\n    return 5\n"
        "def w(t):\n    print(join(t))\n"
        "def main():\n    t = spawn(slow)\n    spawn(w, t)\n    spawn(w, t)\n    print(join(t))\n"
        "    thread_exit()\n"
    )
    trace = run(text, cores=4)
    assert trace.output(2) == "5\n5\n5\n"
    wakes = [tick for tick, *_ in told(trace, "wake")]
    assert len(wakes) == 3
    assert len(set(wakes)) == 1


def test_a_function_without_a_result_joins_as_zero():
    """What returns nothing gives 0."""
    trace = run("def w():\n    pass\ndef main():\n    print(join(spawn(w)))\n")
    assert trace.output(2) == "0\n"


def test_threads_waiting_for_each_other_are_stuck():
    """When every thread waits for what will never come, the run ends and says so."""
    text = (
        "other = 0\ndef w(t):\n    join(t)\n"
        "def main():\n    global other\n    other = spawn(w, 1)\n    join(other)\n"
    )
    trace = run(text)
    assert [event.kind for event in trace.events][-1] == "stuck"
    assert trace.at(trace.end).blocked == {(2, 1): ("join", 2), (2, 2): ("join", 1)}
    assert "every one is waiting for something that will never happen" in trace.narrate(trace.end)
    assert ended(trace).state == "blocked"


@pytest.mark.parametrize(("statement", "code"), [("pass", 0), ("return 7", 7), ("exit(4)", 4)])
def test_main_returning_ends_the_process_and_all_its_threads(statement: str, code: int):
    """The process ends with main, whatever its threads are doing."""
    worker = "def w():\n    while True: work(3)\n"
    text = f"{worker}def main():\n    spawn(w)\n    work(20)\n    {statement}\n"
    trace = run(text, scheduler=RoundRobin(4))
    process = ended(trace)
    assert process.exit_code == code
    assert [thread.state for thread in process.threads.values()] == ["terminated"] * 2
    assert [how for *_, how, _ in told(trace, "end")] == ["end", "kill"]


def test_exit_in_a_worker_ends_the_process():
    """Any thread can end the process, main need not agree."""
    text = (
        "def w():\n    work(5)\n    exit(9)\ndef main():\n    spawn(w)\n    while True: work(4)\n"
    )
    trace = run(text, cores=2)
    assert ended(trace).exit_code == 9
    assert told(trace, "exit")[0][1] == 2


def test_thread_exit_of_main_lets_workers_go_on():
    """The process lives until its last thread has ended, then its exit code is 0."""
    text = (
        "def w(n):\n    work(30)\n    print(n)\n"
        "def main():\n    spawn(w, 1)\n    spawn(w, 2)\n    thread_exit()\n    print(99)\n"
    )
    trace = run(text, cores=2)
    assert sorted(trace.output(2).split()) == ["1", "2"]
    gone = next(tick for tick, tid, *_ in told(trace, "end") if tid == 1)
    assert trace.at(gone).processes[2].state == "running"
    assert told(trace, "exit")[0][2:] == (0, "its last thread ended")
    assert trace.end > gone + 25


def test_thread_exit_of_a_worker_gives_no_result():
    """A worker that leaves early joins as 0."""
    text = "def w():\n    thread_exit()\n    return 5\ndef main():\n    print(join(spawn(w)))\n"
    assert run(text).output(2) == "0\n"


def test_arguments_arrive_in_order():
    """Up to five arguments reach the thread's function as written."""
    text = (
        "def w(a, b, c, d, e):\n    print(a, b, c, d, e, gettid())\n"
        "def main():\n    join(spawn(w, 1, 2, 3, 4, 5))\n    print(getpid(), gettid())\n"
    )
    assert run(text).output(2) == "1 2 3 4 5 2\n2 1\n"


def test_a_lost_update_happens_and_is_named():
    """Two threads that interleave load and store lose an increment, and the trace says where."""
    text = (
        "counter = 0\ndef w():\n    global counter\n    for i in range(10): counter += 1\n"
        "def main():\n    a = spawn(w)\n    b = spawn(w)\n    join(a)\n    join(b)\n"
        "    print(counter)\n"
    )
    for settings in ({"scheduler": RoundRobin(3)}, {"cores": 2}, {"cores": 3}):
        trace = run(text, **settings)
        told_lost = sum(
            trace.narrate(tick).count("that update is lost") for tick in range(trace.end + 1)
        )
        assert (int(trace.output(2)) == 20) == (told_lost == 0), settings
    assert (
        "T3 stored 1 there after T2 had read counter."
        in " ".join(run(text, cores=2).narrate(tick) for tick in range(60))
        or int(run(text, cores=2).output(2)) == 20
    )


def test_lockstep_on_two_cores_loses_updates_and_names_the_writer():
    """At one tick cores execute in the order of their numbers, and the trace knows it."""
    text = (
        "counter = 0\ngo = 0\ndef w():\n    global counter\n    while go == 0: pass\n"
        "    counter += 1\n    counter += 1\n"
        "def main():\n    global go\n    a = spawn(w)\n    b = spawn(w)\n    work(40)\n    go = 1\n"
        "    join(a)\n    join(b)\n    print(counter)\n"
    )
    trace = run(text, cores=3)
    sentences = [trace.narrate(tick) for tick in range(trace.end + 1)]
    lost = [s for s in sentences if "that update is lost" in s]
    assert int(trace.output(2)) < 4
    assert len(lost) == 4 - int(trace.output(2))
    assert all("there after" in sentence for sentence in lost)
