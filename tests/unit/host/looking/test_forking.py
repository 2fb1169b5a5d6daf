"""What a fork costs in memory, on this computer."""

import pytest

from kit import ArgumentError
from kit.host import fork_and_write
from kit.host.looking.forking import ForkMemory
from tests.unit.host.looking.test_memory import a_space


@pytest.mark.notebook
def test_a_write_after_fork_copies_pages():
    """Shared before, private after: each page that the child writes to is a minor fault."""
    found = fork_and_write(4)
    assert [len(spaces) for spaces in found.moments] == [1, 2, 2]
    pages = (4 << 20) // 4096
    assert pages <= found.copied < pages + 200
    (_,), (parent, shared), (_, written) = found.moments
    for space in (parent, shared):
        assert space.footprint is not None
        assert space.footprint.shared > 4 << 20
    assert written.footprint is not None
    assert shared.footprint is not None
    assert written.footprint.private >= shared.footprint.private + (4 << 20)
    assert "The child wrote to 4 MiB that it shared with its parent" in str(found)
    assert found.trace.end == 2


def test_how_much_is_asked_for_is_checked():
    """It fills no more memory than a computer has to spare."""
    with pytest.raises(ArgumentError, match="fork_and_write: mebibytes"):
        fork_and_write(257)


def test_the_moments_are_ticks():
    """The parent is there from the first one on, the child from the second."""
    one = a_space()
    other = type(one)(78, one.program, one.regions, one.footprint)
    trace = ForkMemory(1, ((one,), (one, other), (one, other))).trace
    assert [sorted(trace.at(tick).processes) for tick in range(3)] == [[77], [77, 78], [77, 78]]
    assert trace.narrate(1) == "It has forked: parent and child share these pages."
    assert trace.narrate(2).startswith("The child has written to them: 0 page faults")
    assert trace.seen.facts[78] == [
        (1, "RSS 9 MiB, of which private 3 MiB"),
        (2, "RSS 9 MiB, of which private 3 MiB"),
    ]
