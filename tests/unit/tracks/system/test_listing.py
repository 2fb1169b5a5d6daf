"""The listing against the trace: who stands where, at every whole tick."""

import pytest

from kit import ArgumentError, KiB, Limits, Machine, Program, RoundRobin, Trace
from kit.tracks import Picture
from kit.tracks.system.listing import ALIVE, listing
from tests.examples import examples
from tests.unit.tracks.looks import payload
from tests.unit.tracks.runs import ENDLESS, counter, run

FEW = examples(15)


def rows_of(picture: Picture, table: str) -> list[list[str]]:
    """The rows of a table as they stand at the start."""
    return next(mark.fixed["rows"] for mark in picture.marks if mark.name == table)


def standing(trace: Trace, name: str, tick: int) -> list[tuple[int, int, str, bool, int]]:
    """Who executes a program at a tick: (index, line, thread, whether it runs, pid)."""
    found = []
    for pid, process in trace.at(tick).processes.items():
        for tid, thread in process.threads.items():
            executes = process.history.threads[tid].program.name == name
            if executes and thread.state in ALIVE:
                place = (thread.index, thread.line, f"T{tid}")
                found.append((*place, thread.state == "running", pid))
    return found


def names_in(cell: str) -> tuple[dict[str, bool], int]:
    """The names in a cell, with whether they run, and how many are only counted."""
    cell, _, rest = cell.partition(" and\u00a0")
    hidden = int(rest.partition("\u00a0")[0]) if rest else 0
    names = [name for name in cell.split(", ") if name]
    return {name.removeprefix("▶\u00a0"): name.startswith("▶") for name in names}, hidden


def check_cell(cell: str, state: str, expected: dict[str, bool], where: object) -> None:
    """A cell names those who stand there, running ones first, or counts them."""
    names, hidden = names_in(cell)
    assert len(names) + hidden == len(expected), where
    assert names.items() <= expected.items(), where
    assert list(names.values()) == sorted(names.values(), reverse=True), where
    assert (state == "marked") == any(expected.values()), where


def check(trace: Trace) -> None:
    """In both tables, for every program, each thread stands where the trace says."""
    for program in trace.programs:
        picture = listing(trace, program=program.name)
        pids = {
            pid
            for pid, process in trace.history.processes.items()
            if any(t.program.name == program.name for t in process.threads.values())
        }
        source = {int(row[1]): place for place, row in enumerate(rows_of(picture, "source"))}
        instructions = rows_of(picture, "instructions")
        addresses = [place for place, row in enumerate(instructions) if row[1]]
        assert len(addresses) == len(program.image.code)
        for tick in range(trace.end + 1):
            expected: dict[str, dict[int, dict[str, bool]]] = {"source": {}, "instructions": {}}
            for index, line, name, runs, pid in standing(trace, program.name, tick):
                called = f"{pid}.{name}" if len(pids) > 1 else name
                if line in source:
                    expected["source"].setdefault(source[line], {})[called] = runs
                if index < len(addresses):
                    expected["instructions"].setdefault(addresses[index], {})[called] = runs
            for table, there in expected.items():
                cells = picture.channels[table, "cells"].at(tick)
                states = picture.channels[table, "states"].at(tick)
                for row, (cell, state) in enumerate(zip(cells, states, strict=True)):
                    check_cell(cell, state, there.get(row, {}), (table, row, tick))


def test_rows_say_what_stands_in_the_program():
    """Lines are numbered as in the text, instructions have their addresses and lines."""
    trace = counter()
    picture = listing(trace)
    program = trace.programs[0]
    lines = program.text.splitlines()
    for _, number, text in rows_of(picture, "source"):
        assert lines[int(number) - 1] == text
    rows = [row for row in rows_of(picture, "instructions") if row[1]]
    for index, (_, address, text, line) in enumerate(rows):
        assert int(address, 16) == trace.history.processes[2].code_base + 8 * index
        assert text.strip() == program.image.describe(index)
        assert line == str(program.image.line_of(index) or "")
    heads = [row[2] for row in rows_of(picture, "instructions") if not row[1]]
    assert heads == ["worker(n):", "main():"]


def test_assembly_is_its_own_source():
    """The source of an assembly program is its assembly, and threads stand in it."""
    text = Program("counter", "def main():\n    print(1 + 2)").disassemble()
    trace = run(Program.from_assembly("assembly", text))
    shown = [row[2] for row in rows_of(listing(trace), "source")]
    assert "\n".join(shown) == text
    check(trace)


def test_program_that_is_shown():
    """The first program that was launched is shown, or the one that is asked for."""
    machine = Machine()
    machine.install(Program("installed", "def main(): print(0)"))
    machine.launch(Program("launched", "def main(): print(1)"))
    trace = machine.run()
    for name, shown in [("", "launched"), ("installed", "installed"), ("launched", "launched")]:
        first = next(iter(listing(trace, program=name).marks))
        assert f"source of {shown} " in first.fixed["caption"]
    with pytest.raises(ArgumentError, match="no program 'lunched'; did you mean 'launched'"):
        listing(trace, program="lunched")


def test_machine_without_programs():
    """Where nothing was launched both tables are empty."""
    picture = listing(Machine().run())
    assert rows_of(picture, "source") == rows_of(picture, "instructions") == []


@pytest.mark.parametrize(("ticks", "most"), [(500, 40_000), (10_000, 300_000)])
def test_payload(ticks, most):
    """Markers that move at every tick stay small, and a long run is exact where it is sampled."""
    trace = run(Program("endless", ENDLESS), limits=Limits(ticks=ticks))
    picture = listing(trace)
    assert payload(picture) < most
    for tick in range(0, trace.end + 1, 250):
        marked = picture.channels["instructions", "states"].at(tick).count("marked")
        assert marked == sum(runs for *_, runs, _ in standing(trace, "endless", tick))


def test_crowd_on_many_cores_stays_small():
    """64 cores that all execute move no more markers than a long run."""
    text = ENDLESS.replace(
        "    a = spawn(worker, 1)\n", "    for i in range(63): spawn(worker, i)\n"
    )
    machine = Machine(cores=64, ram=512 * KiB, scheduler=RoundRobin(5), limits=Limits(ticks=600))
    machine.launch(Program("crowd", text))
    try:
        trace = machine.run()
    except Exception as limit:  # noqa: BLE001 - the limit is what is wanted
        trace = limit.trace
    assert payload(listing(trace)) < 500_000
