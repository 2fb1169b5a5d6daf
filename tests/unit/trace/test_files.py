"""Traces as files: what was saved is what is loaded, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import Trace, TraceError
from kit.scenarios import full_ram, lost_update
from kit.trace.codec import VERSION, decode, encode
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


@settings(max_examples=settings.default.max_examples // 4)
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
    assert loaded.at(50).processes[1].swapped == trace.at(50).processes[1].swapped
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
        "empty": (packed({}), "the trace cannot be read"),
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
