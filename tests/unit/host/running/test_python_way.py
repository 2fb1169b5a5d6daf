"""Programs that run as Python threads and processes, held to those that run in C."""

import shutil
import sys

import pytest

from kit import Machine, Program
from kit.errors import ArgumentError
from kit.host import HostError, HostTrace, run
from kit.host.running.python_way import python_text
from kit.scenarios import SCENARIOS
from tests.unit.host.c.test_meaning import CHAINS, FAULTS, LOOPS, ORDER, SHORT, WORDS
from tests.unit.host.running.test_run import BOMB, FORCED, LOOP, alike

pytestmark = pytest.mark.notebook

ONLY_IN_C = ("one_program_twice",)
"""It prints an address of a global, which Python has not."""
IN_PYTHON = [name for name in FORCED if name not in ONLY_IN_C]
FEW = ("counter_with_lock", "exec_keeps_the_pid", "lock_held_at_death", "pipe_between_processes")
CLOSER = [
    pytest.param(name, marks=() if name in FEW else pytest.mark.thorough) for name in IN_PYTHON
]
PROGRAMS = {"order": ORDER, "chains": CHAINS, "short": SHORT, "loops": LOOPS, "words": WORDS}
PROGRAMS["objects"] = """
first = Lock()
second = [Lock() for _ in range(2)]
slots = Semaphore(1)
go = Condition()
here = Barrier(2)
table = RWLock()
hits = Atomic(0)
ready = 0

def worker(n):
    global ready
    here.wait()
    with second[n]:
        hits.fetch_and_add(n)
    with table.writing():
        sleep(2)
    with go:
        ready = 1
        go.notify_all()
    slots.release()
    return n * 2

def main():
    t = spawn(worker, n=1)
    print(first.locked(), first.acquire(blocking=False), first.acquire(timeout=3), first.locked())
    print(slots.acquire(), slots.acquire(timeout=1), slots.acquire(blocking=False))
    here.wait()
    with go:
        while not ready:
            go.wait()
    with table.reading():
        print(hits.load(), hits.compare_and_swap(1, 5), hits.load(), hits.test_and_set())
    slots.acquire()
    print(join(t), join(t), join(7), gettid(), f"{ready == 1}", ready == 1)
"""
PROGRAMS["files"] = """
def main():
    f = open("notes", "w")
    block = alloc(3)
    for i in range(3):
        block[i] = i * i
    print(write(f, block, 3), write(f, 7), close(f), close(f))
    f = open("notes")
    print(seek(f, 2), read(f), read(f), read(f), open("nothing"))
    board = shared("board", 1)
    child = fork()
    if child == 0:
        board[0] = getppid() * 100 + getpid()
        exit(300)
    print(wait(child) == child, exit_status(), term_signal(), board[0], wait())
    print(test_and_set(board), fetch_and_add(board, 4), compare_and_swap(board, 5, 9), board[0])
    child = fork()
    if child == 0:
        ignore(SIGTERM)
        kill(getpid(), SIGTERM)
        work(1)
        abort()
    print(wait(), exit_status(), term_signal(), kill(77))
    print(2 ** 62 * 4, -7 // 2, -7 % 3, 1 << 70)
"""
PROGRAMS["pointers"] = """
log = [1, 2, 3]
head = [0]

def noted():
    print("noted")
    return 0

def later():
    log[0] = 10
    return 5

def main():
    last = alloc(2)
    last[0] = 2
    first = alloc(2)
    first[0] = 1
    first[1] = last
    head[0] = first
    node = head[0]
    while node != 0:
        print(node[0])
        node = node[1]
    second = 8 + first
    print(second[0] == last, head[0][0])
    log[noted()] += later()
    log[1] = 9223372036854775807
    log[1] += 1
    first[0] = -9223372036854775807
    first[0] -= 2
    print(log[0], log[1], first[0])
"""
PROGRAMS["names"] = """
wrap = 3
kit_ = [0]

def power(words, update):
    before = words * update
    kit_[0] += before
    return kit_[0] ** 2

def main():
    kit_wrap = -wrap
    print(wrap + kit_wrap, power(2, 3))
"""
PROGRAMS["arrays"] = """
log = [1, 2, 0]
grid = [[0] * 3 for _ in range(2)]
locks = [Lock() for _ in range(2)]

def second(words):
    words[0] += 1
    more = words + 8
    return peek(words) * 10 + more[0]

def main():
    mine = [4, 5, 6]
    print(second(log), second(mine), log[-1], len(grid), max(mine))
    grid[1][2] = 7
    row = grid[1]
    print(peek(row + 16), row[2], second(row))
    f = open("notes", "w")
    print(write(f, mine, 3), close(f))
    f = open("notes")
    print(read(f, log, 2), log[0], log[1], log[2])
    print(test_and_set(log), fetch_and_add(grid[0], 3), log[0], grid[0][0])
    for each in mine:
        print(each, locks[1].locked())
    return 300
"""
PROGRAMS["ends_of_threads"] = """
lock = Lock()
slots = Semaphore(1)
here = Condition()

def takes(which):
    if which == 0:
        with lock:
            thread_exit()
    if which == 1:
        with slots:
            thread_exit()
    with here:
        thread_exit()

def last():
    sleep(20)
    print("last")

def starts():
    spawn(last)

def main():
    for which in range(3):
        join(spawn(takes, which))
    print(lock.acquire(blocking=False), slots.acquire(blocking=False))
    print(here.acquire(blocking=False))
    spawn(starts)
    thread_exit()
"""
IN_A_CHILD = """
log = [0] * 900

def works():
    child = fork()
    if child == 0:
        for i in range(900):
            log[i] = i - 4000000000000000000
        print("child")
        return 0
    wait(child)
    print(exit_status())
    return 7

def main():
    print(join(spawn(works)))
"""


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """Hide every C compiler, and nothing else."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("cc") is None


def hold(real: HostTrace, other: HostTrace) -> None:
    """Hold a run to one of the same program in the other way."""
    assert (real.exit_codes, real.signals) == (other.exit_codes, other.signals)
    for pid in other.exit_codes:
        assert alike(other.output(pid), real.output(pid))
    assert real.globals == other.globals


@pytest.mark.parametrize("name", CLOSER)
def test_scenarios_have_the_same_result_in_both_ways(name: str, request: pytest.FixtureRequest):
    """Output, ends and globals of programs without a race are those that they have in C."""
    trace = SCENARIOS[name]()
    ended = trace.at(trace.end).processes.values()
    waits = any(process.ended is None for process in ended)
    in_c = run(SCENARIOS[name], seconds=2 if waits else 30)
    request.getfixturevalue("no_compiler")
    in_python = run(SCENARIOS[name], seconds=2 if waits else 30)
    assert (in_c.way, in_python.way) == ("c", "python")
    hold(in_python, in_c)
    assert in_python.trace.narrate(in_python.trace.end)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_language_means_the_same(name: str):
    """Order, short circuits, loops, locks, files and processes are those of the lesson."""
    machine = Machine()
    pid = machine.launch(Program(name, PROGRAMS[name]))
    trace = machine.run()
    real = run(Program(name, PROGRAMS[name]), way="python")
    assert real.output(pid) == trace.output(pid)
    assert real.exit_codes[pid] == trace.at(trace.end).processes[pid].exit_code


def test_a_thread_can_fork_and_a_long_array_is_kept():
    """The child has that thread alone, ends with it, and its globals are known whole."""
    in_c, in_python = (run(Program("p", IN_A_CHILD), way=way) for way in ("c", "python"))
    hold(in_python, in_c)
    assert in_c.output(2) == "0\n7\n"
    assert in_c.globals[3]["log"] == tuple(i - 4000000000000000000 for i in range(900))
    assert [event.kind for event in in_python.events if event.pid == 3][-2:] == [
        *("thread end", "end"),
    ]


def test_what_is_written_is_limited():
    """A record that is as long as a file may be takes no more events; the program goes on."""
    text = "def main():\n    for i in range(9000):\n        print('" + "x" * 1000 + "')\n"
    real = run(Program("prints", text), way="python")
    assert real.exit_codes == {2: 0}
    assert real.output(2).startswith("x" * 1000 + "\n")


@pytest.mark.parametrize("folder", ["a folder's", "long" * 40], ids=["blank", "long"])
def test_python_can_be_anywhere(folder: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A path that the first line of a script cannot have does not keep programs from running."""
    (tmp_path / folder).mkdir()
    python = tmp_path / folder / "python"
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    machine = Machine()
    machine.install(Program("next", "def main(): print(7)"))
    machine.launch(Program("p", "def main():\n    exec('next')\n"))
    assert run(machine, way="python").output(2) == "7\n"


@pytest.mark.parametrize("statement", FAULTS)
def test_a_fault_ends_a_program_by_its_signal(statement: str):
    """What is a fault on the simulated machine ends the real process by the same signal."""
    text = (
        "log = [0, 0]\n\ndef deeper(n):\n    return deeper(n + 1) + 1\n\n"
        f"def main():\n    zero = 0\n    print('before')\n    {statement}\n    print('after')\n"
    )
    real = run(Program("fault", text), way="python")
    assert (real.output(2), real.signals) == ("before\n", {2: FAULTS[statement]})


@pytest.mark.parametrize("text", [LOOP, BOMB], ids=["loop", "fork bomb"])
def test_what_never_ends_is_ended(text: str):
    """The limits are those of a program in C."""
    real = run(Program("endless", text), seconds=2, processes=8, way="python")
    assert real.stopped.startswith("The run was ended after 2 s, when ")
    assert real.output(2) == "begins\n"
    assert len(real.exit_codes) <= 8


def test_what_only_c_can_do_is_told_with_its_place():
    """An address of a global, messages and privileged instructions need C, or the model."""
    with pytest.raises(HostError, match=r"p.py:3:11: address\(\) cannot be run in Python; with a"):
        python_text(Program("p", "count = 0\ndef main():\n    print(address(count))\n"))
    with pytest.raises(HostError, match="would lead out of the folder"):
        python_text(Program("p", "def main():\n    open('../notes')\n"))
    with pytest.raises(HostError, match="is written in assembly"):
        python_text(Program.from_assembly("p", Program("p", "def main(): pass").disassemble()))
    with pytest.raises(ArgumentError, match="way is 'java'; give 'auto', 'c' or 'python'"):
        run(Program("p", "def main(): pass"), way="java")
