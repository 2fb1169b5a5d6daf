"""Where the nodes of a graph are drawn."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kit.explore.layers import layered


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    """Return a graph all of whose nodes can be reached from node 0, with circles."""
    size = draw(st.integers(1, 14))
    following: list[list[int]] = [[] for _ in range(size)]
    for node in range(1, size):
        following[draw(st.integers(0, node - 1))].append(node)
    for row in following:
        row.extend(draw(st.lists(st.integers(0, size - 1), max_size=2)))
    return following


def crossings(following: Sequence[Sequence[int]], places: list[tuple[int, float]]) -> int:
    """Return how many pairs of steps between neighbouring layers cross."""
    lines = {
        (places[one], places[other])
        for one, targets in enumerate(following)
        for other in targets
        if places[other][0] == places[one][0] + 1
    }
    return sum(
        a[0] == c[0] and (a[1] - c[1]) * (b[1] - d[1]) < 0 for a, b in lines for c, d in lines
    )


@given(graphs())
def test_layers_are_numbers_of_steps_and_places_are_apart(following: list[list[int]]):
    """No step leads over a layer, only node 0 is in the first, and each layer is centred."""
    places = layered(following)
    assert [node for node, (layer, _) in enumerate(places) if layer == 0] == [0]
    for node, targets in enumerate(following):
        assert all(places[target][0] <= places[node][0] + 1 for target in targets)
    for depth in range(max(layer for layer, _ in places) + 1):
        row = sorted(across for layer, across in places if layer == depth)
        assert row
        assert sum(row) == 0
        assert all(right - left == 1 for left, right in pairwise(row))
    assert layered(following) == places


def test_lines_that_need_not_cross_do_not():
    """Three ways that were found in another order beside each other lie beside each other."""
    following = [[1, 2, 3], [6], [4], [5], [], [], []]
    assert crossings(following, layered(following)) == 0


def test_the_steps_of_two_threads_are_a_grid():
    """Four steps each by two threads that do not meet make a diamond in which no steps cross."""
    wide = 5
    following = [
        [
            (row + down) * wide + column + 1 - down
            for down in (0, 1)
            if row + down < wide and column + 1 - down < wide
        ]
        for row in range(wide)
        for column in range(wide)
    ]
    places = layered(following)
    assert crossings(following, places) == 0
    assert max(across for _, across in places) == (wide - 1) / 2
