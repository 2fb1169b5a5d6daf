"""Traces as files: what was saved is what is loaded, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import re
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Trace, TraceError
from kit.scenarios import full_ram, lost_update
from kit.trace import limits
from kit.trace.codec import VERSION, decode, encode
from kit.trace.limits import MOST_BYTES
from tests.examples import examples
from tests.strategies import Setup
from tests.worlds import worlds


def packed(content: Any) -> bytes:
    """A file of the right form with any content."""
    body = zlib.compress(json.dumps(content).encode())
    check = hashlib.sha256(body).hexdigest().encode()
    return b"os-course-kit trace %d\n" % VERSION + check + b"\n" + body


def unpacked(data: bytes) -> Any:
    """The content of a file."""
    return json.loads(zlib.decompress(data.split(b"\n", 2)[2]))


@examples(7)
@given(worlds())
def test_what_is_saved_is_what_is_loaded(setup: Setup):
    """Every kind of run comes back whole, with the recipe to branch it."""
    trace = setup.run()
    loaded = Trace(decode(encode(trace.record), "run.trace"))
    assert loaded.digest == trace.digest
    assert loaded.record == trace.record
    assert loaded.record.recipe == trace.record.recipe
    assert loaded.metrics() == trace.metrics()
    assert loaded.narrate(trace.end) == trace.narrate(trace.end)


def test_through_a_file(tmp_path: Path):
    """Costs, swap and settings are there again."""
    path = tmp_path / "run.trace"
    trace = full_ram()
    trace.save(path)
    loaded = Trace.load(path)
    assert loaded.settings == trace.settings
    assert loaded.settings.costs.page_in == 5
    assert loaded.at(50).processes[2].swapped == trace.at(50).processes[2].swapped
    assert loaded.branch(at=50).digest == trace.digest


def test_files_that_are_no_traces(tmp_path: Path):
    """Each is refused in one sentence that names the file and what to do."""
    good = encode(lost_update().record)
    cases = {
        "nothing": (b"", "this is not a trace of os-course-kit"),
        "other": (b"GIF89a\n\n", "give a file of Trace.save"),
        "version": (
            good.replace(b"trace %d" % VERSION, b"trace 99", 1),
            f"the trace has version 99 and this kit reads {VERSION}; save the trace again",
        ),
        "short": (good[:-9], "the trace is damaged; save the trace again"),
        "flipped": (good[:-9] + b"x" + good[-8:], "the trace is damaged"),
        "empty": (packed({}), "what is in it is not what this kit writes; save the trace again"),
    }
    for name, (content, words) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(TraceError) as caught:
            Trace.load(path)
        assert str(caught.value).startswith(str(path))
        assert words in str(caught.value)


def test_files_that_are_not_there(tmp_path: Path):
    """A missing file, and a place that cannot be written, are no tracebacks."""
    with pytest.raises(TraceError, match=r"cannot be read .*; check its name"):
        Trace.load(tmp_path / "missing.trace")
    with pytest.raises(TraceError, match=r"cannot be written .*; choose another place"):
        lost_update().save(tmp_path / "no" / "such" / "folder.trace")


def paths(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values inside a content."""
    found = [path]
    items = content.items() if isinstance(content, dict) else ()
    items = enumerate(content) if isinstance(content, list) else items
    for key, value in items:
        found += paths(value, (*path, key))
    return found


CONTENT = unpacked(encode(lost_update().record))
PLACES = paths(CONTENT)[1:]


@given(st.sampled_from(PLACES), st.sampled_from([None, -1, 2.5, "x", [], {}, [[]], {"a": 1}, True]))
def test_content_that_was_tampered_with_is_refused_or_read(place: tuple[Any, ...], value: Any):
    """Whatever stands in it, a file is read or refused by the kit's own error."""
    content = json.loads(json.dumps(CONTENT))
    inside = content
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    try:
        decode(packed(content), "run.trace")
    except TraceError as refused:
        assert str(refused).startswith("run.trace: ")  # noqa: PT017 - it may also be read


def stored(body: bytes) -> bytes:
    """A file of the right form with any compressed body."""
    check = hashlib.sha256(body).hexdigest().encode()
    return b"os-course-kit trace %d\n" % VERSION + check + b"\n" + body


def bomb(size: int, unit: bytes = b"a", before: bytes = b'{"a":"', after: bytes = b'"}') -> bytes:
    """A file of a few kilobytes that unpacks to `size` bytes, made without having them all."""
    squeezer, piece = zlib.compressobj(9), unit * ((1 << 20) // len(unit))
    parts = [squeezer.compress(before)]
    parts += [squeezer.compress(piece) for _ in range(size // len(piece))]
    return stored(b"".join([*parts, squeezer.compress(after), squeezer.flush()]))


BOMBS = {
    "one long text": (bomb(20 << 20), "it unpacks to more than 16 MiB"),
    "a list without end": (bomb(4 << 20, b"0,", b"[", b"0]"), "it unpacks to more than"),
    "lists in lists": (bomb(1 << 20, b"[", b"", b""), "not what this kit writes"),
    "no end": (stored(zlib.compress(b"{}" * 9)[:-6]), "its end is missing"),
    "more behind the end": (
        stored(zlib.compress(b"{}") + b"x"),
        "there is something after its end",
    ),
    "not compressed": (stored(b"{}"), "it cannot be unpacked"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unpacks_to_more_than_a_trace_is_refused_on_the_way(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """No such content is ever held as a whole, and no sentence names what is inside."""
    monkeypatch.setattr(limits, "MOST_BYTES", 16 << 20)
    monkeypatch.setattr(limits, "MOST_VALUES", 1_000_000)
    content, words = BOMBS[name]
    tracemalloc.start()
    try:
        with pytest.raises(TraceError, match=words) as caught:
            decode(content, "run.trace")
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()
    assert "'" not in str(caught.value)
    assert len(content) < 1 << 20


def test_a_file_longer_than_a_trace_is_not_read_as_a_whole(tmp_path: Path):
    """Its length alone says that it is none."""
    path = tmp_path / "long.trace"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(TraceError, match=r"longer than a trace can be \(256 MiB\)"):
        Trace.load(path)


def test_a_run_too_long_for_a_file_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What could not be read again is refused when it is saved, and no file is left."""
    monkeypatch.setattr(limits, "MOST_BYTES", 1000)
    with pytest.raises(TraceError, match="too long for a file; run it with fewer ticks"):
        lost_update().save(tmp_path / "run.trace")
    assert not list(tmp_path.iterdir())


GOOD = encode(lost_update().record)


@given(st.data())
def test_bytes_that_were_changed_are_refused(data: st.DataObject):
    """Flipped, cut off, put in or added behind: the kit's own error, or the same trace."""
    body = bytearray(GOOD.split(b"\n", 2)[2])
    place = data.draw(st.integers(0, len(body) - 1))
    change = data.draw(st.sampled_from(["flip", "cut", "insert", "append"]))
    extra = data.draw(st.binary(min_size=1, max_size=9))
    if change == "flip":
        body[place] ^= extra[0] or 1
    elif change == "cut":
        del body[place:]
    else:
        at = place if change == "insert" else len(body)
        body[at:at] = extra
    whole = data.draw(st.booleans())
    changed = GOOD.split(b"\n", 2)[:2]
    content = stored(bytes(body)) if whole else b"\n".join([*changed, bytes(body)])
    try:
        record = decode(content, "run.trace")
    except TraceError as refused:
        assert re.match(r"run.trace: the trace (is damaged|cannot be read)", str(refused))  # noqa: PT017
    else:
        # What is compressed has bits that mean nothing; only its check sum notices them.
        assert whole
        assert record == lost_update().record


HOSTILE = {
    "cores": (("settings", "cores"), 10**12),
    "page size": (("settings", "page_size"), 3),
    "ram": (("settings", "ram"), 10**30),
    "end": (("end",), 10**100),
    "tick of an event": (("events", "others", 3, 0), 10**9),
    "order of events": (("events", "others", 0, 0), 5),
    "core of overheads": (("events", "overheads"), [[99, ""]]),
    "keys": (("events", "keys"), [[1, -1]]),
    "checkpoints": (("threads", 0, 7), [[0, 0, [1]]]),
    "bursts": (("threads", 0, 6), "AAAAAAAAAAA="),
    "places": (("events", "places"), ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_numbers_that_no_machine_can_have_are_refused(name: str):
    """A length or a tick from a file is never believed without a look."""
    place, value = HOSTILE[name]
    content = json.loads(json.dumps(CONTENT))
    inside = content
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    with pytest.raises(TraceError, match=r"^run\.trace: the trace cannot be read, since"):
        decode(packed(content), "run.trace")
