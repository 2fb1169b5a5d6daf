"""Paging: address spaces, frames, and what happens when there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Costs, KiB, Machine, Program
from kit.lang.signals import Signal
from kit.sim.memory import PhysicalMemory
from tests.running import ended, fault, launch, run, told

COUNTER = "g = {}\ndef main():\n    global g\n    for i in range(5): g += 1\n    work(50)\n"


def small(frames: int) -> dict[str, int]:
    """Settings for a machine with so many frames of 64 bytes beside the reserved one."""
    return {"page_size": 64, "ram": 64 * (frames + 1), "stack_size": 256}


def code_pages(text: str) -> int:
    """How many pages of 64 bytes the code of a program fills."""
    return -(-len(Program("p", text).image.code) * 8 // 64)


def test_one_virtual_address_is_two_words_of_ram():
    """Two processes of one program use the same addresses, and have one frame for code alone."""
    machine = Machine(cores=2)
    program = Program("counter", COUNTER.format(10))
    for _ in range(2):
        machine.launch(program)
    other = Program("other", COUNTER.format(70))
    machine.launch(other)
    trace = machine.run()
    moment = trace.at(20)
    first, second = moment.processes[2], moment.processes[3]
    assert first.page_table.keys() == second.page_table.keys()
    same = {page for page, frame in first.page_table.items() if second.page_table[page] == frame}
    assert same == {1}
    assert [process.globals["g"] for process in trace.at(trace.end).processes.values()] == [
        15, 15, 75,
    ]  # fmt: skip


def test_a_zero_page_is_mapped_for_nobody():
    """No process has page 0, so that a null pointer faults."""
    trace = run("g = 1\ndef main():\n    p = alloc(1)\n    sleep(3)\n")
    for tick in range(trace.end + 1):
        assert 0 not in trace.at(tick).processes[2].page_table


def test_segments_stand_where_the_loader_says():
    """Code on page 1, data on its own page, the heap behind, stacks at the top, zeros first."""
    machine = launch("g = 5\ndef main():\n    p = alloc(3)\n    print(p[0], p[2])\n    sleep(9)\n")
    trace = machine.run()
    segments = trace.at(trace.end - 5).processes[2].segments
    assert [segment.name for segment in segments] == ["code", "data", "heap", "stack T1"]
    assert [segment.start % KiB for segment in segments] == [0, 0, 0, 0]
    assert trace.output(2) == "0 0\n"


def test_memory_of_the_dead_is_zero_for_the_next_process():
    """A frame is filled with zeros before it belongs to somebody else."""
    spill = "def main():\n    p = alloc(20)\n    for i in range(20): p[i] = 77\n"
    look = "def main():\n    p = alloc(20)\n    s = 0\n    for i in range(20): s += p[i]\n"
    look += "    print(s)\n"
    machine = Machine()
    machine.launch(Program("spill", spill))
    machine.launch(Program("look", look), at=900)
    trace = machine.run()
    assert told(trace, "exit", 2)[0][0] < 900
    assert trace.output(3) == "0\n"
    maps = [(event.pid, event.details["frame"]) for event in trace.events if event.kind == "map"]
    assert {f for pid, f in maps if pid == 2} == {f for pid, f in maps if pid == 3}


def test_stack_grows_a_page_at_a_time_when_it_is_reached():
    """The stack starts with one page and gets others when the program needs them."""
    trace = run("def deep(n):\n    if n == 0: return 0\n    return deep(n - 1)\n"
                "def main():\n    x = deep(60)\n    sleep(2)\n")  # fmt: skip
    sizes = [s["end"] - s["start"] for s in (e.details for e in trace.events if e.kind == "segment")
             if s["name"] == "stack T1"]  # fmt: skip
    assert sizes == [1 * KiB, 2 * KiB]


@pytest.mark.parametrize("load_page", [0, 3])
@pytest.mark.parametrize("frames", range(3, 9))
def test_launch_without_frames_fails_and_gives_everything_back(frames: int, load_page: int):
    """A process that does not fit is ended while it is loaded; its signal says why."""
    text = "g = 1\ndef main():\n" + "    print(1, 2, 3)\n" * 12
    assert code_pages(text) + 2 == 9
    machine = launch(text, costs=Costs(load_page=load_page), **small(frames))
    trace = machine.run()
    assert fault(trace)[0] == "out of memory"
    assert "needed a frame, but no frame of RAM is free" in fault(trace)[1]
    process = ended(trace)
    assert (process.signal, process.page_table, process.state) == (
        Signal.SIGKILL,
        {},
        "terminated",
    )
    assert machine._computer.physical.users == {}
    assert machine._computer.physical.free_count == frames
    assert all(trace.narrate(tick) for tick in range(trace.end + 1))


def test_spawn_without_frames_answers_minus_one():
    """A thread that gets no stack is not made, and the program can go on."""
    text = "def w():\n    sleep(50)\ndef main():\n    a = spawn(w)\n    print(a, spawn(w))\n"
    machine = launch(text, **small(code_pages(text) + 2))
    trace = machine.run()
    assert trace.output(2) == "2 -1\n"
    ((_, tid, call, reason),) = told(trace, "refuse")
    assert (tid, call) == (1, "spawn")
    assert "no frame of RAM is free" in reason
    assert len(ended(trace).threads) == 2
    assert machine._computer.physical.users == {}


def test_spawn_without_room_in_the_address_space_answers_minus_one():
    """So is one for whose stack there is no place left."""
    text = "def w():\n    sleep(9)\ndef main():\n    for i in range(5): print(spawn(w))\n"
    trace = run(text, page_size=1024, address_space=16 * KiB, stack_size=4 * KiB)
    assert trace.output(2).split() == ["2", "-1", "-1", "-1", "-1"]
    assert "the address space is full" in told(trace, "refuse")[0][3]


def test_alloc_without_frames_answers_zero_and_takes_nothing():
    """Memory that is not there is not given, not even in part."""
    text = "def main():\n    p = alloc(100)\n    print(p, alloc(2) > 0, alloc(0), alloc(-5))\n"
    machine = launch(text, **small(code_pages(text) + 2))
    trace = machine.run()
    assert trace.output(2) == "0 1 0 0\n"
    assert [call for _, _, call, _ in told(trace, "refuse")] == ["alloc"] * 3
    assert machine._computer.physical.users == {}


def test_alloc_stops_at_the_stacks():
    """The heap does not grow into the guard page of the lowest stack."""
    text = "def main():\n    print(alloc(4000) == 0, alloc(1000) > 0, alloc(300) == 0)\n"
    trace = run(text, address_space=16 * KiB, ram=64 * KiB)
    assert trace.output(2) == "1 1 1\n"


def test_stack_growth_without_frames_ends_the_process_and_leaks_nothing():
    """A stack that cannot grow takes its process down, as no answer could be given."""
    text = "def deep(n):\n    return deep(n - 1) + 1\ndef main():\n    print(deep(99))\n"
    machine = launch(text, **small(code_pages(text) + 2))
    trace = machine.run()
    assert fault(trace)[0] == "out of memory"
    assert ended(trace).signal == Signal.SIGKILL
    assert machine._computer.physical.users == {}


def test_heap_is_shared_by_threads_and_stacks_are_not():
    """One thread's heap block is the other's; each has a stack segment of its own."""
    text = (
        "def w(p):\n    x = 5\n    p[0] = x\n    sleep(9)\n    return x\n"
        "def main():\n    p = alloc(1)\n    x = 1\n    t = spawn(w, p)\n    sleep(6)\n"
        "    print(p[0], x)\n"
    )
    trace = run(text, cores=2)
    assert trace.output(2) == "5 1\n"
    names = {segment.name for tick in range(trace.end) for segment in
             trace.at(tick).processes[2].segments}  # fmt: skip
    assert names == {"code", "heap", "stack T1", "stack T2"}


@given(st.lists(st.one_of(st.just(-1), st.integers(0, 30)), max_size=60))
def test_frames_are_given_lowest_first_and_once(steps: list[int]):
    """A frame has one owner at a time, the reserved ones none, and none is lost."""
    memory = PhysicalMemory(12, 64, reserved=3)
    taken: set[int] = set()
    for step in steps:
        if step < 0 and len(taken) == 9:
            assert memory.take() is None
        elif step < 0:
            frame = memory.take()
            assert frame == min(set(range(3, 12)) - taken)
            assert memory.words[frame] == [0] * 8
            memory.words[frame][0] = 9
            memory.users[frame].update({(1, 5), (2, 5)})
            taken.add(frame)
        elif taken:
            frame = sorted(taken)[step % len(taken)]
            assert not memory.give_back(frame, 1, 5)
            assert memory.give_back(frame, 2, 5)
            taken.remove(frame)
        assert set(memory.users) == taken
        assert memory.free_count == 9 - len(taken)
