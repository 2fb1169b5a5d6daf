"""The heap and its free list against the trace, at every whole tick."""

import json
from collections.abc import Iterable
from itertools import combinations

import pytest

from kit import ArgumentError, HeapPolicy, Limits, Machine, Program, Trace
from kit.scenarios import SCENARIOS
from kit.tracks import Picture
from kit.tracks.memory.heap_list import (
    BOTTOM,
    LIVE,
    MIDDLE,
    MOST_BLOCKS,
    MOST_ROWS,
    TOP,
    heap_list,
    slots,
)
from kit.tracks.memory.heap_steps import heap_steps
from tests.examples import examples
from tests.unit.tracks.runs import run

FEW = examples(20)
WORD = 8
KINDS = {"allocated": "alloc", "freed": "free"}


def drawn(picture: Picture, mark: str, tick: int) -> list[tuple[float, float]]:
    """(left, right) of a mark's rectangles that can be seen at a tick, from left to right."""
    if (mark, "x") not in picture.channels:
        return []
    x, seen = (picture.channels[mark, trait].at(tick) for trait in ("x", "opacities"))
    found = [place for place, opacity in zip(x, seen, strict=True) if opacity != (0.0,)]
    return rounded(found)


def rounded(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans from left to right, so that they can be compared."""
    return sorted((round(left, 3), round(right, 3)) for left, right in spans)


def listed(picture: Picture, tick: int) -> list[tuple[list[str], str]]:
    """(cells, state) of the free list's rows that are not hidden at a tick."""
    cells = picture.channels["free list", "cells"].at(tick)
    states = picture.channels["free list", "states"].at(tick)
    width = len(LIVE)
    rows = [cells[n * width : (n + 1) * width] for n in range(len(states))]
    return [(row, state) for row, state in zip(rows, states, strict=True) if state != "hidden"]


def places(picture: Picture, trace: Trace, pid: int):
    """A function from addresses to where they stand in the strip."""
    bounds = [b for b in trace.history.processes[pid].segments["heap"].values if b]
    start, end = min(b[0] for b in bounds), max(b[1] for b in bounds)
    left, right = 4.0, picture.width - 4.0
    return lambda address: left + (address - start) / (end - start) * (right - left)


def check_process(trace: Trace, pid: int) -> None:
    """The strip and the list are the heap of a process, at every tick."""
    picture = heap_list(trace, pid=pid)
    header = trace.history.heaps.header
    x = places(picture, trace, pid)
    for tick in range(trace.history.processes[pid].launched, trace.end + 1):
        process = trace.at(tick).processes[pid]
        used = [(x(a - header), x(a + words * WORD)) for a, words in process.blocks]
        assert drawn(picture, "used", tick) == rounded(used)
        free = sorted((x(a), x(a + size)) for a, size in process.free_blocks)
        assert drawn(picture, "free", tick) == rounded(free)
        for one, other in combinations(sorted([*used, *free]), 2):
            assert one[1] <= other[0] + 1e-6
        rows = listed(picture, tick)
        assert len(rows) == len(process.free_blocks)
        following = [f"{address:#06x}" for address, _ in process.free_blocks[1:]]
        for place, ((address, size), (cells, _)) in enumerate(
            zip(process.free_blocks, rows, strict=True)
        ):
            assert cells[:2] == [f"{address:#06x}", str(size)]
            assert cells[2] == [*following, "end of the list"][place]
            starts = {a - header for a, _ in process.blocks}
            assert ("allocated" in cells[3]) == (address + size in starts)
        steps = [e for e in trace.events if (e.tick, e.pid) == (tick, pid)]
        changed = any(e.kind in ("alloc", "free") for e in steps)
        assert bool(drawn(picture, "now", tick)) == changed


def check(trace: Trace) -> None:
    """Every heap of a run is shown as it was."""
    owners = [pid for pid, p in trace.history.processes.items() if "heap" in p.segments]
    for pid in owners:
        check_process(trace, pid)
    shown = heap_list(trace)
    if not owners:
        assert shown.channels["words", "text"].at(0) == ["no process of this run has a heap"]


@pytest.mark.parametrize("fit", ["first", "best", "worst"])
@pytest.mark.parametrize("coalesce", [True, False])
def test_heap_with_holes(fit, coalesce):
    """The showcase is shown as it happened, whatever the policy."""
    check(SCENARIOS["heap_with_holes"](fit=fit, coalesce=coalesce))


@pytest.mark.parametrize("order", ["address", "size+", "size-", "front", "back"])
@pytest.mark.parametrize("header", [0, 8, 24])
def test_orders_and_headers(order, header):
    """The list stands in its own order, and headers have the size they have."""
    machine = Machine(heap=HeapPolicy("best", order=order, coalesce=False, header=header))
    text = """
def main():
    a = alloc(3)
    b = alloc(9)
    c = alloc(5)
    free(a)
    free(c)
    free(b)
    d = alloc(4)
"""
    machine.launch(Program("orders", text))
    trace = machine.run()
    assert trace.history.heaps.header == header
    check(trace)


def test_what_the_search_looked_at():
    """At the tick of an alloc each block it looked at says what was found."""
    trace = SCENARIOS["heap_with_holes"]()
    picture = heap_list(trace)
    looks = [row[4] for row, _ in listed(picture, 34)]
    assert looks == ["too small", "too small", "rest of the block taken"]
    assert [state for _, state in listed(picture, 34)] == ["", "", "marked"]
    assert {row[4] for row, _ in listed(picture, 35)} == {""}
    facts = picture.channels["facts", "cells"].at(35)
    assert "tick 34: T1 got 30 words at 0x04f8: 248 bytes with the header of 8" in facts
    assert "looked at 3 of 3 free blocks" in facts
    best = heap_list(SCENARIOS["heap_with_holes"](fit="best"))
    assert [row[4] for row, _ in listed(best, 20)] == [
        "rest of the block taken",
        "large enough, not taken",
    ]


def test_searched_is_what_the_allocator_says():
    """The number of blocks looked at is that of the event, also where the heap grew."""
    trace = SCENARIOS["heap_with_holes"](coalesce=False, fit="best")
    events = [event for event in trace.events if event.kind in ("alloc", "free")]
    for event, step in zip(events, heap_steps(trace, 2), strict=True):
        assert (event.tick, event.kind) == (step.tick, KINDS[step.verb])
        if event.kind == "alloc" and "looked at" in step.searched:
            assert step.searched.startswith(f"looked at {event.details['searched']} of ")
    assert any("the heap grew" in step.searched for step in heap_steps(trace, 2))


def test_freed_block_is_merged_and_marked():
    """A freed block is framed where it was, and the row it went into is marked."""
    trace = SCENARIOS["heap_with_holes"]()
    picture = heap_list(trace)
    x = places(picture, trace, 2)
    assert drawn(picture, "now", 28) == rounded([(x(0x490), x(0x490 + 56))])
    assert picture.channels["verb", "text"].at(28) == ["▼ freed"]
    assert [(row[4], state) for row, state in listed(picture, 28)][1] == ("merged", "marked")


def test_failed_alloc_is_told():
    """An alloc that gets nothing is the last step, and frames nothing."""
    trace = SCENARIOS["out_of_memory"]()
    refused = next(event for event in trace.events if event.kind == "refuse")
    picture = heap_list(trace)
    told = picture.channels["facts", "cells"].at(refused.tick)
    assert f"tick {refused.tick}: alloc of T1 failed: no memory is left" in told
    assert not drawn(picture, "now", refused.tick)


def test_free_blocks_differ_by_height():
    """Without colour too, free blocks are told from allocated ones: they are lower."""
    picture = heap_list(SCENARIOS["heap_with_holes"]())
    assert {keys[-1][1] for keys in picture.channels["used", "y"].keys} == {(TOP, BOTTOM)}
    assert {keys[-1][1] for keys in picture.channels["free", "y"].keys} == {(MIDDLE, BOTTOM)}


def test_which_process():
    """A pid chooses a process; the default is the first with a heap; others are refused."""
    trace = SCENARIOS["fork_copies_on_write"]()
    assert heap_list(trace, pid=3).channels["words", "text"].at(0) == [
        "forking #3 has no heap in this run"
    ]
    with pytest.raises(ArgumentError, match="HeapList: this run has no process 8; use one of 2, 3"):
        heap_list(trace, pid=8)
    first = Program("first", "def main(): print(1)")
    trace = run(first, Program("second", "def main():\n    p = alloc(4)"))
    assert "of second (pid 3)" in str(heap_list(trace).marks)


def test_crowded_heap_says_what_is_not_shown():
    """What there is no room for is counted in words, and elements are used again."""
    text = """
blocks = [0] * 340
def main():
    for i in range(340): blocks[i] = alloc(1)
    for i in range(0, 340, 2): free(blocks[i])
"""
    trace = run(Program("crowd", text))
    picture = heap_list(trace)
    rows = listed(picture, trace.end - 2)
    assert len(rows) == MOST_ROWS + 1
    assert (
        rows[-1][0][0]
        == f"and {len(trace.at(trace.end - 2).processes[2].free_blocks) - MOST_ROWS} more"
    )
    assert len(drawn(picture, "used", trace.end - 2)) == MOST_BLOCKS
    assert "are not drawn" in picture.channels["facts", "cells"].at(trace.end - 2)[0]


def test_elements_are_used_again():
    """A block that comes back takes an element that is empty."""
    count, changes = slots([(0, ((0, 8), (8, 8))), (1, ((8, 8),)), (2, ((8, 8), (16, 8)))])
    assert count == 2
    assert changes == [(0, 0, (0, 8)), (0, 1, (8, 8)), (1, 0, None), (2, 0, (16, 8))]


def test_addresses_stay_apart_and_inside():
    """The first and the last address are legible also where a heap is small or far right."""
    machine = Machine(heap=HeapPolicy(header=0), page_size=128)
    machine.install(Program("long", "x = [0] * 400\ndef main():\n    p = alloc(4)"))
    text = 'def main():\n    p = alloc(9)\n    p = alloc(400)\n    exec("long")'
    machine.launch(Program("short", text))
    trace = machine.run()
    check(trace)
    picture = heap_list(trace)
    seen = 0
    for tick in range(trace.end + 1):
        (first,), (last,) = (picture.channels[n, "x"].at(tick) for n in ("first", "last"))
        if picture.channels["first", "text"].at(tick) != [""]:
            seen += 1
            assert first[0] >= 0
            assert last[0] <= picture.width
            assert last[0] - first[0] > 200
    assert seen


def test_long_runs_stay_small():
    """A run that allocates and frees all the time is shown every few ticks, its list exactly."""
    text = """
blocks = [0] * 40
def main():
    k = 0
    while True:
        p = alloc(k % 7 + 1)
        if blocks[k % 40]:
            free(blocks[k % 40])
        blocks[k % 40] = p
        k += 1
"""
    trace = run(Program("busy", text), limits=Limits(ticks=10_000))
    picture = heap_list(trace)
    size = 0
    for channel in picture.moving:
        header, arrays = channel.packed()
        size += len(json.dumps(header)) + sum(map(len, arrays))
    assert size < 250_000
    free = trace.at(trace.end).processes[2].free_blocks
    assert [row[0] for row, _ in listed(picture, trace.end)] == [f"{a:#06x}" for a, _ in free]
