"""Address spaces: every column against the moment, at every level of detail."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, Contiguous, KiB, Limits, Machine, Program
from kit.scenarios import SCENARIOS
from kit.tracks.memory.address_spaces import DETAILS, address_spaces
from kit.tracks.memory.columns import arrange, box
from kit.widgets.views import AddressSpaces
from tests.examples import examples
from tests.strategies import Setup
from tests.unit.tracks.looks import payload, texts
from tests.unit.tracks.memory.address_space_checks import check_detail
from tests.unit.tracks.memory.address_space_runs import (
    areas,
    band,
    deep,
    left_behind,
    scenario,
    sleepers,
    words,
)
from tests.unit.tracks.runs import run, traces
from tests.worlds import worlds

TELLING = (
    "one_program",
    "exec_keeps_the_pid",
    "threads_share",
    "shared_memory",
    "half_done_shared_memory",
    "fault_in_a_thread",
    "main_ends_alone",
    "fork_bomb",
    "demand_paging",
    "heap_with_holes",
    "several_cores",
    "base_and_bounds",
)
BUSY = """
count = 0
log = [0] * 4
def step(n):
    inner = n * 2
    return inner + 1
def worker(n):
    global count
    for i in range(100000):
        count += step(i)
        log[i % 4] = i
def main():
    p = alloc(4)
    a = spawn(worker, 1)
    for i in range(100000):
        p[i % 4] = i
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", TELLING)
def test_scenarios(name):
    """Columns hold what the moment says: segments, values, pages, in all details."""
    trace = scenario(name)
    for detail in DETAILS:
        check_detail(trace, detail)


@pytest.mark.slow
@pytest.mark.parametrize("make", [areas, left_behind, deep])
def test_other_runs(make):
    """Columns hold what the moment says where a scenario does not go."""
    trace = make()
    for detail in DETAILS[1:]:
        check_detail(trace, detail)


def test_stack_of_a_thread_that_was_not_copied():
    """The child's new thread has a stack and a line, beside stacks of threads it never had."""
    trace = left_behind()
    tick = next(e.tick for e in trace.events if (e.kind, e.pid, e.tid) == ("thread", 3, 4))
    column = arrange(trace, "values", ()).column(3)
    picture = address_spaces(trace)
    lines = {}
    for one in column.epochs[0].bands:
        change = one.at(tick)
        if one.kind == "stack" and change is not None:
            lines[change.name] = texts(picture, "lines", tick)[one.first]
        if one.kind == "code":
            code = texts(picture, "instructions", tick)[one.first : one.first + one.lines]
    assert lines["stack T1"] == "no thread: copied by fork"
    assert lines["stack T3"] == "no thread: copied by fork"
    assert lines["stack T4"].startswith("worker")
    assert [line.split(" ")[0] for line in code] == ["T2", "T4"]


@examples(2)
@given(worlds(), st.sampled_from(DETAILS))
def test_whatever_happens(setup: Setup, detail):
    """Columns hold what the moment says on any machine."""
    check_detail(setup.run(), detail)


@examples(2)
@given(traces())
def test_random_runs(trace):
    """Columns hold what the moment says with several threads on several cores."""
    check_detail(trace, "pages")


def test_cells_are_the_page_table():
    """A cell says which frame is behind its page, or that none is."""
    trace = scenario("full_ram")
    picture = address_spaces(trace, detail="pages")
    data = band(trace, 2, "data")
    first = data.changes[0].start // trace.settings.page_size
    elements, count = {}, 0
    for _, _, one in arrange(trace, "pages", ()).bands:
        elements[one.kind] = range(count, count + one.cells)
        count += one.cells
    assert len(elements["data"]) == 10
    seen = set()
    for tick in range(0, trace.end, 7):
        process = trace.at(tick).processes[2]
        found = texts(picture, "cell texts", tick)
        for number, element in enumerate(elements["data"]):
            page = first + number
            frame = process.page_table.get(page)
            wanted = "~" if page in process.swapped else "-" if frame is None else str(frame)
            assert found[element] == wanted, f"tick {tick}, page {page}"
            seen.add(wanted)
    assert {"~", "-"} <= seen


@pytest.mark.parametrize(
    ("count", "narrow", "hidden"), [(6, False, 0), (7, True, 0), (27, True, 3)]
)
def test_many_processes(count, narrow, hidden):
    """Up to six have values, up to 24 are an overview in rows, the rest is counted."""
    trace = sleepers(count)
    picture = address_spaces(trace)
    assert (("lines", "text") not in picture.channels) == narrow
    said = texts(picture, "more", 0)
    assert said == ([f"and {hidden} more processes"] if hidden else [])
    assert len(texts(picture, "processes", 0)) == count - hidden


def test_chosen_processes():
    """Pids choose columns in their order; one that does not exist is named."""
    trace = sleepers(8)
    picture = address_spaces(trace, pids=(6, 3, 6, 99))
    assert texts(picture, "processes", trace.end) == ["p4", "p1"]
    assert ("lines", "text") in picture.channels
    assert texts(picture, "more", 0) == ["there is no process 99 in this run"]


def test_a_process_that_has_ended_leaves_words():
    """After the end the last values are told, and that the memory is free."""
    trace = scenario("lost_update")
    picture = address_spaces(trace)
    count = trace.at(trace.end).processes[2].globals["count"]
    told = words(picture, trace.end)[0]
    assert "pid 2 · ended, exit code 0" in told
    assert told.endswith(f"its memory is free again; last values: count = {count}")
    assert "last values" not in " ".join(words(picture, trace.end - 1))
    assert texts(picture, "free", trace.end) == ["all free again"]


def test_base_and_bounds():
    """Where memory is contiguous the heading has both registers, and who waits for a hole."""
    machine = Machine(ram=40 * KiB, contiguous=Contiguous(), stack_size=KiB)
    for name in ("one", "two"):
        machine.launch(Program(name, "def main():\n    sleep(20)\n"), size=20 * KiB)
    trace = machine.run()
    process = trace.at(10).processes[2]
    facts = texts(address_spaces(trace), "more facts", 10)
    assert facts == [f"base {process.base:#x}, bounds {process.bounds:#x}", ""]
    assert "waits for a hole" in texts(address_spaces(trace), "facts", 10)[1]


def test_size_shows_and_grows():
    """A larger segment is higher, in one scale; the heap's name rides on its upper edge."""
    trace = scenario("out_of_memory")
    picture = address_spaces(trace)
    heap = band(trace, 2, "heap")
    sizes = [change for change in heap.changes if change.name]
    tops = [picture.channels["bands", "y"].at(c.tick)[heap.element][0] for c in sizes]
    assert len(sizes) > 2
    assert tops == sorted(tops, reverse=True)
    assert tops[0] > tops[-1]
    for change, top in zip(sizes, tops, strict=True):
        y = picture.channels["band names", "y"].at(change.tick)[heap.element][0]
        assert y == pytest.approx(top + 12.0)


def test_threads_without_room_are_counted():
    """Of many stacks the first ones are drawn, the others counted."""
    text = "def worker(n):\n    sleep(300)\ndef main():\n    for i in range(12):\n"
    trace = run(Program("crowd", f"{text}        t = spawn(worker, i)\n    sleep(400)\n"))
    picture = address_spaces(trace)
    alive = max(
        range(trace.end),
        key=lambda tick: sum(s.kind == "stack" for s in trace.at(tick).processes[2].segments),
    )
    assert texts(picture, "more stacks", alive) == ["and 5 more stacks"]
    assert "and 5 more stacks" in words(picture, alive)
    assert sum(text.startswith("◀") for text in texts(picture, "counters", alive)) == 8


@pytest.mark.parametrize("make", [SCENARIOS["lost_update"], deep])
def test_pointers_follow(make):
    """A stack pointer stands as far down its band as the stack is full."""
    trace = make()
    picture = address_spaces(trace)
    layout = arrange(trace, "values", ())
    stacks = [(c, one) for c, _, one in layout.bands if one.kind == "stack"]
    moved = set()
    for tick in range(trace.end + 1):
        process = trace.at(tick).processes[2]
        segments = {segment.name: segment for segment in process.segments}
        found = texts(picture, "pointers", tick)
        for element, (column, one) in enumerate(stacks):
            change = one.at(tick)
            assert (found[element] != "") == (change is not None)
            if change is None:
                continue
            thread = process.threads[int(change.name[7:])]
            assert found[element] == f"◀ T{thread.tid} sp"
            segment = segments[change.name]
            _, top, _, bottom = box(column, one, change.size)
            share = (segment.end - thread.sp) / (segment.end - segment.start)
            y = picture.channels["pointers", "y"].at(tick)[element][0]
            assert y == pytest.approx(top + 10 + share * (bottom - top - 20))
            moved.add(y)
    assert len(moved) > 5


def test_what_changes_every_tick_stands_apart():
    """Bands and their names change only with their segments, instructions at nearly every tick."""
    trace = run(Program("busy", BUSY), limits=Limits(ticks=500))
    channels = address_spaces(trace).channels
    assert channels["instructions", "text"].changes > 300
    assert channels["band names", "text"].changes < 10
    assert channels["bands", "y"].changes < 20


def test_size_and_speed():
    """Two processes with two threads each: 100 kB for 500 ticks, seconds for 10,000 ticks."""
    programs = Program("one", BUSY), Program("two", BUSY)
    assert payload(address_spaces(run(*programs, limits=Limits(ticks=500)), detail="pages")) < 1e5
    long = run(*programs, limits=Limits(ticks=10_000))
    start = time.perf_counter()
    address_spaces(long)
    assert time.perf_counter() - start < 6, "it takes 0.5 s where nothing else runs"


def test_long_runs_are_thinned():
    """Of a run that is too long for every tick, what is shown at a tick is right at it."""
    trace = run(Program("busy", BUSY), limits=Limits(ticks=12_000))
    picture = address_spaces(trace)
    data = band(trace, 2, "data")
    for tick in (0, 3, 2400, 6000, 11_997, trace.end):
        lines = texts(picture, "lines", tick)
        assert lines[data.first] == f"count = {trace.at(tick).processes[2].globals['count']}"


def test_unknown_detail():
    """A detail that does not exist is refused with those that do."""
    trace = scenario("one_program")
    with pytest.raises(ArgumentError, match=r"detail is 'all'; .*overview, values, pages"):
        address_spaces(trace, detail="all")
    with pytest.raises(ArgumentError, match="detail"):
        AddressSpaces(trace, detail="all")
    with pytest.raises(ArgumentError, match="pids"):
        AddressSpaces(trace, pids=["one"])


def test_options_of_the_widget():
    """Setting an option lays the same widgets out anew."""
    view = AddressSpaces(scenario("fork_copies_on_write"), detail="pages", pids=[3])
    assert view.pids == (3,)
    assert "cells" in view.widgets
    figure = view.figure
    view.detail, view.pids = "overview", ()
    assert view.figure is figure
    assert "cells" not in view.widgets
    assert len(view.widgets["processes"].text) == 2
