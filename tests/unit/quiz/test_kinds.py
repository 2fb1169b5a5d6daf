import pytest

from kit import ArgumentError, Machine, Program, RoundRobin, Trace
from kit.quiz import KINDS, Choice, Question, ask, final_value, next_thread

COUNTER = """
count = 0
log = [0] * 3
def worker(n):
    global count
    for i in range(n):
        count += 1
def main():
    a = spawn(worker, 3)
    b = spawn(worker, 3)
    join(a)
    join(b)
"""


@pytest.fixture(params=[1, 3, 4, 5, 7, 10])
def trace(request: pytest.FixtureRequest) -> Trace:
    """The counter with two threads, for several quanta."""
    machine = Machine(scheduler=RoundRobin(quantum=request.param))
    machine.launch(Program("counter", COUNTER))
    return machine.run()


def test_final_value_has_one_right_answer(trace: Trace):
    """The answer is what the global holds at the end, and no other choice equals it."""
    asked = final_value(trace, "count")
    right = [choice.text for choice in asked.choices if choice.correct]
    assert right == [str(trace.at(trace.end).processes[2].globals["count"])]
    assert len({choice.text for choice in asked.choices}) == len(asked.choices) >= 3
    assert all(choice.misconception for choice in asked.choices if not choice.correct)
    assert all(choice.feedback for choice in asked.choices)


def test_final_value_offers_what_misconceptions_lead_to(trace: Trace):
    """Nothing lost gives 6, own data a thread gives 3: both are always among the choices."""
    texts = [choice.text for choice in final_value(trace, "count").choices]
    assert "6" in texts
    assert "3" in texts


def test_final_value_jumps_to_the_last_store(trace: Trace):
    """At the moment shown the value is reached, one tick earlier it is not yet stored."""
    asked = final_value(trace, "count")
    assert "in count" in trace.narrate(asked.tick)


def test_choices_of_numbers_are_in_order_of_size(trace: Trace):
    """The place of a choice gives no hint."""
    numbers = [int(choice.text) for choice in final_value(trace, "count").choices]
    assert numbers == sorted(numbers)


def test_next_thread_is_the_next_one_dispatched(trace: Trace):
    """The answer is the thread that really gets the core, from every tick on."""
    for at in range(0, trace.end - 20, 3):
        asked = next_thread(trace, at)
        event = next(e for e in trace.events if e.kind == "dispatch" and e.tick > at)
        right = asked.choices[[c.correct for c in asked.choices].index(True)].text
        assert right == f"T{event.tid}"
        assert asked.tick == event.tick


def test_next_thread_needs_a_thread_that_follows(trace: Trace):
    """After the last dispatch there is nothing to ask."""
    with pytest.raises(ArgumentError, match="ask at an earlier tick"):
        next_thread(trace, trace.end)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ({"name": "cuont"}, "did you mean 'count'"),
        ({"name": "log"}, "no global integer 'log'"),
        ({"name": "count", "pid": 8}, "there is no process 8"),
        ({"naem": "count"}, "did you mean 'name'"),
    ],
)
def test_wrong_arguments_are_explained(trace: Trace, arguments: dict, advice: str):
    """A teacher's slip is answered with what to write instead."""
    with pytest.raises(ArgumentError, match=advice):
        final_value(trace, **arguments)


def test_unknown_kind_names_the_kinds(trace: Trace):
    """A wrong kind of question is answered with the nearest one."""
    with pytest.raises(ArgumentError, match="did you mean 'final_value'"):
        ask(trace, "finalvalue", name="count")
    assert {"final_value", "next_thread", "shared"} <= set(KINDS)


def choices(*right: bool) -> tuple[Choice, ...]:
    """Return choices, some of them right."""
    return tuple(Choice(str(place), correct, "why") for place, correct in enumerate(right))


@pytest.mark.parametrize(
    ("made", "advice"),
    [
        (choices(False, False), "has 0 right answers; mark exactly one"),
        (choices(True, True), "has 2 right answers; mark exactly one"),
        ((), "has 0 right answers"),
        (choices(True), "only one possible answer, '0'; ask at another tick"),
        ((*choices(True), *choices(False)), "offers '0' more than once"),
    ],
)
def test_question_needs_one_right_answer_among_others(made: tuple[Choice, ...], advice: str):
    """A question that nobody can answer, or get wrong, is refused with what to do."""
    with pytest.raises(ArgumentError, match=advice):
        Question("How many?", made, 1)


def test_next_thread_needs_another_that_could_be_next():
    """Where there is only one thread, there is nothing to predict."""
    machine = Machine()
    machine.launch(Program("alone", "def main():\n    sleep(5)\n    work(3)"))
    with pytest.raises(ArgumentError, match="a run with more processes or threads"):
        next_thread(machine.run(), at=3)
