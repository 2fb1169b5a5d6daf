"""Limits end a run with one sentence and a trace that can be used."""

import re

import pytest

from kit import Costs, LimitExceeded, Limits, Machine, Program, RoundRobin, Trace
from tests.running import launch, run

LOOP = "n = 0\ndef main():\n    global n\n    while True: n += 1\n"
BOMB = "def w():\n    sleep(900)\ndef main():\n    while True: spawn(w)\n"
TALK = "def main():\n    while True: print(12345)\n"


def stopped(machine: Machine) -> tuple[str, Trace]:
    """Run into a limit; return the message and the trace."""
    with pytest.raises(LimitExceeded) as caught:
        machine.run()
    assert isinstance(caught.value.trace, Trace)
    return str(caught.value), caught.value.trace


def check_usable(trace: Trace) -> None:
    """Every tick can be looked at and told."""
    for tick in range(trace.end + 1):
        moment = trace.at(tick)
        assert trace.narrate(tick)
        for process in moment.processes.values():
            assert process.globals is not None
            assert all(thread.instruction for thread in process.threads.values())


def test_an_endless_loop_reaches_the_limit_of_ticks():
    """The message names the program, the tick and the setting, and the trace goes up to it."""
    message, trace = stopped(launch(LOOP, limits=Limits(ticks=300)))
    assert message == (
        "tick 300: 'a' (pid 2) was still not finished when the run reached its limit of 300 "
        "ticks; look for an endless loop, or raise Limits(ticks=…)"
    )
    assert trace.end == 300
    assert trace.at(300).processes[2].globals["n"] == 74
    check_usable(trace)


def test_a_sleeper_beyond_the_limit_is_named_as_one():
    """Where nobody computes, the message does not blame a loop's program."""
    message, trace = stopped(launch("def main():\n    sleep(999)\n", limits=Limits(ticks=50)))
    assert message.startswith("tick 50: a sleeping thread was still not finished")
    assert trace.end == 50
    check_usable(trace)


@pytest.mark.parametrize("cores", [1, 2])
def test_too_many_threads(cores: int):
    """A thread bomb is stopped at the thread that would be one too many."""
    message, trace = stopped(launch(BOMB, cores=cores, limits=Limits(threads=5)))
    assert re.fullmatch(
        r"tick \d+: 'a' \(pid 2\) asked for thread 6, and at most 5 may be alive; "
        r"raise Limits\(threads=…\)",
        message,
    )
    assert len(trace.at(trace.end).processes[2].threads) == 5
    check_usable(trace)


def test_threads_that_ended_do_not_count():
    """Only threads alive at once are limited."""
    text = "def w():\n    pass\ndef main():\n    for i in range(30): join(spawn(w))\n"
    assert run(text, limits=Limits(threads=2)).end > 30


def test_too_much_output():
    """Printing is stopped before the line that would be too much."""
    message, trace = stopped(launch(TALK, limits=Limits(output=20)))
    assert re.fullmatch(
        r"tick \d+: 'a' \(pid 2\) printed more than 20 characters; "
        r"print less, or raise Limits\(output=…\)",
        message,
    )
    assert trace.output(2) == "12345\n" * 3
    check_usable(trace)


def test_too_many_processes():
    """A process beyond the limit is not made; those before it are in the trace."""
    machine = Machine(limits=Limits(processes=2))
    for name in "abc":
        machine.launch(Program(name, LOOP), at=5)
    message, trace = stopped(machine)
    assert message == (
        "tick 5: 'c' would be process 3, and at most 2 may be alive; raise Limits(processes=…)"
    )
    assert list(trace.at(5).processes) == [2, 3]
    check_usable(trace)


def test_processes_that_ended_do_not_count():
    """Only processes alive at once are limited."""
    machine = Machine(limits=Limits(processes=1))
    for number in range(5):
        machine.launch(Program(f"p{number}", "def main(): pass"), at=20 * number)
    assert len(machine.run().history.processes) == 5


@pytest.mark.parametrize("text", [LOOP, BOMB, TALK])
def test_a_limit_is_reached_alike_in_pieces(text: str):
    """The message does not depend on where the run was paused before."""
    settings = {"limits": Limits(ticks=200, threads=4, output=30),
                "scheduler": RoundRobin(3), "costs": Costs(context_switch=1)}  # fmt: skip
    message, trace = stopped(launch(text, **settings))
    machine = launch(text, **settings)
    machine.run(until=7)
    again, other = stopped(machine)
    assert (again, other.digest) == (message, trace.digest)


@pytest.mark.parametrize("text", [LOOP, BOMB, TALK])
def test_going_on_behind_a_limit_says_the_same_again(text: str):
    """A stopped machine can be asked again; it does not crash or run away."""
    machine = launch(text, limits=Limits(ticks=200, threads=4, output=30))
    first, _ = stopped(machine)
    second, trace = stopped(machine)
    assert first.partition(": ")[2] == second.partition(": ")[2]
    check_usable(trace)
