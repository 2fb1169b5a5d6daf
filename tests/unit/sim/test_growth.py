"""A tick costs as much late in a run as early, whatever has begun and ended before.

Work is counted, not timed: the lines of the kit that are executed, each pass of a loop
among them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from kit.sim.time_loop import LONGEST_BURST
from kit.trace.metrics import measure
from kit.trace.replay import History
from tests.growing import LOOPS, machine

EARLY, LATE, WINDOW = 200, 2000, 200
"""Ticks: where the windows begin in which work is counted, and how long they are."""

ALLOWED = 1.25
"""How many times as much, since a window holds no whole number of rounds."""

LONGEST = ("exec", "fork", "pipe, left")
"""How the names begin of what takes longest to tell, for each process that was."""


def lines(action: Callable[[], object]) -> int:
    """Return how many lines are executed."""
    count, before = 0, sys.gettrace()

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return inside

    sys.settrace(inside)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", LOOPS)
def test_a_late_tick_costs_what_an_early_one_does(name: str):
    """The machine does as much for 200 ticks after 2,000 as after 200."""
    computer = machine(name)._computer
    work = []
    for start in (EARLY, LATE):
        computer.run(until=start)
        work.append(lines(lambda end=start + WINDOW: computer.run(until=end)))
    assert work[1] < work[0] * ALLOWED


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOPS)
def test_a_long_trace_costs_what_its_ticks_cost(name: str):
    """Step functions and metrics of four times the ticks are four times the work."""
    work = []
    for end in (EARLY, 4 * EARLY):
        record = machine(name).run(until=end).record
        history = History(record)
        work.append(lines(lambda r=record: History(r)))
        work[-1] += lines(lambda r=record, h=history: measure(r, h))
    assert work[1] < work[0] * 4 * ALLOWED


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * name.startswith(LONGEST)) for name in LOOPS],
)
def test_telling_a_tick_costs_what_happens_at_it(name: str):
    """Narrating the last ticks of a long run is no more work than those of a short one."""
    work = []
    for end in (LONGEST_BURST + EARLY, 4 * LONGEST_BURST + EARLY):
        trace = machine(name).run(until=end)
        ticks = range(end - 60, end)
        # What is made once, when it is first asked for, is not counted.
        for tick in ticks:
            trace.narrate(tick)
        work.append(lines(lambda t=trace, last=ticks: [t.narrate(tick) for tick in last]))
    assert work[1] < work[0] * 1.5
