"""System calls that cannot be done: the program goes on, and a reader is told why."""

import pytest

from kit import KiB, Replacement, RoundRobin
from tests.running import ended, fault, launch, run, told

REFUSED = {
    "shared('board', 0)": (0, "0 words were asked for"),
    "shared('board', -3)": (0, "-3 words were asked for"),
    "read(open('log', 'w'))": (-1, "this descriptor is for writing"),
    "read(open('log', 'a'))": (-1, "this descriptor is for writing"),
    "write(open('data'), 5)": (-1, "this descriptor is for reading"),
    "read(7)": (-1, "not open"),
    "write(7, 1)": (-1, "not open"),
    "kill(1)": (-1, "init cannot be killed"),
}


@pytest.mark.parametrize("call", REFUSED)
def test_what_cannot_be_done_says_so_and_changes_nothing(call: str):
    """The call returns that it was refused, the narration says why, and files stay as they were."""
    machine = launch(f"got = 9\ndef main():\n    global got\n    got = {call}\n    print('on')\n")
    machine.put_file("data", [1, 2])
    trace = machine.run()
    value, why = REFUSED[call]
    assert ended(trace).globals["got"] == value
    assert trace.output(2) == "on\n"
    assert why in trace.narrate(told(trace, "refuse")[0][0])
    assert trace.at(trace.end).files["data"] == (1, 2)


def test_shared_memory_that_fits_nowhere_is_refused():
    """Too few frames, and an address space that is full, are both told, and the program goes on."""
    text = "got = 9\ndef main():\n    global got\n    got = shared('board', {words})\n"
    few = run(text.format(words=4000), ram=16 * KiB)
    assert ended(few).globals["got"] == 0
    assert "too few frames are free" in few.narrate(told(few, "refuse")[0][0])
    full = run(text.format(words=6000), address_space=64 * KiB, stack_size=4 * KiB)
    assert ended(full).globals["got"] == 0
    assert "the address space is full" in full.narrate(told(full, "refuse")[0][0])


ROW = """
row = [0] * 256
def main():
    for i in range(256):
        row[i] = i
    sleep(9000)
    p = fork()
    total = 0
    for i in range(256):
        total += row[i]
    print(total)
"""
HOG = """
row = [0] * 1024
def main():
    for i in range(1024):
        row[i] = i
    sleep(9000)
"""
SMALL = {
    "page_size": 512,
    "ram": 8 * KiB,
    "stack_size": 512,
    "replacement": Replacement("fifo"),
    "scheduler": RoundRobin(50),
}


def test_a_child_has_its_own_copies_of_what_was_swapped_out():
    """Pages of the parent in the swap area are copied there, so that both read what was written."""
    trace = run(ROW, HOG, **SMALL, swap=32 * KiB)
    assert told(trace, "swap_copy")
    total = sum(range(256))
    assert [trace.output(pid) for pid in (2, 4)] == [f"{total}\n"] * 2


def test_a_child_for_which_the_swap_area_has_no_room_is_refused():
    """Fork returns -1, and the parent goes on."""
    trace = run(ROW, HOG, **SMALL, swap=6 * KiB)
    assert trace.output(2) == f"{sum(range(256))}\n"
    assert "the swap area is full" in trace.narrate(told(trace, "refuse")[0][0])
    assert list(trace.history.processes) == [2, 3]


def test_waiting_at_a_condition_needs_its_lock():
    """A thread that waits without holding the lock is ended, as CPython raises an error."""
    kind, message = fault(run("full = Condition()\ndef main():\n    full.wait()\n"))
    assert kind == "invalid release"
    assert "waited at the condition at" in message
    assert "without holding its lock" in message
