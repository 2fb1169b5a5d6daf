"""Which tests one worker runs: those that share what is slow to make.

xdist's own groups are written into the names of tests, which pytest no longer lets it do.
"""

import re

from xdist.scheduler import LoadScopeScheduling

SITE = tuple(f"test_site{name}.py" for name in ("", "_in_sight", "_search", "_words"))
"""These share the sites of some lessons and of all."""
SPLIT = ("test_students.py", "test_site_python.py")
"""The longest files, which two workers share, a lesson each in turn."""


class ByGroup(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Gives all tests of a group to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return the group of a test.

    Parameters
    ----------
    nodeid : str
        "tests/browser/test_students.py::test_a_student[09_process_to_threads]".
    """
    file = nodeid.partition("::")[0].rpartition("/")[2]
    lesson = re.search(r"\[(\d\d)_", nodeid)
    if file in SPLIT and lesson:
        return f"{file} {int(lesson[1]) % 2}"
    return "the site" if file in SITE else file
