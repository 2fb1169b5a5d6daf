"""Programs that are tried for several sizes: globals that begin with another number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, LanguageError, Program
from kit.explore import Spec, check_program
from tests.running import ended, run

COUNTERS = """
    N = 2  # threads
    ROUNDS: int = 1
    first, é = (-3
        ), N
    count = 0
    done = [0] * N
    lock = Lock()
    def worker(i):
        global count
        for k in range(ROUNDS):
            with lock:
                count += 1
        done[i] = 1
    def main():
        for i in range(N):
            spawn(worker, i)
        thread_exit()
"""


@pytest.mark.parametrize(("threads", "rounds"), [(1, 1), (2, 3), (4, 2)])
def test_one_program_is_tried_for_several_sizes(threads: int, rounds: int):
    """Arrays, loops and results follow the parameters."""
    program = Program("counters", COUNTERS, N=threads, ROUNDS=rounds)
    right = Spec(globals={"count": threads * rounds, "done": (1,) * threads})
    assert check_program(program, right)


def test_the_text_is_that_of_the_program_that_runs():
    """Only the numbers differ; what is stored and shown is what was compiled."""
    program = Program("counters", COUNTERS, N=3, first=-7, é=12)
    assert "N = 3  # threads\n" in program.text
    assert program == Program("counters", program.text)
    assert program != Program("counters", COUNTERS)
    assert len(program.text.splitlines()) == len(COUNTERS.splitlines())
    assert [program.image.data[k] for k in range(4)] == [3, 1, -7, 12]


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_number_can_be_given(value: int):
    """The global begins with it."""
    text = "ü = 1; n = 0x10\ndef main(): print(n)\n"
    assert run(Program("n", text, n=value).text).output(2) == f"{value}\n"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"M": 3}, "no line 'name = number' at module level defines 'M'"),
        ({"lock": 3}, "defines 'lock'"),
        ({"done": 3}, "defines 'done'"),
        ({"N": "3"}, "N is '3'; give a whole number"),
        ({"N": True}, "N is True; give a whole number"),
        ({"N": 2**63}, "give a whole number of 64 bits"),
    ],
)
def test_what_is_no_number_of_the_program_is_refused(parameters: dict[str, object], message: str):
    """The message names the parameter and those that there are."""
    with pytest.raises(ArgumentError, match=message):
        Program("counters", COUNTERS, **parameters)


def test_mistakes_are_told_by_the_compiler():
    """A size that does not fit, and a text that is no Python, are told with their line."""
    with pytest.raises(LanguageError, match=r"counters\.py:7:\d+: an array of 0 words"):
        Program("counters", COUNTERS, N=0)
    with pytest.raises(LanguageError, match=r"broken\.py:1"):
        Program("broken", "N = = 2\n", N=3)
    with pytest.raises(ArgumentError, match="assembly has no parameters"):
        Program("a", ".data\nN 2\n.code\nNOP", language="assembly", N=3)


def test_a_program_without_parameters_is_as_written():
    """No number changes by itself."""
    assert ended(run(COUNTERS)).globals["done"] == (1, 1)
