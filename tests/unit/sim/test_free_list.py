"""Free lists, and the heap they manage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, Machine
from kit.sim.free_list import FreeList, HeapPolicy
from tests.running import run

START, HEADER = 4096, 8

actions = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 40).map(lambda words: words * 8)),
        st.tuples(st.just("give"), st.integers(0, 20)),
        st.tuples(st.just("grow"), st.integers(1, 8).map(lambda words: words * 8)),
    ),
    max_size=60,
)


def check(heap: FreeList, end: int) -> None:
    """Free and used blocks cover the heap without gap or overlap, neighbours merged."""
    used = [(address - HEADER, size) for address, size in heap.used.items()]
    place = START
    for address, size in sorted([*heap.free, *used]):
        assert address == place
        assert size > 0
        place += size
    assert place == end
    assert heap.free == sorted(heap.free)
    for (first, size), (second, _) in zip(heap.free, heap.free[1:], strict=False):
        assert first + size < second


@given(actions)
def test_blocks_cover_the_heap_and_never_overlap(steps: list[tuple[str, int]]):
    """Whatever is taken and given back, every byte has exactly one owner."""
    heap, end = FreeList(), START
    for action, value in steps:
        if action == "grow":
            heap.grow(end, value)
            end += value
        elif action == "take":
            fits = [size for _, size in heap.free if size >= value + HEADER]
            address = heap.allocate(value).address
            assert (address is not None) == bool(fits)
        elif heap.used:
            assert heap.release(sorted(heap.used)[value % len(heap.used)])
        check(heap, end) if end > START else None
    for address in list(heap.used):
        assert heap.release(address)
    assert heap.free == ([(START, end - START)] if end > START else [])


@given(actions)
def test_growing_by_what_is_missing_makes_it_fit(steps: list[tuple[str, int]]):
    """`missing` is exactly what the next block lacks, not a byte more."""
    heap, end = FreeList(), START
    for _, value in steps:
        size = 8 * max(1, value)
        if heap.allocate(size).address is None:
            missing = heap.missing(size, end)
            heap.grow(end, missing)
            end += missing
            assert heap.allocate(size).address is not None
            assert not heap.free or sum(heap.free[-1]) < end


def test_first_fit_takes_the_lowest_block_that_is_large_enough():
    """The policy is first fit, with a header of one word in front of each block."""
    heap = FreeList()
    heap.grow(START, 160)
    a, b, c = heap.allocate(24).address, heap.allocate(40).address, heap.allocate(24).address
    assert (a, b, c) == (START + 8, START + 40, START + 88)
    assert heap.release(a)
    assert heap.release(c)
    assert heap.allocate(32).address == START + 88
    assert heap.allocate(24).address == a


def test_only_what_was_given_can_be_given_back():
    """Freeing twice, or inside a block, is told apart."""
    heap = FreeList()
    heap.grow(START, 160)
    address = heap.allocate(16).address
    assert address is not None
    assert not heap.release(address + 8)
    assert heap.release(address)
    assert not heap.release(address)


def test_state_can_be_restored():
    """A heap goes back to where it was."""
    heap = FreeList()
    heap.grow(START, 160)
    heap.allocate(16)
    state = heap.state()
    heap.allocate(24)
    heap.restore(state)
    assert heap.state() == state
    check(heap, START + 160)


POLICIES = st.builds(
    HeapPolicy,
    fit=st.sampled_from(["first", "best", "worst"]),
    order=st.sampled_from(["address", "size+", "size-", "front", "back"]),
    coalesce=st.booleans(),
    header=st.sampled_from([0, 4, 8]),
)


@given(POLICIES, actions)
def test_no_policy_loses_or_gives_a_byte_twice(policy: HeapPolicy, steps: list[tuple[str, int]]):
    """Free and used blocks add up to the whole under every policy."""
    heap = FreeList(START, 400, policy)
    for action, value in steps:
        if action != "give":
            before = list(heap.free)
            address, searched = heap.allocate(value)
            fits = [size for _, size in before if size >= value + policy.header]
            assert (address is None) == (not fits)
            assert searched <= len(before)
            if address is not None and policy.fit != "first":
                chosen = dict(before)[address - policy.header]
                assert chosen == (min(fits) if policy.fit == "best" else max(fits))
        elif heap.used:
            assert heap.release(sorted(heap.used)[value % len(heap.used)])
        used = [(address - policy.header, size) for address, size in heap.used.items()]
        place = START
        for address, size in sorted([*heap.free, *used]):
            assert address == place
            place += size
        assert place == START + 400


def test_a_policy_that_does_not_exist_is_explained():
    """The error names the argument and what it may be."""
    with pytest.raises(ArgumentError, match="HeapPolicy: fit is 'frist'; did you mean 'first'"):
        HeapPolicy("frist")
    with pytest.raises(ArgumentError, match="order is 'size'"):
        HeapPolicy(order="size")
    with pytest.raises(ArgumentError, match="a header of 4 bytes would put blocks between words"):
        Machine(heap=HeapPolicy(header=4))


def test_a_process_shows_the_free_list_of_its_heap():
    """What alloc and free did can be seen at every tick, and the policy is a setting."""
    text = """
def main():
    a = alloc(4)
    b = alloc(2)
    c = alloc(4)
    d = alloc(1)
    free(a)
    free(c)
    e = alloc(2)
"""
    for fit, place in (("first", 0), ("worst", 2)):
        trace = run(text, heap=HeapPolicy(fit, coalesce=False))
        moves = [event for event in trace.events if event.kind in ("alloc", "free")]
        given = [event.details["address"] for event in moves if event.kind == "alloc"]
        assert given[4] == given[place] if fit == "first" else given[4] > given[3]
        process = trace.at(moves[5].tick).processes[2]
        assert len(process.free_blocks) == 3
        assert [address + 8 for address, _ in process.free_blocks[:2]] == [given[0], given[2]]
