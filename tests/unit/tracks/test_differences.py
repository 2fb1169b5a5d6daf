"""What two runs differ in, against the traces."""

import pytest
from hypothesis import given

from kit import Kill, LimitExceeded, Limits, Program, Trace, Write
from kit.scenarios import SCENARIOS
from kit.tracks import Picture
from kit.tracks.differences import DIFFERENT, differences, first_difference
from tests.examples import examples
from tests.unit.tracks.runs import ENDLESS, counter, run, traces
from tests.unit.tracks.test_extremes import crowded_processes

LABELS = ("here", "there")


def rows(picture: Picture, tick: int) -> dict[str, tuple[str, str, str, str]]:
    """Return (first run, second run, differs, state) of every row at a tick."""
    cells = picture.channels["differences", "cells"].at(tick)
    states = picture.channels["differences", "states"].at(tick)
    fixed = picture.marks[0].fixed["rows"]
    return {row[0]: (*cells[3 * n : 3 * n + 3], states[n]) for n, row in enumerate(fixed)}


def test_equal_runs_never_differ():
    """A run and itself have no first difference, and no row is marked."""
    one, other = counter(), counter()
    assert first_difference(one, other) is None
    picture = differences(one, other, LABELS)
    assert picture.marks[0].fixed["caption"] == "The two runs never differ."
    for tick in range(one.end + 1):
        assert all(row[3] in ("", "hidden") for row in rows(picture, tick).values())


def test_a_branch_differs_from_its_tick_on():
    """A variable written at a tick is the first difference, at that tick, with both values."""
    one = counter()
    for tick in (17, 40, 61):
        other = one.branch(at=tick, do=Write(2, "count", 77))
        found = first_difference(one, other)
        assert found is not None
        assert (found.tick, found.what) == (tick, "counter (pid 2): count")
        assert (found.here, found.there) == (str(one.at(tick).processes[2].globals["count"]), "77")


def test_a_kill_is_told_by_the_table():
    """After a kill the table shows the process alive on one side and dead on the other."""
    one = counter()
    other = one.branch(at=30, do=Kill(2))
    picture = differences(one, other, LABELS)
    assert rows(picture, 29)["counter (pid 2) is"][3] == ""
    here, there, sign, state = rows(picture, 35)["counter (pid 2) is"]
    assert here == one.at(35).processes[2].state
    assert there == "terminated, ended by SIGKILL (9)"
    assert (sign, state) == (DIFFERENT, "marked")
    assert "First difference at tick 30: " in picture.marks[0].fixed["caption"]


@pytest.mark.parametrize("tick", [0, 20, 55, 90, 126])
def test_with_and_without_a_lock(tick):
    """At each tick the cells are what the traces say, and what only one program has is shown."""
    one, other = SCENARIOS["lost_update"](), SCENARIOS["counter_with_lock"]()
    picture = differences(one, other, LABELS)
    shown = rows(picture, tick)
    for side, trace in enumerate((one, other)):
        moment = trace.at(min(tick, trace.end))
        key = moment.running[0]
        expected = f"pid {key[0]} T{key[1]}" if key else "nobody"
        assert shown["core 0 runs"][side] == expected
        count = moment.processes[2].globals["count"]
        assert shown["counter (pid 2): count"][side] == str(count)
    assert shown["counter (pid 2): lock"][0] == ""


@examples(30)
@given(traces(), traces())
def test_marks_are_right(one: Trace, other: Trace):
    """A row is marked exactly where its two cells are not the same."""
    picture = differences(one, other, LABELS)
    for tick in range(0, max(one.end, other.end) + 1, 7):
        for here, there, sign, state in rows(picture, tick).values():
            assert (sign == DIFFERENT) == (here != there) == (state == "marked")
            assert (state == "hidden") == (here == there == "")


def test_crowds_are_counted():
    """What there is no room for is counted in the caption."""
    crowd = crowded_processes()
    caption = differences(crowd, crowd, LABELS).marks[0].fixed["caption"]
    assert "more rows are not shown" in caption


def test_a_long_run_is_compared_exactly():
    """In a run that is looked at only every few ticks, the first difference has its exact tick."""
    one = SCENARIOS["threads_share"]()
    assert first_difference(one, one) is None
    long = long_run()
    with pytest.raises(LimitExceeded) as reached:
        long.branch(at=7_001, do=Kill(2, 2))
    other = reached.value.trace
    found = first_difference(long, other)
    assert found is not None
    assert found.tick == 7_001


def long_run() -> Trace:
    """A run of more ticks than are looked at."""
    return run(Program("endless", ENDLESS), limits=Limits(ticks=9_000))
