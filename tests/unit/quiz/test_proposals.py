"""Which moments are proposed, of runs that are long, wide or end in an unusual way."""

from kit import Kill, RoundRobin, Trace
from kit.quiz import KINDS, ask, suggest_questions
from kit.quiz.kinds.kind import LONG
from tests.asking import right
from tests.running import launch, run

LOOP = """
count = 0
def worker(n):
    global count
    for i in range(n):
        count += 1
def main():
    a = spawn(worker, {times})
    b = spawn(worker, {times})
    join(a)
    join(b)
"""
BY_VALUE = ("value_read", "final_value")


def proposed(trace: Trace, kind: str) -> list[dict]:
    """Return what is proposed for a kind of question."""
    return list(KINDS[kind].propose(trace))


def test_a_long_run_is_not_read_instruction_by_instruction():
    """What needs every use of a variable is asked of short runs only, the rest of long ones too."""
    short, long = (run(LOOP.format(times=times)) for times in (3, LONG // 10))
    assert short.end < LONG < long.end
    for kind in BY_VALUE:
        assert proposed(short, kind)
        assert not proposed(long, kind)
    assert proposed(long, "next_thread")
    assert not {one.kind for one in suggest_questions(long)} & {*BY_VALUE, "faults"}


def test_a_thread_that_is_killed_from_outside_is_asked_about():
    """The tick before the kill is proposed, and the answer is that it terminates."""
    machine = launch(LOOP.format(times=20))
    middle = machine.run(until=60).end
    machine.intervene(Kill(2, 2))
    trace = machine.run()
    assert {"tid": 2, "at": middle - 1} in proposed(trace, "next_state")
    question = ask(trace, "next_state", tid=2, at=middle - 1)
    assert right(question)[0].startswith("terminated")


def test_before_the_first_tick_there_is_nothing_to_ask():
    """A process that is killed at tick 0 has no moment before its end."""
    machine = launch("def main(): work(5)", "def main(): work(5)")
    machine.run(until=0)
    machine.intervene(Kill(2))
    trace = machine.run()
    assert [event.tick for event in trace.happened("kill", "exit")] == [0, trace.end]
    assert proposed(trace, "alive") == [{"at": trace.end - 1}]
    assert all(details["at"] >= 0 for details in proposed(trace, "next_state"))


def test_next_thread_is_asked_where_somebody_else_could_be_it():
    """With one thread that sleeps and runs again by itself there is no choice to be made."""
    alone = run("def main():\n    sleep(5)\n    work(3)\n    sleep(5)\n")
    assert [event.kind for event in alone.events].count("dispatch") > 1
    assert proposed(alone, "next_thread") == []
    several = run("def main(): work(9)", "def main(): work(9)", scheduler=RoundRobin(3))
    assert proposed(several, "next_thread")
