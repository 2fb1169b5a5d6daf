"""What can be pointed at in the pictures of a run, against the run itself."""

import pytest
from hypothesis import given

from kit import Trace
from kit.scenarios import SCENARIOS
from kit.tracks import (
    address_spaces,
    cpu,
    disk,
    files,
    frames,
    heap_list,
    lifecycle,
    listing,
    perspective,
    process_table,
    timeline,
)
from kit.tracks.picture import ABOUT, BY_TEXT, SUBJECTS, Picture
from kit.tracks.subjects import BETWEEN
from tests.examples import examples
from tests.running import run, scenario
from tests.unit.tracks.looks import boxes, texts
from tests.unit.tracks.runs import traces

RECURSION = """
def sum_to(n):
    if n == 0:
        return 0
    return n + sum_to(n - 1)

def main():
    print(sum_to(2))
"""


def about(picture: Picture, mark: str, tick: int) -> list[str]:
    """What each element of a mark is about at a tick."""
    by_text = next((one.fixed.get(BY_TEXT) for one in picture.marks if one.name == mark), None)
    if by_text is not None:
        return [by_text.get(text, "") for text in picture.channels[mark, "cells"].at(tick)]
    channel = picture.channels.get((mark, ABOUT)) or picture.channels.get((mark, SUBJECTS))
    return channel.at(tick) if channel is not None else []


def keys_of(picture: Picture, tick: int) -> set[str]:
    """The keys of all that a picture is about at a tick."""
    marks = [mark.name for mark in picture.marks]
    found = {several for mark in marks for several in about(picture, mark, tick)}
    return {key for several in found for key in several.split(BETWEEN) if key}


def check(trace: Trace) -> None:
    """What is seen is about what it shows, and nothing is told before it is there."""
    spaces, cores, lanes, states = (f(trace) for f in (address_spaces, cpu, timeline, lifecycle))
    others = [lay_out(trace) for lay_out in (frames, listing, perspective, files, disk, heap_list)]
    for tick in range(0, trace.end + 1, max(1, trace.end // 40)):
        alive = {
            f"thread:{pid}:{tid}"
            for pid, process in trace.history.processes.items()
            for tid, thread in process.threads.items()
            if thread.state.ticks and thread.state.ticks[0] <= tick
        }
        for picture in (spaces, cores, lanes, states, *others):
            keys = keys_of(picture, tick)
            assert keys <= set(picture.subjects)
            assert {key for key in keys if key.startswith("thread:")} <= alive
        lines = zip(about(spaces, "lines", tick), texts(spaces, "lines", tick), strict=False)
        for key, text in lines:
            if key:
                # A long name is cut where there is no room.
                name = text.partition(" = ")[0].removesuffix("…")
                kind, _, rest = key.partition(":")
                if kind == "variable":
                    assert rest.split(":")[1].startswith(name)
                elif kind == "block":
                    assert text.startswith(f"{int(rest.split(':')[1]):#x}"[: len(name)])
                else:
                    assert kind == "call"
        for mark in ("counters", "pointers"):
            told = about(spaces, mark, tick)
            written = texts(spaces, mark, tick) if told else []
            assert [bool(key) for key in told] == [bool(text) for text in written]
        seen = boxes(cores, "tokens", tick) if ("tokens", "x") in cores.channels else {}
        told = about(cores, "tokens", tick)
        assert {n for n, key in enumerate(told) if key} == set(seen)


@pytest.mark.parametrize("name", ["lost_update", "producer_consumer", "deadlock", "zombie"])
def test_scenarios(name):
    """In scenarios each element is about what it shows."""
    check(scenario(name))


@examples(10)
@given(trace=traces())
def test_random_runs(trace):
    """So it is in random runs."""
    check(trace)


def test_one_thing_has_one_key_everywhere():
    """A thread, a variable and a lock have the same key and name in all pictures."""
    trace = scenario("deadlock")
    found: dict[str, set[str]] = {}
    for lay_out in (address_spaces, cpu, timeline, lifecycle, process_table, perspective, listing):
        for key, name in lay_out(trace).subjects.items():
            found.setdefault(key, set()).add(name)
    assert all(len(names) == 1 for names in found.values())
    assert {"thread:2:1", "thread:2:2", "process:2"} <= set(found)
    locks = [key for key, names in found.items() if next(iter(names)).startswith("lock ")]
    waits = {key for step in range(trace.end) for key in about(cpu(trace), "reasons", step)}
    assert locks
    assert set(locks) & waits


@pytest.mark.parametrize("name", SCENARIOS)
def test_rows_of_the_process_table(name):
    """Each row of a process or a thread is about it."""
    picture = process_table(scenario(name))
    table = picture.marks[0].fixed
    for key, row, parent in zip(table["about"], table["rows"], table["parents"], strict=True):
        if key.startswith("thread:"):
            assert row[0] == f"T{key.split(':')[2]}"
            assert table["about"][parent] == f"process:{key.split(':')[1]}"
        elif key:
            assert key == f"process:{row[0]}"


def test_a_thread_is_pointed_at_in_the_lines_where_it_is():
    """In both tables of the listing, alone or among others; in a crowd those who are named."""
    trace = scenario("lost_update")
    picture = listing(trace)
    for tick in range(trace.end + 1):
        for table in ("source", "instructions"):
            texts = picture.channels[table, "cells"].at(tick)
            for text, keys in zip(texts, about(picture, table, tick), strict=True):
                named = [f"T{key.split(':')[2]}" for key in keys.split(BETWEEN) if key]
                assert ", ".join(named) == text.removeprefix("▶\u00a0").replace("▶\u00a0", "")


def test_a_frame_is_one_thing_in_ram_and_in_address_spaces():
    """A cell of RAM is about its frame and the processes that have it, a page about its frame."""
    trace = scenario("fork_copies_on_write")
    ram, spaces = frames(trace), address_spaces(trace, detail="pages")
    seen = set()
    for tick in range(trace.end + 1):
        pages = {key for key in keys_of(spaces, tick) if key.startswith("frame:")}
        assert pages <= keys_of(ram, tick)
        seen |= pages
        for several in about(ram, "ram", tick):
            frame, *processes = several.split(BETWEEN)
            users = trace.history.frames[int(frame.partition(":")[2])].at(tick)
            pids = dict.fromkeys(pid for pid, _ in users if pid)
            assert processes == [f"process:{pid}" for pid in pids]
    assert seen


def test_a_call_is_one_thing_as_long_as_it_is_on_the_stack():
    """Each line of a stack is about its call, by its frame, so recursion is told apart."""
    trace = run(RECURSION)
    spaces = address_spaces(trace)
    most = 0
    for tick in range(trace.end + 1):
        keys = [key for key in about(spaces, "lines", tick) if key.startswith("call:")]
        most = max(most, len(set(keys)))
        threads = [t for p in trace.at(tick).processes.values() for t in p.threads.values()]
        assert len(set(keys)) <= sum(len(thread.call_stack) for thread in threads)
    assert most > 2


def test_blocks_and_files_are_one_thing_everywhere():
    """A block of the heap has one key in the heap and on its line; so has a file in its views."""
    found = {name: set() for name in ("block", "file", "pipe")}
    for name in SCENARIOS:
        trace = scenario(name)
        for one, other in ((heap_list, address_spaces), (files, disk)):
            pictures = one(trace), other(trace)
            for tick in range(0, trace.end + 1, max(1, trace.end // 10)):
                first, second = (keys_of(picture, tick) for picture in pictures)
                for kind in found:
                    both = {key for key in first & second if key.startswith(f"{kind}:")}
                    found[kind] |= both or {key for key in first if key.startswith(f"{kind}:")}
    assert all(found.values())
