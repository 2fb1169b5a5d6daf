"""What can be pointed at in the pictures of a run, against the run itself."""

import pytest
from hypothesis import given

from kit import Trace
from kit.scenarios import SCENARIOS
from kit.tracks import address_spaces, cpu, lifecycle, process_table, timeline
from kit.tracks.picture import ABOUT, Picture
from tests.examples import examples
from tests.running import scenario
from tests.unit.tracks.looks import boxes, texts
from tests.unit.tracks.runs import traces


def about(picture: Picture, mark: str, tick: int) -> list[str]:
    """What each element of a mark is about at a tick."""
    channel = picture.channels.get((mark, ABOUT))
    return channel.at(tick) if channel is not None else []


def check(trace: Trace) -> None:
    """What is seen is about what it shows, and nothing is told before it is there."""
    spaces, cores, lanes, states = (f(trace) for f in (address_spaces, cpu, timeline, lifecycle))
    for tick in range(0, trace.end + 1, max(1, trace.end // 40)):
        alive = {
            f"thread:{pid}:{tid}"
            for pid, process in trace.history.processes.items()
            for tid, thread in process.threads.items()
            if thread.state.ticks and thread.state.ticks[0] <= tick
        }
        for picture in (spaces, cores, lanes, states):
            marks = [mark for mark, trait in picture.channels if trait == ABOUT]
            keys = {key for mark in marks for key in about(picture, mark, tick) if key}
            assert keys <= set(picture.subjects)
            assert {key for key in keys if key.startswith("thread:")} <= alive
        lines = zip(about(spaces, "lines", tick), texts(spaces, "lines", tick), strict=False)
        for key, text in lines:
            if key:
                # A long name is cut where there is no room.
                name = text.partition(" = ")[0].removesuffix("…")
                assert key.startswith("variable:")
                assert key.split(":")[2].startswith(name)
        for mark in ("counters", "pointers"):
            told = about(spaces, mark, tick)
            written = texts(spaces, mark, tick) if told else []
            assert [bool(key) for key in told] == [bool(text) for text in written]
        seen = boxes(cores, "tokens", tick) if ("tokens", "x") in cores.channels else {}
        told = about(cores, "tokens", tick)
        assert {n for n, key in enumerate(told) if key} == set(seen)


@pytest.mark.parametrize("name", ["lost_update", "producer_consumer", "deadlock", "zombie"])
def test_scenarios(name):
    """In scenarios each element is about what it shows."""
    check(scenario(name))


@examples(10)
@given(trace=traces())
def test_random_runs(trace):
    """So it is in random runs."""
    check(trace)


def test_one_thing_has_one_key_everywhere():
    """A thread, a variable and a lock have the same key and name in all pictures."""
    trace = scenario("deadlock")
    found: dict[str, set[str]] = {}
    for lay_out in (address_spaces, cpu, timeline, lifecycle, process_table):
        for key, name in lay_out(trace).subjects.items():
            found.setdefault(key, set()).add(name)
    assert all(len(names) == 1 for names in found.values())
    assert {"thread:2:1", "thread:2:2", "process:2"} <= set(found)
    locks = [key for key, names in found.items() if next(iter(names)).startswith("lock ")]
    waits = {key for step in range(trace.end) for key in about(cpu(trace), "reasons", step)}
    assert locks
    assert set(locks) & waits


@pytest.mark.parametrize("name", SCENARIOS)
def test_rows_of_the_process_table(name):
    """Each row of a process or a thread is about it."""
    picture = process_table(scenario(name))
    table = picture.marks[0].fixed
    for key, row, parent in zip(table["about"], table["rows"], table["parents"], strict=True):
        if key.startswith("thread:"):
            assert row[0] == f"T{key.split(':')[2]}"
            assert table["about"][parent] == f"process:{key.split(':')[1]}"
        elif key:
            assert key == f"process:{row[0]}"
