"""Runs that show what address spaces can do, and ways to look at their picture."""

from kit import Costs, KiB, Machine, Program, RoundRobin, Trace
from kit.scenarios import SCENARIOS
from kit.tracks import Picture
from kit.tracks.memory.columns import arrange
from kit.tracks.memory.epochs import Band
from kit.tracks.picture import Part
from tests.unit.tracks.looks import texts

BIG = """
table = [7] * 4
def main():
    p = alloc(20)
    p[0] = 5
    for i in range(4):
        work(12)
"""
STRAY = """
def main():
    work(14)
    poke(ADDRESS, 1)
"""

AREAS = """
def main():
    board = shared("board", 2)
    log = shared("log", 12)
    if fork() == 0:
        if fork() == 0:
            log[1] = 7
            exec("idle")
        board[0] = 6 * 7
        log[0] = 3
        work(30)
        exit(0)
    while board[0] == 0:
        sleep(3)
    wait()
"""
IDLE = """
count = 3
def main():
    global count
    board = shared("board", 2)
    board[1] = 4
    work(40)
    count = 9
"""
LEFT_BEHIND = """
def worker(n):
    sleep(n)
def forker(n):
    work(30)
    if fork() == 0:
        t = spawn(worker, 20)
        join(t)
        exit(0)
    wait()
def main():
    a = spawn(forker, 1)
    b = spawn(worker, 90)
    join(a)
"""
DEEP = """
def f(n):
    if n == 0:
        return 0
    return f(n - 1) + n
def main():
    print(f(60))
"""


def scenario(name: str) -> Trace:
    """A run of the library."""
    return SCENARIOS[name]()


def stray(*others: str, address: str = "0x0c10", last: bool = True) -> Trace:
    """A process that writes where only another one has a heap."""
    machine = Machine(scheduler=RoundRobin(5))
    programs = [Program("big", BIG), *(Program(name, BIG) for name in others)]
    wrong = Program("stray", STRAY.replace("ADDRESS", address))
    for program in [*programs, wrong] if last else [wrong, *programs]:
        machine.launch(program)
    return machine.run()


def sleepers(count: int) -> Trace:
    """Many processes."""
    machine = Machine(ram=512 * KiB)
    for number in range(count):
        machine.launch(Program(f"p{number}", "def main():\n    sleep(20)\n"))
    return machine.run()


def areas() -> Trace:
    """Three processes and two areas of shared memory; one process maps an area after exec."""
    machine = Machine(scheduler=RoundRobin(6))
    machine.launch(Program("board", AREAS))
    machine.install(Program("idle", IDLE))
    return machine.run()


def left_behind() -> Trace:
    """A child has the stacks of threads that it does not have, and makes one more."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("left", LEFT_BEHIND))
    return machine.run()


def deep() -> Trace:
    """A stack that grows, and a page fault for it that takes time."""
    machine = Machine(costs=Costs(page_fault=3), page_size=256)
    machine.launch(Program("deep", DEEP))
    return machine.run()


def band(trace: Trace, pid: int, kind: str, epoch: int = 0) -> Band:
    """The place of a segment."""
    column = arrange(trace, "values", ()).column(pid)
    assert column is not None
    found = column.epochs[epoch].band(kind)
    assert found is not None
    return found


def words(picture: Picture, tick: int) -> list[str]:
    """The picture in words."""

    def text(part: Part) -> str:
        return part if isinstance(part, str) else texts(picture, part[0], tick)[part[2]]

    told = ([text(part) for part in sentence] for sentence in picture.text_alternative)
    return [" · ".join(part for part in parts if part) for parts in told if any(parts)]
