"""The timeline against the trace it shows, in all its forms."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from kit import Limits, Program, Trace
from kit.scenarios import SCENARIOS
from kit.trace.passing import BIRTH, KILL, MESSAGE, Arrow, find_arrows
from kit.tracks import Picture
from kit.tracks.timelines.bars import find_bars
from kit.tracks.timelines.lanes import arrange_lanes
from kit.tracks.timelines.timeline import timeline
from tests.examples import examples
from tests.unit.tracks.runs import counter, run, traces

FORMS = [(lanes, direction) for lanes in ("thread", "core") for direction in ("right", "down")]
FEW = examples(30)
HIDDEN = "transparent"
ENDLESS = """
count = 0
def worker(n):
    global count
    while True:
        count += n
def main():
    for i in range({threads}):
        t = spawn(worker, i)
    worker(3)
"""


@cache
def scenario(name: str) -> Trace:
    """The run of a scenario."""
    return SCENARIOS[name]()


def endless(threads: int, ticks: int, cores: int = 1) -> Trace:
    """Threads that never end, until the run is stopped."""
    program = Program("endless", ENDLESS.format(threads=threads - 1))
    return run(program, cores=cores, limits=Limits(ticks=ticks))


def zoom_of(picture: Picture) -> dict[str, Any]:
    """What a timeline hands to its zoom."""
    return next(mark.fixed for mark in picture.marks if mark.kind == "zoom")


def filled(picture: Picture, ticks: int) -> list[list[tuple[str, str]]]:
    """For each lane and each tick, kind and text of the bar that lasts from there on."""
    zoom = zoom_of(picture)
    found = [[("", "")] * ticks for _ in zoom["lanes"]]
    for start, end, lane, look in np.frombuffer(zoom["boxes"], "<f4").reshape(-1, 4):
        shown = zoom["looks"][int(look)]
        for tick in range(int(start), int(end)):
            assert found[int(lane)][tick] == ("", ""), f"two bars in lane {lane} at tick {tick}"
            found[int(lane)][tick] = shown["kind"], shown["text"]
    return found


def notes_of(picture: Picture) -> list[tuple[int, str]]:
    """(tick, text) of every note, which is hidden before its tick."""
    found = [(note[0], note[1]) for note in zoom_of(picture)["notes"]]
    for element, (tick, _) in enumerate(found):
        keys = picture.channels["notes", "colors"].keys[element]
        assert [(at, color == HIDDEN) for at, color, _ in keys] == [(-1.0, True), (tick, False)]
    return found


def check_threads(trace: Trace) -> None:
    """Every lane shows the state of its thread at every tick."""
    picture = timeline(trace)
    lanes = arrange_lanes(trace, "thread", "right")
    found = filled(picture, trace.end)
    for (pid, tid), lane in lanes.keys.items():
        steps = trace.history.processes[pid].threads[tid].state
        for tick in range(trace.end):
            state = steps.at(tick)
            assert found[lane][tick][0] == ("" if state == "terminated" else state), (lane, tick)


def check_cores(trace: Trace) -> None:
    """Every lane shows which thread its core ran at every tick, or that the system took it."""
    picture = timeline(trace, lanes="core")
    found = filled(picture, trace.end)
    for core, steps in enumerate(trace.history.cores):
        times = trace.record.events.overheads.get(core, ())
        system = {t for a, b in zip(times[0::2], times[1::2], strict=True) for t in range(a, b)}
        for tick in range(trace.end):
            kind, text = found[core][tick]
            key = steps.at(tick)
            if key is None:
                assert kind == "", (core, tick)
            elif tick in system:
                assert kind in ("switch", "system"), (core, tick)
            else:
                assert kind == "running", (core, tick)
                assert text.endswith(f" T{key[1]}"), (core, tick)


@pytest.mark.parametrize("name", SCENARIOS)
def test_lanes_of_every_scenario(name):
    """In every scenario the bars say what the trace says."""
    check_threads(scenario(name))
    check_cores(scenario(name))


@pytest.mark.parametrize("check", [check_threads, check_cores])
def test_lanes_of_random_runs(check):
    """In a random run the bars say what the trace says."""
    FEW(given(trace=traces())(check))()


@pytest.mark.parametrize(("lanes", "direction"), FORMS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_form_stays_in_its_picture(name, lanes, direction):
    """Lanes stand apart, behind the names, and within the picture."""
    picture = timeline(scenario(name), lanes=lanes, direction=direction)
    zoom = zoom_of(picture)
    edges = [edge for lane in zoom["lanes"] for edge in lane]
    assert edges == sorted(edges)
    assert edges[-1] < (picture.width if direction == "down" else picture.height)
    assert picture.time is not None
    assert picture.time.axis == ("y" if direction == "down" else "x")
    assert picture.time.start == zoom["start"] > 0
    first, last = picture.time.bounds(picture.height if direction == "down" else picture.width)
    assert first < 0 < picture.time.end < last
    axis = picture.time.axis
    end = max(scenario(name).end, 1)
    for tick in (0, end):
        assert picture.channels["playhead", axis].at(tick) == [(tick, tick)]
        assert picture.channels["zoom", "now"].at(tick) == [(tick,)]
        assert picture.channels["future", axis].at(tick)[0][0] == tick
    assert picture.channels["future", "opacities"].at(end - 1) == [(1.0,)] * 2
    assert picture.channels["future", "opacities"].at(end) == [(0.0,)] * 2


def test_lanes_are_grouped_by_process():
    """A process's lanes stand together, with its name and pid; exec shows both programs."""
    picture = timeline(scenario("exec_keeps_the_pid"))
    assert picture.channels["titles", "text"].at(0) == ["shell", "shell → sum"]
    assert picture.channels["pids", "text"].at(0) == ["pid 2", "pid 3"]
    assert picture.channels["names", "text"].at(0) == ["T1", "T1", "T2"]
    names = timeline(scenario("several_cores"), lanes="core").channels["names", "text"].at(0)
    assert names == ["core 0", "core 1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lanes", "direction", "said"),
    [
        ("thread", "right", "and 7 more threads"),
        ("thread", "down", "and 47 more threads"),
        ("core", "down", "and 40 more cores"),
    ],
)
def test_what_has_no_lane_is_counted(lanes, direction, said):
    """Where there are more threads or cores than lanes, the picture says how many."""
    trace = endless(71, 900, cores=64)
    assert said in legend_of(timeline(trace, lanes=lanes, direction=direction))


def legend_of(picture: Picture) -> list[str]:
    """What a timeline says of its looks."""
    (zoom,) = [mark for mark in picture.marks if mark.name == "zoom"]
    found: list[str] = zoom.fixed["legend"]
    return found


def arrows_of(name: str, kind: str) -> list[Arrow]:
    """The arrows of a scenario, of one kind."""
    return [arrow for arrow in find_arrows(scenario(name).history) if arrow.kind == kind]


def test_arrows_stand_for_what_passes_between_threads():
    """Messages, calls, pipes, new threads, forks and kills each have their arrows."""
    sent = [(a.sent, a.came, a.text) for a in arrows_of("messages", MESSAGE)]
    assert sent == [(19, 19, "send 1"), (39, 52, "send 2"), (59, 76, "send 3")]
    calls = [a.text for a in arrows_of("procedure_call", MESSAGE)]
    assert calls[:4] == ["call 1", "reply 1", "call 2", "reply 4"]
    pipes = arrows_of("pipe_between_processes", MESSAGE)
    assert [a.text for a in pipes] == ["pipe 10", "pipe 20", "pipe 30"]
    assert {(a.source, a.target) for a in pipes} == {((3, 1), (2, 1))}
    spawned = [(a.sent, a.source, a.target) for a in arrows_of("lost_update", BIRTH)]
    creations = [e for e in scenario("lost_update").events if e.kind == "thread"]
    assert spawned == [
        (e.tick, (e.pid, e.details["creator"]), (e.pid, e.tid))
        for e in creations
        if e.details["creator"]
    ]
    killed = arrows_of("kill_a_process", KILL)
    assert [(a.source, a.target, a.came) for a in killed] == [((2, 1), (3, 1), 36)]


def test_words_arrive_in_the_order_in_which_they_were_sent():
    """Several words that wait in a mailbox each have the arrow of their own sending."""
    sender = "def main():\n    for i in range(4):\n        send(3, i)"
    receiver = "def main():\n    sleep(60)\n    for i in range(4):\n        word = recv()"
    trace = run(Program("sender", sender), Program("receiver", receiver))
    sent = [e.tick for e in trace.events if e.kind == "send"]
    received = [e.tick for e in trace.events if e.kind == "receive"]
    assert max(sent) < min(received)
    arrows = [arrow for arrow in find_arrows(trace.history) if arrow.kind == MESSAGE]
    assert [(a.sent, a.came) for a in arrows] == list(zip(sent, received, strict=True))
    assert [a.text for a in arrows] == [f"send {n}" for n in range(4)]


@pytest.mark.parametrize("name", SCENARIOS)
def test_arrows_go_between_threads_that_are_there(name):
    """No arrow begins before its thread exists, and none arrives before it was sent."""
    trace = scenario(name)
    for arrow in find_arrows(trace.history):
        assert arrow.sent <= arrow.came
        for (pid, tid), tick in ((arrow.source, arrow.sent), (arrow.target, arrow.came)):
            assert trace.history.processes[pid].threads[tid].state.at(tick) != ""


@pytest.mark.parametrize("lanes", ["thread", "core"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_faults_ends_and_deadlocks_are_marked(name, lanes):
    """Each fault, each end of a process by itself or by force, and each deadlock has its mark."""
    trace = scenario(name)
    notes = notes_of(timeline(trace, lanes=lanes))
    for event in trace.events:
        if event.kind == "fault":
            assert (event.tick, f"✕ {event.details['fault']}") in notes
        if event.kind == "deadlock":
            assert (event.tick, "◆ deadlock") in notes
        if event.kind == "exec":
            assert (event.tick, f"↻ exec {event.details['program']}") in notes
        if event.kind == "exit" and event.details["reason"] == "exit":
            assert (event.tick, f"■ exit {event.details['exit_code']}") in notes
        if event.kind == "exit" and event.details["reason"] == "killed" and lanes == "thread":
            assert (event.tick, "■ killed") in notes


def test_too_many_arrows_are_left_out_and_counted():
    """A run with very many messages shows the first ones, and says how many it leaves out."""
    sender = "def main():\n    for i in range(260):\n        send(3, i)"
    receiver = "def main():\n    for i in range(260):\n        word = recv()"
    trace = run(Program("sender", sender), Program("receiver", receiver))
    picture = timeline(trace)
    received = sum(event.kind == "receive" for event in trace.events)
    assert f"{received - 200} later arrows not drawn" in legend_of(picture)
    assert len(picture.channels["heads", "text"].at(0)) == 200


@pytest.mark.slow
def test_long_runs_keep_their_bars():
    """Ten thousand ticks keep every bar; a hundred times as many give every look its share."""
    trace = endless(4, 10_000)
    lanes = arrange_lanes(trace, "thread", "right")
    bars, step = find_bars(trace, lanes)
    assert step == 1
    assert len(bars) > 4000
    program = Program("endless", ENDLESS.format(threads=1))
    long = run(program, quantum=1, limits=Limits(ticks=90_000))
    merged, step = find_bars(long, arrange_lanes(long, "thread", "right"))
    assert step > 1
    assert len(merged) < 60_000
    states = [thread.state for thread in long.history.processes[2].threads.values()]
    ran = sum(
        end - start
        for steps in states
        for (start, state), end in zip(steps, [*steps.ticks[1:], long.end], strict=True)
        if state == "running"
    )
    assert sum(bar.end - bar.start for bar in merged if bar.kind == "running") == ran


@pytest.mark.parametrize("lanes", ["thread", "core"])
def test_words_say_what_the_lanes_show(lanes):
    """The twin tells state and core of every lane, and what was marked last."""
    trace = scenario("messages")
    picture = timeline(trace, lanes=lanes)
    for tick in range(trace.end + 1):
        told = picture.channels["told", "text"].at(tick)
        if lanes == "core":
            key = trace.at(tick).running[0]
            assert told[0].startswith(f"runs T{key[1]} of " if key else "idle since")
        else:
            states = [
                t.state for p in trace.at(tick).processes.values() for t in p.threads.values()
            ]
            assert [text.split(" ")[0] for text in told if text] == states
    if lanes == "thread":
        said = "at tick 52: T1 of sender (pid 3) sends 2 to T1 of receiver (pid 2)"
        assert picture.channels["latest", "text"].at(55) == [said]


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("lanes", ["thread", "core"])
def test_a_longer_axis(lanes, direction):
    """An axis may go on behind the end of the run, and the playhead with it; never end before."""
    trace = counter()
    longer = timeline(trace, lanes=lanes, direction=direction, until=150)
    axis = "y" if direction == "down" else "x"
    assert longer.time is not None
    assert longer.time.end == 150
    assert longer.channels["playhead", axis].at(150) == [(150.0, 150.0)]
    shorter = timeline(trace, lanes=lanes, direction=direction, until=5)
    assert shorter.time == timeline(trace, lanes=lanes, direction=direction).time


@pytest.mark.parametrize("lanes", ["thread", "core"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_what_tells_of_the_future_has_a_birth(lanes, direction):
    """Each mark that a question may hide says since when each of its elements may be seen."""
    trace = scenario("exec_keeps_the_pid")
    picture = timeline(trace, lanes=lanes, direction=direction)
    for mark, ticks in picture.births.items():
        trait = "text" if (mark, "text") in picture.channels else "opacities"
        channel = picture.channels.get((mark, trait)) or picture.channels[mark, "x"]
        assert len(ticks) == channel.elements, mark
    assert set(picture.births["zoom"]) == {trace.end + 1}
    if lanes == "thread":
        launched = [process.launched for process in trace.history.processes.values()]
        assert sorted(picture.births["pids"]) == sorted(launched)
        assert len(set(picture.births["names"])) > 1


@pytest.mark.parametrize(("lanes", "direction"), FORMS)
def test_the_point_of_no_return_is_a_dashed_line_with_words(lanes: str, direction: str):
    """What follows it is shaded; the legend and the text say what decided it."""
    trace = SCENARIOS["lost_update"]()
    plain = timeline(trace, lanes=lanes, direction=direction)
    assert not {"lost", "no return"} & {mark.name for mark in plain.marks}
    trace.no_return = 40, "Up to tick 40 it could still end well."
    picture = timeline(trace, lanes=lanes, direction=direction)
    line = next(mark for mark in picture.marks if mark.name == "no return")
    assert line.fixed["dashed"]
    axis = "y" if direction == "down" else "x"
    assert picture.channels["no return", axis].at(0) == [(41.0, 41.0)]
    assert picture.channels["lost", axis].at(0) == [(41.0, float(trace.end))]
    assert "dashed line: Up to tick 40 it could still end well." in legend_of(picture)
    assert any("40 it could still end well" in text for text in picture.told(40))
