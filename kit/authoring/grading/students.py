"""Whose answers a file holds, and whether it was in time: as folders and names of files say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kit.errors import KitError
from kit.files import FileError, read_text
from kit.quiz.answers import SUFFIX

AUTO, NBGRADER = "auto", "nbgrader"

PATTERNS = {
    "moodle": (r"(?:^|/)(?P<student>[^/]+?)_(?P<id>\d+)_assignsubmission_",),
    "canvas": (r"(?:^|/)(?P<student>[^/_]+)_(?:LATE_)?(?P<id>\d+)_\d+_[^/]*$",),
    NBGRADER: (
        r"(?:^|/)(?:submitted|autograded)/(?P<student>[^/]+)/[^/]+/",
        r"(?:^|/)(?P<student>[^/+]+)\+[^/+]+\+\d{4}-\d\d-\d\d[^/]*/",
        r"^(?P<student>[^/]+)/[^/]+/[^/]+$",
    ),
    "folder": (r"^(?P<student>[^/]+)/",),
}
"""How a path, as seen from the folder that is graded, says whose file it is.

Moodle's are folders or files; Canvas's are files; nbgrader's are the folders of a course, or those
of its exchange, in which the student, the assignment and the time are joined by a plus.
"""
SURE = (
    *PATTERNS["moodle"],
    r"(?:^|/)(?P<student>[^/_]+)_(?:LATE_)?(?P<id>\d{3,})_\d{3,}_[^/]*$",
    *PATTERNS["folder"],
)
"""What is tried where nobody says which it is: an own name may well end in a short number."""

_LATE = re.compile(r"(?:^|/)[^/_]+_LATE_\d{3,}_\d{3,}_[^/]*$")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.\d+)?(?: ([A-Za-z_/+-]{1,40}))?")
_ISO = "%Y-%m-%dT%H:%M:%SZ"


def pattern_of(name: str) -> list[re.Pattern[str]]:
    """Return the patterns that say whose a file is, in the order in which they are tried.

    Parameters
    ----------
    name : str
        One of `PATTERNS`, "auto" for the first that fits, or a regular expression with a group,
        which may be called "student"; one called "id" tells those of one name apart.

    Raises
    ------
    KitError
        If it is no regular expression, or has no group.
    """
    if name in PATTERNS:
        return [re.compile(one) for one in PATTERNS[name]]
    if name == AUTO:
        return [re.compile(one) for one in SURE]
    known = ", ".join(PATTERNS)
    try:
        own = re.compile(name)
    except re.error as error:
        raise KitError(f"--student {name}: {error}; name one of {known}, or mend it") from None
    if not own.groups:
        raise KitError(
            f"--student {name}: it has no group; name one of {known}, or put what names the "
            "student into brackets, such as '^([^/]+)/'"
        )
    return [own]


def student_of(file: Path, folders: Iterable[Path], patterns: Iterable[re.Pattern[str]]) -> str:
    """Return whose answers a file holds: what the first pattern that fits says.

    Where none fits, it is the name of the file.

    Parameters
    ----------
    file : Path
    folders : iterable of Path
        Those that are graded.
    patterns : iterable of Pattern
    """
    inside = _inside(file, folders)
    for pattern in patterns:
        found = pattern.search(inside)
        if found:
            groups = found.groupdict()
            named = groups.get("student") or found[1]
            if named:
                # Two students may have the same name.
                return f"{named} ({groups['id']})" if groups.get("id") else str(named)
    return file.name.removesuffix(SUFFIX).removesuffix(".json")


def _inside(file: Path, folders: Iterable[Path]) -> str:
    for folder in folders:
        if file.is_relative_to(folder):
            return file.relative_to(folder).as_posix()
    return file.as_posix()


def deadline(text: str) -> datetime:
    """Return a moment that was written as a date or a time; without a zone it is that of here.

    Raises
    ------
    KitError
        If it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise KitError(
            f"--due {text}: this is no time; write it as 2027-01-31T23:59, or with a zone as "
            "2027-01-31T23:59+01:00"
        ) from None
    if "T" not in text and " " not in text:
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.astimezone()


def handed_in(file: Path, time: str, *, stamped: bool) -> str:
    """Return when a file was handed in, as far as is known; nothing if it is not.

    Parameters
    ----------
    file : Path
    time : str
        Of the last answer in it, as it says.
    stamped : bool
        Whether the file ``timestamp.txt`` next to it is nbgrader's, and not the student's.
    """
    stamp = _stamp(file.parent / "timestamp.txt") if stamped else None
    return stamp.astimezone(UTC).strftime(_ISO) if stamp else time


def _stamp(file: Path) -> datetime | None:
    try:
        found = _STAMP.fullmatch(read_text(file)[:100].strip())
        if not found:
            return None
        zone = ZoneInfo(found[2]) if found[2] else UTC
        return datetime.fromisoformat(found[1]).replace(tzinfo=zone)
    except (FileError, OSError, ValueError, KeyError, OverflowError):
        return None


def is_late(file: Path, time: str, due: datetime | None) -> bool | None:
    """Tell whether answers came too late; None if there is no deadline, or no time is known."""
    if due is None:
        return None
    if _LATE.search(file.as_posix()):
        return True
    try:
        return datetime.strptime(time, _ISO).replace(tzinfo=UTC) > due
    except ValueError:
        return None
