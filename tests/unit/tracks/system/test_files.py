"""The files against what the simulated kernel holds."""

import json

import pytest
from hypothesis import given

from kit import Machine, Program
from kit.scenarios import SCENARIOS
from kit.trace import Moment
from kit.tracks import Picture
from kit.tracks.system.files import MOST_FILES, MOST_USERS, MOST_WORDS, files, users_of, words_of
from tests.examples import examples
from tests.strategies import Setup, run_to_the_end
from tests.unit.tracks.runs import run
from tests.worlds import worlds

WRITERS = """
def main():
    f = open("log", "w")
    write(f, 1)
    write(f, 2)
    child = fork()
    if child == 0:
        write(f, 3)
        seek(f, 6)
        write(f, 7)
        close(f)
        exit(0)
    wait()
    write(f, 8)
    g = open("log", "a")
    write(g, 9)
    ends = pipe()
    write(ends + 1, 5)
    h = open("log")
    x = read(h)
    close(g)
    k = open("other", "r+")
    k = open("data", "r+")
    write(k, x)
    k = open("log", "w")
"""


def kernel_words(machine: Machine) -> dict[str, tuple[int, ...]]:
    """What the simulated kernel has in its files."""
    found = machine._computer.kernel["files"].words
    return {name: tuple(words) for name, words in found.items()}


def kernel_open(machine: Machine) -> set[tuple[int, int, str, str, int]]:
    """(pid, descriptor, file, mode, position) of each open file, as the kernel has it."""
    descriptors = machine._computer.kernel["descriptors"]
    return {
        (pid, descriptor, file.name, file.mode, file.position)
        for pid, table in descriptors.tables.items()
        for descriptor, number in table.items()
        if (file := descriptors.files[number]).kind == "file"
    }


def check(trace) -> None:
    """At every tick a file's row says what it holds then, and who has it open."""
    picture = files(trace)
    (table,) = picture.marks
    for tick in range(trace.end + 1):
        held, cells = trace.at(tick).files, picture.channels["files", "cells"].at(tick)
        for row, (name, kind, *_) in enumerate(table.fixed["rows"]):
            if kind == "data" and name in held:
                words = ", ".join(map(str, held[name])) or "empty"
                assert cells[2 * row].rpartition(": ")[2] in words, (tick, name)
                assert (cells[2 * row] == words) == (len(held[name]) <= MOST_WORDS)
                users = users_of(trace.history.files, name, tick)
                assert cells[2 * row + 1] == users, (tick, name)
        for row, (name, kind, *_) in enumerate(table.fixed["rows"]):
            pipe = trace.at(tick).pipes.get(int(name.split()[1])) if "pipe," in kind else None
            if pipe is not None:
                assert cells[2 * row] == words_of(pipe.words), (tick, name)
                ends = len(pipe.read_ends) + len(pipe.write_ends)
                assert len(cells[2 * row + 1].splitlines()) == min(ends, MOST_USERS + 1)


def told_open(moment: Moment) -> set[tuple[int, int, str, str, int]]:
    """(pid, descriptor, file, mode, position) of each open file, as the trace has it."""
    return {
        (pid, descriptor, file.name, file.mode, file.position)
        for pid, process in moment.processes.items()
        for descriptor, file in process.open_files.items()
        if file.kind == "file"
    }


def rows_at(picture: Picture, tick: int) -> dict[str, tuple[str, str, str]]:
    """Data file -> (content, open by, state) at a tick; hidden ones are left out."""
    fixed = picture.marks[0].fixed["rows"]
    cells = picture.channels["files", "cells"].at(tick)
    states = picture.channels["files", "states"].at(tick)
    return {
        row[0]: (cells[2 * n], cells[2 * n + 1], states[n])
        for n, row in enumerate(fixed)
        if row[1] == "data" and states[n] != "hidden"
    }


def check_run(machine: Machine, ticks: range) -> None:
    """At each tick the picture holds what the kernel holds."""
    seen = []
    for tick in ticks:
        trace = machine.run(until=tick)
        seen.append((tick, kernel_words(machine), kernel_open(machine)))
    trace = machine.run()
    seen.append((trace.end, kernel_words(machine), kernel_open(machine)))
    picture = files(trace)
    for tick, words, opened in seen:
        moment = trace.at(min(tick, trace.end))
        assert moment.files == words
        assert told_open(moment) == opened
        shown = rows_at(picture, tick)
        assert set(shown) == set(words)
        for name, (content, users, _) in shown.items():
            assert users == users_of(trace.history.files, name, tick)
            assert content == (", ".join(map(str, words[name])) or "empty")
            for pid, descriptor, file, mode, position in opened:
                if file == name:
                    assert f"pid {pid}, descriptor {descriptor}" in users
                    assert f": {mode}, at word {position}" in users


@pytest.mark.parametrize("crash", [True, False])
def test_half_done_file(crash):
    """An update that is cut in the middle is half done on the disk, whole otherwise."""
    scenario = SCENARIOS["half_done_file"]
    check_run(scenario.machine(crash=crash), range(80))
    trace = scenario(crash=crash)
    content, users, _ = rows_at(files(trace), trace.end)["accounts"]
    assert (content, users) == ("40, 50" if crash else "40, 60", "")


def test_modes_holes_and_forks():
    """Emptying, appending, holes, shared positions and refused opens are as in the kernel."""
    machine = Machine()
    machine.put_file("data", [5, 6])
    machine.launch(Program("writers", WRITERS))
    check_run(machine, range(120))


def test_forked_descriptors_share_a_position():
    """A parent and its child stand in one line, with the one position they share."""
    machine = Machine()
    machine.launch(Program("writers", WRITERS))
    trace = machine.run()
    picture = files(trace)
    told = {rows_at(picture, tick).get("log", ("", "", ""))[1] for tick in range(trace.end)}
    assert "pid 2, descriptor 3; pid 3, descriptor 3: w, at word 3 (shared)" in told


@examples(7)
@given(worlds())
def test_whatever_happens_to_files(setup: Setup):
    """Whatever programs do, the files end as the kernel has them."""
    machine = setup.machine()
    trace = run_to_the_end(machine)
    moment = trace.at(trace.end)
    assert moment.files == kernel_words(machine)
    if not any(event.kind == "limit" for event in trace.events):
        assert told_open(moment) == kernel_open(machine)
    assert set(rows_at(files(trace), trace.end)) == set(moment.files)


def test_row_is_marked_when_something_is_written():
    """A file's row is marked at the ticks at which its content changes, and only then."""
    machine = Machine()
    machine.put_file("data", [5, 6])
    machine.launch(Program("writers", WRITERS))
    trace = machine.run()
    picture = files(trace)
    for tick in range(trace.end + 1):
        for name, (_, _, state) in rows_at(picture, tick).items():
            written = [
                event
                for event in trace.events
                if event.tick == tick and event.kind in ("file", "write", "open")
                if event.details.get("name") == name
                if event.kind != "open" or event.details["mode"] == "w"
            ]
            assert (state == "marked") == bool(written), (tick, name)


def test_programs_stand_on_the_disk_unchanged():
    """Every program has a row with its sizes, which never changes."""
    trace = SCENARIOS["exec_keeps_the_pid"]()
    rows = files(trace).marks[0].fixed["rows"]
    for program, row in zip(trace.programs, rows, strict=True):
        sizes = f"{program.image.code_bytes} B of code\n{program.image.bss_offset} B of data"
        assert row == [program.name, "program", sizes, ""]
    assert not files(trace).moving


def test_long_file_shows_what_was_written_last():
    """Of a file that is too long to show, the words around the last one written are shown."""
    words = ", ".join(map(str, range(100, 100 + MOST_WORDS)))
    machine = Machine()
    machine.put_file("data", list(range(200)))
    text = 'def main():\n    f = open("data", "r+")\n    seek(f, 150)\n    write(f, -1)'
    machine.launch(Program("one", text))
    trace = machine.run()
    picture = files(trace)
    assert rows_at(picture, 0)["data"][0].startswith("words 0 to 15 of 200: 0, 1, 2")
    last = rows_at(picture, trace.end)["data"][0]
    assert last.startswith("words 142 to 157 of 200: 142, ")
    assert " -1, 151" in last
    assert words not in last


def test_many_files_are_counted():
    """What there is no room for is counted in words."""
    machine = Machine()
    for number in range(MOST_FILES + 5):
        machine.put_file(f"file {number}", [number])
    mark = files(machine.run()).marks[0]
    assert len(mark.fixed["rows"]) == MOST_FILES
    assert mark.fixed["caption"] == "and 5 more that are not shown"


def test_busy_files_stay_small():
    """Thousands of writes are shown every few ticks, and the end is exact."""
    text = 'def main():\n    f = open("log", "w")\n    for i in range(6000): write(f, i)'
    trace = run(Program("writer", text))
    picture = files(trace)
    size = 0
    for channel in picture.moving:
        header, arrays = channel.packed()
        size += len(json.dumps(header)) + sum(map(len, arrays))
    assert size < 500_000
    assert rows_at(picture, trace.end)["log"][0].endswith("5998, 5999")


def test_empty_machine():
    """A machine without programs has an empty disk."""
    mark = files(Machine().run()).marks[0]
    assert (mark.fixed["rows"], mark.fixed["caption"]) == ([], "the disk is empty")
