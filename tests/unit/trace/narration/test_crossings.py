"""What is told of crossings: a cell each for operating system, hardware and program."""

import pytest

from kit import RoundRobin
from kit.scenarios import SCENARIOS
from kit.trace.narration.crossings import Protocol
from tests.running import run, scenario

COLUMNS = {
    "boot": (True, True, False),
    "create": (True, False, False),
    "trap": (True, True, True),
    "interrupt": (True, True, False),
    "return": (True, True, True),
}
"""Kind of step -> which of the three do something; of a switch the hardware only if it is told
another page table."""
LONGEST = 200


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_step_says_who_does_something(name):
    """Who does nothing has an empty cell, and no cell is long."""
    trace = scenario(name)
    protocol = Protocol(trace.record, trace.history)
    for step in trace.crossings:
        cells = protocol.cells(step)
        wanted = COLUMNS.get(step.kind) or (True, step.address_space is not None, False)
        assert tuple(map(bool, cells)) == wanted, cells
        assert all(len(cell) <= LONGEST for cell in cells), cells


def test_a_timer_interrupt_is_told_as_in_the_textbook():
    """Both saves, and the page-table base register (OSTEP, figure 6.3)."""
    text = "x = 0\ndef main():\n    global x\n    while x < 9:\n        x += 1"
    trace = run(text, text, scheduler=RoundRobin(8))
    protocol = Protocol(trace.record, trace.history)
    interrupt, switch, back = (protocol.cells(s) for s in trace.crossings if s.tick == 8)
    assert interrupt.system == "timer_interrupt: the slice is used up"
    assert "saves the registers of T1 (pid 2) on its kernel stack" in interrupt.hardware
    assert "restores those of T1 (pid 3)" in switch.system
    assert switch.hardware == "page-table base register: now of process 3"
    assert "restores the registers of T1 (pid 3) from its kernel stack" in back.hardware
