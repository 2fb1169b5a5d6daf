"""Traces as bytes: for files, and for the digest.

A file is one line that names format and version, the SHA-256 of the rest, and the
compressed content: JSON, with the long lists of numbers as base64 of little-endian
64-bit integers. Nothing in a file is ever executed but compiled programs in the
simulated machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zlib
from array import array
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from kit.errors import KitError, TraceError
from kit.sim.cache import Cache
from kit.sim.events import EVENTS
from kit.sim.events.event import Event
from kit.sim.page_table import PageTable
from kit.sim.recording import Events
from kit.sim.segmentation import Segmentation
from kit.sim.settings import Costs
from kit.trace.limits import Implausible, is_too_long, unpacked
from kit.trace.limits import check as check_content
from kit.trace.recipes import pack_program, pack_recipe, unpack_program, unpack_recipe
from kit.trace.record import Record, Settings, ThreadRecord

VERSION = 6
_MAGIC = b"os-course-kit trace "
BEGINNING = len(_MAGIC)
"""How many bytes tell whether a file is a trace."""
_PARTS: dict[str, Callable[..., Any]] = {
    "costs": Costs,
    "cache": Cache,
    "page_table": PageTable,
    "segmentation": Segmentation,
}
"""Settings that are more than a number or text."""
_LATER = frozenset(
    {"cache", "cache_hit", "cache_miss", "write_back", "page_table", "address_space", "timer"}
    | {"segmentation"}
)
"""Options and costs that came when there were digests already."""
_REMEDY = "save the trace again by running its notebook"


def _little_endian(values: array[int]) -> array[int]:
    """Return numbers as a file holds them: the array itself, on most machines."""
    if sys.byteorder == "big":
        values = array("q", values)
        values.byteswap()
    return values


def _numbers(values: array[int]) -> str:
    return base64.b64encode(_little_endian(values)).decode("ascii")


def _array(text: str) -> array[int]:
    values = array("q")
    values.frombytes(base64.b64decode(text))
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def _plain(settings: Settings) -> dict[str, Any]:
    """Return settings as plain data, without later options that this machine does not have.

    So a run that needs none of them keeps the digest that it had before there were any.
    """
    content = asdict(settings)
    for part, kind in ((content, Settings), (content["costs"], Costs)):
        for option in fields(kind):
            if option.name in _LATER and part[option.name] == option.default:
                del part[option.name]
    return content


def _content(record: Record) -> bytes:
    content: dict[str, Any] = {
        "settings": _plain(record.settings),
        "end": record.end,
        "programs": [pack_program(program) for program in record.programs],
        "events": {
            "ticks": _numbers(record.events.turn_ticks),
            "codes": _numbers(record.events.turn_codes),
            "keys": record.events.keys,
            "others": record.events.others,
            "places": _numbers(record.events.places),
            "overheads": [
                [core, _numbers(times)] for core, times in sorted(record.events.overheads.items())
            ],
        },
        "threads": [
            [
                pid,
                tid,
                thread.entry,
                _numbers(thread.targets),
                _numbers(thread.values),
                _numbers(thread.addresses),
                _numbers(thread.bursts),
                thread.checkpoints,
            ]
            for (pid, tid), thread in record.threads.items()
        ],
        "recipe": pack_recipe(record.recipe),
    }
    return _json(content)


def digest(record: Record) -> str:
    """Return the SHA-256 of everything that happened, in hexadecimal.

    Checkpoints are left out: they follow from the rest, and where they stand depends
    on the ticks at which a run was stopped and went on. So is the recipe: what a machine
    was told is not what happened in it.
    """
    events, found = record.events, hashlib.sha256()
    programs = [pack_program(program) for program in record.programs]
    found.update(_json([_plain(record.settings), record.end, programs, events.keys]))
    for event in events.others:
        found.update(_json(event))
    arrays = [events.turn_ticks, events.turn_codes, events.places]
    for core, times in sorted(events.overheads.items()):
        found.update(_json(core))
        arrays.append(times)
    for key, thread in record.threads.items():
        found.update(_json([key, thread.entry]))
        arrays += [thread.targets, thread.values, thread.addresses, thread.bursts]
    # Arrays of a million numbers are hashed where they are, not copied.
    for numbers in arrays:
        found.update(_json(len(numbers)))
        found.update(_little_endian(numbers))
    return found.hexdigest()


def encode(record: Record) -> bytes:
    """Return a record as the content of a file.

    Raises
    ------
    TraceError
        If it is longer than one that can be read again.
    """
    content = _content(record)
    if is_too_long(content):
        raise TraceError(
            f"a run of {record.end} ticks is too long for a file; run it with fewer ticks, as in "
            "machine.run(until=100_000)"
        )
    body = zlib.compress(content, 6)
    check = hashlib.sha256(body).hexdigest().encode("ascii")
    return _MAGIC + str(VERSION).encode("ascii") + b"\n" + check + b"\n" + body


def is_trace(beginning: bytes) -> bool:
    """Tell whether a file is a trace, of any version, by its first `BEGINNING` bytes."""
    return beginning == _MAGIC


def decode(data: bytes, name: str) -> Record:
    """Return the record in the content of a file.

    Parameters
    ----------
    data : bytes
    name : str
        Name of the file, for errors.

    Raises
    ------
    TraceError
        If it is damaged, no trace, of another version, or longer than a trace can be.
    """
    first, _, rest = data.partition(b"\n")
    if not first.startswith(_MAGIC):
        raise TraceError(f"{name}: this is not a trace of os-course-kit; give a file of Trace.save")
    version = first.removeprefix(_MAGIC).decode("ascii", "replace")
    if version != str(VERSION):
        raise TraceError(
            f"{name}: the trace has version {version} and this kit reads {VERSION}; {_REMEDY}"
        )
    check, _, body = rest.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode("ascii") != check:
        raise TraceError(f"{name}: the trace is damaged; {_REMEDY}")
    try:
        record = _record(json.loads(unpacked(body)))
        check_content(record)
    except Implausible as error:
        raise TraceError(f"{name}: the trace cannot be read, since {error}; {_REMEDY}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, KitError):
        raise TraceError(
            f"{name}: the trace cannot be read, since what is in it is not what this kit writes; "
            f"{_REMEDY}"
        ) from None
    return record


def _record(content: dict[str, Any]) -> Record:
    threads = {}
    for pid, tid, entry, targets, values, addresses, bursts, checkpoints in content["threads"]:
        threads[pid, tid] = ThreadRecord(
            entry,
            _array(targets),
            _array(values),
            _array(addresses),
            _array(bursts),
            _tuples(checkpoints),
        )
    programs = tuple(unpack_program(*source) for source in content["programs"])
    return Record(
        _settings(content["settings"]),
        content["end"],
        programs,
        _events(content["events"]),
        threads,
        unpack_recipe(content["recipe"], programs),
    )


def _settings(content: dict[str, Any]) -> Settings:
    parts = {name: make(**content[name]) for name, make in _PARTS.items() if name in content}
    return Settings(**{**content, **parts})


def _event(listed: list[Any]) -> Event:
    tick, kind, pid, tid, *details = _tuples(listed)
    return EVENTS[kind](tick, pid, tid, *details)


def _events(content: dict[str, Any]) -> Events:
    events = Events()
    events.restore(
        (
            _array(content["ticks"]),
            _array(content["codes"]),
            _tuples(content["keys"]),
            tuple(map(_event, content["others"])),
            _array(content["places"]),
            [(core, _array(times)) for core, times in content["overheads"]],
        )
    )
    return events
