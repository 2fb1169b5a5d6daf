"""What is used after it was freed shows in a result, on some schedule or on all."""

import pytest

from kit import HeapPolicy, Program
from kit.explore import Spec, check_program, explore
from kit.sim.free_list import POISON
from tests.running import run

READER = """
node = 0
seen = 0
def reader():
    global seen
    mine = node
    seen = mine[0]
def main():
    global node
    node = alloc(2)
    node[0] = 7
    t = spawn(reader)
    {first}
    free(node)
    {then}
"""


def test_a_word_that_is_read_after_it_was_freed_shows_in_the_result():
    """Whether the reader or `free` comes first is a choice, though nobody else uses the word."""
    hasty = explore(Program("hasty", READER.format(first="work(1)", then="join(t)")))
    assert {outcome.globals[2]["seen"] for outcome in hasty.outcomes} == {7, POISON}
    late = next(o for o in hasty.outcomes if o.globals[2]["seen"] == POISON)
    assert "seen = 0xdeadbeef, a freed word" in str(late)
    trace = hasty.witness(late)
    assert trace.at(trace.end).processes[2].globals["seen"] == POISON
    careful = explore(Program("careful", READER.format(first="join(t)", then="work(1)")))
    assert [outcome.globals[2]["seen"] for outcome in careful.outcomes] == [7]


QUEUE = """
head = 0
lock = Lock()
total = 0
def taker():
    global head, total
    {enter}
    first = head
    if first:
        head = first[1]
        value = first[0]
        {leave}
        free(first)
        with lock:
            total += value
    {otherwise}
def main():
    global head
    for i in range(2):
        node = alloc(2)
        node[0] = i + 1
        node[1] = head
        head = node
    a = spawn(taker)
    b = spawn(taker)
    join(a)
    join(b)
"""


def test_a_list_without_a_lock_uses_freed_nodes_and_one_with_a_lock_does_not():
    """Where both take the same node, one follows the link of what the other has freed."""
    broken = Program("broken", QUEUE.format(enter="pass", leave="pass", otherwise="pass"))
    outcomes = explore(broken).outcomes
    assert POISON in {outcome.globals[2]["head"] for outcome in outcomes}
    right = QUEUE.format(
        enter="lock.acquire()", leave="lock.release()", otherwise="else:\n        lock.release()"
    )
    assert check_program(Program("right", right), Spec(globals={"total": 3, "head": 0}))


@pytest.mark.parametrize("demand", [False, True])
def test_a_machine_overwrites_what_is_freed_only_where_it_is_asked_to(demand: bool):
    """Usually what was there stays readable, as on most real machines."""
    text = "def main():\n    p = alloc(300)\n    p[299] = 5\n    free(p)\n    print(p[299], p[0])\n"
    assert run(text, demand=demand).output(2) == "5 0\n"
    trace = run(text, demand=demand, heap=HeapPolicy(poison=True))
    assert trace.output(2) == f"{POISON} {POISON}\n"


def test_only_what_was_given_out_is_overwritten():
    """The block behind it and its header stay as they are."""
    lines = ["p = alloc(2)", "q = alloc(1)", "q[0] = 9", "free(p)", "print(q[0])"]
    text = "\n    ".join(["def main():", *lines])
    assert run(text, heap=HeapPolicy(poison=True)).output(2) == "9\n"
