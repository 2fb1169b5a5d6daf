"""Page tables of two levels: their size, which entries a walk loads, and what that costs."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, Contiguous, Costs, KiB, Machine, PageTable, Program, Trace
from tests.examples import examples
from tests.memory_cases import MEMORY_CASES
from tests.running import told

SUM = "log = [1] * 32\ndef main():\n    for i in range(32): log[i] += 1\n"


@pytest.mark.parametrize("case", MEMORY_CASES["two_level_tables"])
def test_sizes_and_walks_are_the_textbooks(case: dict[str, Any]):
    """What directory and tables take, and which entries an address names, as found by hand."""
    table, size = PageTable(2, case["entry"]), case["page_size"]
    found = table.size(case["pages"], size, case["address_space"])
    assert (found.linear, found.directory, found.total) == (
        case["linear"],
        case["directory"],
        case["total"],
    )
    assert list(table.tables(case["pages"], size)) == case["tables"]
    for one in case["translations"]:
        page, offset = divmod(one["virtual"], size)
        assert offset == one["offset"]
        assert table.split(page, size) == (one["directory"], one["entry"])
        assert one["frame"] * size + offset == one["physical"]


@examples(50)
@given(
    pages=st.sets(st.integers(0, 16383), max_size=40),
    entry=st.sampled_from([4, 8]),
    page_size=st.sampled_from([256, 1024]),
)
def test_size_is_that_of_a_tree_built_by_hand(pages: set[int], entry: int, page_size: int):
    """A tree of lists that grows when an entry is set has as many nodes as the size says."""
    entries = page_size // entry
    tree: dict[int, dict[int, bool]] = {}
    for page in pages:
        tree.setdefault(page // entries, {})[page % entries] = True
    size = PageTable(2, entry).size(pages, page_size, 16384 * page_size)
    assert size.total == (1 + len(tree)) * page_size
    assert size.linear == 16384 * entry
    linear = PageTable(1, entry).size(pages, page_size, 16384 * page_size)
    assert linear.total == linear.linear == size.linear


def summed(**settings: Any) -> Trace:
    """A run of a small loop."""
    small = {"page_size": 256, "address_space": 64 * KiB}
    machine = Machine(tlb=2, costs=Costs(tlb_miss=3), **small, **settings)
    machine.launch(Program("sum", SUM))
    return machine.run()


def test_a_miss_loads_two_entries():
    """The same misses cost twice as much; what the program does is the same."""
    one, two = summed(page_table=PageTable(levels=1)), summed(page_table=PageTable(levels=2))
    misses = one.metrics().totals["tlb_misses"]
    assert two.metrics().totals["tlb_misses"] == misses > 3
    assert two.metrics().totals["overhead"] == 2 * one.metrics().totals["overhead"]
    assert one.metrics().totals["overhead"] == 3 * misses == summed().metrics().totals["overhead"]


def test_the_trace_says_how_large_it_is():
    """As pages come and go; a linear table stays as large as the address space makes it."""
    text = "def main():\n    p = alloc(2000)\n    poke(p, 1)\n    exit(0)\n"
    machine = Machine(page_table=PageTable(), page_size=256, ram=64 * KiB, address_space=KiB * KiB)
    pid = machine.launch(Program("heap", text))
    trace = machine.run()
    size = trace.at(0).processes[pid].page_table_size
    later = trace.at(told(trace, "alloc")[0][0]).processes[pid].page_table_size
    assert size is not None
    assert later is not None
    assert size == (256, 2 * 256, 16 * KiB)
    assert later == (256, 3 * 256, 16 * KiB)
    assert summed().at(3).processes[2].page_table_size is None


def test_a_walk_is_told():
    """First in a short sentence, then by which entries."""
    trace = summed(page_table=PageTable())
    tick = told(trace, "tlb_miss")[0][0]
    narration = trace.narration(tick)
    assert narration.first == "TLB miss: core 0 walks the page table of sum for page 1."
    assert narration.details[0] == (
        "Entry 0 of the page directory names the table, its entry 1 the frame."
    )
    assert trace.narrate(tick + 1).startswith("Core 0 waits for RAM")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: PageTable(levels=3), "levels is 3"),
        (lambda: PageTable(entry=6), "6 bytes; give a power of two"),
        (lambda: Machine(page_table=2), "give PageTable(levels=2)"),
        (lambda: Machine(page_table=PageTable(), page_size=64), "reach 16384 bytes"),
        (
            lambda: Machine(page_table=PageTable(), contiguous=Contiguous()),
            "page_table needs pages, and contiguous memory has none",
        ),
    ],
)
def test_settings_that_do_not_fit_are_refused(make: Any, said: str):
    """The message says what was found, and what to give instead."""
    with pytest.raises(ArgumentError, match=re.escape(said)):
        make()


def test_a_saved_trace_keeps_how_it_was():
    """File and digest hold the page table; without one nothing of it is written."""
    trace = summed(page_table=PageTable(2, 8))
    assert trace.settings.page_table == PageTable(2, 8)
    assert trace.digest != summed(page_table=PageTable(1, 8)).digest
