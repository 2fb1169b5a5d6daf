"""Segmentation: base and limit of each segment, growth, sharing, and what is beyond a limit."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    ArgumentError,
    Contiguous,
    Costs,
    KiB,
    LimitExceeded,
    Limits,
    Machine,
    PageTable,
    Program,
    RoundRobin,
    Segmentation,
    Trace,
)
from kit.scenarios import segments
from kit.sim.segmentation import SegmentRegister, Stretches
from kit.trace.narration.sentences import MOST_WORDS, count_words
from kit.tracks.memory.accesses import steps_of
from tests.examples import examples
from tests.memory_cases import MEMORY_CASES
from tests.running import ended, fault, told
from tests.worlds import segments as segmented
from tests.worlds import worlds

EVERYTHING = """
count = 5
log = [1, 2, 3]
def worker(n):
    global count
    count += n
    p = alloc(4)
    poke(p, n)
    return peek(p)
def main():
    global count
    p = alloc(10)
    poke(p, 7)
    t = spawn(worker, 3)
    print(join(t), count, peek(p))
    q = alloc(200)
    poke(q + 80, 9)
    if fork() == 0:
        count = 1
        poke(p, 8)
        print("child", peek(p), peek(q + 80))
        exit(3)
    x = wait()
    print(peek(p), count, log[1], exit_status())
"""


def machine(**settings: Any) -> Machine:
    """A small machine with segments, unless something else is said."""
    usual = {"page_size": 64, "ram": 32 * KiB, "address_space": 64 * KiB, "stack_size": 512}
    return Machine(**{"segmentation": Segmentation(bits=3), **usual, **settings})


def run(text: str, **settings: Any) -> Trace:
    """Run one program on it."""
    made = machine(**settings)
    made.launch(Program("p", text))
    return made.run()


@pytest.mark.parametrize("case", MEMORY_CASES["segments"])
def test_translations_are_the_textbooks(case: dict[str, Any]):
    """Each address goes where one finds by hand, or nowhere."""
    most = case["address_space"] >> case["bits"]
    registers = {row[0]: SegmentRegister(*row) for row in case["registers"]}
    for virtual, physical in case["translations"]:
        number, offset = divmod(virtual, most)
        register = registers.get(number)
        found = register.translate(offset, most) if register is not None else None
        assert found == physical, virtual


def test_a_program_does_the_same_with_segments():
    """Threads, a heap that grows, and a child see the same as on a machine with pages."""
    made = machine(segmentation=None)
    made.launch(Program("p", EVERYTHING))
    paged, trace = made.run(), run(EVERYTHING)
    for pid in (2, 3):
        assert trace.output(pid) == paged.output(pid)
    assert trace.history.faults == []
    assert ended(trace).output == "3 8 7\n7 8 2 3\n"


@examples(25)
@given(worlds(segmented()))
def test_registers_lead_where_the_machine_goes(setup):
    """For every word that is used, base and limit give the address of the frame behind it."""
    trace = setup.run()
    size, most = trace.settings.page_size, trace.settings.segment_size
    for core in range(trace.settings.cores):
        for tick, step in steps_of(trace, core):
            for access in (step.fetch, step.data):
                if access is None or access.fault:
                    continue
                number, offset = divmod(access.address, most)
                processes = (trace.at(t).processes.get(access.key[0]) for t in (tick - 1, tick))
                found = {
                    (register.translate(offset, most), process.page_table.get(page))
                    for process in processes
                    if process is not None
                    for page in [access.address // size]
                    for register in process.segment_registers
                    if register.number == number and page in process.page_table
                }
                assert found
                for physical, frame in found:
                    assert physical == frame * size + access.address % size


@examples(50)
@given(
    fit=st.sampled_from(["first", "best", "worst"]),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    leaving=st.sets(st.integers(0, 11)),
    wanted=st.integers(1, 9),
)
def test_holes_are_those_one_finds_by_looking(
    fit: str, sizes: list[int], leaving: set[int], wanted: int
):
    """A map of RAM, byte by byte, has the same holes, and the fit chooses among them."""
    stretches = Stretches(fit, 10, 40)
    for number, size in enumerate(sizes):
        base = stretches.find(size)
        if base is not None:
            stretches.placed[1, str(number)] = base, size
    for number in leaving:
        stretches.leave(1, str(number))
    used = [False] * 10 + [False] * 40 + [True]
    for base, size in stretches.placed.values():
        assert not any(used[base : base + size])
        used[base : base + size] = [True] * size
    holes, start = [], 10
    for place in range(10, 51):
        if used[place]:
            holes += [(start, place - start)] if place > start else []
            start = place + 1
    assert stretches.holes() == holes
    fitting = [hole for hole in holes if hole[1] >= wanted]
    best = {"first": fitting, "best": sorted(fitting, key=_size), "worst": _largest(fitting)}[fit]
    assert stretches.find(wanted) == (best[0][0] if best else None)


def _size(hole: tuple[int, int]) -> int:
    return hole[1]


def _largest(holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(holes, key=lambda hole: -hole[1])


def test_a_heap_without_room_behind_it_moves():
    """Its base changes, its virtual addresses and what is in it do not; moving costs ticks."""
    trace = segments(beyond=0)
    tick, _, name, base, size = told(trace, "move_segment", 2)[0]
    before, after = (trace.at(t).processes[2] for t in (tick - 1, tick))
    (old,) = (one for one in before.segment_registers if one.name == "heap")
    (new,) = (one for one in after.segment_registers if one.name == "heap")
    assert (name, base, size) == ("heap", new.base, new.limit)
    assert new.base != old.base
    assert new.limit > old.limit
    first = 2 * 4 * KiB
    words = [before.word(first + 8 * n) for n in range(20)]
    assert words == [after.word(first + 8 * n) for n in range(20)]
    moved = len([one for one in told(trace, "move", 2) if one[0] == tick])
    assert moved == old.limit // 256
    assert trace.metrics().totals["overhead"] >= moved


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ("x = peek(0x4000 + 64)", "read 0x4040, 0x40 into its heap of 0x40 bytes"),
        ("poke(0xfe00 - 8, 1)", "wrote 0xfdf8, 0x1df8 into its stack of 0x200 bytes"),
        ("x = peek(0x6000)", "read 0x6000, in segment 3, which does not exist"),
        ("x = peek(0x10000)", "read 0x10000, in segment 8, which does not exist"),
        ("x = peek(0 - 8)", "which does not exist"),
    ],
)
def test_what_is_beyond_a_limit_is_a_segmentation_fault(access: str, said: str):
    """The message says by how much, or that there is no such segment."""
    trace = run(f"def main():\n    p = alloc(4)\n    {access}\n")
    kind, message = fault(trace)
    assert kind == "segmentation fault"
    assert said in message
    tick = trace.history.faults[0].tick
    assert count_words(trace.narration(tick).first) <= MOST_WORDS


def test_the_narration_tells_what_the_registers_hold():
    """A stack grows downwards, so its base register has its end, and it is a thread's."""
    trace = run("x = 1\ndef main():\n    fork()\n")
    ((tick, *_),) = told(trace, "fork", 3)
    story = trace.narrate(tick)
    assert "The data of p (pid 3) has 64 bytes of RAM from " in story
    assert "The stack of T1 of p (pid 3) has 512 bytes of RAM from " in story
    for register in trace.at(tick).processes[3].segment_registers:
        if register.name != "code":
            end = ", its end," if register.grows_down else ""
            held = f"{register.base:#06x}{end} is in its base register"
            assert f"{held}, {register.limit:#06x} in its limit register." in story


def test_code_is_protected_and_shared_after_fork():
    """Nobody writes code, so parent and child use one stretch of it; all else is copied."""
    assert fault(run("def main():\n    poke(8, 1)\n"))[0] == "protection fault"
    trace = run("x = 1\ndef main():\n    y = fork()\n    x = 2\n    sleep(9)\n")
    forked = told(trace, "fork", 3)[0][0]
    ours, theirs = (trace.at(forked).processes[pid].segment_registers for pid in (2, 3))
    assert [one.name for one in ours] == [one.name for one in theirs]
    same = {one.name: one.base == other.base for one, other in zip(ours, theirs, strict=True)}
    assert same == {"code": True, "data": False, "stack T1": False}


def test_no_hole_means_out_of_memory():
    """A heap that cannot grow gives 0; a process that finds no room ends; fork returns -1."""
    text = "def main():\n    p = alloc(400)\n    q = alloc(250)\n    print(p > 0, q, fork())\n"
    trace = run(text, ram=6 * KiB)
    assert ended(trace).output == "1 0 -1\n"
    made = machine(ram=2 * KiB, stack_size=KiB)
    for name in ("one", "two"):
        made.launch(Program(name, "def main(): sleep(20)"))
    kind, message = fault(made.run(), 3)
    assert kind == "out of memory"
    assert "and the largest hole has" in message


def test_as_many_stacks_as_there_are_segments_left():
    """With two bits there is one stack; a second thread cannot be made."""
    text = "def f(): pass\ndef main(): print(spawn(f))\n"
    assert ended(run(text, segmentation=Segmentation(bits=2))).output == "-1\n"
    assert ended(run(text)).output == "2\n"


def test_a_program_larger_than_a_segment_is_refused():
    """When it is launched; by exec it returns -1."""
    large = Program("large", f"log = [{', '.join(['1'] * 150)}]\ndef main(): pass\n")
    small = {"address_space": 4 * KiB, "segmentation": Segmentation(bits=2)}
    made = machine(**small)
    with pytest.raises(ArgumentError, match="its data takes 1200 bytes, and a segment has at most"):
        made.launch(large)
    made.install(large)
    made.launch(Program("small", 'def main(): print(exec("large"))'))
    assert ended(made.run()).output == "-1\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"segmentation": 4}, "give Segmentation(bits=4)"),
        ({"demand": True}, "demand needs pages, and segmentation has none"),
        ({"tlb": 4, "asid": True}, "tlb and asid need pages, and segmentation has none"),
        ({"page_table": PageTable()}, "page_table needs pages, and segmentation has none"),
        ({"contiguous": Contiguous()}, "segmentation one for each segment; leave out"),
        ({"address_space": 48 * KiB}, "give a power of two"),
        ({"stack_size": 16 * KiB}, "a stack of 16384 fits into a segment"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(settings: dict[str, Any], said: str):
    """The message says what does not fit, and what to do."""
    with pytest.raises(ArgumentError, match=re.escape(said)):
        machine(**settings)


def test_a_limit_of_frames_stops_a_segment_too():
    """A segment takes all its frames at once, and the limit holds for them."""
    made = machine(limits=Limits(frames=3), scheduler=RoundRobin(3), costs=Costs())
    made.launch(Program("p", "def main(): pass"))
    with pytest.raises(LimitExceeded, match=r"raise Limits\(frames=…\)"):
        made.run()


def test_bits_and_fit_are_checked():
    """As any setting."""
    with pytest.raises(ArgumentError, match="bits is 1"):
        Segmentation(bits=1)
    with pytest.raises(ArgumentError, match="fit is 'next'"):
        Segmentation(fit="next")
