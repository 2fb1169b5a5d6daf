"""The caches on the cards of the CPU, against the trace, at every tick."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Cache, Costs, Limits, Machine, Program, RoundRobin, Trace
from kit.scenarios import cold_cache
from kit.tracks import Picture, cpu
from kit.tracks.processor.cpu_cache import MOST_ROWS
from kit.tracks.processor.cpu_layout import Layout
from tests.examples import examples
from tests.unit.tracks.looks import texts
from tests.worlds import worlds

SUM = "log = [1] * 24\ndef main():\n    for i in range(24): log[i] += 1\n"


def cells(picture: Picture, layout: Layout, core: int, tick: int) -> list[str]:
    """What stands in the cells of a core's cache."""
    slots = layout.cache.slots
    return texts(picture, "cache tags", tick)[core * slots : (core + 1) * slots]


def check_caches(trace: Trace) -> None:
    """Each cell shows the line that stands in its set and way, and whose; so do the words."""
    picture, layout = cpu(trace), Layout(trace, "few")
    if trace.settings.cache is None or layout.compact:
        assert ("cache tags", "text") not in picture.channels
        return
    several, size = len(trace.history.processes) > 1, trace.settings.cache.line
    for tick in range(trace.end + 1):
        for core, cache in enumerate(core.cache for core in trace.at(tick).cores):
            wanted = [""] * layout.cache.slots
            for index, lines in enumerate(cache.sets):
                for line in lines:
                    slot = index * trace.settings.cache.ways + line.way
                    if index < layout.cache.shown and slot < len(wanted):
                        whose = f"{line.pid}:" if several else ""
                        dirty = "*" if line.dirty else ""
                        wanted[slot] = f"{whose}{line.number * size:x}{dirty}"
            assert cells(picture, layout, core, tick) == wanted, f"tick {tick}"
            figures = texts(picture, "cache figures", tick)[3 * core : 3 * core + 3]
            assert figures[0].startswith(f"{cache.hits} hit")
            assert f"{cache.misses} miss" in figures[0]
            if cache.last is not None:
                came = "hit" if cache.last.hit else "MISS"
                assert f"{cache.last.address:#x}: {came} in set {cache.last.set}" in figures[1]


@pytest.mark.parametrize("ways", ["1", "2", "4"])
def test_the_scenario(ways: str):
    """The library's own run is shown as it happened."""
    check_caches(cold_cache(ways=ways))


@examples(10)
@given(worlds())
def test_random_runs(setup):
    """So is any other."""
    check_caches(setup.run())


@examples(20)
@given(
    sets=st.sampled_from([1, 2, 4, 8, 32, 64]),
    ways=st.integers(1, 9),
    processes=st.integers(1, 3),
    cores=st.integers(1, 3),
)
def test_cells_stand_apart_and_on_their_card(sets: int, ways: int, processes: int, cores: int):
    """Whatever a cache is, its cells neither lie upon each other nor leave the card."""
    machine = Machine(cores=cores, cache=Cache(sets * ways, 16, ways))
    for number in range(processes):
        machine.launch(Program(f"p{number}", "def main(): pass"))
    layout = Layout(machine.run(), "few")
    grid = layout.cache
    boxes = [grid.box(slot, layout.cache_line) for slot in range(grid.slots)]
    assert 0 < len(boxes) <= sets * ways
    assert grid.rows <= MOST_ROWS
    for left, top, right, bottom in boxes:
        assert 40.0 <= left < right <= 240.0
        assert layout.cache_line <= top < bottom <= layout.card_height
    spots = sorted((top, left, right) for left, top, right, _ in boxes)
    for (top, _, right), (below, left, _) in pairwise(spots):
        assert below > top or left >= right


def test_words_tell_the_same():
    """The text twin names hits and misses, what was used last, and whose the lines are."""
    machine = Machine(cache=Cache(8, 64, 2), costs=Costs(cache_miss=3), scheduler=RoundRobin(40))
    machine.launch(Program("one", SUM))
    machine.launch(Program("two", SUM))
    trace = machine.run()
    said = cpu(trace).told(trace.end - 1)
    figures = next(line for line in said if line.startswith("core 0, cache:"))
    assert "hits, " in figures
    assert " in set " in figures
    sets = next(line for line in said if line.startswith("in the cache of core 0:"))
    assert sets.count("set ") == 4
    assert "of two" in sets
    assert "(dirty)" in sets
    waiting = next(e.tick for e in trace.events if e.kind == "cache_miss")
    assert cpu(trace).told(waiting)[0].startswith("core 0 waits for RAM while it has one T1")


@pytest.mark.slow
def test_a_long_run_is_thinned():
    """A cache that is used at every tick of a long run costs no more than its samples."""
    text = "x = 0\ndef main():\n    global x\n    while True: x += 1\n"
    machine = Machine(cache=Cache(4, 64, 2), limits=Limits(ticks=30_000))
    machine.launch(Program("long", text))
    trace = machine.run(until=20_000)
    picture = cpu(trace)
    assert max(map(len, picture.channels["cache figures", "text"].keys)) <= 5002
