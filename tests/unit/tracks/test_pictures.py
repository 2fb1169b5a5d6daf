"""The pictures against the trace they show, at every whole tick."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings

from kit import Trace
from kit.tracks import Picture, address_spaces, cpu, disk, narration, timeline
from kit.tracks.cpu import MOST_CARDS, MOST_ROWS
from tests.unit.tracks.runs import counter, traces

VIEWS = (narration, disk, address_spaces, cpu, timeline)
FEW = settings(max_examples=60, deadline=None)


def texts(picture: Picture, mark: str, tick: float) -> list[str]:
    """What a mark's texts are at a tick."""
    return picture.channels[mark, "text"].at(tick) if (mark, "text") in picture.channels else []


def boxes(picture: Picture, mark: str, tick: float) -> dict[int, tuple[float, ...]]:
    """(left, top, right, bottom) of a mark's rectangles that can be seen at a tick."""
    x, y, seen = (picture.channels[mark, trait].at(tick) for trait in ("x", "y", "opacities"))
    return {
        element: (x[element][0], y[element][0], x[element][1], y[element][1])
        for element, opacity in enumerate(seen)
        if opacity != (0.0,)
    }


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two rectangles have no area in common."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def check_channels(trace: Trace) -> None:
    """Keys are in order, within the run or an effect's length after it, and glides fit between."""
    for lay_out in VIEWS:
        for channel in lay_out(trace).channels.values():
            for keys in channel.keys:
                for (before, _, _), (tick, _, glide) in pairwise(keys):
                    assert before < tick, (lay_out.__name__, channel.mark, channel.trait, keys)
                    assert 0 <= glide <= tick - max(before, 0)
                assert keys[-1][0] <= trace.end + 3


def check_words(trace: Trace) -> None:
    """Every sentence is made of texts that exist, at every tick."""
    for lay_out in VIEWS:
        picture = lay_out(trace)
        for sentence in picture.twin:
            for part in sentence:
                if not isinstance(part, str):
                    mark, trait, element = part
                    assert isinstance(picture.channels[mark, trait].keys[element][-1][1], str)


def check_narration(trace: Trace) -> None:
    """The narration is the trace's own."""
    picture = narration(trace)
    for tick in range(trace.end + 1):
        assert texts(picture, "narration", tick) == [trace.narrate(tick)]


def check_cpu(trace: Trace) -> None:
    """Tokens stand on cores, in the queue and among the blocked as the trace says, each apart."""
    picture = cpu(trace)
    keys = [(e.pid, e.tid) for e in trace.events if e.kind == "thread"]
    for tick in range(trace.end + 1):
        moment = trace.at(tick)
        placed = boxes(picture, "tokens", tick) if keys else {}
        shown = {keys[element]: box for element, box in placed.items()}
        cores = [key for key in moment.cores[:MOST_CARDS] if key is not None]
        ready, blocked = list(moment.ready)[:MOST_ROWS], list(moment.blocked)[:MOST_ROWS]
        assert sorted(shown) == sorted([*cores, *ready, *blocked]), f"tick {tick}"
        tops = [shown[key][1] for key in [*cores, *ready, *blocked]]
        assert tops == sorted(set(tops)), f"tick {tick}: cores, then ready, then blocked, in order"
        assert all(apart(*pair) for pair in combinations(shown.values(), 2))
        names = texts(picture, "token names", tick)
        for element, key in enumerate(keys):
            assert names[element].endswith(f" T{key[1]}") == (key in shown)
        told = texts(picture, "told", tick)
        for core, key in enumerate(moment.cores[:MOST_CARDS]):
            assert told[core].endswith(f" T{key[1]}" if key else "is idle")
        assert told[-2].count(" T") == len(moment.ready)


def check_address_spaces(trace: Trace) -> None:
    """Bands stand for the segments there are, apart from each other, with the globals' values."""
    picture = address_spaces(trace)
    if ("bands", "x") not in picture.channels:
        return
    names = [
        max((key[1] for key in keys), key=len)
        for keys in picture.channels["band names", "text"].keys
    ]
    lefts = [keys[-1][1][0] for keys in picture.channels["bands", "x"].keys]
    owners = dict(zip(sorted(set(lefts)), trace.history.processes, strict=False))
    for tick in range(trace.end + 1):
        moment = trace.at(tick)
        seen = boxes(picture, "bands", tick)
        for one, other in combinations(seen, 2):
            if lefts[one] == lefts[other]:
                assert apart(seen[one], seen[other]), f"tick {tick}: {names[one]}, {names[other]}"
        shown = texts(picture, "band names", tick)
        lines = texts(picture, "lines", tick)
        for left, pid in owners.items():
            process = moment.processes.get(pid)
            segments = {s.name for s in process.segments} if process else set()
            found = {shown[n] for n in range(len(shown)) if lefts[n] == left and shown[n]}
            assert found <= segments, f"tick {tick}: {found - segments} of pid {pid}"
            waiting = {"code", "data"} if process and process.state == "new" else set()
            stacks = sorted(
                (s for s in segments if s.startswith("stack")), key=lambda s: int(s[7:])
            )
            assert {s for s in segments if not s.startswith("stack")} - waiting <= found
            assert len(found & set(stacks)) == len(stacks) or len(stacks) > 1
            if process and "data" in found:
                assert f"count = {process.globals['count']}" in lines, f"tick {tick}"


def check_timeline(trace: Trace) -> None:
    """Each lane's words are its thread's state, bars do not overlap, the playhead tells time."""
    picture = timeline(trace)
    threads = [
        (pid, tid) for pid, process in trace.history.processes.items() for tid in process.threads
    ]
    told = picture.channels["told", "text"]
    for tick in range(trace.end + 1):
        moment = trace.at(tick)
        for lane, text in enumerate(told.at(tick)):
            pid, tid = threads[lane]
            process = moment.processes.get(pid)
            thread = process.threads.get(tid) if process else None
            assert text.split(" ")[0] == (thread.state if thread else ""), f"tick {tick}"
    if ("bars", "x") in picture.channels:
        bars = list(boxes(picture, "bars", 0).values())
        assert all(apart(*pair) for pair in combinations(bars, 2))
    (left, _), (right, _) = (
        picture.channels["playhead", "x"].at(tick)[0] for tick in (0, max(trace.end, 1))
    )
    assert picture.seek == (left, right, trace.end)


def check_texts_apart(trace: Trace) -> None:
    """No two texts of one mark are ever written on the same spot."""
    for lay_out in VIEWS:
        picture = lay_out(trace)
        for mark in (mark for mark in picture.marks if mark.kind == "texts"):
            if mark.name in ("pointers", "faults"):
                continue  # two stack pointers may meet, and two faults end one process
            for tick in range(trace.end + 1):
                x, y = (picture.channels[mark.name, trait].at(tick) for trait in ("x", "y"))
                written = texts(picture, mark.name, tick)
                spots = [(x[n], y[n]) for n in range(len(written)) if written[n]]
                assert len(set(spots)) == len(spots), f"{lay_out.__name__}, {mark.name}, {tick}"


CHECKS = (
    check_channels,
    check_words,
    check_narration,
    check_cpu,
    check_address_spaces,
    check_timeline,
    check_texts_apart,
)


@pytest.mark.parametrize("check", CHECKS)
def test_counter(check):
    """The run of the first lesson is shown as it happened."""
    check(counter())


@pytest.mark.parametrize("check", CHECKS)
def test_random_runs(check):
    """A random run is shown as it happened."""
    FEW(given(trace=traces())(check))()
