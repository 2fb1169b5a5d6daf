"""Processes that make processes: fork, exec, wait, kill, zombies and orphans."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Costs, LimitExceeded, Limits, Machine, Program, RoundRobin
from kit.lang.signals import Signal
from tests.running import ended, launch, run, told

CHILD_AND_PARENT = """
x = 5
def main():
    global x
    p = fork()
    if p == 0:
        x = 7
        print(getpid(), gettid(), x)
        exit(3)
    q = wait()
    print(p, q, exit_status(), x)
"""


@pytest.mark.parametrize("cores", [1, 2, 3])
@pytest.mark.parametrize("quantum", [1, 3, 100])
def test_a_child_has_memory_of_its_own(cores: int, quantum: int):
    """What a child writes its parent does not see; the parent learns its exit code."""
    trace = run(CHILD_AND_PARENT, cores=cores, scheduler=RoundRobin(quantum))
    assert trace.output(2) == "3 3 3 5\n"
    assert trace.output(3) == "3 1 7\n"
    assert trace.at(trace.end).processes[3].globals == {"x": 7}
    assert trace.at(trace.end).processes[2].globals == {"x": 5}
    assert told(trace, "fork", 3)[0][1:] == (1, "a", 2)


def test_fork_shares_frames_until_one_writes():
    """After fork a page has one frame for two; the first write makes a copy."""
    trace = run(CHILD_AND_PARENT, scheduler=RoundRobin(100))
    forked = told(trace, "fork", 3)[0][0]
    moment = trace.at(forked)
    mother, child = moment.processes[2], moment.processes[3]
    assert mother.page_table == child.page_table
    data = mother.segments[1].start // trace.settings.page_size
    assert data in mother.copied_when_written
    assert moment.frame_users[mother.page_table[data]] == ((2, data), (3, data))
    code = mother.segments[0].start // trace.settings.page_size
    assert code not in mother.copied_when_written
    last = trace.at(told(trace, "exit", 3)[0][0] - 1)
    assert last.processes[2].page_table[data] != last.processes[3].page_table[data]
    assert last.processes[2].page_table[code] == last.processes[3].page_table[code]
    assert last.processes[3].globals == {"x": 7}
    assert last.processes[2].globals == {"x": 5}


def test_fork_copies_only_the_calling_thread():
    """Of two threads the child has the one that called, under the same tid."""
    trace = run(
        """
        count = 0
        def other():
            global count
            while True: count += 1
        def worker(n):
            p = fork()
            print(gettid(), n)
            if p == 0:
                thread_exit()
            exit(0)
        def main():
            spawn(other)
            join(spawn(worker, 4))
        """,
        scheduler=RoundRobin(3),
    )
    assert trace.output(2) == trace.output(3) == "3 4\n"
    assert list(trace.at(trace.end).processes[3].threads) == [3]
    assert trace.at(trace.end).processes[3].exit_code == 0


def test_a_child_nobody_waited_for_is_a_zombie():
    """Between its end and its parent's wait it has an exit code but no memory."""
    trace = run(
        """
        def main():
            p = fork()
            if p == 0: exit(9)
            sleep(50)
            wait(p)
            print(exit_status())
        """
    )
    over = told(trace, "exit", 3)[0][0]
    moment = trace.at(over).processes[3]
    assert (moment.state, moment.exit_code, moment.page_table) == ("zombie", 9, {})
    ((reaped, _, parent),) = told(trace, "reap", 3)
    assert reaped > over + 30
    assert parent == 2
    assert trace.at(reaped).processes[3].state == "terminated"
    assert trace.output(2) == "9\n"


def test_a_process_can_ask_who_its_parent_is():
    """Of the first process that is init, pid 1; of a child it is who forked, until that ends."""
    trace = run(
        """
def main():
    print(getppid())
    if fork() == 0:
        print(getppid())
        sleep(200)
        print(getppid())
        exit(0)
    work(50)
""",
        scheduler=RoundRobin(5),
    )
    assert trace.output(2) == "1\n"
    assert trace.output(3) == "2\n1\n"


def test_an_orphan_is_adopted_by_init():
    """A child that outlives its parent belongs to pid 1, which reaps it at its end."""
    trace = run(
        """
        def main():
            if fork() == 0:
                work(40)
                print(1)
                exit(4)
            exit(2)
        """,
        scheduler=RoundRobin(5),
    )
    adopted = told(trace, "adopt", 3)[0][0]
    assert trace.at(adopted - 1).processes[3].parent == 2
    assert trace.at(adopted).processes[3].parent == 1
    assert told(trace, "reap", 3) == [(told(trace, "exit", 3)[0][0], 0, 1)]
    assert trace.output(3) == "1\n"


def test_a_zombie_whose_parent_ends_is_reaped():
    """Init reaps at once what a dead parent never waited for."""
    trace = run(
        """
        def main():
            if fork() == 0: exit(4)
            sleep(30)
        """
    )
    assert told(trace, "reap", 3)[0][0] == told(trace, "exit", 2)[0][0]
    assert trace.at(trace.end).processes[3].state == "terminated"


def test_wait_takes_one_child_each():
    """Each child is waited for once; then there is none left."""
    trace = run(
        """
        def main():
            for i in range(3):
                if fork() == 0:
                    work(60 * (3 - i))
                    exit(i)
            for i in range(3):
                p = wait()
                print(p, exit_status())
            print(wait(), wait(77))
        """,
        cores=4,
    )
    assert trace.output(2) == "5 2\n4 1\n3 0\n-1 -1\n"


def test_wait_for_a_certain_child_leaves_the_others():
    """Waiting for the slow child does not reap the fast one."""
    trace = run(
        """
        def main():
            slow = fork()
            if slow == 0:
                work(100)
                exit(1)
            fast = fork()
            if fast == 0: exit(2)
            print(wait(slow), exit_status())
            print(wait(fast), exit_status())
        """,
        scheduler=RoundRobin(5),
    )
    assert trace.output(2) == "3 1\n4 2\n"


def test_kill_ends_every_thread_and_tells_the_parent():
    """A killed process has a signal and no exit code; killing a zombie does nothing."""
    trace = run(
        """
        def spin():
            while True: work(3)
        def main():
            p = fork()
            if p == 0:
                spawn(spin)
                spin()
            sleep(40)
            print(kill(p), kill(p), kill(55))
            print(wait(), exit_status(), term_signal())
        """,
        scheduler=RoundRobin(4),
    )
    assert trace.output(2) == "0 0 -1\n3 -1 9\n"
    assert ended(trace, 3).signal == Signal.SIGKILL


def test_a_process_can_kill_itself():
    """Killing one's own pid ends the process in the middle of the call."""
    trace = run("def main():\n    kill(getpid())\n    print(1)")
    assert ended(trace, 2).signal == Signal.SIGKILL
    assert trace.output(2) == ""


def test_a_fork_bomb_ends_soon_with_a_trace():
    """On default limits a fork bomb is stopped in under two seconds, and can be looked at."""
    machine = Machine(scheduler=RoundRobin(10), ram=1 << 20)
    machine.launch(Program("bomb", "def main():\n    while True: fork()\n"))
    start = time.perf_counter()
    with pytest.raises(LimitExceeded, match="processes") as caught:
        machine.run()
    assert time.perf_counter() - start < 2
    trace = caught.value.trace
    assert len(trace.at(trace.end).processes) == Limits().processes
    assert "fork" in {event.kind for event in trace.events}


def test_a_fork_bomb_in_little_ram_is_no_accident_either():
    """Where RAM is full first, writes that need a copy run out of memory; others go on."""
    machine = Machine(scheduler=RoundRobin(10), limits=Limits(ticks=20_000))
    machine.launch(Program("bomb", "x = 0\ndef main():\n    while True: fork()\n"))
    with pytest.raises(LimitExceeded) as caught:
        machine.run()
    faults = {
        event.details["fault"] for event in caught.value.trace.events if event.kind == "fault"
    }
    assert faults <= {"out of memory"}


@given(
    quantum=st.integers(1, 8),
    cores=st.integers(1, 3),
    depth=st.integers(0, 3),
    cost=st.integers(0, 3),
)
def test_a_tree_of_processes_adds_up(quantum: int, cores: int, depth: int, cost: int):
    """Every process of a tree of forks ends, is reaped once, and gives its frames back."""
    machine = launch(
        f"""
        depth = {depth}
        def main():
            global depth
            while depth > 0:
                depth -= 1
                fork()
                fork()
            while wait() > 0: pass
        """,
        cores=cores,
        scheduler=RoundRobin(quantum),
        ram=1 << 20,
        costs=Costs(page_fault=cost, context_switch=cost),
    )
    trace = machine.run()
    assert len(trace.at(trace.end).processes) == 4**depth
    reaped = [event.pid for event in trace.events if event.kind == "reap"]
    assert sorted(reaped) == list(range(2, 4**depth + 2))
    assert machine._computer.physical.users == {}
    assert all(p.globals == {"depth": 0} for p in trace.at(trace.end).processes.values())


def test_a_grandchild_reads_what_nobody_wrote_since():
    """Content that three processes share is found by each, before and after copies."""
    trace = run(
        """
        a = [1, 2, 3]
        def main():
            a[0] = 10
            if fork() == 0:
                if fork() == 0:
                    sleep(30)
                    a[1] = 20
                    print(a[0], a[1], a[2])
                    exit(0)
                a[2] = 30
                sleep(50)
                print(a[0], a[1], a[2])
                exit(0)
            sleep(99)
            print(a[0], a[1], a[2])
        """,
        scheduler=RoundRobin(2),
    )
    assert [trace.output(pid) for pid in (2, 3, 4)] == ["10 2 3\n", "10 2 30\n", "10 20 3\n"]
    final = trace.at(trace.end).processes
    assert [final[pid].globals["a"] for pid in (2, 3, 4)] == [(10, 2, 3), (10, 2, 30), (10, 20, 3)]


def test_a_snapshot_in_a_family_restores_all_of_it():
    """Coming back to a moment with shared frames, a zombie and a waiting parent runs on alike."""
    machine = launch(CHILD_AND_PARENT, scheduler=RoundRobin(2), cores=2)
    for tick in range(0, 40, 3):
        machine.run(until=tick)
        earlier = machine.snapshot()
        digest = machine.run().digest
        machine.restore(earlier)
        assert machine.run().digest == digest
        machine.restore(earlier)
