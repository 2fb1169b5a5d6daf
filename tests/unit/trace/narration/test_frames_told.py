"""What is stored on a stack is told by the name it has there, also where it does not belong."""

import pytest

from tests.running import run

FILL = """
def fill(p, n):
    for i in range(n):
        p[i] = 70 + i
def main():
    log = [0] * 3
    log[1] = 5
    fill(address(log), {count})
    print(log[1])
"""


def told(count: int) -> str:
    """All that is told of a run that fills so many words of an array of three."""
    trace = run(FILL.format(count=count))
    return " ".join(trace.narrate(tick) for tick in range(trace.end + 1))


def test_a_word_of_an_own_array_has_the_name_of_the_array():
    """In its own function that is enough; from another one the caller is named, too."""
    text = told(3)
    assert "stores 5 in log[1] on its own stack" in text
    assert "stores 70 in log[0] of main on its own stack" in text
    assert "reads 71 from log[1] on its own stack" in text
    assert "over the" not in text


@pytest.mark.parametrize(
    ("count", "what"), [(4, "73 over the saved frame pointer"), (5, "74 over the return address")]
)
def test_what_the_processor_keeps_there_is_told_when_it_is_overwritten(count: int, what: str):
    """After the array of a function stand the words that its end needs."""
    assert f"stores {what} of main, on its own stack" in told(count)
    assert f"stores {what}" not in told(count - 1)


def test_an_array_shows_what_has_been_written_of_it():
    """A function's array appears with its first word, and the others are 0 until they are set."""
    trace = run("def main():\n    log = [0] * 3\n    log[1] = 5\n    print(log[1])\n")
    seen = [
        frame.variables.get("log")
        for tick in range(trace.end)
        for frame in trace.at(tick).processes[2].threads[1].call_stack
    ]
    written = [words for words in seen if words is not None]
    assert seen[0] is None
    assert written == sorted(written)
    assert written[-1] == (0, 5, 0)


def test_the_calls_end_where_the_stack_was_overwritten():
    """Beyond a smashed frame nothing more can be told of who called."""
    trace = run(FILL.format(count=9))
    calls = [
        tuple(frame.function for frame in trace.at(tick).processes[2].threads[1].call_stack)
        for tick in range(trace.end)
    ]
    assert ("fill", "main") in calls
    assert all(len(names) <= 2 for names in calls)
