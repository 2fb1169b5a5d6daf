"""The console against the trace: output, faults, exit codes and deadlocks, at every tick."""

import json

import pytest

from kit import Machine, Program, Trace
from kit.scenarios import SCENARIOS
from kit.sim.faults import SIGNALS
from kit.tracks import Picture
from kit.tracks.system.console import MOST_CHARACTERS, MOST_LINES, MOST_PROCESSES, console
from tests.examples import examples
from tests.unit.tracks.runs import counter, run

FEW = examples(20)


def rows_at(picture: Picture, tick: int) -> list[tuple[str, str, str, str, str]]:
    """(pid, program, output, errors, state) of each row at a tick."""
    fixed = picture.marks[0].fixed["rows"]
    cells = picture.channels["console", "cells"].at(tick)
    states = picture.channels["console", "states"].at(tick)
    return [(row[0], *cells[3 * n : 3 * n + 3], states[n]) for n, row in enumerate(fixed)]


def check(trace: Trace) -> None:
    """Every process has a row from its launch on, with what it printed and how it ended."""
    picture = console(trace)
    for tick in range(trace.end + 1):
        shown = {row[0]: row[1:] for row in rows_at(picture, tick)}
        for pid, process in list(trace.at(tick).processes.items())[:MOST_PROCESSES]:
            program, output, errors, state = shown.pop(str(pid))
            assert program == process.name
            lines = process.output.split("\n")[:-1]
            kept = [line[:MOST_CHARACTERS] for line in lines[-MOST_LINES:]]
            above = len(lines) - len(kept)
            head = [f"… {above} earlier line{'s' if above > 1 else ''}"] if above else []
            assert output == "\n".join([*head, *kept])
            assert ("ended" in state) == (process.ended is not None)
            told = process.ended.told if process.ended is not None else "exit code"
            assert (told in errors) == (process.ended is not None)
            happened = any(
                (event.tick, event.pid) == (tick, pid)
                for event in trace.events
                if event.kind in ("print", "exit", "fault", "deadlock")
            )
            assert "marked" in state or not happened
        assert all(state == "hidden" for pid, (*_, state) in shown.items() if pid)


def test_lines_that_are_not_ended_grow():
    """What `end=""` leaves open is gone on with, and counts as one line."""
    text = 'def main():\n    for i in range(3):\n        print(i, end=",")\n    print("x\\ny")\n'
    program = Program("p", text)
    machine = Machine()
    machine.launch(program)
    trace = machine.run()
    picture = console(trace)
    said = [rows_at(picture, tick)[0][2] for tick in range(trace.end + 1)]
    assert list(dict.fromkeys(said)) == ["", "0,", "0,1,", "0,1,2,", "0,1,2,x\ny"]


def errors_at(trace: Trace, pid: int, tick: int) -> str:
    """What is reported of a process at a tick."""
    return next(row[3] for row in rows_at(console(trace), tick) if row[0] == str(pid))


@pytest.mark.parametrize("fault", ["segmentation fault", "divide by zero", "failed assert"])
def test_fault_is_reported_as_the_system_does(fault):
    """A fault's message and its signal stand there from its tick on."""
    trace = SCENARIOS["fault_in_a_thread"](fault=fault)
    event = next(event for event in trace.events if event.kind == "fault")
    assert errors_at(trace, 2, event.tick - 1) == ""
    first, last = errors_at(trace, 2, event.tick).split("\n")
    assert event.details["message"].startswith(first)
    assert last == f"ended by {SIGNALS[fault].told}: {fault}"


def test_exception_that_ends_only_its_thread():
    """Where an exception ends one thread, no exit code is reported before the end."""
    trace = SCENARIOS["fault_in_a_thread"](fault="divide by zero", exceptions="thread")
    event = next(event for event in trace.events if event.kind == "fault")
    assert errors_at(trace, 2, event.tick).endswith(
        f"no handler catches it: only T{event.tid} ends"
    )
    assert errors_at(trace, 2, trace.end).endswith("exit code 0")


def test_deadlock_is_reported():
    """Whoever stands in the circle is told of it, from the tick on at which it closed."""
    trace = SCENARIOS["deadlock"]()
    ((tick, circle),) = trace.deadlocks
    assert errors_at(trace, 2, tick - 1) == ""
    told = errors_at(trace, 2, tick)
    assert told.startswith("deadlock: T3 waits for T2, which waits for T3")
    assert len(circle) == 2
    assert "waiting for something that will never happen: T1, T2, T3" in told


def test_limit_is_told_of_the_machine():
    """The limit that stopped a run has a row of its own, hidden until then."""
    trace = SCENARIOS["fork_bomb"]()
    picture = console(trace)
    assert rows_at(picture, trace.end - 1)[-1][-1] == "hidden"
    _, who, _, told, state = rows_at(picture, trace.end)[-1]
    assert (who, state) == ("the machine", "marked")
    assert told.startswith("the run is stopped: 'bomb' would be process 17")


def test_long_output_stays_small():
    """Three thousand lines cost no more than a few hundred, and the last ones are there."""
    text = 'def main():\n    for i in range(3000): print("line number", i)'
    trace = run(Program("talker", text))
    picture = console(trace)
    size = 0
    for channel in picture.moving:
        header, arrays = channel.packed()
        size += len(json.dumps(header)) + sum(map(len, arrays))
    assert size < 250_000
    output = rows_at(picture, trace.end)[0][2].split("\n")
    assert output[0] == "… 2998 earlier lines"
    assert output[-1] == "line number 2999"


def test_empty_machine():
    """A machine without processes says so."""
    mark = console(Machine().run()).marks[0]
    assert (mark.fixed["rows"], mark.fixed["caption"]) == ([], "no process")


def test_output_is_plain_text():
    """What looks like HTML is neither escaped nor changed."""
    trace = run(Program("<b>", 'def main(): print("<img src=x onerror=alert(1)>")'))
    row = rows_at(console(trace), trace.end)[0]
    assert row[1:3] == ("<b>", "<img src=x onerror=alert(1)>")


def test_first_lesson():
    """The counter prints its count in the end."""
    check(counter())
