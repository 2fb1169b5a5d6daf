"""What a look at the real machine gave, in small files beside lessons."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from kit.host.errors import HostError
from kit.host.looking.forking import ForkMemory
from kit.host.looking.memory import Footprint, HostAddressSpace, Region
from kit.host.looking.tables import HostTable
from kit.host.running.keeping import FORMAT as RUN
from kit.host.running.keeping import MOST, content_of, run_of, write_listed
from kit.host.running.racing import RaceResult
from kit.host.running.trace import HostTrace

Found = HostTrace | RaceResult | HostTable | HostAddressSpace | ForkMemory
"""What can be looked at; a race that is read again is its table."""
FORMAT = "os-course-kit look"
VERSION = 1
LARGEST_NUMBER = 1e100
"""Far more than anything that is counted or measured; what is more can be drawn by no bar."""
_REMEDY = "record it again"


def save(found: Found, path: Path) -> None:
    """Write what was seen; folders on the way are made.

    Parameters
    ----------
    found : Found
    path : Path

    Raises
    ------
    FileError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HostError(f"{path}: its folder cannot be made: {error.strerror}") from None
    if isinstance(found, HostTrace):
        found.save(path)
        return
    if isinstance(found, RaceResult):
        found = found.table
    about: dict[str, Any] = {"format": FORMAT, "version": VERSION, "cores": os.cpu_count() or 1}
    if isinstance(found, HostTable):
        about |= {"headings": found.headings, "notes": found.notes}
        about |= {"bars": found.bars} if found.bars else {}
        write_listed(path, about, "rows", found.rows)
    else:
        about["mebibytes"] = found.mebibytes if isinstance(found, ForkMemory) else 0
        moments = found.moments if isinstance(found, ForkMemory) else ((found,),)
        spaces = [[_space(one) for one in moment] for moment in moments]
        write_listed(path, about, "moments", spaces)


def _space(space: HostAddressSpace) -> list[Any]:
    """Return an address space as JSON, without the paths of the computer it was seen on."""
    regions = [
        [*region[:3], region.path.rpartition("/")[2], *region[4:]] for region in space.regions
    ]
    return [space.pid, space.program, regions, space.footprint, space.missing]


def load(path: Path) -> tuple[Found, int]:
    """Read what `save` wrote, and on how many cores it was seen.

    Parameters
    ----------
    path : Path

    Raises
    ------
    FileError
        If it cannot be read.
    HostError
        If it is damaged, or no recording.
    """
    label, content = path.name, content_of(path, "a recording", _REMEDY)
    if isinstance(content, dict) and content.get("format") == RUN:
        run = run_of(content, label)
        return run, run.cores
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise HostError(f"{label}: this is no recording of a look at a real machine; {_REMEDY}")
    if content.get("version") != VERSION:
        raise HostError(f"{label}: another version of the kit wrote it; {_REMEDY}")
    try:
        return _found(content), _whole(content["cores"])
    except (KeyError, TypeError, ValueError, RecursionError):
        raise HostError(f"{label}: what it says cannot be so; {_REMEDY}") from None


def _found(content: dict[str, Any]) -> Found:
    if "rows" in content:
        headings = tuple(_text(one) for one in _list(content["headings"]))
        rows = tuple(tuple(_cell(one) for one in _list(row)) for row in _list(content["rows"]))
        notes = tuple(_text(one) for one in _list(content["notes"]))
        bars = tuple(_text(one) for one in _list(content.get("bars", [])))
        if any(len(row) != len(headings) for row in rows) or not {*bars} <= {*headings}:
            _refuse()
        return HostTable(headings, rows, notes, bars)
    moments = tuple(
        tuple(_read_space(one) for one in _list(spaces)) for spaces in _list(content["moments"])
    )
    mebibytes = _whole(content["mebibytes"])
    # A fork is seen three times: the parent alone, and twice with its child.
    if [len(spaces) for spaces in moments] != ([1, 2, 2] if mebibytes else [1]):
        _refuse()
    return ForkMemory(mebibytes, moments) if mebibytes else moments[0][0]


def _read_space(given: Any) -> HostAddressSpace:
    pid, program, regions, footprint, missing = _list(given)
    return HostAddressSpace(
        _whole(pid),
        _text(program),
        tuple(_region(one) for one in _list(regions)),
        None if footprint is None else Footprint(*(_whole(one) for one in _list(footprint))),
        {},
        tuple(_text(one) for one in _list(missing)),
    )


def _region(given: Any) -> Region:
    start, end, permissions, path, kind, resident = _list(given)
    if not _whole(start) < _whole(end):
        _refuse()
    return Region(start, end, _text(permissions), _text(path), _text(kind), _whole(resident))


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        _refuse()
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        _refuse()
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 4 * MOST:
        _refuse()
    return value


def _cell(value: Any) -> int | float | str:
    is_number = type(value) in (int, float) and abs(value) <= LARGEST_NUMBER
    if not (is_number or isinstance(value, str)):
        _refuse()
    checked: int | float | str = value
    return checked


def _refuse() -> NoReturn:
    raise ValueError("no recording")


def is_found(value: object) -> bool:
    """Tell whether this is something that can be looked at and recorded."""
    return isinstance(value, Found)
