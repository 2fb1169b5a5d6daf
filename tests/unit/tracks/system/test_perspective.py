"""The perspective against the threads on the cores and the processes with what they have."""

from collections import Counter
from itertools import combinations, pairwise
from typing import Any

import pytest

from kit import Contiguous, KiB, Limits, Program, Trace
from kit.scenarios import SCENARIOS
from kit.tracks.palette import pale
from kit.tracks.picture import Picture
from kit.tracks.system.boxes import MOST_BOXES, MOST_CARDS, Plan
from kit.tracks.system.facts import KINDS, all_colors
from kit.tracks.system.perspective import perspective
from tests.examples import examples
from tests.unit.tracks.looks import apart, boxes, texts
from tests.unit.tracks.runs import COUNTER, run
from tests.unit.tracks.test_extremes import (
    crowded_processes,
    crowded_threads,
    empty,
)

FEW = examples(40)


def told_at(picture: Picture, tick: int) -> list[str]:
    """The picture in words, a line a sentence; sentences about nothing are left out."""
    lines = []
    for sentence in picture.text_alternative:
        parts = [
            part if isinstance(part, str) else texts(picture, part[0], tick)[part[2]]
            for part in sentence
        ]
        if any(parts[1:]):
            lines.append(" ".join(part for part in parts if part))
    return lines


def check(trace: Trace) -> None:
    """Cards, boxes, tokens, words and lines are those of the moment, at every tick."""
    picture, plan = perspective(trace), Plan(trace)
    colors = all_colors(trace)
    for tick in range(trace.end + 1):
        moment = trace.at(tick)
        owners = check_boxes(picture, plan, moment)
        rows = check_threads(picture, plan, moment, owners, colors)
        check_cores(picture, plan, moment, rows)
        hidden = len(moment.processes) - len(owners)
        more = texts(picture, "more processes", tick)[0]
        assert more.startswith(f"and {hidden} more") if hidden else not more
    for channel in picture.channels.values():
        assert all(t - glide >= t - 1 for keys in channel.keys for t, _, glide in keys[1:])


def check_boxes(picture: Picture, plan: Plan, moment: Any) -> dict[int, int]:
    """Every box says what its process has; return pid -> box."""
    if not plan.boxes:
        return {}
    tick = moment.tick
    seen = boxes(picture, "boxes", tick)
    cells = texts(picture, "cell names", tick)
    owners = {}
    for box, text in enumerate(texts(picture, "pids", tick)):
        assert bool(text) is (box in seen)
        if not text:
            assert not any(cells[box * len(plan.kinds) : (box + 1) * len(plan.kinds)])
            continue
        process = moment.processes[int(text.removeprefix("pid "))]
        assert process.pid not in owners
        owners[process.pid] = box
        name = texts(picture, "names", tick)[box].removesuffix("…")
        assert process.name.startswith(name)
        check_memory(picture, plan, process, box)
    alive = [p for p in moment.processes.values() if p.state != "terminated"]
    assert len(set(owners) & {p.pid for p in alive}) == min(len(alive), plan.boxes)
    return owners


def check_memory(picture: Picture, plan: Plan, process: Any, box: int) -> None:
    """A box says how many frames its process has, for what, and what became of it."""
    cells = texts(picture, "cell names", process.tick)
    shown = cells[box * len(plan.kinds) : (box + 1) * len(plan.kinds)]
    state = texts(picture, "states", process.tick)[box]
    files = texts(picture, "files", process.tick)[box]
    if process.state in ("zombie", "terminated"):
        assert state == f"{process.state}, {process.ended.brief}"
        assert not any(shown)
        assert not files.startswith("files")
        return
    count = len(process.page_table)
    assert state == f"{process.state}, {count} frame{'s' * (count != 1)}"
    assert files.startswith("files: ")
    size = process.trace.settings.page_size
    kinds = Counter(
        next(
            (s.kind for s in process.segments if s.start < (p + 1) * size and p * size < s.end),
            "unused",
        )
        for p in process.page_table
    )
    assert shown == [f"{kind} {kinds[kind]}" for kind in plan.kinds]
    assert set(kinds) <= set(plan.kinds) <= set(KINDS)


def check_threads(
    picture: Picture, plan: Plan, moment: Any, owners: dict[int, int], colors: dict[Any, str]
) -> dict[tuple[int, int], int]:
    """The tokens in a box are its process's living threads; return where they stand."""
    tick, found = moment.tick, {}
    if not plan.boxes:
        return found
    names, words = texts(picture, "threads", tick), texts(picture, "words", tick)
    told, more = texts(picture, "thread told", tick), texts(picture, "more threads", tick)
    fills = picture.channels["tokens", "fill_colors"].at(tick)
    seen = boxes(picture, "tokens", tick)
    for pid, box in owners.items():
        alive = {
            t.tid: t for t in moment.processes[pid].threads.values() if t.state != "terminated"
        }
        for element in range(box * plan.rows, (box + 1) * plan.rows):
            assert bool(names[element]) is (element in seen)
            if not names[element]:
                continue
            tid = int(names[element].removeprefix("T"))
            thread = alive.pop(tid)
            found[pid, tid] = element
            assert told[element].startswith(f"T{tid} {thread.state}")
            assert words[element].startswith(thread.state[:7])
            core = f" on core {thread.core}" if thread.state == "running" else ""
            assert core in words[element]
            color = colors[pid, tid]
            looks = {"running": color, "ready": pale(color)}
            assert fills[element] == looks.get(thread.state, "#ffffff")
        assert (f"and {len(alive)} more" in more[box]) is bool(alive)
        hidden = {thread.state for thread in alive.values()}
        shown = {moment.processes[pid].threads[t].state for p, t in found if p == pid}
        assert "running" not in hidden or shown == {"running"}
    elsewhere = set(seen) - set(found.values())
    assert not elsewhere, "a token stands in a box that nobody has"
    return found


def check_cores(picture: Picture, plan: Plan, moment: Any, rows: dict[Any, int]) -> None:
    """A card names the thread on its core, and its line ends at that thread's token."""
    tick = moment.tick
    names, told = texts(picture, "core threads", tick), texts(picture, "core told", tick)
    x, y = (picture.channels["lines", axis].at(tick) for axis in "xy")
    tokens = boxes(picture, "rims", tick) if plan.boxes else {}
    for core, key in enumerate(moment.running[:MOST_CARDS]):
        points = list(zip(x[core], y[core], strict=True))
        if key is None:
            assert names[core] == "idle"
            assert told[core] == f"core {core} is idle"
            assert len(set(points)) == 1, "no line leads anywhere"
            continue
        assert names[core].endswith(f" T{key[1]}")
        assert told[core].endswith(f" T{key[1]} (pid {key[0]})")
        left, top, right, _ = plan.card(core)
        assert (points[0][0], top) > (left, points[0][1] - 62.0)
        assert points[0][0] == right
        if key in rows:
            left, top, _, bottom = tokens[rows[key]]
            assert points[-1] == (left, (top + bottom) / 2)
        check_line(plan, points)


def check_line(plan: Plan, points: list[tuple[float, float]]) -> None:
    """A line runs level or upright, and crosses no box but the one it ends in."""
    ends_in = [n for n in range(plan.boxes) if holds(plan.box(n), points[-1])]
    for (x, y), (right, bottom) in pairwise(points):
        assert x == right or y == bottom
        step = (min(x, right), min(y, bottom), max(x, right) + 0.1, max(y, bottom) + 0.1)
        for number in range(plan.boxes):
            if number not in ends_in:
                assert apart(step, plan.box(number))


def holds(box: tuple[float, ...], point: tuple[float, float]) -> bool:
    """Whether a point is within a box."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def generations(count: int) -> Trace:
    """A process that makes children, one after the other, and waits for each."""
    lines = [f"for i in range({count}):", "    if fork() == 0: exit(i)", "    wait()"]
    text = "\n    ".join(["def main():", *lines])
    return run(Program("generations", text), ram=512 * KiB)


def test_a_box_is_given_to_the_next_process():
    """Where there are more processes than boxes, those that were reaped make room."""
    trace = generations(9)
    check(trace)
    keys = perspective(trace).channels["pids", "text"].keys
    pids = {text for element in keys for _, text, _ in element}
    assert pids == {"", *(f"pid {pid}" for pid in range(2, 12))}


def test_contiguous_memory():
    """A stretch of RAM is there at once; its frames get a use when a stack is put into them."""
    trace = run(Program("counter", COUNTER), contiguous=Contiguous(stacks=4))
    check(trace)
    cells = {texts(perspective(trace), "cell names", tick)[-1] for tick in range(trace.end)}
    assert len(cells) > 2


def test_many_cores_are_counted():
    """Cores without a card are counted, and how many of them are busy."""
    programs = [Program(f"p{n}", COUNTER) for n in range(7)]
    trace = run(*programs, cores=64, ram=512 * KiB, limits=Limits(ticks=500))
    picture = perspective(trace)
    for tick in range(trace.end + 1):
        busy = sum(key is not None for key in trace.at(tick).running[MOST_CARDS:])
        assert texts(picture, "more cores", tick) == [f"and 60 more cores, {busy} busy"]
    check(trace)


@pytest.mark.parametrize(
    "make", [crowded_threads, crowded_processes, SCENARIOS["base_and_bounds"], empty]
)
def test_nothing_overlaps(make):
    """Cards, boxes, and what stands in a box lie apart and within the picture."""
    plan = Plan(make())
    cards = [plan.card(core) for core in range(plan.cards)]
    outer = [*cards, *(plan.box(number) for number in range(plan.boxes))]
    assert all(apart(*pair) for pair in combinations(outer, 2))
    assert plan.boxes <= MOST_BOXES
    for number in range(plan.boxes):
        box = plan.box(number)
        cells = [plan.cell(number, place) for place in range(len(plan.kinds))]
        tokens = [plan.token(number, row) for row in range(plan.rows + plan.crowded)]
        assert all(apart(*pair) for pair in combinations([*cells, *tokens], 2))
        assert all(holds(box, (left, top)) for left, top, _, _ in [*cells, *tokens])
        assert all(holds(box, (right, low)) for _, _, right, low in [*cells, *tokens])
    assert all(box[3] <= plan.height for box in outer)


def test_both_sides_in_words():
    """The words say what the CPU is given and what the system has given, in two groups."""
    picture = perspective(SCENARIOS["lost_update"]())
    assert told_at(picture, 60) == [
        "CPU: core 0 runs counter T2 (pid 2)",
        (
            "OS: counter pid 2 running, 5 frames code 1 data 1 heap 0 stack 3 open files: none "
            "T1 blocked, waits for T2 to end T2 running on core 0 T3 ready"
        ),
    ]
    zombie = SCENARIOS["zombie"]()
    assert told_at(perspective(zombie), 20)[-1] == (
        "OS: parent pid 3 zombie, exit code 7 memory and files taken back"
    )


def test_names_stay_plain_texts():
    """A name that looks like HTML is neither escaped nor changed."""
    assert texts(perspective(run(Program("<b>&", COUNTER))), "names", 0) == ["<b>&"]
