"""Words that are read and written in one step."""

import pytest

from kit import Costs, RoundRobin
from tests.running import ended, fault, run

COUNTER = """
count = 0
def add(n):
    for i in range(n):
        old = count
        while compare_and_swap(address(count), old, old + 1) == 0:
            old = count
def main():
    a = spawn(add, 6)
    b = spawn(add, 6)
    join(a)
    join(b)
    print(count)
"""
CALLS = {
    "test_and_set(address(x))": (5, 1),
    "fetch_and_add(address(x), 4)": (5, 9),
    "fetch_and_add(address(x), -6)": (5, -1),
    "compare_and_swap(address(x), 5, 7)": (1, 7),
    "compare_and_swap(address(x), 6, 7)": (0, 5),
}


@pytest.mark.parametrize("call", CALLS)
def test_the_old_word_decides_and_the_new_one_is_stored(call: str):
    """What comes back is the old word, or whether it was the expected one; the rest is stored."""
    trace = run(f"x = 5\ngot = 0\ndef main():\n    global got\n    got = {call}\n")
    globals_ = ended(trace).globals
    assert (globals_["got"], globals_["x"]) == CALLS[call]


@pytest.mark.parametrize("call", CALLS)
def test_it_takes_one_tick_whatever_system_calls_cost(call: str):
    """On hardware it is an instruction, so that no entry to the system is paid."""
    text = f"x = 5\ndef main():\n    {call}\n"
    free, dear = (run(text, costs=Costs(system_call=cost)) for cost in (0, 9))
    assert free.end == dear.end


@pytest.mark.parametrize("quantum", [1, 2, 3, 5])
def test_a_counter_without_a_lock_loses_nothing(quantum: int):
    """Who finds that the word has changed tries again, so that each addition counts."""
    assert run(COUNTER, scheduler=RoundRobin(quantum)).output(2) == "12\n"


def test_an_address_between_two_words_is_a_bus_error():
    """A word is whole or not at all."""
    kind, message = fault(run("x = 5\ndef main():\n    fetch_and_add(address(x) + 4, 1)\n"))
    assert kind == "bus error"
    assert "which is not a multiple of 8" in message
