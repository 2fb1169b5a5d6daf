import pytest

from kit import ArgumentError, Machine, Program, RoundRobin, Trace
from kit.quiz import ask
from kit.scenarios import (
    fault_in_a_thread,
    fork_copies_on_write,
    lock_held_at_death,
    lost_update,
    stacks_can_be_reached,
)
from tests.asking import choice, ideas, right

PARENT_WRITES = """
x = 1

def main():
    global x
    if fork() == 0:
        sleep(20)
        print("child", x)
        exit(0)
    x = 5
    wait()
"""

FETCH = """
x = 2

def main():
    fetch_and_add(address(x), 3)
    print(x)
"""


def run(text: str, quantum: int = 50) -> Trace:
    """Return the run of one program."""
    machine = Machine(scheduler=RoundRobin(quantum))
    machine.launch(Program("own", text))
    return machine.run()


def test_final_value_stops_before_the_first_store():
    """At that tick the variable has its first value still, one tick later it may not."""
    trace = lost_update()
    question = ask(trace, "final_value", name="count")
    assert trace.at(question.at).processes[2].globals["count"] == 0
    assert trace.at(question.at + 1).processes[2].globals["count"] == 1
    assert (question.kind, question.run) == ("final_value", trace.digest)


def test_a_parent_does_not_see_its_child():
    """X is 1 for the parent; who thinks that processes share it says 2, where the child wrote."""
    trace = fork_copies_on_write()
    question = ask(trace, "final_value", name="x")
    assert right(question) == ["1"]
    wrong = choice(question, "2")
    assert wrong.misconception == "shares_memory"
    assert trace.at(wrong.tick).processes[3].globals["x"] == 2


def test_a_child_does_not_see_its_parent():
    """The child has the copy from fork; who thinks otherwise says what the parent wrote."""
    trace = run(PARENT_WRITES)
    question = ask(trace, "final_value", name="x", pid=3)
    assert right(question) == ["1"]
    assert ideas(question)["child_sees_parent"] == "5"
    printed = ask(trace, "value_printed", at=trace.history.processes[3].launched, pid=3)
    assert right(printed) == ["child 1"]
    assert ideas(printed)["child_sees_parent"] == "child 5"


def test_what_is_added_in_one_step_counts():
    """A system call that writes the word is a store like any other."""
    question = ask(run(FETCH), "final_value", name="x")
    assert right(question) == ["5"]


def test_a_value_that_is_stored_already_is_no_question():
    """After the last store everybody can read it; the remedy names the last tick before it."""
    trace = lost_update()
    last = ask(trace, "final_value", name="count").tick
    with pytest.raises(ArgumentError, match=f"ask at an earlier tick, {last - 1} or before"):
        ask(trace, "final_value", name="count", at=last)
    assert ask(trace, "final_value", name="count", at=last - 1).tick == last


def test_value_read_is_that_of_the_next_load():
    """T3 loads what T2 has stored: the answer is what the run shows at that tick."""
    trace = lost_update()
    question = ask(trace, "value_read", name="count", at=48)
    assert f"reads count, {right(question)[0]}," in trace.narrate(question.tick)
    assert {"no_update_lost", "own_data"} <= ideas(question).keys()


def test_nobody_reads_at_the_end():
    """Behind the last load there is nothing to ask."""
    trace = lost_update()
    with pytest.raises(ArgumentError, match="no thread reads count in process 2"):
        ask(trace, "value_read", name="count", at=trace.end)


def test_an_earlier_process_leaves_nothing_to_the_next():
    """The second begins with what stands in the file, not with what the first one left."""
    text = "count = 10\ndef main():\n    global count\n    count += 10\n    print(count)"
    machine, program = Machine(), Program("tally", text)
    machine.launch(program)
    machine.launch(program, at=50)
    trace = machine.run()
    question = ask(trace, "final_value", name="count", pid=3)
    assert right(question) == ["20"]
    assert ideas(question)["program_is_process"] == "30"


def test_value_printed_is_the_next_line():
    """Each line of the run is the answer from the line before it on."""
    trace = lost_update()
    question = ask(trace, "value_printed", at=30)
    assert right(question) == [trace.output(2).strip()] == ["count 4"]
    assert ideas(question)["no_update_lost"] == "count 6"


def test_a_stack_is_not_protected():
    """T3 changed the variable of T2; who thinks it cannot says what T2 had stored."""
    question = ask(stacks_can_be_reached(), "value_printed", at=20)
    assert right(question) == ["secret is 7"]
    assert ideas(question)["protected_stacks"] == "secret is 42"


def test_a_dead_process_prints_nothing():
    """Its other threads do not go on: the lines that they would print are wrong."""
    question = ask(fault_in_a_thread(), "value_printed", at=90)
    assert right(question) == ["nothing: it prints nothing after that"]
    assert choice(question, "working 1").misconception == "thread_dies_alone"


def test_a_lock_of_the_dead_is_waited_for_in_vain():
    """Who thinks that a crash releases locks expects the line behind acquire."""
    question = ask(lock_held_at_death(), "value_printed", at=33)
    assert right(question) == ["nothing: it prints nothing after that"]
    assert ideas(question)["crash_releases_locks"] == "the lock is mine now"


def test_what_is_spawned_is_not_waited_for():
    """The line of the new thread comes after that of the one that made it."""
    text = """
        def letter():
            work(8)
            print("letter")
        def main():
            t = spawn(letter)
            print("started")
            join(t)
    """
    question = ask(run(text), "value_printed", at=3)
    assert right(question) == ["started"]
    assert ideas(question)["spawn_waits"] == "letter"


def test_a_value_that_no_idea_leads_away_from_is_not_asked_for():
    """Where every way of thinking gives the right value, the question is refused."""
    trace = run("n = 0\ndef main():\n    global n\n    n = 0\n    print(n)")
    with pytest.raises(ArgumentError, match="only one possible answer, '0'"):
        ask(trace, "final_value", name="n")


def test_a_value_that_nobody_has_changed_is_that_of_the_file():
    """The first thread to read a global reads what it starts with, and is told so."""
    other = "x = 1\ndef main():\n    global x\n    x = 9\n"
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("reader", "x = 7\ndef main():\n    work(30)\n    print(x)\n"))
    machine.launch(Program("writer", other))
    trace = machine.run()
    question = ask(trace, "value_read", name="x", at=3)
    assert right(question) == ["7"]
    assert ideas(question) == {"shares_memory": "9"}
    assert question.feedback(question.right).text == (
        "Right: x starts with 7, and no thread has changed it yet."
    )


def test_what_is_printed_is_asked_for_as_printed():
    """A line whose number is computed from a global says nothing about what is in the global."""
    question = ask(
        run("x = 7\nlock = Lock()\ndef main():\n    lock.acquire()\n    print(x * 2)\n"),
        "value_printed",
        at=0,
    )
    assert right(question) == ["14"]
    assert not ideas(question)


def test_after_its_end_a_process_prints_nothing():
    """The remedy names the last tick before the end."""
    trace = run("def main(): print(1)")
    end = trace.history.processes[2].exit[0]
    with pytest.raises(ArgumentError, match=f"prints nothing after tick {end}; .* {end - 1} or"):
        ask(trace, "value_printed", at=end)
