"""Runs as files for Perfetto: they keep the rules of the format, and lose nothing."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from kit import KitError, Machine, Program, Trace, TraceError
from kit.scenarios import SCENARIOS
from kit.trace.perfetto import entries_of, write_perfetto
from tests.examples import examples
from tests.running import scenario
from tests.strategies import Setup, run_to_the_end
from tests.unit.host.running.logs import real_run
from tests.worlds import worlds

NEEDED = {
    "M": {"name", "args"},
    "X": {"name", "cat", "ts", "dur"},
    "i": {"name", "cat", "ts", "s"},
    "b": {"name", "cat", "ts", "id"},
    "e": {"name", "cat", "ts", "id"},
    "s": {"name", "cat", "ts", "id"},
    "f": {"name", "cat", "ts", "id", "bp"},
}
"""Kind of event -> what the Trace Event Format asks of it, besides pid and tid."""


def check(entries: list[dict[str, Any]]) -> None:
    """Hold the events of a file to the rules of the format."""
    lasting: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    held: dict[tuple[Any, ...], int] = defaultdict(int)
    begun: dict[tuple[str, int], float] = {}
    times = [entry["ts"] for entry in entries if entry["ph"] != "M"]
    assert times == sorted(times)
    for entry in entries:
        assert NEEDED[entry["ph"]] | {"pid", "tid"} <= set(entry), entry
        assert type(entry["pid"]) is int
        assert type(entry["tid"]) is int
        assert entry["ts"] >= 0
        if entry["ph"] == "X":
            assert entry["dur"] > 0
            end = round(entry["ts"] + entry["dur"], 3)
            lasting[entry["pid"], entry["tid"]].append((entry["ts"], end))
        elif entry["ph"] == "i":
            assert entry["s"] in ("g", "p", "t")
        elif entry["ph"] in "be":
            place = entry["cat"], entry["id"], entry["name"]
            held[place] += 1 if entry["ph"] == "b" else -1
            assert held[place] in (0, 1), "a lock is held once at a time"
        elif entry["ph"] == "s":
            begun[entry["cat"], entry["id"]] = entry["ts"]
        elif entry["ph"] == "f":
            assert begun.pop((entry["cat"], entry["id"])) <= entry["ts"]
    assert not any(held.values())
    assert not begun
    for spans in lasting.values():
        for (_, end), (start, _) in zip(sorted(spans), sorted(spans)[1:], strict=False):
            assert end <= start, "the slices of a thread do not overlap"


def named(entries: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the events of a name."""
    return [entry for entry in entries if entry["name"] == name]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_keeps_the_rules(name: str) -> None:
    """Each event has what its kind needs, slices of a thread do not overlap, arrows arrive."""
    check(entries_of(scenario(name)))


@given(world=worlds())
@examples(20)
def test_every_run_keeps_the_rules(world: Setup) -> None:
    """So it is for programs that ask the system for anything, on machines of every kind."""
    check(entries_of(run_to_the_end(world.machine())))


def test_a_thread_is_in_its_lane_and_in_that_of_its_core() -> None:
    """Whoever runs is in both for the same time; who waits is told with what it waits for."""
    trace = scenario("counter_with_lock")
    entries = entries_of(trace)
    running = [(e["ts"], e["dur"], e["args"]["core"]) for e in named(entries, "running")]
    pid = max(trace.history.processes) + 1
    lanes = [
        (e["ts"], e["dur"], e["tid"] - 1) for e in entries if e["pid"] == pid and e["ph"] == "X"
    ]
    assert sorted(running) == sorted(lanes)
    waiting = [e for e in entries if e["name"].startswith("blocked: lock")]
    assert waiting
    assert all(e["args"]["reason"] == "lock" for e in waiting)
    assert {e["args"]["name"] for e in named(entries, "thread_name")} >= {"T1 main", "core 0"}


def test_locks_messages_faults_and_output_are_there() -> None:
    """Each is told by the means that the format has for it."""
    locks = [e for e in entries_of(scenario("counter_with_lock")) if e.get("cat") == "lock"]
    assert {e["name"] for e in locks} == {"lock"}
    messages = [e for e in entries_of(scenario("messages")) if e.get("cat") == "message"]
    assert [e["ph"] for e in messages].count("s") == [e["ph"] for e in messages].count("f") > 0
    faults = [e for e in entries_of(scenario("fault_in_a_thread")) if e.get("cat") == "fault"]
    assert [(e["ph"], e["s"]) for e in faults] == [("i", "t")]
    prints = named(entries_of(scenario("lost_update")), "print")
    assert [e["args"]["text"] for e in prints] == ["count 4\n"]
    assert named(entries_of(scenario("deadlock")), "deadlock")[0]["s"] == "g"


def test_the_file_says_what_a_tick_is(tmp_path: Path) -> None:
    """A simulated tick is a microsecond; a real run has its own time."""
    for made, told, tick in (
        (scenario("lost_update"), "one tick is written as one microsecond", 1000),
        (real_run(), "A real run: a tick is 100 ns", 100),
    ):
        write_perfetto(made, tmp_path / "run.json")
        about = json.loads((tmp_path / "run.json").read_text())["otherData"]
        assert told in about["clock"]
        assert about["tick_in_nanoseconds"] == tick


def test_a_real_run_keeps_the_rules(tmp_path: Path) -> None:
    """A tick of 100 ns is a tenth of a microsecond."""
    entries = entries_of(real_run().trace)
    check(entries)
    assert any(isinstance(entry["ts"], float) for entry in entries)
    path = tmp_path / "run.json"
    write_perfetto(real_run(), path)
    assert json.loads(path.read_text())["traceEvents"] == entries


def test_names_of_users_are_texts(tmp_path: Path) -> None:
    """Whatever a program is called and prints, the file is JSON."""
    machine = Machine()
    machine.launch(Program("\"},]</script>'", "def main(): print('\"}]\\\\')"))
    write_perfetto(machine.run(), tmp_path / "run.json")
    content = json.loads((tmp_path / "run.json").read_text())
    assert named(content["traceEvents"], "process_name")[0]["args"]["name"] == "\"},]</script>'"


@pytest.mark.parametrize(
    ("what", "path", "told"),
    [
        ("text", "run.json", "is no run; give a Trace"),
        (None, "run.json", "is no run; give a Trace"),
        (Trace, 3, "is no run; give a Trace"),
    ],
)
def test_what_is_no_run_is_refused(what: object, path: Any, told: str) -> None:
    """A mistake is told in a sentence."""
    with pytest.raises(TraceError, match=told):
        write_perfetto(what, path)


def test_where_it_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A place that is no file's is a sentence, too."""
    with pytest.raises(KitError, match="folder"):
        write_perfetto(scenario("lost_update"), tmp_path)
    with pytest.raises(TraceError, match="the path is 3"):
        write_perfetto(scenario("lost_update"), 3)  # type: ignore[arg-type]
