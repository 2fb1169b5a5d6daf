"""Every interleaving of the instructions of two threads, gone through on the computer itself."""

from dataclasses import replace

from hypothesis import strategies as st

from kit import Machine, Program
from kit.explore.plan import Chosen
from kit.sim.computer import Computer
from kit.sim.snapshots import restore, snapshot
from kit.trace import Trace

STEPS = st.sampled_from(
    ["LOAD r0, x", "LOAD r0, y", "STORE r0, x", "STORE r0, y", "ADD r0, 1", "LI r0, 5", "FREE"]
)


def written(first: list[str], second: list[str]) -> Program:
    """Two threads of a few instructions each, as assembly: main spawns the other one."""
    rows = (
        [line.replace("FREE", "MOV r1, r0") for line in first],
        [line.replace("FREE", "NOP") for line in second],
    )
    text = "\n".join(
        [
            ".data",
            "x 0",
            "y 0",
            ".code",
            ".entry main",
            ".function other()",
            "other:",
            *rows[1],
            "SYS thread_exit 0",
            ".function main()",
            "main:",
            "LFA r0, other",
            "SYS spawn 1",
            "LI r0, 0",
            *rows[0],
            "SYS thread_exit 0",
        ]
    )
    return Program.from_assembly("two", text)


def results_after(program: Program, trace: Trace, tick: int) -> set[tuple[int, ...]]:
    """The globals at the end of every way to go on from a tick of a run, chosen at each tick."""
    computer = _begun(program)
    for now in range(tick):
        _run(computer, trace.history.cores[0].at(now))
    found: set[tuple[int, ...]] = set()
    _go_on(computer, found, _values(computer, (0, 0)))
    return found


def all_results(program: Program) -> set[tuple[int, ...]]:
    """The globals at the end of every way to choose a thread before every instruction."""
    found: set[tuple[int, ...]] = set()
    _go_on(_begun(program), found, (0, 0))
    return found


def _begun(program: Program) -> Computer:
    machine = Machine()
    machine.launch(program)
    setup = replace(machine.run(until=0).record.recipe.setup, scheduler=Chosen())
    computer = Computer(setup)
    computer.launch(program, 0)
    computer.run(until=0)
    return computer


def _run(computer: Computer, key: tuple[int, int]) -> None:
    """Let a thread execute one instruction."""
    computer.dispatcher.queue.chosen = key
    computer.run(until=computer.now + 1)
    if computer.thread(key).state == "running":
        computer.dispatcher.preempt(computer.cores[0], "expire")


def _values(computer: Computer, last: tuple[int, ...]) -> tuple[int, ...]:
    """The globals now; the last ones of a process that has ended."""
    process = computer.processes[2]
    if process.ended:
        return last
    base = process.layout.data_base
    return tuple(computer.read_word(process, base + 8 * n) for n in range(2))


def _go_on(computer: Computer, found: set[tuple[int, ...]], last: tuple[int, ...]) -> None:
    process = computer.processes[2]
    ready = [thread.key for thread in process.threads.values() if thread.state == "ready"]
    if process.ended or not ready:
        found.add(last)
        return
    here = snapshot(computer)
    for key in ready:
        restore(here)
        _run(computer, key)
        _go_on(computer, found, _values(computer, last))
