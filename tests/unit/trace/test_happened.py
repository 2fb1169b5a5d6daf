"""What happened of some kinds, looked up by kind, process, thread and time."""

import pytest

from kit import ArgumentError
from kit.scenarios import lost_update

TRACE = lost_update()


@pytest.mark.parametrize("kinds", [("dispatch",), ("print", "block", "wake"), ()])
@pytest.mark.parametrize("who", [{}, {"pid": 2}, {"pid": 2, "tid": 2}, {"tid": 1}, {"pid": 9}])
@pytest.mark.parametrize("when", [{}, {"after": 10}, {"after": 10, "until": 30}, {"until": 0}])
def test_happened(kinds, who, when):
    """It is what a look at each event finds, in order."""
    expected = [
        event
        for event in TRACE.events
        if not kinds or event.kind in kinds
        if who.get("pid") in (None, event.pid) and who.get("tid") in (None, event.tid)
        if when.get("after", -1) < event.tick <= when.get("until", TRACE.end)
    ]
    assert list(TRACE.happened(*kinds, **who, **when)) == expected


def test_a_kind_that_there_is_not():
    """A misspelt kind is refused, with what was meant."""
    with pytest.raises(ArgumentError, match="dispatch"):
        TRACE.happened("dispach")
