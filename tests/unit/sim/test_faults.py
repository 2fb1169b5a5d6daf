"""Faults: what is one, what it says, and that it ends exactly one process."""

import pytest

from kit import MiB, RoundRobin
from kit.sim.faults import SIGNALS
from tests.running import ended, fault, launch, run, told

FAULTS = {
    "x = peek(0)": ("segmentation fault", "read 0x0000, which belongs to no segment"),
    "x = peek(-8)": ("segmentation fault", "read -0x008, which belongs to no segment"),
    "x = peek(9223372036854775800)": ("segmentation fault", "belongs to no segment"),
    "poke(8, 1)": ("segmentation fault", "wrote 0x0008, which belongs to no segment"),
    "p = 0\n    p[3] = 1": ("segmentation fault", "wrote 0x0018, which belongs to no segment"),
    "p = 0\n    x = p[3]": ("segmentation fault", "read 0x0018, which belongs to no segment"),
    "poke(1024, 1)": ("protection fault", "wrote 0x0400, which is in its code and may only"),
    "x = peek(1025)": ("bus error", "read 0x0401, which is not a multiple of 8"),
    "poke(2052, 1)": ("bus error", "wrote 0x0804, which is not a multiple of 8"),
    "x = 1 // 0": ("divide by zero", "divided by zero"),
    "x = 0\n    x = 1 // x": ("divide by zero", "divided by zero"),
    "x = 0\n    x = 1 % x": ("divide by zero", "divided by zero"),
    "x = log[3]": ("index out of range", "used index 3 of an array of 3 words"),
    "log[-4] = 1": ("index out of range", "used index -4 of an array of 3 words"),
    "x = 2 ** -1": ("arithmetic fault", "computed 2 ** -1, which is not an integer"),
    "x = -1\n    x = 1 << x": ("arithmetic fault", "shifted by -1, a negative count"),
    "x = -1\n    x = 1 >> x": ("arithmetic fault", "shifted by -1, a negative count"),
    "free(8)": ("invalid free", "freed 0x0008, which alloc did not give or has back"),
    "p = alloc(1)\n    free(p)\n    free(p)": ("invalid free", "which alloc did not give or has"),
    "x = deep(1000)": ("stack overflow", "in the guard page below its stack T1, which may hold"),
}


@pytest.mark.parametrize("statement", FAULTS)
def test_fault_says_who_did_what_when(statement: str):
    """The message names tick, thread, program, pid and what was done."""
    trace = run(
        "log = [1, 2, 3]\ndef deep(n):\n    return deep(n - 1) + 1\n"
        f"def main():\n    {statement}\n    print(1)\n"
    )
    kind, words = FAULTS[statement]
    tick = told(trace, "fault")[0][0]
    found, message = fault(trace)
    assert found == kind
    assert message.startswith(f"tick {tick}: thread 1 of 'a' (pid 2) ")
    assert words in message
    assert (ended(trace).exit_code, ended(trace).signal) == (None, SIGNALS[kind])
    assert trace.output(2) == ""
    assert kind in trace.narration(tick).first


def test_segmentation_fault_lists_the_segments():
    """The message shows which addresses would have been good."""
    _, message = fault(run("g = 1\ndef main():\n    p = alloc(2)\n    x = peek(p - p)\n"))
    assert message.endswith(
        "; code 0x0400-0x0480, data 0x0800-0x0808, heap 0x0c00-0x1000, stack T1 0xfffc00-0x1000000"
    )


def test_a_guard_page_stands_below_every_stack():
    """A stack grows to its limit, and its very next page faults and belongs to nobody."""
    text = (
        "def worker(n):\n    for i in range(4):\n        poke({top} - i * 1024 - 8, i)\n"
        "    poke({top} - 4 * 1024 - 8, 1)\n    return 0\n"
        "def main():\n    t = spawn(worker, 1)\n    join(t)\n"
    )
    top = 16 * MiB - 5 * 1024  # below the first stack of 4 KiB and its guard page
    trace = run(text.format(top=top))
    kind, message = fault(trace)
    assert kind == "stack overflow"
    assert "thread 2" in message
    assert "below its stack T2, which may hold 4096 bytes" in message
    tick = told(trace, "fault")[0][0]
    stack = next(s for s in trace.at(tick - 1).processes[2].segments if s.name == "stack T2")
    assert (stack.start, stack.end) == (top - 4096, top)


CRASHES = ["x = 1 // 0", "x = peek(0)", "poke(1024, 1)", "free(3)", "x = deep(999)"]


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("crash", CRASHES)
def test_a_fault_ends_all_siblings_and_no_other_process(crash: str, cores: int):
    """Every thread of the process ends at that tick, its frames are free, others go on."""
    guilty = (
        "def deep(n):\n    return deep(n) + 1\n"
        "def other():\n    while True: work(5)\n"
        f"def worker():\n    sleep(20)\n    {crash}\n"
        "def main():\n    spawn(other)\n    t = spawn(worker)\n    join(t)\n    print(1)\n"
    )
    innocent = "def main():\n    for i in range(100): work(2)\n    print(7)\n"
    machine = launch(guilty, innocent, cores=cores, scheduler=RoundRobin(4))
    trace = machine.run()
    tick = told(trace, "exit", 2)[0][0]
    assert told(trace, "exit", 3)[0][0] > tick
    assert trace.output(2) == ""
    assert trace.output(3) == "7\n"
    before, after = trace.at(tick - 1).processes[2], trace.at(tick).processes[2]
    assert {thread.state for thread in before.threads.values()} <= {"running", "ready", "blocked"}
    assert {thread.state for thread in after.threads.values()} == {"terminated"}
    assert len(after.threads) == 3
    assert (after.segments, after.page_table) == ((), {})
    assert {pid for pid, _ in trace.at(tick).frames.values()} == {3}
    assert machine._computer.physical.users == {}


def test_killed_siblings_are_not_said_to_be_woken():
    """A thread that waits for another is not woken by an end that takes it down too."""
    trace = run("def worker():\n    exit(3)\ndef main():\n    t = spawn(worker)\n    join(t)\n")
    assert told(trace, "wake") == []
    assert ended(trace).exit_code == 3


def test_returning_to_where_there_is_no_code_is_a_segmentation_fault():
    """Overwriting the return address is caught when the function returns."""
    trace = run(
        "def f(a):\n    for p in range(16776064, 16777216, 8):\n"
        "        if peek(p) > 1024 and peek(p) < 2048: poke(p, 5)\n    return 1\n"
        "def main():\n    print(f(1))\n"
    )
    kind, message = fault(trace)
    assert kind == "segmentation fault"
    assert "returned to 0x0005, which is outside its code" in message


def test_a_frame_pointer_out_of_line_is_a_bus_error():
    """A saved frame pointer that was overwritten is noticed when it is used."""
    trace = run(
        "def g(a):\n    for p in range(16776192, 16777216, 8):\n"
        "        if peek(p) > 16776192: poke(p, peek(p) + 1)\n    return 1\n"
        "def f(a):\n    return g(a) + 1\n"
        "def main():\n    print(f(1))\n"
    )
    kind, message = fault(trace)
    assert kind == "bus error"
    assert "which is not a multiple of 8" in message


def test_words_beside_a_heap_block_can_be_damaged_without_harm_to_the_allocator():
    """The allocator does not trust the words in front of its blocks."""
    trace = run(
        "def main():\n    p = alloc(2)\n    q = alloc(2)\n    p[2] = 99\n    p[-1] = 77\n"
        "    free(q)\n    free(p)\n    r = alloc(5)\n    print(r == p)\n"
    )
    assert trace.output(2) == "1\n"
