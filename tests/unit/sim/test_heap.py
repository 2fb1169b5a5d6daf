"""The allocator behind alloc and free."""

from hypothesis import given
from hypothesis import strategies as st

from kit.sim.heap import HEADER, Heap

START = 4096

actions = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 40).map(lambda words: words * 8)),
        st.tuples(st.just("give"), st.integers(0, 20)),
        st.tuples(st.just("grow"), st.integers(1, 8).map(lambda words: words * 8)),
    ),
    max_size=60,
)


def check(heap: Heap, end: int) -> None:
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
    heap, end = Heap(), START
    for action, value in steps:
        if action == "grow":
            heap.add(end, value)
            end += value
        elif action == "take":
            fits = [size for _, size in heap.free if size >= value + HEADER]
            address = heap.take(value)
            assert (address is not None) == bool(fits)
        elif heap.used:
            assert heap.give_back(sorted(heap.used)[value % len(heap.used)])
        check(heap, end) if end > START else None
    for address in list(heap.used):
        assert heap.give_back(address)
    assert heap.free == ([(START, end - START)] if end > START else [])


@given(actions)
def test_growing_by_what_is_missing_makes_it_fit(steps: list[tuple[str, int]]):
    """`missing` is exactly what the next block lacks, not a byte more."""
    heap, end = Heap(), START
    for _, value in steps:
        size = 8 * value
        if heap.take(size) is None:
            missing = heap.missing(size, end)
            heap.add(end, missing)
            end += missing
            assert heap.take(size) is not None
            assert not heap.free or sum(heap.free[-1]) < end


def test_first_fit_takes_the_lowest_block_that_is_large_enough():
    """The policy is first fit, with a header of one word in front of each block."""
    heap = Heap()
    heap.add(START, 160)
    a, b, c = heap.take(24), heap.take(40), heap.take(24)
    assert (a, b, c) == (START + 8, START + 40, START + 88)
    assert heap.give_back(a)
    assert heap.give_back(c)
    assert heap.take(32) == START + 88
    assert heap.take(24) == a


def test_only_what_was_given_can_be_given_back():
    """Freeing twice, or inside a block, is told apart."""
    heap = Heap()
    heap.add(START, 160)
    address = heap.take(16)
    assert address is not None
    assert not heap.give_back(address + 8)
    assert heap.give_back(address)
    assert not heap.give_back(address)


def test_state_can_be_restored():
    """A heap goes back to where it was."""
    heap = Heap()
    heap.add(START, 160)
    heap.take(16)
    state = heap.state()
    heap.take(24)
    heap.restore(state)
    assert heap.state() == state
    check(heap, START + 160)
