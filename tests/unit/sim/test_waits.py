"""The table of what a thread can wait for."""

import ast
from pathlib import Path
from typing import get_args

import pytest

import kit
from kit import Machine, Program
from kit.sim.waits import TIMED, WAITS, Reason
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import awaited, waiting, waiting_meanwhile


def reasons_given(trees):
    """The reasons that are handed to a function which takes one, whatever it is called."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    takers = {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef)
        for each in node.args.args
        if each.annotation is not None and ast.unparse(each.annotation) == "Reason"
    }
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in takers:
            yield from (given.value for given in node.args if isinstance(given, ast.Constant))


def test_every_reason_is_in_the_table():
    """The reasons that the type allows are the lines of the table, in order of the alphabet."""
    assert list(get_args(Reason)) == list(WAITS) == sorted(WAITS)


def test_what_the_machine_blocks_for_is_in_the_table():
    """Each reason is one that the machine gives, and the machine gives no other one."""
    files = Path(kit.__file__).parent.joinpath("sim").rglob("*.py")
    given = set(reasons_given([ast.parse(file.read_text()) for file in files]))
    assert {reason for reason in given if isinstance(reason, str)} == set(WAITS)


def test_time_alone_ends_a_sleep_and_a_request_to_a_device():
    """So it does where a thread gives up; whatever else it waits for, somebody has to do it."""
    assert {"io", "sleep", "timed_condition", "timed_lock", "timed_semaphore"} == TIMED


@pytest.mark.parametrize("reason", WAITS)
@pytest.mark.parametrize("tell", [waiting, waiting_meanwhile, awaited])
@pytest.mark.parametrize("detail", [-1, 0, 1, 1000])
def test_every_reason_is_told(reason, tell, detail):
    """Each is told in words, with every blank filled in, whatever the number is."""
    machine = Machine()
    machine.launch(Program("hello", "def main(): print(1)"))
    told = tell(Names(machine.run().history, 0), 2, reason, detail)
    assert told
    assert not set("{}") & set(told)
    assert told.startswith(("waits ", "sleeps ")) == (tell is not awaited)


def test_none_in_particular():
    """Where the number means no particular one, the words do not name it."""
    machine = Machine()
    machine.launch(Program("hello", "def main(): print(1)"))
    names = Names(machine.run().history, 0)
    assert awaited(names, 1, "wait", 0) == "a child to end"
    assert waiting(names, 1, "io", -1) == "waits for a free device"
    assert awaited(names, 1, "io", 0) == "device 0"
