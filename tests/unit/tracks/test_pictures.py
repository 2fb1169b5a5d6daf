"""The pictures against the trace they show, at every whole tick."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given

from kit import Trace
from kit.tracks import address_spaces, cpu, disk, narration, process_table, timeline
from kit.tracks.processor.cpu_layout import MOST_BLOCKED, MOST_READY, Layout
from tests.unit.tracks.looks import apart, boxes, texts
from tests.unit.tracks.memory.address_space_checks import check_address_spaces
from tests.unit.tracks.runs import counter, traces

DRAWN = (narration, disk, address_spaces, cpu, timeline)
"""What is drawn, but for the frames: no table, and no widget of its own."""


def check_channels(trace: Trace) -> None:
    """Keys are in order, within the run or an effect's length after it, and glides fit between."""
    for lay_out in DRAWN:
        for channel in lay_out(trace).channels.values():
            for keys in channel.keys:
                for (before, _, _), (tick, _, glide) in pairwise(keys):
                    assert before < tick, (lay_out.__name__, channel.mark, channel.trait, keys)
                    assert 0 <= glide <= tick - max(before, 0)
                assert keys[-1][0] <= trace.end + 3


def check_words(trace: Trace) -> None:
    """Every sentence is made of texts that exist, at every tick."""
    for lay_out in DRAWN:
        picture = lay_out(trace)
        for sentence in picture.text_alternative:
            for part in sentence:
                if not isinstance(part, str):
                    mark, trait, element = part
                    assert isinstance(picture.channels[mark, trait].keys[element][-1][1], str)


def check_narration(trace: Trace) -> None:
    """The narration is the trace's own."""
    picture = narration(trace)
    for tick in range(trace.end + 1):
        told = trace.narration(tick)
        assert texts(picture, "narration", tick) == [told.first]
        assert texts(picture, "details", tick) == ["\n".join(told.details)]


def check_cpu(trace: Trace) -> None:
    """Tokens stand on cores, in the queue and among the blocked as the trace says, each apart."""
    picture, layout = cpu(trace), Layout(trace, "few")
    came: dict[tuple[int, int], int] = {}
    blocks = [(e.tick, (e.pid, e.tid)) for e in trace.events if e.kind == "block"]
    for tick in range(trace.end + 1):
        came |= {key: n for n, (when, key) in enumerate(blocks) if when == tick}
        moment = trace.at(tick)
        ready = list(moment.ready)[:MOST_READY]
        blocked = sorted(moment.blocked, key=lambda key: came[key])[:MOST_BLOCKED]
        places = {layout.on_core(c).box: key for c, key in enumerate(moment.running) if key}
        places |= {layout.ready(number).box: key for number, key in enumerate(ready)}
        places |= {layout.blocked(number).box: key for number, key in enumerate(blocked)}
        placed = boxes(picture, "tokens", tick) if layout.keys else {}
        names = texts(picture, "token names", tick)
        found = {box: names[element] for element, box in placed.items()}
        short = layout.characters < 9 and layout.compact
        wanted = {
            box: layout.name(key, short and box[1] < layout.queue_top)
            for box, key in places.items()
        }
        assert found == wanted, f"tick {tick}"
        assert len(placed) == len(found), f"tick {tick}: two tokens on one spot"
        assert all(apart(*pair) for pair in combinations(found, 2))
        told = texts(picture, "told", tick)
        for core, key in enumerate(moment.running):
            nothing = "" if layout.compact else "is idle"
            assert told[core].endswith(f" T{key[1]}" if key else nothing)
        more = f"and {len(moment.ready) - 8} more" if len(moment.ready) > 8 else ""
        assert told[-2].count(" T") == min(len(moment.ready), 8)
        assert told[-2].endswith(more)


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
    zoom = next(mark for mark in picture.marks if mark.kind == "zoom")
    bars = sorted((lane, start, end) for start, end, lane, _ in drawn_bars(zoom.fixed["boxes"]))
    assert all(one[0] < other[0] or one[2] <= other[1] for one, other in pairwise(bars))
    for tick in (0, max(trace.end, 1)):
        assert picture.channels["playhead", "x"].at(tick) == [(tick, tick)]


def drawn_bars(boxes: bytes) -> list[tuple[float, ...]]:
    """(start, end, lane, look) of the bars that a timeline hands to its zoom."""
    return [tuple(row) for row in np.frombuffer(boxes, dtype="<f4").reshape(-1, 4).tolist()]


def check_texts_apart(trace: Trace) -> None:
    """No two texts of one mark are ever written on the same spot."""
    for lay_out in DRAWN:
        picture = lay_out(trace)
        for mark in (mark for mark in picture.marks if mark.kind == "texts"):
            if mark.name in ("pointers", "notes", "heads"):
                continue  # two stack pointers may meet, two notes or arrows come at one tick
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
    given(trace=traces())(check)()


LAYOUTS = {"address_spaces": address_spaces, "process_table": process_table, "timeline": timeline}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_picture_is_told_in_python_as_in_the_page(name: str):
    """Every live text of the twin and the table stands in what is told at that tick."""
    trace = counter()
    picture = LAYOUTS[name](trace)
    for tick in (0, 40, trace.end):
        told = "\n".join(picture.told(tick))
        for sentence in picture.text_alternative:
            live = [part for part in sentence if not isinstance(part, str)]
            values = [picture.channels[m, t].at(tick)[e] for m, t, e in live]
            assert all(value in told for value in values if any(values))
    assert picture.told(0) != picture.told(40)


def test_rows_that_are_hidden_are_not_told():
    """Of a table only those rows are told that can be seen at the tick."""
    trace = counter()
    picture = process_table(trace)
    (table,) = [mark for mark in picture.marks if mark.kind == "table"]
    for tick in range(trace.end + 1):
        states = picture.channels[table.name, "states"].at(tick)
        rows = [text for text in picture.told(tick) if " | " in text]
        assert len(rows) == 1 + sum(state != "hidden" for state in states)
