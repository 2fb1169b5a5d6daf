"""Demand paging, swapping, and the TLB, as a machine does them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, Costs, KiB, Machine, Replacement, RoundRobin, replace_pages
from tests.running import ended, fault, launch, run, told

TABLE = """
table = [0] * 1024
total = 0
def main():
    global total
    for turn in range(3):
        for place in range(0, 1024, 64):
            table[place] += place
    for place in range(0, 1024, 64):
        total += table[place]
    print(total)
"""

FORKS = """
x = [1] * 256
def main():
    p = fork()
    if p == 0:
        for i in range(256): x[i] = 5
        exit(x[255])
    wait()
    print(x[0], x[255], exit_status())
"""

SMALL = {"page_size": 512, "ram": 8 * KiB, "stack_size": 512}


def test_demand_paging_brings_a_page_when_it_is_first_touched():
    """At the start only the stack is in RAM; every page comes once, by a page fault."""
    trace = run(TABLE, demand=True)
    assert trace.output(2) == f"{3 * sum(range(0, 1024, 64))}\n"
    first = trace.at(told(trace, "admit")[0][0]).processes[2]
    assert len(first.page_table) == 1
    faults = told(trace, "page_fault")
    pages = {address // trace.settings.page_size for _, _, address, _, _ in faults}
    assert len(faults) == len(pages) == 8 + 1 + 1
    assert trace.metrics().totals["page_faults"] == len(faults)


def test_demand_paging_leaves_what_is_never_touched_on_disk():
    """A table of which one word is used takes one page of RAM."""
    text = "table = [7] * 4096\ndef main(): print(table[2048])\n"
    lazy, eager = run(text, demand=True), run(text)
    assert lazy.output(2) == eager.output(2) == "7\n"
    used = [len(trace.at(trace.end - 1).processes[2].page_table) for trace in (lazy, eager)]
    assert used == [3, 34]


@pytest.mark.parametrize("policy", ["fifo", "lru", "clock"])
def test_programs_larger_than_ram_run_with_a_swap_area(policy: str):
    """With swapping a program gets through that does not fit, and computes the same."""
    machine = launch(TABLE, **SMALL, swap=16 * KiB, replacement=Replacement(policy))
    trace = machine.run()
    assert trace.output(2) == f"{3 * sum(range(0, 1024, 64))}\n"
    assert told(trace, "swap_out")
    assert told(trace, "swap_in")
    assert ended(trace).globals["total"] == 3 * sum(range(0, 1024, 64))
    for tick in range(0, trace.end, 97):
        moment = trace.at(tick)
        for page in moment.processes.get(1, ended(trace)).swapped:
            assert page not in moment.processes[2].page_table


def test_without_a_swap_area_full_ram_is_out_of_memory():
    """The same program on the same RAM, without swapping, does not even get loaded."""
    trace = run(TABLE, **SMALL)
    kind, message = fault(trace)
    assert kind == "out of memory"
    assert "no frame of RAM is free" in message


def test_a_full_swap_area_is_out_of_memory():
    """Swapping has an end as well."""
    trace = run(TABLE, **SMALL, swap=512, replacement=Replacement())
    assert fault(trace)[0] == "out of memory"


@pytest.mark.parametrize("policy", ["fifo", "lru", "clock"])
def test_page_faults_of_a_run_are_the_misses_of_its_references(policy: str):
    """The machine and the policy on paper agree on every fault, and OPT has no more."""
    machine = launch(TABLE, **SMALL, swap=16 * KiB, replacement=Replacement(policy), demand=True)
    trace = machine.run()
    frames = SMALL["ram"] // 512 - trace.settings.reserved_frames
    # The stack's first page comes without a fault, before everything else.
    stack = ended(trace).history.segments["stack T1"].values[0]
    references = ((2, stack[0] // 512), *trace.page_references())
    on_paper = replace_pages(references, frames, policy)
    assert len(told(trace, "page_fault")) == on_paper.misses - 1
    assert replace_pages(references, frames, "opt").misses <= on_paper.misses


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=60),
    st.integers(1, 6),
    st.sampled_from(["fifo", "lru", "clock"]),
)
def test_no_policy_beats_opt_and_more_memory_helps_lru(uses: list[int], frames: int, policy: str):
    """Belady's bound, and the stack property of LRU and OPT."""
    best = replace_pages(uses, frames, "opt")
    assert best.misses <= replace_pages(uses, frames, policy).misses
    for stack in ("lru", "opt"):
        assert (
            replace_pages(uses, frames + 1, stack).misses
            <= replace_pages(uses, frames, stack).misses
        )


def test_more_memory_can_hurt_fifo():
    """Belady's anomaly."""
    uses = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]
    assert [replace_pages(uses, frames, "fifo").misses for frames in (3, 4)] == [9, 10]


def test_swapping_costs_what_the_disk_costs_and_others_run_meanwhile():
    """A thread that waits for a page is blocked; the core goes on with another one."""
    free = launch(TABLE, **SMALL, swap=16 * KiB, replacement=Replacement()).run()
    costs = Costs(page_in=20, page_out=20)
    machine = launch(
        TABLE,
        "def main(): work(400)\n",
        **SMALL,
        swap=16 * KiB,
        replacement=Replacement(),
        costs=costs,
    )
    trace = machine.run()
    assert trace.output(2) == free.output(2)
    waits = [detail for detail in told(trace, "block", 2) if detail[3] == "page"]
    assert waits
    meanwhile = [trace.at(tick + 5) for tick, *_ in waits]
    tick = next(moment.tick for moment in meanwhile if moment.running == ((3, 1),))
    assert trace.at(tick).processes[2].threads[1].waits_for[0] == "page"
    assert trace.end > free.end + 400


@pytest.mark.parametrize("asid", [False, True])
def test_switching_flushes_a_tlb_without_address_space_ids(asid: bool):
    """With address-space ids the entries of a process survive the other's turn."""
    trace = run(TABLE, TABLE, tlb=64, asid=asid, scheduler=RoundRobin(20), costs=Costs(tlb_miss=2))
    flushes, misses = told(trace, "flush"), told(trace, "tlb_miss")
    assert bool(flushes) is not asid
    assert trace.metrics().totals["tlb_misses"] == len(misses)
    if asid:
        touched = {(pid, page) for pid, page in trace.page_references()}
        assert len(misses) == len(touched)
    busy = sum(core is not None for core in [trace.at(t).running[0] for t in range(trace.end)])
    assert busy == trace.metrics().totals["instructions"] + 2 * len(misses)


def test_a_small_tlb_misses_more_often():
    """Locality decides: a table walked in steps of a page misses on every step."""
    misses = [len(told(run(TABLE, tlb=entries), "tlb_miss")) for entries in (2, 4, 16)]
    assert misses == sorted(misses, reverse=True)
    assert misses[0] > 3 * misses[2]


@pytest.mark.parametrize("demand", [False, True])
def test_copy_on_write_and_swapping_go_together(demand: bool):
    """A forked table that does not fit twice is copied, swapped, and still right."""
    settings = {"page_size": 512, "ram": 7 * KiB, "stack_size": 512}
    trace = run(FORKS, **settings, swap=32 * KiB, replacement=Replacement("clock"), demand=demand)
    assert trace.output(2) == "1 1 5\n"
    assert told(trace, "copy")


def test_snapshots_hold_swap_and_tlb():
    """Restoring in the middle of swapping leads to the same end."""
    settings = {"swap": 16 * KiB, "replacement": Replacement("clock"), "tlb": 4}
    straight = launch(TABLE, TABLE, **SMALL, **settings, scheduler=RoundRobin(7)).run()
    machine = launch(TABLE, TABLE, **SMALL, **settings, scheduler=RoundRobin(7))
    machine.run(until=straight.end // 2)
    saved = machine.snapshot()
    first = machine.run()
    machine.restore(saved)
    assert machine.run().digest == first.digest == straight.digest


def test_settings_that_do_not_fit_are_explained():
    """OPT cannot run, and swap and replacement need each other."""
    with pytest.raises(ArgumentError, match="knows the future"):
        Replacement("opt")
    with pytest.raises(ArgumentError, match="swap and replacement belong together"):
        Machine(swap=16 * KiB)
    with pytest.raises(ArgumentError, match="did you mean 'lru'"):
        Replacement("lri")
    with pytest.raises(ArgumentError, match="replace_pages: frames"):
        replace_pages([1, 2], 0)


def test_shared_memory_that_does_not_fit_takes_nothing():
    """Where frames run out in the middle, those that were taken are free again."""
    text = (
        'def main():\n    print(shared("big", 900))\n    print(shared("small", 60))\n'
        '    print(shared("small", 500))\n    p = alloc(60)\n    print(p != 0)\n'
    )
    trace = run(text, ram=6144, page_size=512, swap=512, replacement=Replacement("fifo"),
                stack_size=512)  # fmt: skip
    first, second, third, fourth = trace.output(2).split()
    assert (first, third, fourth) == ("0", "0", "1")
    assert int(second) > 0


def test_a_heap_begins_behind_the_data_wherever_shared_memory_is():
    """Asking for shared memory first leaves the heap its place."""
    text = (
        'x = 1\ndef main():\n    s = shared("s", 4)\n    p = alloc(4)\n    print(p != 0, p < s)\n'
    )
    assert run(text).output(2) == "1 1\n"


def test_a_heap_may_grow_while_others_go_to_the_swap_area():
    """Full RAM is no reason to say that no memory is left, while pages can leave."""
    text = """
def main():
    total = 0
    p = 0
    for i in range(12):
        p = alloc(60)
        p[59] = i
        total += p[59]
    print(total, p != 0)
"""
    settings = {"ram": 4096, "page_size": 512, "stack_size": 512}
    swapping = {"swap": 16 * KiB, "replacement": Replacement("lru")}
    assert run(text, **settings, **swapping).output(2) == "66 1\n"
    assert ended(run(text, **settings)).signal is not None


@pytest.mark.parametrize("more", [{"tlb": 4}, {"demand": True}, {"swap": 8 * KiB}])
@pytest.mark.parametrize("ticks", [0, 1, 2, 5])
def test_what_faults_is_executed_after_its_fault(more, ticks: int):
    """However short a page fault is, nobody else sees what is stored behind it."""
    text = """
x = 1
def main():
    global x
    x = 8
    child = fork()
    if child == 0:
        x = 9
        exit(x)
    wait()
"""
    replacement = Replacement("lru") if "swap" in more else None
    trace = run(text, costs=Costs(page_fault=ticks), replacement=replacement, **more)
    forked = trace.history.processes[3].launched
    seen = {trace.at(tick).processes[2].globals["x"] for tick in range(forked, trace.end)}
    assert (seen, trace.at(trace.end).processes[3].globals["x"]) == ({8}, 9)


CHANGES = """
table = [7] * 512
def main():
    for turn in range(2):
        for place in range(0, 512, 64):
            if place < 192 and turn == 0: table[place] += 1
            else: work(table[place] - 6)
"""
"""Words of eight pages, of which three are changed, and only in the first turn."""


@pytest.mark.parametrize("policy", ["fifo", "lru", "clock"])
def test_only_pages_that_have_changed_are_written(policy: str):
    """Others are dropped: the program's file has them, or the slot from which they came."""
    trace = run(CHANGES, **SMALL | {"ram": 4 * KiB}, swap=16 * KiB, replacement=Replacement(policy))
    data = {page for page in range(64) if page * 512 >= trace.history.processes[2].code_base}
    written = {page for _, _, page, _, _ in told(trace, "swap_out")} & data
    dropped = told(trace, "discard")
    changed = {page for _, _, page, _, _ in told(trace, "dirty")} & data
    assert written == changed
    assert len(changed) == 3
    assert any(slot >= 0 for *_, slot in dropped)
    assert {page for _, _, page, _, slot in dropped if slot < 0} > {1}


def test_a_page_is_dirty_from_its_first_write_until_it_is_back():
    """What the narration says of a page that leaves follows from its dirty bit."""
    trace = run(CHANGES, **SMALL | {"ram": 4 * KiB}, swap=16 * KiB, replacement=Replacement("lru"))
    left = trace.happened("swap_out")[0]
    page = left.page
    tick = next(event.tick for event in trace.happened("dirty") if event.page == page)
    assert page not in trace.at(tick - 1).processes[2].dirty
    assert page in trace.at(tick).processes[2].dirty
    assert "It is written there, because it has changed." in trace.narrate(left.tick)
    back = next(event for event in trace.happened("swap_in") if event.page == page)
    assert page not in trace.at(back.tick).processes[2].dirty
    assert trace.at(back.tick).slots[back.slot] == (2, page)
    again = next(e for e in trace.happened("discard", after=back.tick) if e.page == page)
    assert f"nothing is written. Swap slot {back.slot} still has it." in trace.narrate(again.tick)
    assert page in trace.at(again.tick).processes[2].swapped


def test_dropping_a_page_costs_no_time_and_writing_it_does():
    """A page fault takes what the disk takes: to write the page that leaves, if it has changed."""
    costs = Costs(page_in=7, page_out=100, load_page=3)
    trace = run(
        CHANGES,
        **SMALL | {"ram": 4 * KiB},
        swap=16 * KiB,
        replacement=Replacement("lru"),
        costs=costs,
        demand=True,
    )
    waits = {ticks for *_, ticks in told(trace, "page_fault")}
    assert {3, 7, 103} <= waits <= {0, 3, 7, 100, 103, 107}
    written = {tick for tick, *_ in told(trace, "swap_out")}
    for tick, *_, ticks in told(trace, "page_fault"):
        assert (ticks >= 100) == (tick + ticks in written)


def test_a_slot_that_is_needed_is_taken_from_a_page_in_ram():
    """That page counts as changed from then on, so that it is not lost."""
    text = """
table = [0] * 640
def main():
    for turn in range(3):
        for place in range(0, 640, 64):
            if turn == 0: table[place] = place
            elif table[place] != place: print("lost", place)
    for place in range(0, 640, 64): table[place] += 1
    for place in range(0, 640, 64):
        if table[place] != place + 1: print("lost", place)
"""
    trace = run(text, **SMALL | {"ram": 4 * KiB}, swap=4 * KiB, replacement=Replacement("lru"))
    assert trace.output(2) == ""
    freed = trace.happened("swap_free")
    assert freed
    assert freed[0].page in trace.at(freed[0].tick).processes[2].dirty


ELSEWHERE = """
items = Semaphore(0)
table = [1] * 640
def add(one, other):
    return one + other
def main():
    {first}
    for place in range(64, 640, 64): table[place] += 1
    {then}
"""
"""Two things, and between them pages enough that all others leave RAM."""


@pytest.mark.parametrize(
    ("first", "then", "output"),
    [
        ("t = spawn(add, 3, 4)", "print(join(t))", "7\n"),
        ("items.release()", "print(items.acquire(timeout=0))", "1\n"),
    ],
    ids=["arguments of a thread", "a semaphore"],
)
def test_what_the_system_writes_is_not_lost(first: str, then: str, output: str):
    """A page is dirty, too, where the program itself has stored nothing in it."""
    trace = run(
        ELSEWHERE.format(first=first, then=then),
        **SMALL | {"ram": 4 * KiB},
        swap=16 * KiB,
        replacement=Replacement("fifo"),
        scheduler=RoundRobin(100_000),
    )
    assert trace.output(2) == output


def test_a_copy_is_dirty_before_the_program_writes_to_it():
    """What it was copied from had changed perhaps, so no file has it."""
    swap = {"swap": 16 * KiB, "replacement": Replacement("lru")}
    trace = run(FORKS, **SMALL, **swap, costs=Costs(page_fault=5))
    copies = trace.happened("copy")
    assert copies
    for copy in copies:
        assert copy.page in trace.at(copy.tick).processes[copy.pid].dirty
