"""Processes of one program share the pages of its code, however they came to run it."""

from itertools import pairwise

import pytest
from hypothesis import given

from kit import Contiguous, Costs, KiB, Machine, Program, Replacement, RoundRobin
from tests.examples import examples
from tests.running import told
from tests.strategies import Setup, run_to_the_end
from tests.worlds import memories, worlds

LOOP = Program("loop", "count = 7\ndef main():\n    work(40)\n    print(count)")
SHELL = """
def main():
    if fork() == 0: exec("loop")
    if fork() == 0: exec("loop")
    wait()
    wait()
"""


def twice(**settings):
    """Run a program two times, the second one a little later."""
    machine = Machine(scheduler=RoundRobin(5), **settings)
    machine.launch(LOOP)
    machine.launch(LOOP, at=10)
    return machine.run()


def test_two_processes_of_a_program_have_its_code_in_one_frame():
    """Code is loaded once, data for each, and what one has left stays for the other."""
    trace = twice()
    assert [segment for _, _, segment, *_ in told(trace, "load")] == ["code", "data", "data"]
    moment = trace.at(30)
    one, other = (moment.processes[pid].page_table for pid in (2, 3))
    assert one[1] == other[1]
    assert set(moment.frame_users[one[1]]) == {(2, 1), (3, 1)}
    assert one[2] != other[2]
    first, last = (event.tick for event in trace.happened("exit"))
    assert trace.at(first).frame_users[one[1]] == ((3, 1),)
    assert one[1] not in trace.at(last).frame_users
    assert (trace.output(2), trace.output(3)) == ("7\n", "7\n")


def test_exec_finds_the_code_that_another_process_has():
    """It matters what a process runs, not where it comes from."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.install(LOOP)
    machine.launch(Program("shell", SHELL))
    trace = machine.run()
    (shared,) = trace.happened("share_code")
    loaded = [event for event in trace.happened("load") if event.segment == "code"]
    assert [event.frame for event in loaded if event.pid != 2] == [shared.frame]
    assert trace.at(shared.tick).processes[shared.pid].page_table[shared.page] == shared.frame


def test_the_narration_says_that_the_code_is_there():
    """And why that is no danger."""
    trace = twice()
    (shared,) = trace.happened("share_code")
    text = trace.narrate(shared.tick)
    assert f"Code of loop (pid 3) is in frame {shared.frame} already." in text
    assert "processes of one program share the code" in text


def test_a_page_that_is_there_is_not_waited_for():
    """Only pages that come from disk cost load_page; a page fault on others is a minor one."""
    costs = Costs(load_page=9, page_fault=2)
    eager, lazy = twice(costs=costs), twice(costs=costs, demand=True)
    admitted = [event.tick for event in eager.happened("admit")]
    assert admitted == [18, 19]
    size = lazy.settings.page_size
    faults = [(e.pid, e.address // size, e.ticks) for e in lazy.happened("page_fault")]
    assert (2, 1, 9) in faults
    assert (3, 1, 2) in faults


def test_code_that_several_use_can_leave_ram():
    """All of them lose the page, and the first to need it brings it back for all."""
    text = "table = [3] * 320\ndef main():\n    for i in range(0, 320, 32): table[i] += 1\n"
    machine = Machine(
        page_size=256,
        ram=16 * 256,
        stack_size=256,
        swap=8 * KiB,
        replacement=Replacement("fifo"),
        scheduler=RoundRobin(7),
    )
    program = Program("table", text)
    machine.launch(program)
    machine.launch(program)
    trace = machine.run()
    gone = [event for event in trace.happened("discard") if event.page == 1]
    assert any((one.tick, one.frame) == (two.tick, two.frame) for one, two in pairwise(gone))
    assert {event.exit_code for event in trace.happened("exit")} == {0}


def test_without_paging_each_process_has_its_own():
    """A stretch of RAM belongs to one process as a whole."""
    assert told(twice(contiguous=Contiguous()), "share_code") == []


@examples(10)
@given(worlds(memories()))
def test_no_page_of_code_is_in_ram_twice(setup: Setup):
    """At every event, all processes of a program that have a page of its code have one frame."""
    trace = run_to_the_end(setup.machine())
    for tick in sorted({event.tick for event in trace.happened("share_code", "load", "discard")}):
        frames: dict[tuple[str, int], set[int]] = {}
        for process in trace.at(tick).processes.values():
            data = process.history.data_base_of(process.program) // trace.settings.page_size
            for page, frame in process.page_table.items():
                if page < data:
                    frames.setdefault((process.name, page), set()).add(frame)
        assert all(len(found) == 1 for found in frames.values()), tick


@pytest.mark.parametrize("other", ["loop", "pool"])
def test_only_what_is_the_same_program_is_shared(other):
    """Two files are two programs, whatever is in them."""
    machine = Machine()
    machine.launch(LOOP)
    machine.launch(Program(other, LOOP.text))
    assert bool(told(machine.run(), "share_code")) is (other == "loop")
