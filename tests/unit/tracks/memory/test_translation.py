"""Address translation as it is shown, against what the machine does, at every tick."""

import pytest
from hypothesis import given

from kit import (
    ArgumentError,
    Contiguous,
    Costs,
    KiB,
    Limits,
    Machine,
    PageTable,
    Program,
    RoundRobin,
    Trace,
)
from kit.scenarios import segments, two_level_table
from kit.tracks import Picture, translation
from kit.tracks.memory.translation import MOST_CHANGES, NOTHING
from kit.widgets import Translation
from tests.examples import examples
from tests.running import two_faults_in_one_tick
from tests.worlds import worlds


def columns(picture: Picture, tick: int) -> list[dict[str, str]]:
    """The two columns of the table at a tick, each by the names of its steps."""
    table = next(mark for mark in picture.marks if mark.name == "translation")
    names = [row[0] for row in table.fixed["rows"]]
    cells = picture.channels["translation", "cells"].at(tick)
    return [dict(zip(names, cells[side::2], strict=True)) for side in (0, 1)]


def is_mapped(trace: Trace, virtual: int, physical: int, tick: int) -> bool:
    """Whether some process had a page there then or just before, or was given it and ended."""
    size = trace.settings.page_size
    page, frame = virtual // size, physical // size
    came = [e for e in trace.events if e.tick == tick and e.kind in ("map", "load", "swap_in")]
    return (page, frame) in [(e.page, e.frame) for e in came] or any(
        process.page_table.get(page) == frame
        for at in (tick - 1, tick)
        if at >= 0
        for process in trace.at(at).processes.values()
    )


def check(trace: Trace) -> None:
    """Each physical address is in the frame of its page, and as far into it."""
    picture, size = translation(trace), trace.settings.page_size
    retires = {
        tick
        for thread in trace.record.threads.values()
        for tick, core, *_ in thread.executed()
        if core == 0
    }
    for tick in sorted(retires):
        for column in columns(picture, tick):
            physical = column["physical address"]
            if physical == NOTHING:
                continue
            virtual = int(column["virtual address"].partition(",")[0], 16)
            assert virtual % size == int(physical, 16) % size
            assert is_mapped(trace, virtual, int(physical, 16), tick), f"tick {tick}"
    fetched = columns(picture, trace.end)[0] if retires else {}
    if fetched.get("virtual address", NOTHING) != NOTHING:
        assert fetched["physical address"].startswith("0x")


@examples(10)
@given(worlds())
def test_random_runs(setup):
    """A random run is shown as it happened."""
    check(setup.run())


def test_two_levels_are_walked_only_after_a_miss():
    """A hit asks neither directory nor table; a miss loads an entry of each."""
    trace = two_level_table()
    picture = translation(trace)
    misses = {(e.tick, e.page) for e in trace.events if e.kind == "tlb_miss"}
    seen = set()
    for tick in range(1, trace.end + 1):
        if trace.record.threads[2, 1].retired(tick) == trace.record.threads[2, 1].retired(tick - 1):
            continue
        column = columns(picture, tick)[0]
        page = int(column["page and offset"].split()[1].rstrip(","))
        missed = (tick, page) in misses
        seen.add(missed)
        assert (column["TLB"] == "miss") == missed
        walk = [column["page directory"], column["page table"]]
        frame = int(column["physical address"], 16) // 64
        entries = [f"entry {page // 16}: its table", f"entry {page % 16}: frame {frame}"]
        assert walk == (entries if missed else ["not asked"] * 2)
    assert seen == {True, False}


def test_sizes_stand_beside_a_linear_table():
    """Directory, tables, both together, and what one linear table would take."""
    picture = translation(two_level_table())
    assert picture.channels["page tables", "cells"].at(10) == ["64 B", "2, 128 B", "192 B", "1 KiB"]
    assert picture.told(10)[-1] == "sums | 64 B | 2, 128 B | 192 B | 1 KiB"


def test_base_and_bounds():
    """The base is added to what is below the bounds; what is beyond them faults."""
    machine = Machine(contiguous=Contiguous(heap=0, stacks=1), stack_size=KiB)
    machine.launch(Program("far", "def main():\n    x = peek(8000)\n"))
    trace = machine.run()
    base, size = trace.at(1).processes[2].base, trace.at(1).processes[2].bounds
    picture = translation(trace)
    assert columns(picture, 1)[0] == {
        "thread": "far T1",
        "virtual address": "0x0",
        "below the bounds?": f"yes, {size:#x}",
        "plus the base": f"{base:#x}",
        "physical address": f"{base:#x}",
    }
    refused = columns(picture, trace.end)[1]
    assert refused["virtual address"] == "0x1f40"
    assert refused["below the bounds?"] == f"no, {size:#x}: segmentation fault"
    assert refused["physical address"] == NOTHING


def test_segments():
    """Base and limit of a segment lead to the physical address; registers stand below."""
    trace = segments()
    picture = translation(trace)
    data = columns(picture, 1)[1]
    stack = next(r for r in trace.at(1).processes[2].segment_registers if r.grows_down)
    assert data == {
        "thread": "one T1",
        "virtual address": "0x3ff8, written",
        "segment and offset": "3, stack T1: 0x8 below its end",
        "within the limit?": "yes, 0x400",
        "base": f"{stack.base:#x} minus that",
        "physical address": f"{stack.base - 8:#x}",
    }
    for tick in range(0, trace.end + 1, 5):
        wanted = [
            f"{process.name} | {one.name} | {one.base:#x} | {one.limit:#x} | "
            f"{'down' if one.grows_down else 'up'}"
            for process in trace.at(tick).processes.values()
            for one in process.segment_registers
        ]
        told = [line for line in picture.told(tick) if line.endswith(("| up", "| down"))]
        assert sorted(told) == sorted(wanted)
    refused = columns(picture, trace.history.faults[0].tick)[1]
    assert refused["within the limit?"].endswith(": segmentation fault")
    assert refused["physical address"] == NOTHING


def test_a_fault_is_shown_where_the_way_ends():
    """A null pointer finds no entry in the page table."""
    machine = Machine()
    machine.launch(Program("null", "def main():\n    x = peek(0)\n"))
    trace = machine.run()
    fetch, data = columns(translation(trace), trace.end)
    assert set(fetch.values()) == {NOTHING}
    assert data["page table"] == "entry 0: segmentation fault"


def test_a_core_of_its_own_and_none_that_there_is_not():
    """Each core translates for itself; a core that the machine lacks is refused."""
    machine = Machine(cores=2, scheduler=RoundRobin(5), page_table=PageTable())
    machine.launch(Program("one", "def main(): work(20)"))
    machine.launch(Program("two", "def main(): work(20)"))
    trace = machine.run()
    picture = translation(trace, core=1)
    assert columns(picture, 1)[0]["thread"] == "two T1"
    with pytest.raises(ArgumentError, match="no core 2; the machine has 2, numbered from 0"):
        translation(trace, core=2)
    view = Translation(trace, core=1)
    with pytest.raises(ArgumentError, match="no core 5"):
        view.core = 5
    view.trace = two_level_table()
    assert view.core == 0


def test_a_long_run_is_thinned():
    """What is shown of a long run costs no more than its samples."""
    text = "x = 0\ndef main():\n    global x\n    while True: x += 1\n"
    machine = Machine(limits=Limits(ticks=30_000), costs=Costs())
    machine.launch(Program("long", text))
    picture = translation(machine.run(until=20_000))
    keys = picture.channels["translation", "cells"].keys
    assert max(map(len, keys)) <= MOST_CHANGES + 2


def test_a_page_that_comes_and_goes_within_a_tick_has_had_its_frame():
    """One core brings it in and uses it, and in the same tick the other one ends the process."""
    trace = two_faults_in_one_tick()
    (loaded,) = trace.happened("map", after=trace.end - 1)
    fetched, _ = columns(translation(trace), trace.end)
    assert fetched["page table"] == f"entry {loaded.page}: frame {loaded.frame}"
    assert int(fetched["physical address"], 16) == loaded.frame * 64
