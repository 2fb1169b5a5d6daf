"""The life cycle against the tables it is drawn from, and against who is in which state."""

from itertools import chain, combinations
from math import ceil

import pytest

from kit import KiB, Limits, Program, Trace
from kit.scenarios import SCENARIOS
from kit.sim.lifecycle import PROCESS, THREAD
from kit.tracks.picture import Picture
from kit.tracks.system.diagram import Box, edges, label_places, way
from kit.tracks.system.lifecycle import (
    LAUNCH,
    MOST_TOKENS,
    NARROW,
    PROCESS_POSITIONS,
    THREAD_POSITIONS,
    lifecycle,
)
from kit.tracks.system.seats import STANDING, Seats
from tests.examples import examples
from tests.unit.tracks.looks import apart, boxes, texts
from tests.unit.tracks.runs import counter, run
from tests.unit.tracks.test_extremes import (
    crowded_processes,
    crowded_threads,
)

FEW = examples(40)
TABLES = {"process": {**LAUNCH, **PROCESS}, "thread": THREAD}
WIDE = 7.2
"""Pixels on the screen that a character of a label takes, at most."""


def states_at(trace: Trace, tick: int, kind: str) -> dict[tuple[int, int], str]:
    """The state of every process or thread there is at a tick, by (pid, tid)."""
    processes = trace.at(tick).processes.values()
    if kind == "process":
        return {(process.pid, 0): process.state for process in processes}
    return {(p.pid, tid): t.state for p in processes for tid, t in p.threads.items()}


def nodes(picture: Picture, kind: str) -> dict[str, tuple[float, ...]]:
    """The box of each state."""
    return dict(
        zip(
            texts(picture, f"{kind} states", 0),
            boxes(picture, f"{kind} nodes", 0).values(),
            strict=True,
        )
    )


def inside(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether a rectangle is within another."""
    left, top, right, bottom = other
    return left <= one[0] and top <= one[1] and one[2] <= right and one[3] <= bottom


def check(trace: Trace, show: str = "both") -> None:
    """Every token stands in its state's node, apart from others; the rest is counted."""
    picture = lifecycle(trace, show=show)
    kinds = {"both": ("process", "thread"), "processes": ("process",), "threads": ("thread",)}
    for kind in kinds[show]:
        check_tokens(picture, trace, kind)
        check_words(picture, trace, kind)
    check_glides(picture)


def check_tokens(picture: Picture, trace: Trace, kind: str) -> None:
    """Tokens of one kind stand where they should, at every tick."""
    drawn = list(states_at(trace, trace.end, kind))[: MOST_TOKENS[kind]]
    rooms = nodes(picture, kind)
    for tick in range(trace.end + 1):
        states = states_at(trace, tick, kind)
        placed = boxes(picture, f"{kind} tokens", tick) if drawn else {}
        names = texts(picture, f"{kind} names", tick)
        assert [bool(name) for name in names] == [n in placed for n in range(len(names))]
        assert all(apart(*pair) for pair in combinations(placed.values(), 2))
        for element, box in placed.items():
            assert inside(box, rooms[states[drawn[element]]]), f"tick {tick}: {drawn[element]}"
        seen = [states[drawn[element]] for element in placed]
        counted = [state for state in rooms if state != "program"]
        for state, told in zip(counted, texts(picture, f"{kind} counts", tick), strict=True):
            hidden = list(states.values()).count(state) - seen.count(state)
            assert told == (f"+{hidden}" if hidden else ""), f"tick {tick}: {state}"


def check_words(picture: Picture, trace: Trace, kind: str) -> None:
    """Each sentence tells the state and since when."""
    keys = list(states_at(trace, trace.end, kind))
    since: dict[tuple[int, int], int] = {}
    before: dict[tuple[int, int], str] = {}
    for tick in range(trace.end + 1):
        states = states_at(trace, tick, kind)
        since |= {key: tick for key, state in states.items() if before.get(key) != state}
        before = states
        told = texts(picture, f"{kind} told", tick)
        for key, text in zip(keys, told, strict=False):
            wanted = f"{states[key]} since tick {since[key]}" if key in states else ""
            assert text == wanted, f"tick {tick}: {key}"


def check_glides(picture: Picture) -> None:
    """Nothing moves at a whole tick: it has arrived, and has not left yet."""
    for tick, _, glide in chain.from_iterable(
        keys[1:] for channel in picture.channels.values() for keys in channel.keys
    ):
        assert tick - glide >= max(0, ceil(tick) - 1)


@pytest.mark.parametrize("show", ["threads", "processes"])
def test_one_diagram(show):
    """One of the diagrams alone shows the same, and only that."""
    check(counter(), show)
    check(SCENARIOS["fork_bomb"](), show)
    other = "process" if show == "threads" else "thread"
    assert not any(mark.name.startswith(other) for mark in lifecycle(counter(), show=show).marks)


@pytest.mark.slow
def test_more_tokens_than_are_drawn():
    """Threads beyond those that are drawn are counted where they are."""
    text = "def w(n): work(n)\ndef main():\n    for i in range(110): t = spawn(w, 3)"
    check(run(Program("many", text), cores=3, ram=2048 * KiB, limits=Limits(ticks=1500)))


@pytest.mark.parametrize("kind", ["process", "thread"])
def test_drawn_from_the_tables(kind):
    """There is one line, one arrow head and one label for each transition, and a node a state."""
    picture, table = lifecycle(counter()), TABLES[kind]
    named = {s for s, _ in table} | set(table.values())
    rooms = nodes(picture, kind)
    assert set(rooms) == named
    found = []
    for part in ("edges", "kills"):
        lines = zip(*(picture.channels[f"{kind} {part}", axis].at(0) for axis in "xy"), strict=True)
        heads = picture.channels[f"{kind} {part}: heads", "x"].at(0)
        for (xs, ys), head in zip(lines, heads, strict=True):
            assert xs[1] == head[1], "the arrow points where the line ends"
            ends = [touching(rooms, x, y) for x, y in zip(xs, ys, strict=True)]
            found.append(tuple(ends))
    assert sorted(found) == sorted((source, target) for (source, _), target in table.items())
    triggers = sorted(trigger for _, trigger in table)
    assert sorted(texts(picture, f"{kind} triggers", 0)) == triggers


def touching(rooms: dict[str, tuple[float, ...]], x: float, y: float) -> str:
    """The state on whose node's edge a point lies."""
    near = [
        state
        for state, (left, top, right, bottom) in rooms.items()
        if left - 0.01 <= x <= right + 0.01
        and top - 0.01 <= y <= bottom + 0.01
        and min(abs(x - left), abs(x - right), abs(y - top), abs(y - bottom)) < 0.01
    ]
    assert len(near) == 1
    return near[0]


def test_every_state_has_a_place():
    """A state that is added to a table must be given a place in its diagram."""
    for kind, positions in (("process", PROCESS_POSITIONS), ("thread", THREAD_POSITIONS)):
        table = TABLES[kind]
        assert set(positions) == {s for s, _ in table} | set(table.values())


def test_counts_are_clear():
    """Where tokens are counted none stands, nor is the name of the state written there."""
    crowd, many = crowded_threads(), crowded_processes()
    for trace, kind in ((crowd, "thread"), (many, "thread"), (many, "process")):
        picture = lifecycle(trace)
        taken = list(boxes(picture, f"{kind} tokens", 200).values())
        for mark, half in (("counts", 10.0), ("states", 0.1)):
            x, y = (picture.channels[f"{kind} {mark}", axis].at(200) for axis in "xy")
            written = texts(picture, f"{kind} {mark}", 200)
            assert any(written)
            for (left,), (top,), text in zip(x, y, written, strict=True):
                if text:
                    taken.append((left - half, top - 6.0, left + half, top + 6.0))
        assert all(apart(*pair) for pair in combinations(taken, 2))


@pytest.mark.parametrize("show", ["both", "threads", "processes"])
@pytest.mark.parametrize("scale", [NARROW, 1.0, 1.6])
def test_labels_are_clear(show, scale):
    """No label covers another one, a node, or leaves the picture, at any width."""
    picture = lifecycle(counter(), show=show)
    taken = []
    for kind in ("process", "thread"):
        if (f"{kind} triggers", "x") not in picture.channels:
            continue
        x, y = (picture.channels[f"{kind} triggers", axis].at(0) for axis in "xy")
        for (left,), (top,), text in zip(x, y, texts(picture, f"{kind} triggers", 0), strict=True):
            half = len(text) * WIDE / 2
            taken.append((left * scale - half, top - 6, left * scale + half, top + 6))
        taken += [(a * scale, b, c * scale, d) for a, b, c, d in nodes(picture, kind).values()]
    assert all(apart(*pair) for pair in combinations(taken, 2))
    assert all(box[0] >= 0 and box[2] <= picture.width * scale for box in taken)


def test_a_table_with_another_transition_is_drawn_as_well():
    """A transition that is added to a table gets a line and a label without being asked for."""
    places = {"a": Box(0, 0, 50, 20), "b": Box(150, 0, 200, 20), "c": Box(80, 100, 130, 120)}
    table = {("a", "go"): "b", ("b", "back"): "a", ("b", "down"): "c", ("a", "again"): "b"}
    lines = edges(table, places)
    assert [(e.source, e.trigger, e.target) for e in lines] == [
        ("a", "go", "b"),
        ("b", "back", "a"),
        ("a", "again", "b"),
        ("b", "down", "c"),
    ]
    assert len({(e.start, e.end) for e in lines}) == len({e.start[1] for e in lines[:3]}) + 1
    spots = label_places(lines, places.values(), 1.0)
    assert len(set(spots)) == len(lines)


def test_ways():
    """Several changes at one tick go through the states between; exec has no way in the table."""
    assert way(PROCESS, "blocked", "running") == ["blocked", "ready", "running"]
    assert way(TABLES["process"], "program", "ready") == ["program", "new", "ready"]
    assert way(PROCESS, "running", "terminated") == ["running", "zombie", "terminated"]
    assert way(PROCESS, "running", "new") == ["running", "new"]


def test_a_launched_process_comes_from_its_program_and_a_child_from_its_parent():
    """Before its first tick, a token leaves the program's node, or that of its parent."""
    trace = run(Program("late", "def main(): work(3)"), Program("later", "def main(): work(3)"))
    picture = lifecycle(trace)
    start = picture.channels["process tokens", "x"].at(1.5)[1]
    left, _, right, _ = nodes(picture, "process")["program"]
    assert left < start[0] < start[1] < right
    forked = SCENARIOS["zombie"]()
    launched = forked.history.processes[3].launched
    both = lifecycle(forked).channels["process tokens", "x"].at(launched - 0.5)
    assert both[0] == both[1]


def test_seats():
    """Who stays keeps its seat; who stood longest gets the one that is left."""
    seats: Seats[str] = Seats({"bench": 2, "floor": 0})
    assert seats.move({"a": "bench", "b": "bench", "c": "bench", "d": "bench"}) == {
        "a": ("bench", 0),
        "b": ("bench", 1),
        "c": ("bench", STANDING),
        "d": ("bench", STANDING),
    }
    assert seats.standing("bench") == 2
    assert seats.move({"a": "floor"}) == {"a": ("floor", STANDING), "c": ("bench", 0)}
    assert seats.move({"d": "", "a": ""}) == {"d": None, "a": None}
    assert seats.seats == {"b": ("bench", 1), "c": ("bench", 0)}
    seats.move({"e": "bench"})
    assert seats.swap("e", "c") == {"e": ("bench", 0), "c": ("bench", STANDING)}
    assert seats.move({"b": ""}) == {"b": None, "c": ("bench", 1)}
