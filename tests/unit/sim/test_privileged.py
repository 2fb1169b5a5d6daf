"""Privileged instructions: the machine refuses them in user mode, where all programs run."""

import pytest

from kit import Program
from kit.errors import LanguageError
from kit.lang.privileged import PRIVILEGED
from kit.lang.signals import Signal
from tests.running import ended, fault, run

TRIED = {
    "read_page_table": "x = read_page_table()",
    "write_page_table": "write_page_table(x + 4096)",
    "disable_interrupts": "disable_interrupts()",
    "halt": "halt()",
}


@pytest.mark.parametrize("name", PRIVILEGED)
def test_it_faults_in_user_mode(name):
    """It ends the process as SIGSEGV does, by a trap of its own; nothing after it runs."""
    trace = run(f"x = 0\ndef main():\n    global x\n    x = 1\n    {TRIED[name]}\n    print(x)")
    kind, message = fault(trace)
    assert kind == "general protection"
    assert f"executed {PRIVILEGED[name].op}" in message
    assert "in user mode" in message
    assert (ended(trace).signal, trace.output(2)) == (Signal.SIGSEGV, "")
    (trap,) = [one.trap for one in trace.crossings if one.kind == "trap"]
    assert (trap.kind, trap.handler) == ("general protection", "general_protection")


def test_an_instruction_goes_through_assembly():
    """A program that tries them all is disassembled and read again without loss."""
    lines = "".join(f"\n    {tried}" for tried in TRIED.values())
    text = f"x = 0\ndef main():\n    global x{lines}"
    program = Program("spy", text)
    again = Program.from_assembly("spy", program.disassemble())
    assert again.image.code == program.image.code
    assert {one.op for one in program.image.code} >= {call.op for call in PRIVILEGED.values()}


def test_a_program_may_have_functions_of_these_names():
    """Then its own function is meant."""
    trace = run("def halt(): return 5\ndef main(): print(halt())")
    assert trace.output(2) == "5\n"


def test_a_wrong_call_is_explained():
    """Arguments and results are checked as for any call."""
    with pytest.raises(LanguageError, match=r"write_page_table takes 1 argument, 0 given"):
        Program("spy", "def main(): write_page_table()")
    with pytest.raises(LanguageError, match="halt has no result"):
        Program("spy", "def main(): x = halt()")


def test_only_the_faulting_process_ends():
    """Others go on: that is what the two modes are for."""
    trace = run("def main(): disable_interrupts()", "def main(): print(2)")
    assert (ended(trace).signal, ended(trace, 3).exit_code) == (Signal.SIGSEGV, 0)
    assert trace.output(3) == "2\n"
