"""Whose a file is, and whether it was in time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.authoring.grading.students import (
    deadline,
    handed_in,
    is_late,
    pattern_of,
    student_of,
)
from kit.errors import KitError

FOLDER = Path("handed in")


@pytest.mark.parametrize(
    ("pattern", "name", "student"),
    [
        ("auto", "Ada L_17_assignsubmission_file_/a (1).json", "Ada L (17)"),
        ("auto", "Ada_L_17_assignsubmission_file_a.answers.json", "Ada_L (17)"),
        ("auto", "lovelaceada_1234_5678_a.answers.json", "lovelaceada (1234)"),
        ("auto", "lovelaceada_LATE_1234_5678_a.answers.json", "lovelaceada (1234)"),
        # Moodle since 4.0, anonymous marking, groups, and the folder of the whole archive.
        ("auto", "Zoë O'Neill_123_assignsubmission_file/a.answers.json", "Zoë O'Neill (123)"),
        ("auto", "R2_D2_17_assignsubmission_file_/a.json", "R2_D2 (17)"),
        ("auto", "Participant 91_91_assignsubmission_file_/a.json", "Participant 91 (91)"),
        ("auto", "Team B-Ada L_17_assignsubmission_file_/a.json", "Team B-Ada L (17)"),
        ("auto", "OS-Task 1-42/李 雷_9_assignsubmission_file_/week 1/a.json", "李 雷 (9)"),
        # Canvas when something was handed in again, with an umlaut, and on a small server.
        ("auto", "lovelaceada_1234_5678_a.answers-1.json", "lovelaceada (1234)"),
        ("auto", "submissions/müllerjürgen_1234_5678_a.json", "müllerjürgen (1234)"),
        ("auto", "anon_4711_12345_a.answers.json", "anon (4711)"),
        ("canvas", "lovelaceada_LATE_7_12_a.answers.json", "lovelaceada (7)"),
        ("auto", "week_1_2_a.answers.json", "week_1_2_a"),
        ("auto", "ada/a.answers.json", "ada"),
        ("auto", "ada/week 1/a.answers.json", "ada"),
        ("auto", "ada.answers.json", "ada"),
        ("nbgrader", "ada/ps1/a.answers.json", "ada"),
        ("nbgrader", "course/submitted/ada/ps1/a.answers.json", "ada"),
        ("nbgrader", "submitted/ada/ps1/a.answers.json", "ada"),
        ("nbgrader", "submitted/ada/ps1/data/a.answers.json", "ada"),
        ("nbgrader", "autograded/ada/ps1/a.answers.json", "ada"),
        (
            "nbgrader",
            "inbound/ada+ps1+2027-02-02 15:58:23.948203 UTC+x9f/a.answers.json",
            "ada",
        ),
        ("moodle", "Ada L_17_assignsubmission_file_/a.json", "Ada L (17)"),
        (r"^week1/([^/]+)/", "week1/ada/a.json", "ada"),
        (r"(?P<student>\w+)-(?P<id>\d+)", "ada-7/a.json", "ada (7)"),
        (r"^nobody/(.*)/", "ada/a.answers.json", "a"),
    ],
)
def test_whose_a_file_is(pattern: str, name: str, student: str):
    """A folder, or a name as a learning platform gives it, says so."""
    assert student_of(FOLDER / name, [FOLDER], pattern_of(pattern)) == student


@pytest.mark.parametrize(("pattern", "says"), [("(", "mend it"), ("abc", "it has no group")])
def test_a_wrong_pattern_is_told(pattern: str, says: str):
    """It is one sentence that names what there is."""
    with pytest.raises(KitError, match=says) as caught:
        pattern_of(pattern)
    assert "moodle, canvas, nbgrader, folder" in str(caught.value)


def test_a_deadline_has_a_zone():
    """A day ends at its midnight, and a time without a zone is one of here."""
    until = deadline("2027-01-31T23:59+01:00")
    assert until == datetime(2027, 1, 31, 22, 59, tzinfo=UTC)
    assert deadline("2027-01-31").strftime("%H:%M:%S") == "23:59:59"
    with pytest.raises(KitError, match="this is no time"):
        deadline("tomorrow")
    file = Path("a.answers.json")
    assert is_late(file, "2027-01-31T22:59:01Z", until) is True
    assert is_late(file, "2027-01-31T22:59:00Z", until) is False
    assert is_late(file, "", until) is None
    assert is_late(file, "2027-01-31T22:59:01Z", None) is None
    assert is_late(Path("ada_LATE_123_456_a.json"), "", until) is True


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("2027-02-02 15:58:23.948203 UTC", "2027-02-02T15:58:23Z"),
        ("2027-02-02 15:58:23.948203 America/Los_Angeles", "2027-02-02T23:58:23Z"),
        ("2027-02-02 15:58:23", "2027-02-02T15:58:23Z"),
        ("2027-02-02 15:58:23 ../../etc/passwd", "said"),
        ("9999-99-99 99:99:99", "said"),
        ("\x00" * 5000, "said"),
        ("", "said"),
    ],
)
def test_nbgrader_says_when(tmp_path: Path, stamp: str, time: str):
    """Its timestamp counts where it comes from nbgrader; what is none changes nothing."""
    (tmp_path / "timestamp.txt").write_text(stamp)
    file = tmp_path / "a.answers.json"
    assert handed_in(file, "said", stamped=True) == time
    assert handed_in(file, "said", stamped=False) == "said"
