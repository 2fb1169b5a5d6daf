"""Whatever a programmer writes in assembly, the machine ends it in an orderly way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Limits, Machine, Program, RoundRobin
from kit.lang.call_instructions import NAMES
from kit.lang.instructions import INSTRUCTIONS, OPERATORS, REGISTER_NAMES
from kit.lang.signals import Signal
from kit.sim.faults import SIGNALS
from tests.strategies import run_to_the_end
from tests.worlds import memories, stretches

Draw = Callable[[st.SearchStrategy[Any]], Any]

MOST = 12
"""Most instructions of a program."""

DATA = """.data
x  3
log  [1, 2]
lock  Lock()
count  Semaphore(1)
ready  Condition()
gate  Barrier(2)
.print "n", _
.print "data", "r"
.print "area", _
.print "other"
.code
"""
_PATTERNS = {"print": 0, "open": 1, "shared": 2, "exec": 3, "fail_assert": 3}
_VALUES = st.one_of(
    st.integers(-3, 9), st.sampled_from([1024, 2048, 2056, 3000, -(2**40), 2**43 - 1])
)


@st.composite
def operands(draw: Draw, kind: str) -> str:
    """An operand as it is written."""
    if kind in "wr":
        return draw(st.sampled_from(REGISTER_NAMES))
    if kind == "t":
        return draw(st.sampled_from([f"at{n}" for n in range(MOST + 1)]))
    if kind == "d":
        return draw(st.sampled_from(["x", "log", "lock", "count", "data+64", "data+99999"]))
    if kind == "o":
        return f"{draw(st.integers(-4, 4)) * 8:+d}"
    if kind == "n":
        return str(draw(st.integers(-2, 4)) * 8)
    return str(draw(_VALUES))


@st.composite
def instructions(draw: Draw) -> str:
    """An instruction of any kind, with any operands."""
    name = draw(st.sampled_from([*INSTRUCTIONS, *["SYS"] * 12, *["LEA", "LFA", "LI"] * 3]))
    form = INSTRUCTIONS[name]
    if name == "SYS":
        call = draw(st.sampled_from(NAMES))
        default = draw(st.integers(0, 6))
        return f"SYS {call} {_PATTERNS.get(call, default)}"
    written = [draw(operands(kind)) for kind in form.operands]
    if name in ("LOADA", "STOREA"):
        written[2] = draw(st.sampled_from(["x", "log", "lock"]))
    if name in OPERATORS or name.removesuffix("I") in OPERATORS:
        return f"{name.removesuffix('I')} {', '.join(written)}"
    return form.text.format(**dict(zip("abc", written, strict=False)))


@st.composite
def programs(draw: Draw) -> Program:
    """A program of any instructions in any order."""
    lines = draw(st.lists(instructions(), min_size=1, max_size=MOST))
    code = [f"at{n}: {line}" for n, line in enumerate(lines)]
    ends = [f"at{n}:" for n in range(len(lines), MOST + 1)]
    return Program.from_assembly("any", DATA + "\n".join([*code, *ends]))


@given(programs(), st.one_of(memories(), stretches()), st.integers(1, 3))
def test_no_program_breaks_the_machine(program: Program, memory: dict[str, Any], cores: int):
    """Faults and limits are all that can happen, and every tick can be looked at and told."""
    machine = Machine(
        cores=cores,
        scheduler=RoundRobin(3),
        limits=Limits(ticks=150, processes=6, threads=8, files=12, output=300),
        **memory,
    )
    machine.put_file("data", [7, 8])
    machine.launch(program)
    machine.launch(Program("other", "def main():\n    send(2, 5)\n    sleep(20)\n"))
    trace = run_to_the_end(machine)
    for tick in range(trace.end + 1):
        assert trace.narrate(tick)
        for process in trace.at(tick).processes.values():
            for thread in process.threads.values():
                assert thread.instruction
                assert thread.line >= 0
                assert isinstance(thread.call_stack, tuple)


@pytest.mark.parametrize(
    ("filled", "signal"), [(0, Signal.SIGILL), (1, Signal.SIGSEGV)], ids=["in", "at the end of"]
)
def test_running_off_the_end(filled: int, signal: Signal):
    """Behind the last instruction of a page stands no instruction; the next page is no code."""
    for length, text in ((1, "NOP"), (2, "LI r0, 1\nLI r0, 2"), (1, "JMP end\nend:")):
        # A page of exactly as many words as there are instructions.
        before = "NOP\n" * (64 - length if filled else 0)
        program = Program.from_assembly("a", f".code\n{before}{text}")
        machine = Machine(page_size=512)
        machine.launch(program)
        trace = machine.run()
        assert trace.at(trace.end).processes[2].signal == signal
        assert "goes on after its last instruction" in trace.narrate(trace.end)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (7, "segmentation fault"),
        (-999, "segmentation fault"),
        (99_999, "segmentation fault"),
        (0x0404, "illegal instruction"),
        (0x07F8, "illegal instruction"),
        (0x0800, "segmentation fault"),
    ],
)
@pytest.mark.parametrize("how", ["LI r0, {0}\nSYS spawn 0", "LI r0, {0}\nPUSH r0\nRET"])
def test_control_goes_only_to_an_instruction(address: int, kind: str, how: str):
    """Outside the pages of code nothing may be executed; in them there has to be an instruction."""
    machine = Machine()
    text = f".data\nx 1\n.code\n{how.format(address)}\nNOP"
    machine.launch(Program.from_assembly("a", text))
    trace = machine.run()
    assert [fault.kind for fault in trace.history.faults] == [kind]
    assert trace.at(trace.end).processes[2].signal == SIGNALS[kind]
