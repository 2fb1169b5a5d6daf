"""Which tests of the browser share a worker."""

from tests.groups import group_of

PLACE = "tests/browser"


def test_a_file_is_a_group():
    """What its tests share is made once."""
    one, other = f"{PLACE}/test_changes.py::test_a", f"{PLACE}/test_changes.py::test_b[light]"
    assert group_of(one) == group_of(other) != group_of(f"{PLACE}/test_steps.py::test_a")


def test_files_that_need_the_whole_site_are_one_group():
    """It takes longest to make."""
    names = ("test_site.py::test_a[05_process]", "test_site_in_sight.py::test_b[06_thread]")
    assert len({group_of(f"{PLACE}/{name}") for name in names}) == 1


def test_lessons_of_the_longest_files_take_turns():
    """Two workers share them."""
    names = [f"{PLACE}/test_students.py::test_a[{number:02}_lesson]" for number in range(14)]
    assert len(set(map(group_of, names))) == 2
