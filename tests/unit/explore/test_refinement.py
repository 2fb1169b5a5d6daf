"""A program held against a simpler one that says what may happen."""

import pytest

from kit import ArgumentError, Program
from kit.explore import refines
from tests.unit.explore import programs

TOLD = """
count = 0
lock = Lock()
def worker(n):
    global count
    BODY
def main():
    a = spawn(worker, 1)
    b = spawn(worker, 2)
    join(a)
    join(b)
    print(count)
"""
ORDERED = Program(
    "ordered", "count = 0\ndef main():\n    global count\n    count = 3\n    print(3)\n"
)


def told(body: str) -> Program:
    """Two threads that add 1 and 2, and what comes of it printed."""
    return Program("told", TOLD.replace("BODY", body))


def test_a_right_program_refines_a_simple_one():
    """With a lock nothing comes of it but what comes of one thread alone."""
    found = refines(told("with lock:\n        count += n"), ORDERED)
    assert found
    assert str(found).startswith("Every outcome is one of the reference. All schedules")
    assert found.witness() is None
    assert found.schedule() == ()


def test_what_the_reference_never_does_is_shown():
    """A lost update is none of its outcomes; the shortest run to one is told."""
    found = refines(told("count += n"), ORDERED)
    assert not found
    assert found.decided
    assert sorted(stray.output[2] for stray in found.strays) == ["1\n", "2\n"]
    trace = found.witness()
    assert trace.output(2) == found.strays[0].output[2]
    assert "A schedule that shows the first:" in str(found)


def test_a_program_may_do_less_than_its_reference():
    """The other way round is no refinement, but a program that does less is one."""
    locked, loose = told("with lock:\n        count += n"), told("count += n")
    assert refines(locked, loose)
    assert not refines(loose, locked)
    assert refines(loose, loose)


def test_only_what_is_printed_can_be_compared():
    """Globals that end in another way do not matter where only the output does."""
    other = Program("other", "count = 0\ndef main():\n    print(3)\n")
    assert not refines(other, ORDERED)
    assert refines(other, ORDERED, by="output")
    unnamed = Program("unnamed", "total = 9\ndef main():\n    print(3)\n")
    assert refines(unnamed, ORDERED), "globals that only one of them has are its own affair"


def test_deadlocks_and_faults_are_outcomes():
    """A program that may wait for ever, or fail, does what a reference without that never does."""
    stuck = Program("stuck", "lock = Lock()\ndef main():\n    with lock:\n        lock.acquire()\n")
    silent = Program("silent", "def main():\n    pass\n")
    failing = Program("failing", "def main():\n    assert 1 == 2\n")
    assert not refines(stuck, silent)
    assert not refines(failing, silent)
    assert refines(failing, failing)


def test_at_the_limit_nothing_is_decided():
    """What was not covered is not right, and what the reference might still do is not wrong."""
    right = told("with lock:\n        count += n")
    assert not refines(right, ORDERED, limit=3).decided
    assert str(refines(right, ORDERED, limit=3)).startswith("Not decided.")
    few = refines(told("count += n"), told("count += n"), limit=12)
    assert not few.decided
    assert not few


def test_wrong_arguments():
    """What is compared, and what with, is explained."""
    with pytest.raises(ArgumentError, match="by is 'globals'; give 'outcomes' or 'output'"):
        refines(ORDERED, ORDERED, by="globals")
    with pytest.raises(ArgumentError, match="refines has no argument 'limits'"):
        refines(ORDERED, ORDERED, limits=4)
    with pytest.raises(ArgumentError):
        refines(programs.PETERSON, 3)
