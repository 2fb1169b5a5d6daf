"""What `make test` says of the branches that were taken."""

import sys

from tests.branches import counted, too_few


def summary(taken: int, there: int) -> dict[str, dict[str, int]]:
    """A file of a report of coverage."""
    return {"summary": {"covered_branches": taken, "num_branches": there}}


def test_branches_are_added_up_for_each_package():
    """A file in a package within a package counts for the outer one."""
    files = {
        "kit/sim/cpu.py": summary(3, 4),
        "kit/sim/calls/files.py": summary(5, 6),
        "kit/quiz/ask.py": summary(1, 2),
    }
    assert counted(files) == {"kit.sim": (8, 10), "kit.quiz": (1, 2)}


def test_each_package_needs_its_share():
    """One package with many branches does not make up for another, nor for one not measured."""
    counts = {"kit.sim": (990, 1000), "kit.quiz": (94, 100), "kit.trace": (95, 100)}
    quiz, explore = too_few(counts, ["kit.sim", "kit.quiz", "kit.trace", "kit.explore"])
    assert quiz.startswith("kit.quiz: 94 of 100 branches")
    assert explore.startswith("kit.explore: 0 of 0")


def test_what_does_not_count_is_not_measured():
    """A test in none of the folders that count has nothing follow its lines."""
    assert "coverage" not in type(sys.gettrace()).__module__
