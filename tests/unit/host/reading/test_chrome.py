"""The JSON of Perfetto and Chrome: what is shown of it, and what of damaged and hostile files."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import KitError
from kit.host import HostError, read_trace
from kit.host.reading.chrome import read_chrome
from kit.scenarios import lost_update
from kit.trace.perfetto import MADE_BY, write_perfetto
from tests.examples import examples
from tests.unit.host.reading.test_sched import DATA, states

ORDER = "t.json: the order of its events cannot be so"
SLICE = {"ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 5, "name": "a", "cat": "b"}


def read(content: Any, **more: Any) -> Any:
    """Return what a file of this content is read as."""
    return read_chrome(json.dumps(content), "t.json", **more).host_trace()


def ours(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return a file that says that the kit has written it."""
    return {"otherData": {"made_by": MADE_BY}, "traceEvents": [*entries]}


def state(start: float, dur: float, name: str, **args: Any) -> dict[str, Any]:
    """Return the slice of a state, as the kit writes it."""
    place = {"ph": "X", "pid": 2, "tid": 1, "ts": start, "dur": dur, "cat": "state", "name": name}
    return place | {"args": {"state": name, **args}}


def mark(time: float, cat: str, name: str) -> dict[str, Any]:
    """Return an event of the same thread, as the kit writes it."""
    return {"ph": "i", "s": "t", "pid": 2, "tid": 1, "ts": time, "cat": cat, "name": name}


def test_a_file_of_chrome_is_read() -> None:
    """A thread runs while anything of it lasts, and sleeps in between; pid 1 is renumbered."""
    run = read_trace(DATA / "chrome.json")
    assert run.real_pids == {2: 1, 7: 7}
    assert [(*one[:2],) for one in states(run, 2, 1)] == [
        (0, "running"),
        (30, "blocked"),
        (60, "running"),
    ]
    assert [(*one[:2],) for one in states(run, 2, 2)] == [(5, "running"), (25, "blocked")]
    processes = run.trace.history.processes
    assert [p.program.name for p in processes.values()] == ["Browser", "process 7"]
    assert processes[2].threads[2].function == "compositor"


def test_an_object_and_texts_for_numbers_are_read() -> None:
    """Perfetto writes an object; ids may be texts, and times texts that are numbers."""
    entries = [SLICE | {"pid": "web", "tid": "io", "ts": "10.5"}, SLICE | {"tid": 3}]
    run = read({"traceEvents": entries, "displayTimeUnit": "ns"})
    assert len(run.exit_codes) == 2
    assert run.nanoseconds == 15_500


def test_what_is_open_at_the_end_lasts_until_then() -> None:
    """A begin without an end lasts to the end; an end without a begin counts for nothing."""
    begin = {"ph": "B", "pid": 5, "tid": 5, "ts": 1, "name": "a"}
    end = {"ph": "E", "pid": 5, "tid": 5, "ts": 0}
    run = read([end, begin, SLICE | {"dur": 9}])
    assert [one[:2] for one in states(run, 5)] == [(1, "running")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "line 1, column 2: this is no JSON"),
        ("[{", "line 1, column 3: this is no JSON"),
        ('{"a": 1}', "there is no list 'traceEvents'"),
        ('{"traceEvents": {}}', "there is no list 'traceEvents'"),
        ("[]", "no thread of it ever runs"),
        ("[3]", "event 1 of traceEvents: 3 is no event"),
        ('[{"ph": "Z"}]', "event 1 .*: its 'ph' is 'Z'"),
        ('[{"ph": 7}]', "event 1 .*: its 'ph' is 7"),
        ('[{"ph": "X", "pid": 1, "tid": 1}]', "event 1 .*: its 'ts' is None; give a time"),
        ('[{"ph": "X", "pid": 1, "tid": 1, "ts": "x"}]', "event 1 .*: its 'ts' is 'x'"),
        ('[{"ph": "X", "pid": 1, "tid": 1, "ts": 1e300}]', r"event 1 .*: its 'ts' is 1e\+300"),
        (
            '[{"ph": "X", "pid": 1, "tid": 1, "ts": ' + "9" * 400 + "}]",
            "event 1 .*: its 'ts' is 99",
        ),
        ('[{"ph": "X", "pid": 1, "tid": 1, "ts": NaN}]', "NaN is no number of JSON"),
        ('[{"ph": "X", "pid": 1, "tid": 1, "ts": "nan"}]', "event 1 .*: its 'ts' is 'nan'"),
        ('[{"ph": "X", "pid": 1, "tid": 1, "ts": true}]', "event 1 .*: its 'ts' is True"),
        ('[{"ph": "X", "pid": 1, "tid": 1, "ts": 1, "dur": -3}]', "event 1 .*: its 'dur' is -3"),
        ('[{"ph": "X", "pid": [], "tid": 1, "ts": 1}]', r"event 1 .*: its 'pid' is \[\]"),
        ('[{"ph": "X", "pid": 1, "tid": 1.5, "ts": 1}]', "event 1 .*: its 'tid' is 1.5"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "9" * 5000 + "]", "Exceeds the limit"),
    ],
)
def test_damaged_files_are_told(content: str, told: str, tmp_path: Path) -> None:
    """A sentence says which file, which event, what was found and what to do."""
    (tmp_path / "t.json").write_text(content)
    with pytest.raises(HostError, match=told) as found:
        read_trace(tmp_path / "t.json")
    assert str(found.value).startswith("t.json: ")


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([state(0, 5, "asleep")], "event 1 .*: its state is 'asleep'"),
        ([state(0, 5, "running", core=-7)], "its core is -7"),
        ([state(0, 5, "running", core="x")], "its core is 'x'"),
        ([state(0, 5, "running"), state(3, 5, "ready")], "event 2 .*: its thread is in another"),
        ([state(0, 5, "blocked", reason="tea")], "it waits for 'tea', number 0"),
        ([state(0, 5, "blocked", reason="lock", detail="x")], "it waits for 'lock', number 'x'"),
        ([state(0, 5, "running") | {"pid": "a"}], "its 'pid' is 'a'"),
        ([state(-9, 5, "running")], "event 1 .*: its 'ts' is -9; give 0 or more"),
        ([state(0, 5, "running"), mark(5, "thread", "thread ends"), state(7, 2, "ready")], ORDER),
        ([state(0, 5, "running"), mark(5, "process", "exit"), state(7, 2, "ready")], ORDER),
    ],
)
def test_a_file_that_only_says_that_it_is_ours_is_told(entries: Any, told: str) -> None:
    """What the kit would not have written is refused."""
    with pytest.raises(HostError, match=told):
        read(ours(*entries))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\x17\x08\x44tracing", "a file of trace-cmd, .*: trace-cmd report FILE"),
        (b"PERFILE2", "a file of perf, .*: perf sched script -i FILE"),
        (b"\x1f\x8b", "that gzip has packed"),
        (b"PK\x03\x04", "a zip file"),
        (b"\x0a\x9f\x01", "a file of Perfetto, .*: traceconv json"),
        (b"caf\xe9", "byte 3 is no UTF-8"),
    ],
)
def test_files_that_are_no_text_are_told(raw: bytes, told: str, tmp_path: Path) -> None:
    """A binary file is recognised, and what makes a text of it is named."""
    (tmp_path / "t").write_bytes(raw)
    with pytest.raises(HostError, match=told):
        read_trace(tmp_path / "t")


def test_where_there_is_no_file_is_told(tmp_path: Path) -> None:
    """So are a folder, and what is no path or no list of names."""
    with pytest.raises(KitError, match=r"gone\.json"):
        read_trace(tmp_path / "gone.json")
    with pytest.raises(KitError, match="folder"):
        read_trace(tmp_path)
    with pytest.raises(KitError, match="the path is 3"):
        read_trace(3)  # type: ignore[arg-type]
    with pytest.raises(KitError, match="names is 'make'"):
        read_trace(tmp_path, names="make")


ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "ph": st.sampled_from("XBEiM"),
        "pid": st.integers(-1, 3),
        "tid": st.integers(-1, 3),
        "ts": st.integers(-5, 50) | st.floats(-5, 50),
        "dur": st.integers(0, 9),
        "cat": st.sampled_from(["state", "process", "thread", "output", "fault"]),
        "name": st.sampled_from(
            ["process_name", "thread begins", "thread ends", "fork", "exec", "exit", "reaped", "x"]
        ),
        "args": st.fixed_dictionaries(
            {},
            optional={
                "state": st.sampled_from(["new", "running", "ready", "blocked"]),
                "core": st.integers(-1, 70),
                "parent": st.integers(0, 3),
                "by": st.integers(0, 3),
                "name": st.text(max_size=3),
                "program": st.text(max_size=3),
                "exit_code": st.integers(0, 300),
                "signal": st.sampled_from(["SIGKILL", "x"]),
                "fault": st.sampled_from(["segmentation fault", "x"]),
                "reason": st.sampled_from(["lock", "sleep", "x"]),
            },
        ),
    },
)


@given(entries=st.lists(ENTRIES, max_size=12), made_by=st.sampled_from([MADE_BY, ""]))
@examples(200)
def test_any_file_is_read_or_told(entries: Any, made_by: str) -> None:
    """Whatever events are in it, there is a run with a sentence for each tick, or one for all."""
    try:
        run = read({"otherData": {"made_by": made_by}, "traceEvents": entries})
    except KitError as error:
        told = str(error)
    else:
        told = f"t.json: {run}"
        trace = run.trace
        assert all(trace.narrate(tick) for tick in (0, trace.end // 2, trace.end))
        assert trace.metrics().totals["busy"] >= 0
    assert told.startswith("t.json: ")


@given(cut=st.integers(1, 9000))
@examples(20)
def test_a_file_that_is_cut_off_is_told(cut: int) -> None:
    """What the kit has written is an object, so that its end is missed."""
    with pytest.raises(HostError, match="this is no JSON"):
        read_chrome(_written()[:-cut], "t.json")


def _written() -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        write_perfetto(lost_update(), path)
        return path.read_text().rstrip()
