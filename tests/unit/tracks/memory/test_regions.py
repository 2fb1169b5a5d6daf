"""Where segments stand in the picture of address spaces."""

from collections.abc import Callable, Iterable

import pytest

from kit.quiz import ask
from kit.trace import Trace
from kit.tracks.memory.address_spaces import DETAILS, address_spaces
from kit.tracks.memory.regions import regions
from tests.unit.tracks.looks import boxes
from tests.unit.tracks.memory.address_space_runs import areas, left_behind, scenario, sleepers

RUNS: dict[str, Callable[[], Trace]] = {
    "areas": areas,
    "left_behind": left_behind,
    "many": lambda: sleepers(9),
    "exec_keeps_the_pid": lambda: scenario("exec_keeps_the_pid"),
    "fault_in_a_thread": lambda: scenario("fault_in_a_thread"),
    "heap_with_holes": lambda: scenario("heap_with_holes"),
}


def rounded(edges: Iterable[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Rectangles from top to bottom, to a tenth of a pixel."""
    return sorted(tuple(round(edge, 1) for edge in one) for one in edges)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", RUNS)
def test_regions_are_the_rectangles_of_the_picture(name: str, detail: str):
    """At every few ticks there is a region for each band that is drawn, at its very place."""
    trace = RUNS[name]()
    picture = address_spaces(trace, detail=detail)
    for tick in range(0, trace.end + 1, max(1, trace.end // 25)):
        found = [one[3:] for one in regions(trace, tick, detail=detail)]
        assert rounded(found) == rounded(boxes(picture, "bands", tick).values()), tick


def test_regions_have_the_names_that_questions_use():
    """Each choice of a question about segments has its region, and no two have the same."""
    trace = areas()
    question = ask(trace, "segment", name="main", at=40)
    found = regions(trace, 40)
    assert len({one.place for one in found}) == len(found)
    assert {choice.place for choice in question.choices} == {one.place for one in found}
    assert {one.pid for one in regions(trace, 40, pids=(3,))} == {3}
