"""What the benchmark in a browser takes for a broken limit."""

from dataclasses import replace

import pytest

from tests.bench.in_browser import LONG_TICKS, Played

GOOD = Played(
    "near", "counter", 500, fps=60.0, slowest=33.0, messages=0, first=900.0, payload=90_000
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fps": 40.0}, "near, counter: 40 frames a second, at least 55"),
        ({"messages": 2}, "near, counter: 2 messages while it plays, none"),
        ({"first": 1_600.0}, "near, counter: 1.60 s to the first picture, at most 1.5"),
        ({"payload": 201_000}, "near, counter: 201 kB, at most 200"),
    ],
)
def test_a_broken_limit_is_told_with_what_was_found(change, said):
    """It names the link, the scenario, the figure and the limit."""
    assert GOOD.broken == []
    assert replace(GOOD, **change).broken == [said]


def test_a_longer_run_may_send_more_and_take_longer():
    """What is sent is judged by the ticks."""
    assert replace(GOOD, ticks=1_000, payload=390_000).broken == []
    assert replace(GOOD, ticks=LONG_TICKS, payload=3_900_000, first=2_900.0).broken == []
