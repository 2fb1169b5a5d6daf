"""What a run is told with: where the steps of a player lead."""

import pytest

from kit.scenarios import SCENARIOS
from kit.trace.narration.lines import SourceLines
from kit.tracks import Picture, narration

RUNS = ["lost_update", "fork_copies_on_write", "exec_keeps_the_pid", "fault_in_a_thread"]


def ticks_of(picture: Picture, trait: str, element: int) -> list[int]:
    """The ticks at which one element of the steps changes."""
    return [int(tick) for tick, _, _ in picture.channels["steps", trait].keys[element][1:]]


@pytest.mark.parametrize("name", RUNS)
def test_steps_lead_to_every_event(name: str) -> None:
    """There is a key at each tick at which the system did something, and at no other."""
    trace = SCENARIOS[name]()
    assert ticks_of(narration(trace), "events", 0) == sorted({e.tick for e in trace.events})


@pytest.mark.parametrize("name", RUNS)
def test_steps_lead_to_the_line_that_is_executed(name: str) -> None:
    """At each tick an element holds the line of what its thread executed last."""
    trace = SCENARIOS[name]()
    picture = narration(trace)
    lines = picture.channels["steps", "lines"]
    told = SourceLines(trace.record, trace.history)
    for element, key in enumerate(trace.record.threads):
        for tick in range(trace.end + 1):
            assert lines.at(tick)[element] == (float(told.last(key, tick)[0]),), (key, tick)


@pytest.mark.parametrize("name", RUNS)
def test_steps_know_who_runs(name: str) -> None:
    """At each tick an element of `running` names the thread on its core."""
    trace = SCENARIOS[name]()
    running = narration(trace).channels["steps", "running"]
    keys = list(trace.record.threads)
    for tick in range(trace.end + 1):
        wanted = [keys.index(key) if key else -1 for key in trace.at(tick).running]
        assert running.at(tick) == [(float(place),) for place in wanted]


def test_runs_beside_each_other_have_their_own_threads() -> None:
    """On one clock the steps are those of both runs."""
    one, other = SCENARIOS["lost_update"](), SCENARIOS["fault_in_a_thread"]()
    picture = narration(one, {"one": one, "other": other})
    both = sorted({event.tick for trace in (one, other) for event in trace.events})
    assert ticks_of(picture, "events", 0) == both
    threads = len(one.record.threads) + len(other.record.threads)
    assert picture.channels["steps", "lines"].elements == threads
