"""Real runs in files: what is saved is read again, and nothing else is taken for it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import KitError
from kit.host import HostError, HostTrace, read_trace
from kit.host.reading.chrome import read_chrome
from tests.examples import examples
from tests.unit.host.reading.test_sched import DATA
from tests.unit.host.running.logs import logs, real_run


def kept(run: HostTrace) -> HostTrace:
    """Save a run, and load it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        run.save(path)
        return HostTrace.load(path)


def check(run: HostTrace) -> None:
    """Hold a run that was loaded to the one that was saved."""
    again = kept(run)
    names = {one.name: one.text for one in run.programs.values()}
    assert {one.name: one.text for one in again.programs.values()} == names
    for name in ("events", "exit_codes", "signals", "globals", "real_pids", "nanoseconds"):
        assert getattr(again, name) == getattr(run, name), name
    for name in ("stopped", "ends", "usages", "cores", "way"):
        assert getattr(again, name) == getattr(run, name), name
    assert again.trace.events == run.trace.events
    assert again.trace.digest == run.trace.digest


@given(log=logs(), late=st.booleans())
@examples(20)
def test_every_run_is_the_same_again(log: str, late: bool) -> None:
    """All that is known of it, and the trace that is made of it."""
    check(real_run(log=log, late=late))


def test_arrays_signals_and_recordings_are_kept() -> None:
    """So are values of arrays, how a process ended, and what was read from another program."""
    check(real_run())
    assert kept(real_run()).globals == {3: {"log": (1, 2)}}
    check(real_run(ends={"2": [-9, 2900, 300, 4, 5, 60]}))
    check(read_trace(DATA / "ftrace.txt"))
    check(read_trace(DATA / "chrome.json"))
    # Some programs number their processes as no system does.
    slices = [{"ph": "X", "pid": pid, "tid": 1, "ts": 0, "dur": 5} for pid in (-1, 7, 10**30)]
    odd = read_chrome(json.dumps(slices), "t.json").host_trace()
    assert sorted(odd.real_pids.values()) == [7]
    check(odd)


def test_the_file_is_small_and_has_a_line_for_each_event(tmp_path: Path) -> None:
    """So that a change of it can be read beside a lesson."""
    run = real_run()
    run.save(tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text()
    assert len(text) < 4000
    assert sum(line.startswith("    [") for line in text.splitlines()) == len(run.events)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "run.json: .*; save the run again"),
        ("[" * 100_000, "run.json: this is no JSON of a real run"),
        ("[]", "this is no real run; give a file of HostTrace.save"),
        ('{"format": "os-course-kit real run", "version": 99}', "another version of the kit"),
    ],
)
def test_what_is_no_run_is_told(text: str, told: str, tmp_path: Path) -> None:
    """A sentence says which file, and what to do."""
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(HostError, match=told):
        HostTrace.load(tmp_path / "run.json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("way", "cobol"),
        ("cores", 0),
        ("nanoseconds", "long"),
        ("stopped", 3),
        ("programs", 7),
        ("programs", [["a", "python"]]),
        ("processes", [3]),
        ("processes", [{"pid": -1}]),
        ("processes", [{"pid": 2, "real_pid": 1, "exit_code": "x"}]),
        ("processes", [{"pid": 2, "real_pid": 1, "end": [1]}]),
        ("processes", [{"pid": 2, "real_pid": 1, "globals": 3}]),
        ("processes", [{"pid": 2, "real_pid": 1, "globals": {"a": 0.5}}]),
        ("events", [3]),
        ("events", [[1, 2, 1, 0, "begin"]]),
        ("events", [[-1, 2, 1, 0, "begin", "counter"]]),
        ("events", [[1, 2, 1, 0, "begin", "counter"], [2, 2, 1, 0, "sleep", "long"]]),
    ],
)
def test_what_cannot_be_so_is_told(name: str, value: Any, tmp_path: Path) -> None:
    """Each part of a file is looked at before anything is made of it."""
    path = tmp_path / "run.json"
    real_run().save(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, name: value}))
    with pytest.raises(HostError, match=r"run\.json: .* cannot be so; save the run again"):
        HostTrace.load(path)


def test_an_array_in_a_thousand_arrays_is_told(tmp_path: Path) -> None:
    """What the reader of JSON takes may be too deep for what looks at the values."""
    path = tmp_path / "run.json"
    real_run().save(path)
    deep = "[" * 600 + "]" * 600
    changed = path.read_text().replace('"globals": {"log": [1, 2]}', f'"globals": {{"a": {deep}}}')
    path.write_text(changed)
    assert deep in changed
    with pytest.raises(HostError, match=r"run\.json: it is nested too deeply"):
        HostTrace.load(path)


def test_a_program_that_is_none_is_told(tmp_path: Path) -> None:
    """Its text is compiled, and never executed."""
    path = tmp_path / "run.json"
    real_run().save(path)
    content = json.loads(path.read_text())
    content["programs"] = [["counter", "python", "import os"]]
    path.write_text(json.dumps(content))
    with pytest.raises(KitError, match="counter"):
        HostTrace.load(path)


def test_where_there_is_no_file_is_told(tmp_path: Path) -> None:
    """So are a folder, and what is no path."""
    with pytest.raises(KitError, match=r"gone\.json"):
        HostTrace.load(tmp_path / "gone.json")
    with pytest.raises(KitError, match="the path is 3"):
        HostTrace.load(3)  # type: ignore[arg-type]
    with pytest.raises(KitError, match="the path is None"):
        real_run().save(None)  # type: ignore[arg-type]
    with pytest.raises(KitError, match="folder"):
        real_run().save(tmp_path)


@given(cut=st.integers(1, 2500), put=st.sampled_from(["", "9", "-", '"', "[", "null"]))
@examples(60)
def test_damage_is_read_or_told(cut: int, put: str) -> None:
    """Whatever is changed in it, there is a run with its sentences, or a sentence."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        real_run().save(path)
        text = path.read_text()
        path.write_text(text[:cut] + put + text[cut + 1 :])
        try:
            run = HostTrace.load(path)
        except KitError as error:
            told = str(error)
        else:
            told = run.trace.narrate(run.trace.end)
    assert told
