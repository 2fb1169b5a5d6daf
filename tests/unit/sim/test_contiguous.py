"""Memory without paging: base and bounds, holes, waiting and compaction."""

from typing import Any

import pytest

from kit import (
    ArgumentError,
    Contiguous,
    Costs,
    FreeList,
    HeapPolicy,
    KiB,
    Kill,
    LimitExceeded,
    Limits,
    Machine,
    Program,
    RoundRobin,
    Trace,
)
from tests.running import ended, fault, launch, run, told

SLEEPER = "def main():\n    sleep(TICKS)\n    print(getpid())\n"


def sleepers(
    *jobs: tuple[int, int, int], ram: int = 41 * KiB, costs: Costs | None = None, **policy: Any
) -> Trace:
    """Run processes of (launched at, size in KiB, ticks to sleep) in 37 KiB that can be used."""
    machine = Machine(ram=ram, contiguous=Contiguous(**policy), stack_size=KiB, costs=costs)
    for place, (at, size, ticks) in enumerate(jobs):
        program = Program(f"job {place + 1}", SLEEPER.replace("TICKS", str(ticks)))
        machine.launch(program, at=at, size=size * KiB)
    return machine.run()


def bases(trace: Trace, tick: int) -> dict[int, int]:
    """Pid -> base in KiB at a tick, of those that have one."""
    processes = trace.at(tick).processes.values()
    return {p.pid: p.base // KiB for p in processes if p.base is not None}


HOLES = [(0, 6, 900), (0, 8, 20), (0, 3, 900), (0, 5, 20), (0, 2, 900), (0, 11, 20), (0, 2, 900)]
"""Leaves holes of 8, 5 and 11 KiB between processes that stay."""


@pytest.mark.parametrize(
    ("fit", "base"), [("first", 4 + 6), ("best", 4 + 6 + 8 + 3), ("worst", 4 + 6 + 8 + 3 + 5 + 2)]
)
def test_fits_choose_the_hole_one_would_by_hand(fit: str, base: int):
    """Of holes of 8, 5 and 11 KiB, 4 KiB go into the first, the smallest or the largest."""
    trace = sleepers(*HOLES, (100, 4, 900), fit=fit)
    assert trace.at(99).holes == ((10240, 8 * KiB), (21504, 5 * KiB), (28672, 11 * KiB))
    assert bases(trace, 100)[9] == base
    assert trace.at(100).processes[9].bounds == 4 * KiB


def test_a_process_waits_for_a_hole_though_enough_is_free():
    """External fragmentation: 24 KiB are free, 12 in one piece are not."""
    trace = sleepers(*HOLES, (100, 12, 5))
    assert told(trace, "no_hole", 9) == [(100, 0, 12 * KiB, 11 * KiB, 24 * KiB)]
    assert trace.at(500).processes[9].state == "new"
    assert "but the largest stretch has 11264." in trace.narrate(100)
    assert trace.at(500).processes[9].segments != ()
    assert ended(trace, 9).output == "9\n"
    assert told(trace, "place", 9)[0][0] == min(
        tick for tick, *_ in told(trace, "exit") if tick > 100
    )


def test_who_came_first_is_placed_first():
    """A small process does not overtake a large one that waits."""
    trace = sleepers(*HOLES, (100, 12, 5), (101, 2, 5))
    places = {pid: told(trace, "place", pid)[0][0] for pid in (9, 10)}
    assert places[10] >= places[9] > 500


def test_compaction_makes_one_hole_of_all():
    """The others are moved together; what they see of themselves stays the same."""
    trace = sleepers(*HOLES, (100, 12, 5), compaction=True)
    assert bases(trace, 99) == {2: 4, 4: 18, 6: 26, 8: 39}
    assert bases(trace, 100) == {2: 4, 4: 10, 6: 13, 8: 15, 9: 17}
    assert trace.at(100).holes == ((29 * KiB, 12 * KiB),)
    before, after = trace.at(99).processes[4], trace.at(100).processes[4]
    assert before.segments == after.segments
    assert before.threads[1].registers == after.threads[1].registers
    assert [before.word(8 * n) for n in range(9)] == [after.word(8 * n) for n in range(9)]
    assert "is moved down to 0x2800" in trace.narrate(100)
    for pid in (2, 4, 6, 8, 9):
        assert ended(trace, pid).output == f"{pid}\n"


def test_moving_takes_its_cost():
    """A core that is busy pays for every frame that is moved."""
    text = "def main():\n    work(300)\n"
    ends = []
    for cost in (0, 2):
        machine = Machine(
            ram=40 * KiB,
            contiguous=Contiguous(compaction=True),
            stack_size=KiB,
            costs=Costs(move_page=cost),
            scheduler=RoundRobin(5),
        )
        machine.launch(Program("short", "def main():\n    sleep(1)\n"), size=20 * KiB)
        busy = machine.launch(Program("busy", text), size=10 * KiB)
        machine.launch(Program("late", "def main(): pass"), at=50, size=26 * KiB)
        trace = machine.run()
        assert len(told(trace, "move", busy)) == 10
        ends.append(told(trace, "exit", busy)[0][0])
    assert ends[1] - ends[0] == 2 * 10


def test_a_program_does_the_same_without_paging():
    """Threads, heap and arrays give the same output under both memory managers."""
    text = """
log = [0] * 4
def worker(n):
    p = alloc(n)
    for i in range(n): p[i] = i * n
    log[n % 4] = p[n - 1]
    free(p)
    return p
def main():
    a = spawn(worker, 3)
    b = spawn(worker, 6)
    join(a)
    join(b)
    print(log[2], log[3], peek(address(log[3])))
"""
    paged, contiguous = run(text), run(text, contiguous=Contiguous(stacks=3, heap=2 * KiB))
    assert contiguous.output(2) == paged.output(2) == "30 6 6\n"
    stacks = [s for s in contiguous.at(60).processes[2].segments if s.kind == "stack"]
    assert [s.end - s.start for s in stacks] == [4 * KiB] * len(stacks)


def test_beyond_the_bounds_is_a_fault_and_within_is_none():
    """Only the bounds register protects: address 0 and the gap can be read."""
    settings = {"contiguous": Contiguous(stacks=1), "stack_size": KiB}
    assert ended(run("def main(): print(peek(0) != 0, peek(2048))", **settings)).exit_code == 0
    kind, message = fault(run("def main(): poke(8192, 1)", **settings))
    assert kind == "segmentation fault"
    assert message.endswith("wrote 0x2000, beyond its bounds of 0x0c00")


def test_a_stack_that_grows_too_far_runs_into_its_neighbour():
    """There is no guard page: the heap below is overwritten, and nobody notices."""
    text = """
def deep(n):
    if n <= 0: return 0
    return deep(n - 1) + 1
def main():
    p = alloc(60)
    p[59] = 7
    deep(46)
    print(p[59] != 7)
"""
    settings = {"stack_size": KiB, "page_size": 512}
    # The heap ends where the stack may not go on.
    trace = run(text, contiguous=Contiguous(heap=512, stacks=1), **settings)
    assert ended(trace).exit_code == 0
    assert trace.output(2) == "1\n"
    assert fault(run(text, **settings))[0] == "stack overflow"


def test_fork_copies_the_whole_stretch():
    """The child has its own from the beginning: no copy on write, no common frames."""
    text = """
x = 1
def main():
    global x
    if fork() == 0: x = 5
    else: wait()
    print(x)
"""
    trace = run(text, contiguous=Contiguous())
    assert (trace.output(2), trace.output(3)) == ("1\n", "5\n")
    ((tick, *_),) = told(trace, "fork")
    moment = trace.at(tick)
    assert all(len(users) == 1 for users in moment.frame_users.values())
    assert moment.processes[3].bounds == moment.processes[2].bounds
    assert "copy on write" not in trace.narrate(tick)


def test_fork_without_a_hole_fails_as_a_call_does():
    """The parent gets -1 and goes on."""
    trace = run(
        "def main(): print(fork())", ram=12 * KiB, contiguous=Contiguous(heap=4 * KiB, stacks=1)
    )
    assert trace.output(2) == "-1\n"
    assert "T1 calls fork, which fails: no hole of" in "".join(
        map(trace.narrate, range(trace.end + 1))
    )


def test_exec_gets_a_stretch_of_the_size_it_needs():
    """The old one is free before the new one is looked for."""
    machine = launch(
        'def main():\n    exec("large")\n', ram=20 * KiB, contiguous=Contiguous(stacks=1)
    )
    machine.install(Program("large", "log = [3] * 1000\ndef main(): print(log[999])"))
    trace = machine.run()
    assert trace.output(2) == "3\n"
    sizes = [size for _, _, _, size in told(trace, "place")]
    assert sizes[1] > sizes[0]


def test_shared_memory_needs_pages():
    """A program is told that there is none."""
    trace = run('def main(): print(shared("area", 4))', contiguous=Contiguous())
    assert trace.output(2) == "0\n"


def test_a_heap_ends_before_the_stacks():
    """Where the heap would run into a stack, alloc returns 0."""
    text = "def main():\n    print(alloc(100) > 0, alloc(100))\n"
    trace = run(text, contiguous=Contiguous(heap=KiB, stacks=1), stack_size=KiB)
    assert trace.output(2) == "1 0\n"


def test_ram_is_given_out_as_a_free_list_does():
    """Bases are the addresses that a free list of the same policy gives."""
    sizes = [5, 3, 9, 2, 7]
    trace = sleepers(*[(0, size, 900) for size in sizes], fit="worst")
    ram = FreeList(4 * KiB, 36 * KiB, HeapPolicy("worst", header=0))
    assert list(bases(trace, 5).values()) == [
        (ram.allocate(size * KiB).address or 0) // KiB for size in sizes
    ]


MISTAKES = [
    (lambda: Contiguous("frist"), "did you mean 'first'"),
    (lambda: Contiguous(stacks=0), "stacks is 0; give a whole number of at least 1"),
    (lambda: Machine(contiguous="best"), "contiguous is 'best'; give Contiguous"),
    (lambda: Machine(contiguous=Contiguous(), tlb=4), "tlb needs pages"),
    (lambda: Machine(contiguous=Contiguous(), demand=True, asid=True), "demand and asid need"),
    (lambda: Machine().launch(Program("a", "def main(): pass"), size=9), "give Machine(contig"),
    (
        lambda: Machine(contiguous=Contiguous()).launch(Program("a", "def main(): pass"), size=9),
        "size in bytes is 9; give a whole number from 5120 to",
    ),
]


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_mistakes_are_explained(number: int):
    """What was found and what to give instead."""
    action, words = MISTAKES[number]
    with pytest.raises(ArgumentError) as caught:
        action()
    assert words in str(caught.value)


def test_a_limit_of_frames_leaves_ram_as_it_was():
    """What is refused takes nothing: the hole is as large as before."""
    machine = launch("def main(): pass", contiguous=Contiguous(), limits=Limits(frames=3))
    regions = machine._computer.regions
    before = regions.state()
    with pytest.raises(LimitExceeded, match="would take frame 18, and at most 3 may be in use"):
        machine.run()
    assert regions.free_list.state() == before[0]


def test_a_process_that_is_killed_while_it_waits_for_a_hole_leaves_the_queue():
    """It never had a place to give back, and the one behind it comes next."""
    waited = sleepers(*HOLES, (100, 12, 5), (101, 12, 5))
    trace = waited.branch(200, Kill(9))
    assert told(trace, "exit", 9)[0][0] == 200
    assert told(trace, "place", 9) == []
    assert trace.at(200).holes == waited.at(200).holes
    assert ended(trace, 10).output == "10\n"
