"""The tests that take turns: each has one."""

from tests.turns import TURNS, in_turn


def test_each_has_its_turn_once_in_a_row_of_them():
    """Whatever number the row begins with, and equal keys have theirs together."""
    keys = [f"test_{number // 2}" for number in range(50)]
    for first in (0, 719, 720):
        turns = [in_turn(keys, first + more) for more in range(TURNS)]
        assert [sum(one) for one in zip(*turns, strict=True)] == [1] * len(keys)
    one = dict(zip(keys, in_turn(keys, 3), strict=True))
    assert [one[key] for key in keys] == in_turn(keys, 3)
